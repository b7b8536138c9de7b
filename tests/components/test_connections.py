"""Connections of an environment's services in the VPC: MySQL databases and EC2 servers."""

import json
from typing import Any

import pytest

from tests.components.base import BOTH, recorded

SERVERS, NAMESPACE = "servers", "production"


def egress() -> list[tuple[set[str], set[int]]]:
    """Networks and ports of the rules that lead to addresses of the VPC."""
    policy = recorded(SERVERS).inputs(
        "kubernetes:networking.k8s.io/v1:NetworkPolicy", "production-deny-to-other-environments"
    )
    return [
        ({peer["ipBlock"]["cidr"] for peer in rule["to"]}, {port["port"] for port in rule["ports"]})
        for rule in policy["spec"]["egress"]
        if all("ipBlock" in peer and "except" not in peer["ipBlock"] for peer in rule["to"])
    ]


def container(*, unknown: bool = False) -> dict[str, Any]:
    found = recorded(SERVERS, unknown).inputs("kubernetes:apps/v1:Deployment", "production-backend")
    (only,) = found["spec"]["template"]["spec"]["containers"]
    return dict(only)


@pytest.mark.requirement("001-net-12", "001-net-13", "001-net-10", "001-scy-06")
def test_egress_allows_only_database_and_server_ports_inside_the_vpc() -> None:
    private = {"10.90.3.0/24", "10.90.4.0/24", "10.90.5.0/24"}
    assert egress() == [
        (private, {3306}),
        ({"10.90.2.0/24"}, {8002}),
        ({"10.90.3.0/24", "10.90.4.0/24"}, {8000, 8001}),
    ]


@BOTH
def test_database_address_reaches_containers_from_the_database_resource(unknown: bool) -> None:
    names = [source["configMapRef"]["name"] for source in container(unknown=unknown)["envFrom"]]
    assert names == ["connections"]
    variables = {one["name"]: one.get("value") for one in container(unknown=unknown)["env"]}
    assert variables["SPRING_DATASOURCE_URL"] == (
        "jdbc:mysql://$(MAIN_DATABASE_HOST):$(MAIN_DATABASE_PORT)/$(MAIN_DATABASE_NAME)"
    ), "Kubernetes puts in what envFrom has brought"
    data = recorded(SERVERS).inputs("kubernetes:core/v1:ConfigMap", "production-connections")["data"]
    assert data["MAIN_DATABASE_HOST"].startswith("plant-db-instance.")
    assert (data["MAIN_DATABASE_PORT"], data["MAIN_DATABASE_NAME"]) == ("3306", "prod_db")
    password = next(one for one in container()["env"] if one["name"] == "SPRING_DATASOURCE_PASSWORD")
    assert "secretKeyRef" in password["valueFrom"]


def test_pods_wait_for_the_database_user_and_restart_when_the_database_moves() -> None:
    recording = recorded(SERVERS)
    backend = recording.one("kubernetes:apps/v1:Deployment", "production-backend")
    waits = {urn.rpartition("::")[2] for urn in backend.dependencies}
    assert {"main-prod", "production-connections"} <= waits
    template = backend.inputs["spec"]["template"]
    assert len(template["metadata"]["annotations"]["ai-platform/connections"]) == 16
    assert "password" not in json.dumps(template["metadata"]).lower()

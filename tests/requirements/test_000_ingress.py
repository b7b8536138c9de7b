"""000: the load balancer, the certificate and the name."""

import pytest

from tests.requirements.conftest import WhatIf
from tests.requirements.query import Planned
from tests.requirements.test_000_network import PRIVATE, ids

HOST = "mlflow.mdpg.ai"
LISTENER = "aws:lb/listener:Listener"
BALANCER = "aws:lb/loadBalancer:LoadBalancer"


@pytest.mark.deviates("000-ing-01", "000-ing-02")
def test_load_balancer_serves_https_with_the_certificate(mlflow: Planned) -> None:
    balancer = mlflow.one(BALANCER).inputs
    assert (balancer["loadBalancerType"], balancer["internal"]) == ("application", False)
    listener = mlflow.one(LISTENER, port=443).inputs
    assert listener["protocol"] == "HTTPS"
    assert listener["sslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    assert (
        listener["certificateArn"]
        == mlflow.one("aws:acm/certificateValidation:CertificateValidation").inputs["certificateArn"]
    )


def test_http_is_redirected_to_https(mlflow: Planned) -> None:
    listener = mlflow.one(LISTENER, port=80).inputs
    assert listener["defaultActions"] == [
        {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}
    ]


@pytest.mark.deviates("000-ing-02")
def test_host_rule_forwards_to_mlflow_pods_by_ip(mlflow: Planned) -> None:
    group = mlflow.one("aws:lb/targetGroup:TargetGroup")
    rule = mlflow.one("aws:lb/listenerRule:ListenerRule").inputs
    arn = mlflow.attribute(group, "arn")
    assert rule["conditions"] == [{"hostHeader": {"values": [HOST]}}]
    assert rule["actions"] == [{"type": "forward", "targetGroupArn": arn}]
    assert (group.inputs["targetType"], group.inputs["port"]) == ("ip", 5000)
    assert group.inputs["healthCheck"]["path"] == "/health"
    binding = mlflow.manifest("TargetGroupBinding", "mlflow", "ml-platform")["spec"]
    assert binding["serviceRef"] == {"name": "mlflow", "port": 5000}
    assert (binding["targetType"], binding["targetGroupARN"]) == ("ip", arn)


@pytest.mark.requirement("000-tls-01", "000-tls-02")
def test_certificate_in_the_load_balancer_region_is_validated_by_dns(mlflow: Planned) -> None:
    certificate = mlflow.one("aws:acm/certificate:Certificate").inputs
    assert (certificate["domainName"], certificate["validationMethod"]) == (HOST, "DNS")
    assert mlflow.region == "us-west-2"
    record = mlflow.one("aws:route53/record:Record", type="CNAME").inputs
    validated = mlflow.one("aws:acm/certificateValidation:CertificateValidation").inputs
    assert validated["validationRecordFqdns"] == [record["name"].rstrip(".")]
    assert record["zoneId"] == mlflow.id(mlflow.one("aws:route53/zone:Zone", name="mdpg.ai"))


@pytest.mark.requirement("000-tls-02")
def test_host_record_is_an_alias_of_the_load_balancer(mlflow: Planned) -> None:
    record = mlflow.one("aws:route53/record:Record", name=HOST, type="A").inputs
    balancer = mlflow.one(BALANCER)
    (alias,) = record["aliases"]
    assert alias["name"] == mlflow.attribute(balancer, "dnsName")
    assert alias["zoneId"] == mlflow.attribute(balancer, "zoneId")


@pytest.mark.requirement("000-tls-02")
def test_load_balancer_without_a_domain_is_internal_and_has_no_tls(what_if: WhatIf) -> None:
    plan = what_if("ingress={}", "workloads.mlflow.host=null")
    balancer = plan.one(BALANCER).inputs
    assert balancer["internal"] is True
    assert set(balancer["subnets"]) == ids(plan, PRIVATE)
    assert [listener.inputs["protocol"] for listener in plan.all(LISTENER)] == ["HTTP"]
    assert plan.all("aws:acm/certificate:Certificate") == []
    group = plan.tagged("aws:ec2/securityGroup:SecurityGroup", "mdpg-mlops-alb-sg")
    assert plan.openings(group, "in") == {("tcp", 80, 80, "10.0.0.0/16")}


@pytest.mark.requirement("000-dns-01")
@pytest.mark.parametrize(
    ("zone", "made", "used"),
    [
        ("{create: true}", 1, None),
        ("{lookup: true}", 0, None),
        ("{id: Z0123456789ABCDEFGHIJ}", 0, "Z0123456789ABCDEFGHIJ"),
    ],
)
def test_zone_is_created_looked_up_or_given(what_if: WhatIf, zone: str, made: int, used: str | None) -> None:
    plan = what_if(f"ingress.zone={zone}")
    zones = plan.all("aws:route53/zone:Zone")
    assert len(zones) == made
    records = {record.inputs["zoneId"] for record in plan.all("aws:route53/record:Record")}
    assert len(records) == 1
    assert records == {used or (plan.id(zones[0]) if zones else next(iter(records)))}


@pytest.mark.requirement("000-dns-01")
def test_domain_at_another_provider_uses_a_given_certificate(what_if: WhatIf) -> None:
    arn = "arn:aws:acm:us-west-2:123456789012:certificate/0be8d4c0-05c4-7aee-fc25-5c6819aa05d2"
    plan = what_if(f"ingress.certificateArn={arn}")
    assert plan.all("aws:acm/certificate:Certificate") == []
    assert plan.one(LISTENER, port=443).inputs["certificateArn"] == arn


@pytest.mark.requirement("000-wkl-04")
def test_laptops_notebooks_and_ci_reach_the_server_over_https(mlflow: Planned) -> None:
    group = mlflow.tagged("aws:ec2/securityGroup:SecurityGroup", "mdpg-mlops-alb-sg")
    assert mlflow.openings(group, "in") == {("tcp", 443, 443, "0.0.0.0/0"), ("tcp", 80, 80, "0.0.0.0/0")}
    assert mlflow.outputs["mlflow_url"] == f"https://{HOST}/"
    # MLflow itself answers a foreign Host header with 403.
    assert {HOST, f"{HOST}:443"} <= set(mlflow.flag("--allowed-hosts").split(","))


@pytest.mark.requirement("000-wkl-04")
def test_notebooks_in_the_cluster_reach_the_server_from_labelled_namespaces(mlflow: Planned) -> None:
    policy = mlflow.manifest("NetworkPolicy", "mlflow-server", "ml-platform")["spec"]
    (web,) = [rule for rule in policy["ingress"] if {"port": 5000, "protocol": "TCP"} in rule["ports"]]
    assert {"namespaceSelector": {"matchLabels": {"ai-platform/mlflow-client": "true"}}} in web["from"]
    assert "mlflow.ml-platform.svc.cluster.local:5000" in mlflow.flag("--allowed-hosts").split(",")

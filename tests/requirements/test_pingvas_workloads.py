"""003: calls between services of an environment."""

import pytest

from tests.requirements.query import Json, Planned


def pod(plan: Planned, environment: str, name: str) -> Json:
    """The template of a Deployment's pods."""
    return plan.manifest("Deployment", name, environment)["spec"]["template"]


@pytest.mark.requirement("003-wkl-08")
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_generation_service_calls_payment_service_of_its_namespace(pingvas: Planned, environment: str) -> None:
    (caller,) = pod(pingvas, environment, "generation-service")["spec"]["containers"]
    variables = {item["name"]: item.get("value") for item in caller["env"]}
    # Kubernetes expands a variable that is defined before.
    assert list(variables).index("NAMESPACE") < list(variables).index("PAYMENT_URL")
    url = variables["PAYMENT_URL"].replace("$(NAMESPACE)", variables["NAMESPACE"])
    assert url == f"http://payment-service.{environment}.svc.cluster.local:8002/api/v1/credits/balance"
    service = pingvas.manifest("Service", "payment-service", environment)["spec"]
    called = pod(pingvas, environment, "payment-service")
    assert [port["port"] for port in service["ports"]] == [8002]
    assert service["selector"].items() <= called["metadata"]["labels"].items()
    assert [port["containerPort"] for port in called["spec"]["containers"][0]["ports"]] == [8002]


@pytest.mark.requirement("003-wkl-08")
@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_circuit_breaker_of_generation_service_has_its_timeout_and_limits(pingvas: Planned, environment: str) -> None:
    (caller,) = pod(pingvas, environment, "generation-service")["spec"]["containers"]
    variables = {item["name"]: item.get("value") for item in caller["env"]}
    names = ("PAYMENT_TIMEOUT_SECONDS", "PAYMENT_FAILURE_THRESHOLD", "PAYMENT_RECOVERY_SECONDS")
    assert [variables[name] for name in names] == ["5.0", "5", "60"]
    assert variables["ENVIRONMENT"] == environment

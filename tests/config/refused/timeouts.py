"""Time limits of the load balancer and of the servers behind it that do not agree: 502 and 504 in use."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.base import shared
from tests.config.gateway_mistakes import row
from tests.config.refused.case import Case

_502 = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues"
_504 = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-504-issues"
_VLLM = "https://github.com/vllm-project/vllm/issues/18472"
_LITELLM = "https://github.com/BerriAI/litellm/issues/14334"


def gateway(old: str, new: str, source: str, *lines: str) -> Case:
    """A case of LiteLLM and Open WebUI."""
    return Case(row(old, new)[0], lines, source)


def ingress(settings: str) -> tuple[tuple[str, str], ...]:
    """MLflow behind a load balancer with these settings."""
    return (("  ai-platform:workloads:\n", f"  ai-platform:ingress: {{{settings}}}\n  ai-platform:workloads:\n"),)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "warning: MLflow copies an artifact longer than the load balancer waits": Case(
        ingress("idleTimeoutSeconds: 60"),
        (
            "25: workloads.mlflow: takes up to 120 s to answer, but ingress.idleTimeoutSeconds is 60, after which the load balancer closes an idle connection; increase ingress.idleTimeoutSeconds, or remove it",
        ),
        "https://mlflow.org/docs/latest/api_reference/python_api/mlflow.environment_variables.html",
    ),
    "warning: Open WebUI waits for the gateway longer than the load balancer": gateway(
        "idleTimeoutSeconds: 600",
        "idleTimeoutSeconds: 300",
        _504,
        "30: workloads.litellm.requestTimeoutSeconds: 600 is above ingress.idleTimeoutSeconds, 300, after which the load balancer closes an idle connection; decrease it, or increase ingress.idleTimeoutSeconds",
    ),
    "warning: an application answers longer than the load balancer waits": Case(
        shared(
            ("domain: shop.dev, public: false", "domain: shop.dev, public: false, idleTimeoutSeconds: 120"),
            ("port: 8080}", "port: 8080, responseSeconds: 300}"),
        ),
        (
            "39: applications.api.responseSeconds: 300 is above ingress.idleTimeoutSeconds, 120, after which the load balancer closes an idle connection; decrease it, or increase ingress.idleTimeoutSeconds",
        ),
        _504,
    ),
    "an application closes connections before the load balancer": Case(
        shared(("port: 8080}", "port: 8080, environment: {UVICORN_TIMEOUT_KEEP_ALIVE: '5'}}")),
        (
            "39: applications.api.environment.UVICORN_TIMEOUT_KEEP_ALIVE: 5 is not above ingress.idleTimeoutSeconds, 120: the server closes connections that the load balancer uses again (502); increase it, or remove it",
        ),
        _502,
    ),
    "a service closes connections as soon as the load balancer": Case(
        shared(("{host: api.shop.dev}", "{host: api.shop.dev, environment: {KEEP_ALIVE_SECONDS: '120'}}")),
        (
            "52: environments.prod.services.api.environment.KEEP_ALIVE_SECONDS: 120 is not above ingress.idleTimeoutSeconds, 120: the server closes connections that the load balancer uses again (502); increase it, or remove it",
        ),
        _502,
    ),
    "a response longer than a target group can wait for": Case(
        shared(("port: 8080}", "port: 8080, responseSeconds: 3600}")),
        ("39: applications.api.responseSeconds: 3600 is too large; the maximum is 3580",),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html",
    ),
    "the gateway's keep-alive as a variable": gateway(
        "      cache: counters\n      providers",
        "      cache: counters\n      environment: {KEEPALIVE_TIMEOUT: '5'}\n      providers",
        _502,
        "33: workloads.litellm.environment.KEEPALIVE_TIMEOUT: the environment variable KEEPALIVE_TIMEOUT cannot be overridden: the load balancer's timeouts depend on it",
    ),
    "the gateway's shutdown as a variable": gateway(
        "      cache: counters\n      providers",
        "      cache: counters\n      environment: {GRACEFUL_SHUTDOWN_TIMEOUT: '30'}\n      providers",
        _LITELLM,
        "33: workloads.litellm.environment.GRACEFUL_SHUTDOWN_TIMEOUT: the environment variable GRACEFUL_SHUTDOWN_TIMEOUT cannot be overridden: the load balancer's timeouts depend on it",
    ),
    "MLflow's keep-alive as an argument": Case(
        (("      bucket: artifacts\n", "      bucket: artifacts\n      arguments: [--uvicorn-opts=x]\n"),),
        (
            "27: workloads.mlflow.arguments[0]: the argument --uvicorn-opts cannot be overridden: the load balancer's timeouts and the metrics depend on it",
        ),
        _502,
    ),
    "the load balancer outlasts Kubeflow's gateway": Case(
        (*ingress("idleTimeoutSeconds: 3600"), ("", "  ai-platform:kubeflow: {parts: [istio]}\n")),
        (
            "23: ingress.idleTimeoutSeconds: 3600 is not below 3600, after which Kubeflow's gateway closes an idle connection that the load balancer uses again (502); decrease it",
        ),
        "https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts",
    ),
}

"""MLflow: host names of its server."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def host(stack: Stack) -> Iterator[Problem]:
    """The host names of MLflow are known, because it rejects requests to others."""
    mlflow, by_controller = stack.settings.workloads.mlflow, stack.settings.ingress.owner == "controller"
    if mlflow is not None and mlflow.host is None and by_controller and not mlflow.extra_hosts:
        yield Problem(
            ("workloads", "mlflow", "host"),
            "is missing, and the host name of a controller's load balancer is not known before it exists; "
            "set host, or extraHosts",
            because=(("ingress", "owner"),),
        )


RULES: tuple[Rule, ...] = (host,)

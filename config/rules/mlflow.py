"""MLflow: what its servers have to know."""

from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack


def host(stack: Stack) -> Iterator[Problem]:
    """MLflow knows the names that clients call it by: it refuses requests to any other."""
    mlflow, by_controller = stack.settings.workloads.mlflow, stack.settings.ingress.owner == "controller"
    if mlflow is not None and mlflow.host is None and by_controller and not mlflow.extra_hosts:
        yield Problem(
            ("workloads", "mlflow", "host"),
            "is missing, and a controller's load balancer has no name beforehand that MLflow could be told; "
            "write a host, or extraHosts",
            because=(("ingress", "owner"),),
        )


RULES: tuple[Rule, ...] = (host,)

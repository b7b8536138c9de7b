"""Time limits of the load balancer and of the servers behind it: see `config.timeouts`."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack

_IDLE: Path = ("ingress", "idleTimeoutSeconds")

ENVOY_SECONDS = 3600
"""Seconds for which Kubeflow's gateway keeps an idle connection, as Envoy does by default:
https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts"""

KEEP_ALIVE = ("KEEP_ALIVE_SECONDS", "UVICORN_TIMEOUT_KEEP_ALIVE")
"""Variables of applications for the seconds for which their servers keep an idle connection."""


def responses(stack: Stack) -> Iterator[Problem]:
    """The load balancer's idle timeout is not below the longest response of what it serves."""
    idle = stack.settings.ingress.idle_timeout_seconds
    for seconds, path in dict.fromkeys(stack.settings.responses()):
        if idle < seconds:
            yield Problem(
                path,
                f"{seconds} is above ingress.idleTimeoutSeconds, {idle}, after which the load balancer closes an idle "
                "connection; decrease it, or increase ingress.idleTimeoutSeconds"
                if len(path) > 2
                else f"takes up to {seconds} s to answer, but ingress.idleTimeoutSeconds is {idle}, after which the "
                "load balancer closes an idle connection; increase ingress.idleTimeoutSeconds, or remove it",
                severity="warning",
                because=(_IDLE,),
            )


def gateway(stack: Stack) -> Iterator[Problem]:
    """Kubeflow's gateway keeps connections longer than the load balancer."""
    kubeflow, idle = stack.settings.kubeflow, stack.settings.ingress.idle_timeout_seconds
    if kubeflow is not None and idle >= ENVOY_SECONDS:
        yield Problem(
            _IDLE,
            f"{idle} is not below {ENVOY_SECONDS}, after which Kubeflow's gateway closes an idle connection that the "
            "load balancer uses again (502); decrease it",
            because=(("kubeflow",),),
        )


def applications(stack: Stack) -> Iterator[Problem]:
    """Servers with a host keep connections longer than the load balancer, where the stack file sets how long."""
    idle = stack.settings.ingress.idle_timeout_seconds
    for environment, settings in stack.settings.environments.items():
        for name, service in settings.services.items():
            application = stack.settings.applications.get(name)
            if application is None or service.host is None:
                continue
            places: tuple[tuple[Path, dict[str, str]], ...] = (
                (("applications", name, "environment"), application.environment),
                (("environments", environment, "services", name, "environment"), service.environment),
            )
            for path, variables in places:
                for variable in KEEP_ALIVE:
                    value = variables.get(variable, "")
                    if value.isdigit() and int(value) <= idle:
                        yield Problem(
                            (*path, variable),
                            f"{value} is not above ingress.idleTimeoutSeconds, {idle}: the server closes connections "
                            "that the load balancer uses again (502); increase it, or remove it",
                            because=(_IDLE,),
                        )


RULES: tuple[Rule, ...] = (responses, gateway, applications)

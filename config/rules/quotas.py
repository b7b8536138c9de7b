"""Quotas of environments, compared with the maximum capacity of nodes and with requests of services."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from catalog.quantities import CPU, GPU, MEMORY, PODS, amount, requested, shown
from catalog.reading.problems import Path, Problem
from config.applications import Application
from config.environments import Environment
from config.reach import reach
from config.rules.environments import running
from config.rules.stack import Rule, Stack

_NODES: tuple[Path, ...] = (("nodeGroups",), ("nodePools",), ("addons",))
"""Sections that decide the maximum capacity of nodes."""


def within_reach(stack: Stack) -> Iterator[Problem]:
    """The maximum capacity of nodes covers each quota and the sum of all quotas."""
    nodes, before = reach(stack.settings), defaultdict[str, list[tuple[str, int]]](list)
    for name, environment in stack.settings.environments.items():
        for key, quantity in environment.quota.items():
            resource, path = requested(key), ("environments", name, "quota", key)
            if resource is None:
                continue
            hard, there = amount(resource, quantity), nodes.get(resource, 0)
            earlier, fix = before[resource], "decrease it, or increase the maximum of nodes"
            total = sum(other for _, other in earlier)
            if hard > there:
                yield Problem(
                    path,
                    f"{quantity} exceeds the maximum capacity of nodes, {shown(resource, there)}; {fix}",
                    because=_NODES,
                )
            elif total + hard > there >= total:
                others = ", ".join(other for other, _ in earlier)
                yield Problem(
                    path,
                    f"{quantity} is {shown(resource, total + hard)} together with {others}, but the maximum capacity "
                    f"of nodes is {shown(resource, there)}; {fix}",
                    because=(*_NODES, *(("environments", other, "quota") for other, _ in earlier)),
                )
            if hard <= there:
                earlier.append((name, hard))


def enough_for_services(stack: Stack) -> Iterator[Problem]:
    """The services of an environment fit into its quota at their minimum replicas."""
    asked = defaultdict[str, Counter[str]](Counter)
    for _, name, application in running(stack):
        asked[name].update(_at_least(application, stack.settings.environments[name]))
    for name, environment in stack.settings.environments.items():
        path, because = ("environments", name, "quota"), (("applications",), ("environments", name, "services"))
        for key, quantity in environment.quota.items():
            resource = requested(key)
            if resource is not None and asked[name][resource] > amount(resource, quantity):
                yield Problem(
                    (*path, key),
                    f"{quantity} is less than the {shown(resource, asked[name][resource])} that its services request "
                    "at minimum replicas; increase it, or decrease replicas or requests",
                    because=because,
                )
        yield from _of_rollouts(name, environment, asked[name])
        limits, held = environment.quota.get("limits.memory"), _limits(stack, name)
        if limits is not None and held > amount(MEMORY, limits):
            yield Problem(
                (*path, "limits.memory"),
                f"{limits} is less than the {shown(MEMORY, held)} of the limits of its services at minimum replicas; "
                "increase it, or decrease replicas or limits",
                because=because,
            )
        if "limits.cpu" in environment.quota and environment.limit_range.limit.cpu is None:
            yield Problem(
                (*path, "limits.cpu"),
                "rejects containers without a CPU limit; set limitRange.limit.cpu, or remove it",
                because=(("environments", name, "limitRange"),),
            )


def _limits(stack: Stack, name: str) -> int:
    """Return the memory limits of the services of an environment at minimum replicas."""
    return sum(
        amount(MEMORY, one.resources.limits.memory) * (one.scaling.min if one.scaling else one.replicas)
        for _, environment, one in running(stack)
        if environment == name
    )


def _of_rollouts(name: str, environment: Environment, asked: Counter[str]) -> Iterator[Problem]:
    """A rollout starts a new pod before it stops an old one, within the quota."""
    pods = environment.quota.get(PODS)
    if pods is not None and asked[PODS] and asked[PODS] == amount(PODS, pods):
        yield Problem(
            ("environments", name, "quota", PODS),
            f"{pods} leaves no pod for a rollout, which starts a new one first, and none for Jobs; increase it",
            severity="warning",
            because=(("applications",), ("environments", name, "services")),
        )


def _at_least(application: Application, environment: Environment) -> Counter[str]:
    requests, default = application.resources.requests, environment.limit_range.request
    replicas = application.scaling.min if application.scaling else application.replicas
    each = {
        CPU: amount(CPU, requests.cpu or default.cpu or "0"),
        MEMORY: amount(MEMORY, requests.memory),
        GPU: application.gpus,
        PODS: 1,
    }
    return Counter({name: value * replicas for name, value in each.items()})


RULES: tuple[Rule, ...] = (within_reach, enough_for_services)

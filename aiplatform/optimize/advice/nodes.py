"""Fewer nodes at the start, and one replica of each controller."""

from collections.abc import Iterator

from aiplatform.optimize.idea import Change, Idea, Subject


def ideas(subject: Subject) -> Iterator[Idea]:
    """Lower minimum and initial nodes by one: the Cluster Autoscaler adds what pods require."""
    settings = subject.settings
    for name, group in settings.node_groups.items():
        path, size = ("nodeGroups", name, "scaling"), group.scaling
        if size.min < 1:
            continue
        fewer = size.min - 1
        changes: list[Change] = [((*path, "min"), fewer), ((*path, "desired"), fewer)]
        if size.max == size.min and size.max > 1:
            changes.append(((*path, "max"), fewer))
        yield Idea(
            f"nodeGroups.{name}: start with {fewer} node{'' if fewer == 1 else 's'} instead of {size.min}",
            tuple(changes),
            "ha",
            "a node that takes the pods of a failed one, and room that waits for pods",
        )
    if settings.addons.replicas > 1:
        yield Idea(
            "addons.replicas: run one replica of each controller",
            ((("addons", "replicas"), 1),),
            "ha",
            "the second controller: without it, a failed node delays webhooks, DNS and scaling by minutes",
        )

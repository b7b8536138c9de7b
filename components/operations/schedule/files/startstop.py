"""Stops and starts node groups, servers and databases: `{"action": "stop"}`, by a schedule or by hand.

TARGETS says what there is. An event that names some of it, such as `{"action": "stop", "instances": ["api"]}`, is
about that alone. Nodes are never stopped themselves, because their group would replace them: the group is resized.
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

import boto3  # type: ignore[import-untyped]

KINDS = ("nodeGroups", "instances", "databases")
Call = Callable[[], object]


def handler(event: Mapping[str, Any], _context: object = None) -> dict[str, Any]:
    """What Lambda calls. All is tried; what failed is raised at the end, so that the caller tries again."""
    action = event.get("action")
    if action not in ("start", "stop"):
        raise ValueError(f"the action is {action!r}; write start or stop")
    targets = json.loads(os.environ["TARGETS"])
    done, failed = [], []
    for label, call in _calls(action, _chosen(event, targets), targets["cluster"]):
        try:
            call()
        except Exception as error:
            # One that fails keeps no other from sleeping.
            failed.append(f"{label}: {error}")
        else:
            done.append(label)
    print(json.dumps({"action": action, "done": done, "failed": failed}))  # noqa: T201, Lambda logs it
    if failed:
        raise RuntimeError(f"{action} failed for {'; '.join(failed)}")
    return {"action": action, "done": done}


def _chosen(event: Mapping[str, Any], targets: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What an event is about; everything where it names nothing."""
    named = {kind: event[kind] for kind in KINDS if kind in event}
    if not named:
        return {kind: targets[kind] for kind in KINDS}
    for kind, names in named.items():
        unknown = [name for name in names if name not in targets[kind]]
        if unknown:
            raise ValueError(f"{kind} has no {', '.join(unknown)}; choose of {', '.join(targets[kind])}")
    return {kind: {name: targets[kind][name] for name in named.get(kind, ())} for kind in KINDS}


def _calls(action: str, chosen: Mapping[str, Mapping[str, Any]], cluster: str) -> list[tuple[str, Call]]:
    eks, ec2, rds = (boto3.client(service) for service in ("eks", "ec2", "rds"))
    calls: list[tuple[str, Call]] = []
    for name, size in chosen["nodeGroups"].items():
        scaling = size if action == "start" else {**size, "minSize": 0, "desiredSize": 0}
        calls.append((f"node group {name}", _resize(eks, cluster, name, scaling)))
    for name, ids in chosen["instances"].items():
        change = ec2.start_instances if action == "start" else ec2.stop_instances
        calls.append((f"instances {name}", _with(change, InstanceIds=ids)))
    for name in chosen["databases"]:
        change = rds.start_db_instance if action == "start" else rds.stop_db_instance
        calls.append((f"database {name}", _unless_done(rds, _with(change, DBInstanceIdentifier=name))))
    return calls


def _with(call: Callable[..., object], **arguments: Any) -> Call:  # noqa: ANN401, of any of AWS's calls
    return lambda: call(**arguments)


def _resize(eks: Any, cluster: str, name: str, scaling: Mapping[str, int]) -> Call:  # noqa: ANN401
    return _with(eks.update_nodegroup_config, clusterName=cluster, nodegroupName=name, scalingConfig=dict(scaling))


def _unless_done(rds: Any, call: Call) -> Call:  # noqa: ANN401
    """RDS refuses to stop what is stopped and to start what runs, which is no failure."""

    def tried() -> None:
        try:
            call()
        except rds.exceptions.InvalidDBInstanceStateFault as error:
            print(json.dumps({"nothing to do": str(error)}))  # noqa: T201, Lambda logs it

    return tried

"""Apply a stack's Kubernetes objects to the control plane of the tests."""

import contextlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

import yaml

from aiplatform.fit.system_pods import system_pods
from aiplatform.preview.manifests import dump
from aiplatform.preview.outputs import is_object
from aiplatform.preview.plan import Plan
from tests.components.base import Recording
from tests.parts import volumes
from tests.parts.api import Api, Applied, Object, eventually, until_none
from tests.parts.control_plane import DATA, running_control_plane
from tests.parts.crds import definitions, stand_ins
from tests.parts.go import program
from tests.parts.nodes import add_node, node_objects, pool_objects
from tests.parts.place import building, kept

WORKLOADS = (("apps/v1", "Deployment"), ("apps/v1", "StatefulSet"), ("apps/v1", "DaemonSet"), ("batch/v1", "Job"))
FINISHED = ("Succeeded", "Failed")


def manifests_in_order(plan: Plan) -> list[Object]:
    """Return the objects as `aiplatform plan` writes them, each after its dependencies."""
    by_urn = {resource.urn: resource for resource in plan.resources}
    order = TopologicalSorter({urn: resource.dependencies for urn, resource in by_urn.items()}).static_order()
    resources = [by_urn[urn] for urn in order if urn in by_urn]
    return [
        yaml.load(dump(resource.inputs), Loader=yaml.CSafeLoader)
        for resource in resources
        if is_object(resource.type, resource.inputs)
    ]


@contextlib.contextmanager
def serving_definitions(folder: Path) -> Iterator[Api]:
    """Run a control plane that serves the custom resource definitions, and yield its administrator's client.

    Raises:
        MissingPartError: a program or the definitions are missing.
    """
    wanted = [*definitions(), *stand_ins()]
    with running_control_plane(folder, data=_with(wanted)) as started:
        client = Api(started)
        _until_served(client, wanted)
        yield client


def _with(wanted: list[Object]) -> Path:
    """Return the data of an etcd that has the definitions: an API server takes most of a minute to accept them."""
    servers = [str(program(name)) for name in ("etcd", "kube-apiserver")]
    made = kept("etcd-with-definitions", also=[*servers, json.dumps(wanted, sort_keys=True)])
    with building():
        if not made.is_dir():
            made.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=made.parent) as folder:
                with running_control_plane(Path(folder)) as started:
                    client = Api(started)
                    for definition in wanted:
                        client.apply(definition)
                    _until_served(client, wanted)
                (Path(folder) / DATA).rename(made)
    return made


def _until_served(client: Api, wanted: list[Object]) -> None:
    served = {
        (f"{item['spec']['group']}/{version['name']}", item["spec"]["names"]["kind"])
        for item in wanted
        for version in item["spec"]["versions"]
        if version["served"]
    }

    def all_served() -> bool:
        client.forget_kinds()
        return served <= {(kind.api_version, kind.name) for kind in client.kinds()}

    eventually(all_served, "the custom resources are served")


@dataclass
class Deployed:
    """An applied stack, with its nodes and the pods of its add-ons."""

    stack: str
    recording: Recording
    api: Api
    manifests: list[Object]
    applied: list[Applied] = field(default_factory=list)
    others: list[Object] = field(default_factory=list)
    """Nodes and the pods of add-ons, which AWS and Helm would create."""

    def deploy(self) -> None:
        """Create nodes, add-ons and objects, and wait until every pod is scheduled or known to be unschedulable."""
        settings = self.recording.settings
        brought = pool_objects(settings, self.recording.plan)
        for node in (*node_objects(settings, lambda scaling: scaling.desired), *brought):
            add_node(self.api, node)
            self.others.append(node)
        # A node group is created when its nodes are ready.
        until_none(lambda: not_ready(self.api), "the nodes are ready")
        # Kustomize creates these namespaces.
        for name in settings.kubeflow.namespaces() if settings.kubeflow is not None else ():
            place = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
            self.others.append(self.api.apply(place).object)
        first = [item for item in self.manifests if item["kind"] in ("Namespace", "PriorityClass")]
        self.applied.extend(self.api.apply(item) for item in first)
        brought_along = [pods.as_object() for pods in system_pods(self.recording.plan)]
        self._add_namespaces(brought_along, {item["metadata"]["name"] for item in first if item["kind"] == "Namespace"})
        for pods in brought_along:
            self.others.append(self.api.apply(pods).object)
        self.applied.extend(self.api.apply(item) for item in self.manifests if item not in first)
        self.settle()

    def _add_namespaces(self, items: Iterable[Object], made: AbstractSet[str]) -> None:
        """Create the namespaces that EKS add-ons contain."""
        for name in sorted({item["metadata"]["namespace"] for item in items} - made - {"kube-system"}):
            if not any(one["kind"] == "Namespace" and one["metadata"]["name"] == name for one in self.others):
                place = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
                self.others.append(self.api.apply(place).object)

    def settle(self, *, seconds: float = 60) -> None:
        """Wait until every workload has its pods, and each runs, has completed or is known to be unschedulable."""
        until_none(lambda: list(self.unsettled()), f"the pods of {self.stack} settle", seconds=seconds)

    def unsettled(self) -> Iterator[str]:
        """Yield workloads with missing pods, and pods without a decision of the scheduler."""
        volumes.work(self.api)
        for api_version, kind in WORKLOADS:
            for workload in self.api.list(api_version, kind):
                if not _has_its_pods(workload):
                    yield f"{kind} {workload['metadata']['namespace']}/{workload['metadata']['name']}"
        for pod in self.api.list("v1", "Pod"):
            if not (_runs_or_is_done(pod) or _does_not_fit(pod)):
                yield f"Pod {pod['metadata']['namespace']}/{pod['metadata']['name']}"

    def nodes(self) -> dict[str, Object]:
        """Return the initial nodes of the stack by name, as they joined."""
        return {item["metadata"]["name"]: item for item in self.others if item["kind"] == "Node"}

    def pods(self) -> list[Object]:
        """Return every pod that has not completed."""
        return [pod for pod in self.api.list("v1", "Pod") if pod["status"].get("phase") not in FINISHED]

    def pending(self) -> list[str]:
        """Return the pods without a node, with the scheduler's reason."""
        return [
            f"{pod['metadata']['namespace']}/{pod['metadata']['name']}: {_scheduled(pod).get('message', '')}"
            for pod in self.pods()
            if not pod["spec"].get("nodeName")
        ]

    def forget_lost_pods(self) -> None:
        """Delete the pods of removed nodes immediately: the controllers would do so after a minute."""
        there = {node["metadata"]["name"] for node in self.api.list("v1", "Node")}
        for pod in self.api.list("v1", "Pod"):
            node = pod["spec"].get("nodeName")
            if node and node not in there:
                self.api.call("DELETE", self.api.path_of(pod), {"gracePeriodSeconds": 0})
        self.settle()

    def remove(self) -> None:
        """Delete all objects, and wait until they are gone."""
        nodes = list(self.nodes().values())
        for item in (*reversed(self.manifests), *(item for item in self.others if item not in nodes)):
            self.api.delete(item)
        # Only a node terminates its pods.
        until_none(lambda: [pod["metadata"]["name"] for pod in self.api.list("v1", "Pod")], "the pods go")
        for node in nodes:
            self.api.delete(node)
        left = [*self.manifests, *self.others]

        def remaining() -> list[str]:
            left[:] = [item for item in left if self.api.exists(item)]
            return [self.api.path_of(item) for item in left]

        until_none(remaining, f"{self.stack} goes")
        until_none(self._volumes, f"the volumes of {self.stack} go")

    def _volumes(self) -> list[str]:
        volumes.work(self.api)
        return volumes.left(self.api)


def not_ready(api: Api) -> list[str]:
    """Return the nodes that still have the taint of new nodes."""
    return [
        node["metadata"]["name"]
        for node in api.list("v1", "Node")
        if any(taint["key"] == "node.kubernetes.io/not-ready" for taint in node["spec"].get("taints", ()))
    ]


def _has_its_pods(workload: Object) -> bool:
    spec, status = workload["spec"], workload.get("status", {})
    if status.get("observedGeneration", 0) < workload["metadata"].get("generation", 0) and workload["kind"] != "Job":
        return False
    if workload["kind"] == "Job":
        return any(one["type"] in ("Complete", "Failed") for one in status.get("conditions", ()))
    if workload["kind"] == "DaemonSet":
        return bool(status.get("currentNumberScheduled", -1) == status.get("desiredNumberScheduled"))
    return bool(status.get("replicas", 0) == spec.get("replicas", 1))


def _runs_or_is_done(pod: Object) -> bool:
    return pod["status"].get("phase") in ("Running", *FINISHED)


def _does_not_fit(pod: Object) -> bool:
    """Return whether a pod does not fit, except for a claim that the volume controller is about to bind."""
    found = _scheduled(pod)
    return found.get("reason") == "Unschedulable" and "unbound immediate" not in found.get("message", "")


def _scheduled(pod: Object) -> Object:
    return next((one for one in pod["status"].get("conditions", ()) if one["type"] == "PodScheduled"), {})

"""Simulated controllers beside the stack: node groups that create nodes, and three controllers with simulated pods.

The controllers only work while their Deployment is ready. If a stack deletes one too early, an object is never deleted,
so that a test detects a wrong order of a destroy.
"""

import base64
import hashlib
import json
import re
import secrets
import threading
import time
from typing import Any

import urllib3

from aiplatform.fit.karpenter import POOL_LABEL
from aiplatform.preview.plan import Plan
from config.settings import Settings
from tests.engine.plugin.cloud import Cloud
from tests.parts import volumes
from tests.parts.api import MERGE, Api, Object, RefusedError
from tests.parts.nodes import GROUP_LABEL, add_node, node_objects, pool_objects

_BOUND = "elbv2.k8s.aws/resources"
_PLACE = re.compile(r"\{\{-?\s*\.(\w+)\s*(?:\|\s*(urlquery|bcrypt)\s*)?-?\}\}")
_API_SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices"
_SYNCED = "externalsecrets.external-secrets.io/externalsecret-cleanup"


class Controllers:
    """A loop in a thread, which runs while the context is open."""

    def __init__(self, api: Api, cloud: Cloud, settings: Settings, plan: Plan) -> None:
        self._api = api
        self._cloud = cloud
        self._nodes = list(node_objects(settings, lambda scaling: scaling.desired))
        self._pool_nodes = list(pool_objects(settings, plan))
        self._master = {"username": "platform", "password": secrets.token_urlsafe(24)}
        cloud.remember_password(self._master["password"])
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self.troubles: list[str] = []
        """Errors of the simulation, not of the stack."""

    def __enter__(self) -> "Controllers":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _loop(self) -> None:
        while not self._stop.wait(0.3):
            for work in (self._groups, self._pools, self._bindings, self._secrets, self._volumes, self._metrics):
                try:
                    work()
                except RefusedError as error:
                    # Another client was faster: the next round reads the result.
                    if error.status not in {404, 409, 422}:
                        self.troubles.append(str(error))
                except urllib3.exceptions.HTTPError as error:
                    self.troubles.append(str(error))

    def _list(self, path: str) -> list[Object]:
        answer = self._api.send("GET", path)
        # A kind without a definition has no objects yet.
        return list(json.loads(answer.data)["items"]) if answer.status == 200 else []

    def _is_ready(self, namespace: str, name: str) -> bool:
        answer = self._api.send("GET", f"/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
        return answer.status == 200 and bool(json.loads(answer.data)["status"].get("readyReplicas"))

    def _groups(self) -> None:
        groups = {thing.inputs["nodeGroupName"] for thing in self._cloud.living("aws:eks/nodeGroup:NodeGroup")}
        there = {node["metadata"]["name"] for node in self._list("/api/v1/nodes")}
        for node in self._nodes:
            name, wanted = node["metadata"]["name"], node["metadata"]["labels"][GROUP_LABEL] in groups
            if wanted and name not in there:
                add_node(self._api, node)
            elif not wanted and name in there:
                self._api.delete(node)

    def _pools(self) -> None:
        """Simulate Karpenter: create a pool's nodes for pending pods, and hold a deleted pool until its nodes are gone.

        https://karpenter.sh/docs/concepts/disruption/#termination-controller
        """
        if not self._is_ready("kube-system", "karpenter"):
            return
        there = {node["metadata"]["name"] for node in self._list("/api/v1/nodes")}
        for pool in self._list("/apis/karpenter.sh/v1/nodepools"):
            name = pool["metadata"]["name"]
            nodes = [node for node in self._pool_nodes if node["metadata"]["labels"][POOL_LABEL] == name]
            leaving = "deletionTimestamp" in pool["metadata"]
            for node in nodes:
                if leaving and node["metadata"]["name"] in there:
                    self._api.delete(node)
                elif not leaving and node["metadata"]["name"] not in there:
                    add_node(self._api, node)
            if not leaving or not any(node["metadata"]["name"] in there for node in nodes):
                self._hold(f"/apis/karpenter.sh/v1/nodepools/{name}", pool, "karpenter.sh/termination")
        for node_class in self._list("/apis/karpenter.k8s.aws/v1/ec2nodeclasses"):
            path = f"/apis/karpenter.k8s.aws/v1/ec2nodeclasses/{node_class['metadata']['name']}"
            self._hold(path, node_class, "karpenter.k8s.aws/termination")

    def _bindings(self) -> None:
        if not self._is_ready("kube-system", "aws-load-balancer-controller"):
            return
        for item in self._list("/apis/elbv2.k8s.aws/v1beta1/targetgroupbindings"):
            place = f"/apis/elbv2.k8s.aws/v1beta1/namespaces/{item['metadata']['namespace']}/targetgroupbindings"
            self._hold(f"{place}/{item['metadata']['name']}", item, _BOUND)

    def _secrets(self) -> None:
        if not self._is_ready("external-secrets", "external-secrets"):
            return
        for item in self._list("/apis/external-secrets.io/v1/externalsecrets"):
            metadata = item["metadata"]
            namespace = f"/apis/external-secrets.io/v1/namespaces/{metadata['namespace']}"
            path = f"{namespace}/externalsecrets/{metadata['name']}"
            if not self._hold(path, item, _SYNCED) or item.get("status", {}).get("syncedResourceVersion") == _seen(
                item
            ):
                continue
            store = self._api.send("GET", f"{namespace}/secretstores/{item['spec']['secretStoreRef']['name']}")
            if store.status == 200:
                self._sync(path, item)

    def _volumes(self) -> None:
        """Simulate the EBS CSI driver, an EKS add-on: without it, volumes without a claim are not deleted."""
        if any("ebs-csi" in thing.inputs["addonName"] for thing in self._cloud.living("aws:eks/addon:Addon")):
            volumes.work(self._api)

    def _metrics(self) -> None:
        """Delete APIs that pods would serve, such as KEDA's metrics: no pod runs, and no namespace is deleted while an
        API is unavailable. The API server lists an API as unavailable even after its APIService lost its Service.

        https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
        """
        for item in self._list(_API_SERVICES):
            if item["spec"].get("service") is not None:
                self._api.send("DELETE", f"{_API_SERVICES}/{item['metadata']['name']}")

    def _hold(self, path: str, item: Object, finalizer: str) -> bool:
        """Add the controller's finalizer to an object, or remove it from a deleted one; return whether it remains."""
        finalizers = item["metadata"].get("finalizers", [])
        leaving = "deletionTimestamp" in item["metadata"]
        wanted = [name for name in finalizers if name != finalizer] + ([] if leaving else [finalizer])
        if wanted != finalizers:
            self._api.call("PATCH", path, {"metadata": {"finalizers": wanted}}, content_type=MERGE)
        return not leaving

    def _sync(self, path: str, item: Object) -> None:
        metadata, target = item["metadata"], item["spec"]["target"]
        if any(self._is_empty(entry["remoteRef"]["key"]) for entry in item["spec"]["data"]):
            return
        values = {entry["secretKey"]: self._value(entry["remoteRef"]) for entry in item["spec"]["data"]}
        owner = {"apiVersion": item.get("apiVersion", "external-secrets.io/v1"), "kind": "ExternalSecret"}
        owner |= {"name": metadata["name"], "uid": metadata["uid"]}
        template = target.get("template", {})
        secret = {
            "metadata": {**template.get("metadata", {}), "name": target["name"], "ownerReferences": [owner]},
            "type": template.get("type", "Opaque"),
            "data": {key: base64.b64encode(text.encode()).decode() for key, text in _filled(template, values).items()},
        }
        secrets_path = f"/api/v1/namespaces/{metadata['namespace']}/secrets"
        there = self._api.send("GET", f"{secrets_path}/{target['name']}").status == 200
        if there:
            self._api.call("PATCH", f"{secrets_path}/{target['name']}", {"data": secret["data"]}, content_type=MERGE)
        else:
            self._api.call("POST", secrets_path, secret)
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        ready = {"type": "Ready", "status": "True", "reason": "SecretSynced", "lastTransitionTime": now}
        binding = {"name": target["name"]}
        status = {"conditions": [ready], "refreshTime": now, "binding": binding, "syncedResourceVersion": _seen(item)}
        self._api.call("PATCH", f"{path}/status", {"status": status}, content_type=MERGE)

    def _is_empty(self, secret: str) -> bool:
        """Return whether a secret has no value yet, which a user sets."""
        made = {thing.id for thing in self._cloud.living("aws:secretsmanager/secret:Secret")}
        filled = {
            thing.inputs["secretId"] for thing in self._cloud.living("aws:secretsmanager/secretVersion:SecretVersion")
        }
        return secret in made - filled

    def _value(self, reference: dict[str, Any]) -> str:
        """Return a property of a secret of the account."""
        versions = self._cloud.living("aws:secretsmanager/secretVersion:SecretVersion")
        texts = [thing.inputs["secretString"] for thing in versions if thing.inputs["secretId"] == reference["key"]]
        # RDS creates the master user's secret.
        value = json.loads(texts[-1]) if texts else self._master
        return str(value[reference["property"]])


def _seen(item: Object) -> str:
    """Return the state by which the operator detects changes of an object: its generation, labels and annotations."""
    metadata = item["metadata"]
    text = json.dumps([metadata["generation"], metadata.get("labels"), metadata.get("annotations")], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _filled(template: Object, values: dict[str, str]) -> dict[str, str]:
    """Return the data of a Secret: the template with its values, or the values without a template."""
    if "data" not in template:
        return values
    return {key: _PLACE.sub(lambda found: _put(values, found), text) for key, text in template["data"].items()}


def _put(values: dict[str, str], found: re.Match[str]) -> str:
    """Return the text with a value; for a hash, a value that is not a password and has the format of a hash."""
    value = values[found[1]]
    return "$2a$10$" + hashlib.sha256(value.encode()).hexdigest()[:53] if found[2] == "bcrypt" else value

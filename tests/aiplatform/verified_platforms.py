"""What the clusters and accounts of shipped stacks hold when all is well."""

from collections.abc import Mapping
from typing import Any

from aiplatform.verify.engine import verify
from aiplatform.verify.lists import PLATFORM
from aiplatform.verify.model import Caller, Result
from config.loader import load_file
from tests.aiplatform.verify_fakes import FakeCloud, FakeCluster
from tests.config.base import STACK_FILES, TODAY


def item(name: str, **more: Any) -> dict[str, Any]:
    metadata = {"name": name, "labels": more.pop("labels", {})}
    return {"metadata": metadata, "status": {"conditions": [{"type": "Ready", "status": "True"}]}, **more}


def node(name: str, address: str, version: str = "v1.35.2-eks-1", *, group: str = "cpu-workers") -> dict[str, Any]:
    found = item(name, labels={"eks.amazonaws.com/nodegroup": group, "eks.amazonaws.com/capacityType": "ON_DEMAND"})
    found["status"].update(nodeInfo={"kubeletVersion": version}, addresses=[{"type": "InternalIP", "address": address}])
    return found


SYSTEM = "/api/v1/namespaces/kube-system/pods"
CONTROLLER = "/apis/apps/v1/namespaces/kube-system/deployments/aws-load-balancer-controller"
SERVERS = "/api/v1/namespaces/ml-platform/pods"
AVAILABLE = {"conditions": [{"type": "Available", "status": "True"}], "readyReplicas": 2}


def running() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the cluster and the account of the stack `mlflow` hold."""
    objects = {
        "/api/v1/nodes": {"items": [node("one", "10.0.11.7"), node("two", "10.0.12.7")]},
        f"{SYSTEM}?k8s-app=kube-dns": {"items": [item("coredns-1"), item("coredns-2")]},
        f"{SYSTEM}?app.kubernetes.io/name=aws-ebs-csi-driver": {"items": [item("ebs-csi-node-1")]},
        CONTROLLER: {"metadata": {"name": "aws-load-balancer-controller"}, "status": AVAILABLE},
        SERVERS: {"items": [item("mlflow-1")]},
    }
    answers = {
        "describe_cluster": {"cluster": {"status": "ACTIVE", "version": "1.35"}},
        "describe_db_instances": {"DBInstances": [{"DBInstanceStatus": "available"}]},
        "get_bucket_versioning": {"Status": "Enabled"},
    }
    return objects, answers


def of_platform(stack: str, objects: Mapping[str, Any], answers: Mapping[str, Any], **more: Any) -> Result:
    found = load_file(STACK_FILES, stack, today=TODAY).settings
    cluster = FakeCluster(objects)
    if "answer" in more:
        cluster.answer = more["answer"]
    (result,) = verify(found, (), [PLATFORM], cluster=cluster, cloud=FakeCloud(answers), caller=Caller("operator"))
    return result


def shared() -> tuple[dict[str, Any], dict[str, Any]]:
    """What the cluster and the account of the stack `pingvas` hold."""
    found = load_file(STACK_FILES, "pingvas", today=TODAY).settings
    objects, answers = running()
    group = "pingvas-shared-eks-system"
    nodes = [node("one", str(found.network.private_cidrs()[0]).replace("0/", "9/").partition("/")[0], group=group)]
    nodes.append({**nodes[0], "metadata": {**nodes[0]["metadata"], "name": "two"}})
    for one in nodes:
        one["metadata"]["labels"]["eks.amazonaws.com/capacityType"] = "SPOT"
    objects["/api/v1/nodes"] = {"items": nodes}
    for name, environment in found.environments.items():
        root = f"/api/v1/namespaces/{name}"
        objects[root] = item(name)
        objects[f"{root}/resourcequotas/{name}-quota"] = {"spec": {"hard": dict(environment.quota)}}
        objects[f"/apis/networking.k8s.io/v1/namespaces/{name}/networkpolicies"] = {"items": [item("default-deny")]}
        objects[f"{root}/secrets"] = {"items": [item("db-credentials")]}
        objects[f"{root}/configmaps"] = {"items": [item("redis-config")]}
        for service in environment.services:
            available = {"conditions": [{"type": "Available", "status": "True"}], "readyReplicas": 1}
            objects[f"/apis/apps/v1/namespaces/{name}/deployments/{service}"] = {"status": available}
    for name, priority in found.priority_classes.items():
        objects[f"/apis/scheduling.k8s.io/v1/priorityclasses/{name}"] = {"value": priority.value}
    objects["/apis/batch/v1/namespaces/prod/cronjobs/prod-db-backup"] = {
        "spec": {"suspend": False},
        "status": {"lastSuccessfulTime": "2026-11-21T02:03:00Z"},
    }
    serverless = {"DBInstanceIdentifier": "pingvas-shared-1", "DBInstanceClass": "db.serverless"}
    answers["describe_db_clusters"] = {"DBClusters": [{"Status": "available"}]}
    answers["describe_db_instances"] = {"DBInstances": [serverless]}
    answers["describe_replication_groups"] = {"ReplicationGroups": [{"Status": "available"}]}
    return objects, answers

"""A lab as its stack file and its cluster have it, for the tests of `aiplatform verify`."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from aiplatform.verify.problem import RefusedError
from aiplatform.verify.tenant import EMPTY
from config.kubeflow import Kubeflow
from config.loader import load_file
from config.settings import Settings
from config.tenants import Tenant

Object = dict[str, Any]

LAB = """\
config:
  ai-platform:project:
    name: mlops
    environment: training
    region: ap-northeast-2
  ai-platform:network:
    cidr: 10.0.0.0/16
    zones: [ap-northeast-2a, ap-northeast-2b]
    controlPlaneSubnets: true
  ai-platform:cluster:
    name: mlops-training-cluster
    endpoint: {public: false}
  ai-platform:kubeflow: {}
  ai-platform:nodeGroups:
    cpu:
      instanceTypes: [m7i.8xlarge]
      scaling: {min: 1, desired: 2, max: 9}
  ai-platform:tenants:
    range: {first: 1, last: 15}
    members:
      "20": {instructor: true, quota: {cpu: "16", memory: 32Gi}}
    namespacePrefix: kubeflow-
    resourcePrefix: mlops-training
    domain: mlops.local
    profiles: true
    mlflow: {}
"""

SYSTEM = Kubeflow().namespaces()
SHARED = (*SYSTEM, "mlflow-system")
"""Namespaces of what all tenants lean on."""

SMALL = LAB.replace("last: 15", "last: 2")
"""The same with three tenants."""


def settings(folder: Path, text: str = SMALL) -> Settings:
    """The settings of a stack file with this content."""
    (folder / "Pulumi.yaml").write_text("name: ai-platform\nruntime: python\n")
    (folder / "Pulumi.lab.yaml").write_text(text)
    return load_file(folder, "lab").settings


def tenants(lab: Settings) -> tuple[Tenant, ...]:
    """Its tenants."""
    assert lab.tenants is not None
    return lab.tenants.all(lab.project.name)


def _object(api_version: str, kind: str, namespace: str | None, name: str, **more: Any) -> Object:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **more}


def pod(namespace: str, name: str, labels: dict[str, str], nodes: dict[str, str]) -> Object:
    """A pod that a quota lets through."""
    amounts = {"cpu": "10m", "memory": "16Mi"}
    item = _object("v1", "Pod", namespace, name)
    item["metadata"]["labels"] = labels
    item["spec"] = {
        "nodeSelector": nodes,
        "tolerations": [{"operator": "Exists"}],
        "containers": [
            {"name": "main", "image": "tests.invalid/none:1", "resources": {"requests": amounts, "limits": amounts}}
        ],
    }
    return item


def deployment(namespace: str, name: str, *, replicas: int) -> Object:
    """A Deployment that is available with no replica, and never with one."""
    labels = {"app": name}
    template = {
        "metadata": {"labels": labels},
        "spec": {
            "nodeSelector": {"tests": "nowhere"},
            "containers": [{"name": "main", "image": "tests.invalid/none:1"}],
        },
    }
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return _object("apps/v1", "Deployment", namespace, name, spec=spec)


def shared_objects(nodes: dict[str, str]) -> list[Object]:
    """What all tenants lean on."""
    return [
        *(_object("v1", "Namespace", None, name) for name in SHARED),
        *(deployment(name, f"{name}-controller", replicas=0) for name in SYSTEM if name != EMPTY),
        pod("mlflow-system", "postgres-0", {"app": "postgres"}, nodes),
        _object(
            "rbac.authorization.k8s.io/v1",
            "ClusterRole",
            None,
            "verify-work",
            rules=[
                {"apiGroups": ["", "kubeflow.org", "rbac.authorization.k8s.io"], "resources": ["*"], "verbs": ["*"]}
            ],
        ),
        _object(
            "rbac.authorization.k8s.io/v1",
            "ClusterRole",
            None,
            "verify-look",
            rules=[{"apiGroups": ["", "apps"], "resources": ["pods", "deployments"], "verbs": ["get", "list"]}],
        ),
    ]


def tenant_objects(lab: Settings, tenant: Tenant, nodes: dict[str, str]) -> list[Object]:
    """What the platform makes for one tenant, as far as the checks look at it."""
    place = tenant.namespace
    group = "rbac.authorization.k8s.io"
    subject = {"apiGroup": group, "kind": "Group", "name": f"tenant-{tenant.name}"}
    hard = {
        f"{kind}.{resource}": value
        for kind in ("requests", "limits")
        for resource, value in (("cpu", tenant.quota.cpu), ("memory", tenant.quota.memory))
    }
    region = lab.project.region
    env = {
        "MLFLOW_TRACKING_URI": f"http://mlflow-server.{place}.svc.cluster.local:5000",
        "MLFLOW_S3_ENDPOINT_URL": f"https://s3.{region}.amazonaws.com",
        "AWS_DEFAULT_REGION": region,
    }
    owner = {"owner": {"kind": "User", "name": tenant.email}}
    pod_default = {
        "desc": "tests",
        "selector": {"matchLabels": {"access-mlflow": "true"}},
        "env": [{"name": name, "value": value} for name, value in env.items()],
    }
    reads = f"verify-{tenant.name}-own"
    own_rules = [
        {"apiGroups": [""], "resources": ["namespaces"], "resourceNames": [place], "verbs": ["get"]},
        {"apiGroups": ["kubeflow.org"], "resources": ["profiles"], "resourceNames": [tenant.profile], "verbs": ["get"]},
    ]
    return [
        _object("v1", "Namespace", None, place),
        _object("kubeflow.org/v1", "Profile", None, tenant.profile, spec=owner),
        _object("v1", "ServiceAccount", place, "default-editor"),
        _object("v1", "ServiceAccount", place, "default-viewer"),
        _object("v1", "ServiceAccount", place, "default"),
        _object("v1", "ResourceQuota", place, "kf-resource-quota", spec={"hard": hard}),
        _binding(place, "namespaceAdmin", "verify-work", subject),
        _object("kubeflow.org/v1alpha1", "PodDefault", place, "access-mlflow", spec=pod_default),
        _object(
            "kubeflow.org/v1alpha1",
            "PodDefault",
            place,
            "access-ml-pipeline",
            spec={"selector": {"matchLabels": {"access-ml-pipeline": "true"}}},
        ),
        _object(
            "v1",
            "Service",
            place,
            "mlflow-server",
            spec={"selector": {"app": "mlflow-server"}, "ports": [{"port": 5000}]},
        ),
        pod(place, "mlflow-server-0", {"app": "mlflow-server"}, nodes),
        _object(f"{group}/v1", "ClusterRole", None, reads, rules=own_rules),
        _object(
            f"{group}/v1",
            "ClusterRoleBinding",
            None,
            reads,
            roleRef={"apiGroup": group, "kind": "ClusterRole", "name": reads},
            subjects=[subject],
        ),
        *(_binding(shared, f"looks-{tenant.name}", "verify-look", subject) for shared in SHARED),
    ]


def _binding(namespace: str, name: str, role: str, subject: Object) -> Object:
    group = "rbac.authorization.k8s.io"
    ref = {"apiGroup": group, "kind": "ClusterRole", "name": role}
    return _object(f"{group}/v1", "RoleBinding", namespace, name, roleRef=ref, subjects=[subject])


def binding(namespace: str, name: str, role: str, group: str) -> Object:
    """A role for a group in a namespace."""
    return _binding(namespace, name, role, {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": group})


def fill_storage(cloud: Any, tenant: Tenant, *, region: str = "ap-northeast-2") -> None:
    """What a tenant has in S3 and ECR."""
    cloud.call("s3", "create_bucket", Bucket=tenant.bucket, CreateBucketConfiguration={"LocationConstraint": region})
    for key in ("mlflow-artifacts/", "kubeflow-pipeline-artifacts/"):
        cloud.call("s3", "put_object", Bucket=tenant.bucket, Key=key, Body=b"")
    cloud.call("ecr", "create_repository", repositoryName=tenant.repository)


def empty_storage(cloud: Any, tenant: Tenant) -> None:
    """Takes it away again: what stands in for AWS keeps it as long as the process lives."""
    for key in ("mlflow-artifacts/", "kubeflow-pipeline-artifacts/"):
        with suppress(RefusedError):
            cloud.call("s3", "delete_object", Bucket=tenant.bucket, Key=key)
    with suppress(RefusedError):
        cloud.call("s3", "delete_bucket", Bucket=tenant.bucket)
    with suppress(RefusedError):
        cloud.call("ecr", "delete_repository", repositoryName=tenant.repository, force=True)

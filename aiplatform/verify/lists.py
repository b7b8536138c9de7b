"""The lists of checks, with the numbers and the order of the documents."""

from aiplatform.verify import platform, preparation, quorums, servers, storage, tenant
from aiplatform.verify.isolation import OBJECTS, SERVERS, closed
from aiplatform.verify.model import Check, Part
from aiplatform.verify.platform import has, probed
from aiplatform.verify.tenant import kubeflow, mlflow
from config.settings import Settings


def _tenants(settings: Settings) -> bool:
    return settings.tenants is not None


PREPARATION = Part(
    "preparation",
    "Preparation",
    (
        Check(1, "AWS CLI", preparation.aws_cli, ("002-ver-01", "002-ver-47")),
        Check(2, "kubectl", preparation.kubectl, ("002-ver-02", "002-ver-47")),
        Check(3, "Git", preparation.git, ("002-ver-03",)),
        Check(4, "AWS login", preparation.login, ("002-ver-04", "002-ver-47")),
        Check(5, "EKS connection", preparation.cluster, ("002-ver-05", "002-ver-47")),
        Check(6, "Repository", preparation.repository, ("002-ver-47",)),
        Check(7, "Variables", preparation.variables, ("002-nam-03", "002-ver-47"), _tenants),
    ),
    following="kubeflow",
    of_tenant=False,
)

KUBEFLOW = Part(
    "kubeflow",
    "Kubeflow tenant",
    (
        Check(1, "Namespace", tenant.namespace, ("002-ver-07",)),
        Check(2, "Profile", tenant.profile, ("002-ver-08",), kubeflow),
        Check(3, "ServiceAccount", tenant.service_accounts, ("002-ver-09",)),
        Check(4, "ResourceQuota", tenant.quota, ("002-ver-10",)),
        Check(5, "RoleBinding", tenant.role_binding, ("002-ver-11",)),
        Check(6, "PodDefault", tenant.pod_defaults, ("002-ver-12",), kubeflow),
        Check(7, "Resources", tenant.resources, ("002-ver-13",)),
        Check(8, "Isolation", closed(OBJECTS), ("002-ver-14", "002-ver-18")),
        Check(9, "Kubeflow", tenant.system, ("002-ver-15",), kubeflow),
        Check(10, "Verdict", tenant.verdict, ("002-ver-16",)),
    ),
    following="mlflow",
    number=1,
)

MLFLOW = Part(
    "mlflow",
    "MLflow",
    (
        Check(1, "Namespace", tenant.namespace, ("002-ver-21",)),
        Check(2, "Profile", tenant.profile, ("002-ver-22",), kubeflow),
        Check(3, "S3 bucket", storage.bucket, ("002-ver-23",)),
        Check(4, "ECR repository", storage.repository, ("002-ver-24",)),
        Check(
            5,
            "PodDefault",
            tenant.mlflow_pod_default,
            ("002-ver-25",),
            lambda settings: kubeflow(settings) and mlflow(settings),
        ),
        Check(6, "MLflow server", tenant.mlflow_server, ("002-ver-26", "002-ver-28"), mlflow),
        Check(7, "Isolation", closed(SERVERS), ("002-ver-27",)),
    ),
    following="storage",
    number=2,
)

STORAGE = Part(
    "storage",
    "AWS storage",
    (
        Check(1, "S3 bucket", storage.open_bucket, ("002-ver-32", "002-ver-39")),
        Check(2, "ECR repository", storage.registry, ("002-ver-33", "002-ver-40", "002-ver-41")),
        Check(3, "MLflow artifacts", storage.mlflow_folder, ("002-ver-34",)),
        Check(4, "Pipeline artifacts", storage.pipelines_folder, ("002-ver-35",)),
        Check(5, "Architecture", storage.architecture, ("002-ver-36",)),
        Check(6, "Data flow", storage.flow, ("002-ver-37",)),
    ),
    number=3,
)


def _ebs(settings: Settings) -> bool:
    return settings.addons.ebs_csi.enabled


def _load_balancer(settings: Settings) -> bool:
    return settings.addons.load_balancer_controller.enabled


def _backups(settings: Settings) -> bool:
    return any(one.database and one.database.backup for one in settings.environments.values())


PLATFORM = Part(
    "platform",
    "Platform",
    (
        Check(1, "EKS cluster", platform.cluster, ("000-ver-10", "003-ver-07")),
        Check(2, "Nodes", platform.nodes, ("000-ver-03", "000-ver-11")),
        Check(3, "Capacity", platform.spot, ("003-ver-08",), has("node_groups")),
        Check(4, "DNS", platform.dns, ("000-ver-11",)),
        Check(5, "EBS CSI driver", platform.ebs_csi, ("000-ver-05",), _ebs),
        Check(6, "Load balancer", platform.load_balancer_controller, ("000-ver-06",), _load_balancer),
        Check(7, "Databases", platform.databases, ("000-ver-12",), has("databases")),
        Check(8, "Aurora", platform.aurora, ("003-ver-09",), has("aurora_clusters")),
        Check(9, "Caches", platform.caches, ("003-ver-11",), has("caches")),
        Check(10, "Buckets", platform.buckets, ("000-ver-14", "000-ver-15"), has("buckets")),
        Check(11, "Database login", platform.database_login, ("000-ver-13",), probed("database")),
        Check(12, "Bucket access", platform.bucket_access, ("000-ver-17",), probed("bucket")),
        Check(13, "Namespaces", platform.namespaces, ("003-ver-12",), has("environments")),
        Check(14, "Quotas", platform.quotas, ("003-ver-13",), has("environments")),
        Check(15, "Network policies", platform.network_policies, ("003-ver-14",), has("environments")),
        Check(16, "Priority classes", platform.priority_classes, ("003-ver-15",), has("priority_classes")),
        Check(17, "Secrets", platform.environment_secrets, ("003-ver-16",), has("environments")),
        Check(18, "ConfigMaps", platform.environment_configuration, ("003-ver-16",), has("environments")),
        Check(19, "Backups", platform.backups, ("003-ver-19",), _backups),
        Check(20, "Quorums", quorums.members, ("001-wkl-11", "001-wkl-12", "001-cac-01"), quorums.there),
        Check(21, "Servers", servers.servers, ("001-ver-01",), has("instances")),
        Check(22, "Applications", servers.applications, ("001-ver-01",), servers.runs_applications),
    ),
    of_tenant=False,
)

PARTS = {part.key: part for part in (PREPARATION, KUBEFLOW, MLFLOW, STORAGE, PLATFORM)}


def parts_of(settings: Settings) -> list[Part]:
    """Return the parts of `all`: those of tenants if the stack has tenants, otherwise that of the platform."""
    return [KUBEFLOW, MLFLOW, STORAGE] if _tenants(settings) else [PLATFORM]

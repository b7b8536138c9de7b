"""The MLflow tracking server and model registry."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from catalog.versions import MLFLOW_IMAGE
from config.nodes import Taint
from config.overrides import SECRETS, Argument, Override, Program, Refused
from config.types.aws import RoleName
from config.types.names import DnsLabel, DnsName, LabelKey, LabelValue, Name
from config.types.programs import EnvironmentVariable, Image
from config.types.quantities import Quantity
from config.types.references import BucketRef, PostgresRef
from config.types.storage import SecretName
from config.workloads.mlflow_options import GarbageCollection, Permission, Workspace, WorkspaceName
from config.workloads.resources import Amounts, Replicas, Resources
from config.workloads.workload import Host, Probe, Served, Workload

APP = "mlflow"
"""Label `app.kubernetes.io/name` of its pods, and name of its Deployment."""

VERSION = MLFLOW_IMAGE.rpartition(":v")[2].removesuffix("-full")
PORT = 5000
METRICS_PORT = 9191

STORES = 3
"""Connection pools of a server process: of runs, of registered models, and of users. Workspaces have a fourth."""

CLIENT_SECONDS = 120
"""Default of MLFLOW_HTTP_REQUEST_TIMEOUT, after which MLflow's client gives up:
https://mlflow.org/docs/latest/api_reference/python_api/mlflow.environment_variables.html"""

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(
                ("mlflow_backend_store_uri", "pg*", "aws_*"), "database and bucket are derived from other settings"
            ),
            Refused(("mlflow_auth_*", "mlflow_flask_*", "mlflow_crypto_*"), "the platform manages logins and keys"),
            Refused(("mlflow_host", "mlflow_port", "mlflow_workers"), "the server's arguments set it"),
            Refused(("home", "tmpdir", "mlflow_boto_client_addressing_style"), "the container's volumes depend on it"),
            Refused(("mlflow_sqlalchemystore_pool_size", "mlflow_sqlalchemystore_max_overflow"), "use connections"),
            Refused(("mlflow_server_enable_job_execution",), "jobs would depend on the disk of one replica"),
            Refused(("artifact_limit_bytes", "artifact_signed_urls"), "use artifactLimit or signedUrls"),
            Refused(("mlflow_enable_workspaces", "mlflow_workspace*"), "use workspaces"),
            Refused(
                ("mlflow_tracking_*", "mlflow_registry_uri", "mlflow_s3_*", "mlflow_artifacts_destination"),
                "the server is its own client, of its database and bucket",
            ),
            SECRETS,
        ),
        Program(f"MLflow {VERSION}", "mlflow", "which ignores it", checked=("mlflow_*",)),
    ),
]

Arguments = Annotated[
    tuple[Argument, ...],
    Override(
        "argument",
        (
            Refused(("--host", "--port", "--workers", "--app-name"), "it is derived from other settings"),
            Refused(
                ("--backend-store-uri", "--registry-store-uri", "--read-replica-backend-store-uri"),
                "the database is derived from workloads.mlflow.database",
            ),
            Refused(
                ("--default-artifact-root", "--serve-artifacts", "--no-serve-artifacts", "--artifacts-*"),
                "artifacts are stored in workloads.mlflow.bucket, through the server",
            ),
            Refused(("--allowed-hosts", "--cors-allowed-origins", "--disable-security-middleware"), "use extraHosts"),
            Refused(
                ("--uvicorn-opts", "--gunicorn-opts", "--waitress-opts", "--dev", "--expose-prometheus"),
                "the load balancer's timeouts and the metrics depend on it",
            ),
            Refused(("--static-prefix",), "probes, users and clients depend on the path"),
            Refused(("--workspace*", "--enable-workspaces", "--disable-workspaces"), "use workspaces"),
        ),
        Program(f"MLflow {VERSION}", "mlflow-arguments", "and the server does not start", strict=True),
    ),
]


def _memory(workers: int) -> Resources:
    """Return CPU and memory of a replica with this number of server processes, each of about 250 MiB when idle."""
    more = workers - 1
    return Resources(
        requests=Amounts(cpu=f"{250 * workers}m", memory=f"{768 + 512 * more}Mi"),
        limits=Amounts(memory=f"{1536 + 1024 * more}Mi"),
    )


class User(Model):
    """A user of MLflow; the password is generated and stored in Secrets Manager."""

    admin: bool = False
    """Whether the user can manage other users and every experiment."""


class Mlflow(Workload):
    """Setting `workloads.mlflow`."""

    TITLE: ClassVar[str] = "MLflow"

    database: PostgresRef
    """PostgreSQL database (a key of `databases` or `auroraClusters`) of runs, models and users."""

    bucket: BucketRef
    """Bucket (a key of `buckets`) of artifacts. Clients access it only through the server."""

    host: DnsName | None = None
    """Public host name in the ingress domain. Default: the DNS name of the load balancer."""

    namespace: DnsLabel = "mlflow"
    """Kubernetes namespace, which is created."""

    service_account: DnsLabel = "mlflow"
    """Service account, with the bucket's IAM role."""

    image: Image = MLFLOW_IMAGE
    """Image with psycopg2, boto3 and the auth extra, such as the `-full` images."""

    replicas: Replicas = Replicas()
    """Replicas of the server."""

    workers: int = Field(default=1, ge=1, le=16)
    """Server processes of a replica, each with its own memory and database connections."""

    connections: int = Field(default=5, ge=2, le=100)
    """Maximum database connections of a server process for each of its stores: runs, models and users, and workspaces
    if there are some."""

    resources: Resources = _memory(1)
    """CPU and memory of a replica. Default: 768Mi, at most 1536Mi; a further worker adds 512Mi, at most 1Gi."""

    scratch: Quantity = "5Gi"
    """Disk of the node that a replica requests and may use. An artifact that goes through the server is copied there:
    several at once need several times the largest."""

    artifact_limit: Quantity | None = None
    """Largest file that goes through the server, which copies it to `scratch`; a larger upload gets 413. Default:
    none, and a file that is larger than `scratch` evicts the pod."""

    signed_urls: bool = True
    """Whether clients transfer artifacts from and to S3 by URLs that the server signs: uploads of 500 MiB and more, and
    all downloads. They and browsers need a route to S3. Without, everything goes through the server."""

    users: dict[Name, User] = {}
    """Users by name, in addition to `admin`."""

    default_permission: Permission = "READ"
    """Permission of every user for resources of others without a grant. An owner always has MANAGE."""

    workspaces: dict[WorkspaceName, Workspace] = {}
    """Workspaces by name, which separate teams; disabled by default. `default` has everything that is in no other
    workspace. They cannot be disabled again while another workspace has experiments or models."""

    gc: GarbageCollection | None = None
    """Deletion of what users deleted, with artifacts. Default: it stays in the database and the bucket."""

    user_secret: SecretName | None = None
    """Name of the secret with the database user. Default: `<project>/mlflow/db-password`."""

    role_name: RoleName | None = None
    """Name of the IAM role and policy for the bucket. Default: `<project>-mlflow-s3-access`."""

    extra_hosts: tuple[DnsName, ...] = ()
    """Additional host names that clients use, for example of a proxy."""

    environment: Variables = {}
    """Environment variables of the server, in addition to those that the platform sets."""

    arguments: Arguments = ()
    """Arguments of `mlflow server`, in addition to those that the platform sets."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Node labels that its pods require. Default: any node without taints."""

    tolerations: tuple[Taint, ...] = ()
    """Taints that its pods tolerate, such as those of Spot nodes."""

    @model_validator(mode="after")
    def _memory_for_workers(self) -> Self:
        if "resources" not in self.model_fields_set and self.workers > 1:
            self.follow(resources=_memory(self.workers))
        return self

    def own_namespace(self) -> str:
        """Return the namespace."""
        return self.namespace

    def hosts(self) -> Iterator[Host]:
        """Yield its host, if it has one."""
        if self.host is not None:
            yield Host(("host",), self.host)

    def database_connections(self, surge: int) -> int:
        """Return the connections of all server processes."""
        return (self.replicas.max + surge) * self.workers * (STORES + bool(self.workspaces)) * self.connections

    def response_seconds(self) -> int:
        """Return the seconds for which its clients wait: an artifact is copied to or from the bucket without output."""
        return CLIENT_SECONDS

    def needs_ingress(self) -> bool:
        """Return True: without a host it is reachable at the DNS name of the load balancer."""
        return True

    def serves(self) -> Iterator[Served]:
        """Yield the port of its API, for namespaces with the label of its clients."""
        yield Served((PORT,))

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of the container that collects the metrics of all server processes."""
        return (METRICS_PORT,)

    def probes(self) -> Iterator[Probe]:
        """Yield probes of the database of runs and the bucket of artifacts, from pods of the server."""
        yield Probe("database", APP, "server", "MLFLOW_BACKEND_STORE_URI")
        yield Probe("bucket", APP, "server", self.bucket)

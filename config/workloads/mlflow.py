"""The MLflow tracking server and model registry."""

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from catalog.reading.model import Model
from catalog.versions import MLFLOW_IMAGE
from config.overrides import SECRETS, Argument, Override, Refused
from config.types.aws import RoleName
from config.types.names import DnsLabel, DnsName, LabelKey, LabelValue, Name
from config.types.programs import EnvironmentVariable, Image
from config.types.references import BucketRef, PostgresRef
from config.types.storage import SecretName
from config.workloads.resources import Amounts, Replicas, Resources
from config.workloads.workload import Host, Probe, Served, Workload

APP = "mlflow"
"""The label `app.kubernetes.io/name` of its pods, and the name of its Deployment."""

PORT = 5000
METRICS_PORT = 9191

Variables = Annotated[
    dict[EnvironmentVariable, str],
    Override(
        "environment variable",
        (
            Refused(("mlflow_backend_store_uri", "pg*", "aws_*"), "database and bucket follow from the other settings"),
            Refused(("mlflow_auth_*", "mlflow_flask_*", "mlflow_crypto_*"), "the platform keeps the logins and keys"),
            Refused(("mlflow_host", "mlflow_port", "mlflow_workers"), "the server's arguments set it"),
            Refused(("home", "tmpdir", "mlflow_boto_client_addressing_style"), "the container's volumes rely on it"),
            Refused(("mlflow_server_enable_job_execution",), "jobs would run on the disk of one replica"),
            SECRETS,
        ),
    ),
]

Arguments = Annotated[
    tuple[Argument, ...],
    Override(
        "argument",
        (
            Refused(("--host", "--port", "--workers", "--app-name"), "it follows from the other settings"),
            Refused(
                ("--backend-store-uri", "--registry-store-uri", "--read-replica-backend-store-uri"),
                "the database follows from workloads.mlflow.database",
            ),
            Refused(
                ("--default-artifact-root", "--serve-artifacts", "--no-serve-artifacts", "--artifacts-*"),
                "artifacts are stored in workloads.mlflow.bucket, through the server",
            ),
            Refused(("--allowed-hosts", "--cors-allowed-origins"), "use extraHosts"),
            Refused(
                ("--uvicorn-opts", "--gunicorn-opts", "--waitress-opts", "--dev", "--expose-prometheus"),
                "the load balancer's timeouts and the metrics rely on it",
            ),
            Refused(
                ("--static-prefix", "--workspace*", "--enable-workspaces"), "probes, users and clients rely on the path"
            ),
        ),
    ),
]


class User(Model):
    """A person who logs in to MLflow; the password is generated and kept in Secrets Manager."""

    admin: bool = False
    """May manage other users and every experiment."""


class Mlflow(Workload):
    """Setting `workloads.mlflow`."""

    TITLE: ClassVar[str] = "MLflow"

    database: PostgresRef
    """The PostgreSQL database (a key of `databases`) that keeps runs, models and users."""

    bucket: BucketRef
    """The bucket (a key of `buckets`) that keeps artifacts. Clients reach it through the server alone."""

    host: DnsName | None = None
    """The public name, within the ingress domain. Without one it answers at the load balancer's own name."""

    namespace: DnsLabel = "mlflow"
    """The Kubernetes namespace, made for it."""

    service_account: DnsLabel = "mlflow"
    """The service account, bound to the bucket's IAM role."""

    image: Image = MLFLOW_IMAGE
    """Must hold psycopg2, boto3 and the auth extra, as the `-full` images do."""

    replicas: Replicas = Replicas()
    """How many servers."""

    workers: int = Field(default=1, ge=1, le=16)
    """Server processes of one replica."""

    resources: Resources = Resources(
        requests=Amounts(cpu="250m", memory="768Mi"),
        limits=Amounts(memory="1536Mi"),
    )
    """CPU and memory of one replica."""

    users: dict[Name, User] = {}
    """Beside the user `admin`."""

    user_secret: SecretName | None = None
    """Name of the secret with the database user; `<project>/mlflow/db-password` when left out."""

    role_name: RoleName | None = None
    """Name of the IAM role and policy for the bucket; `<project>-mlflow-s3-access` when left out."""

    extra_hosts: tuple[DnsName, ...] = ()
    """More host names that clients use, for instance of a proxy in front."""

    environment: Variables = {}
    """Environment variables of the server, beside those that the platform sets."""

    arguments: Arguments = ()
    """Arguments of `mlflow server`, beside those that the platform sets."""

    node_selector: dict[LabelKey, LabelValue] = {}
    """Labels of the nodes it may run on; any without taints when left out."""

    def own_namespace(self) -> str:
        """Return the namespace."""
        return self.namespace

    def hosts(self) -> Iterator[Host]:
        """Yield its host, where it has one."""
        if self.host is not None:
            yield Host(("host",), self.host)

    def needs_entrance(self) -> bool:
        """Return true: without a host it answers at the load balancer's own name."""
        return True

    def serves(self) -> Iterator[Served]:
        """Yield its API, which namespaces with the label of its clients reach."""
        yield Served((PORT,))

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of the container that counts for all server processes."""
        return (METRICS_PORT,)

    def probes(self) -> Iterator[Probe]:
        """Yield its servers, which log in to the database of runs and reach the bucket of artifacts."""
        yield Probe("database", APP, "server", "MLFLOW_BACKEND_STORE_URI")
        yield Probe("bucket", APP, "server", self.bucket)

"""Environment variables of MLflow's processes, each defined once."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.database_setup.database_user import DatabaseUser
from components.identity.secret_access import SyncedSecret
from components.kubernetes.pods import environment
from components.workloads.mlflow.artifacts import plugin_environment
from components.workloads.mlflow.names import ADMIN, SCRATCH, SERVICE
from components.workloads.mlflow.secrets import MlflowSecrets
from config.workloads.mlflow import PORT
from config.workloads.mlflow import Mlflow as MlflowSettings

AUTH_FILE = "basic_auth.ini"
AUTH_FOLDER = "/etc/mlflow"
LOCAL = ("localhost", "127.0.0.1")
AUTH_CACHE_SECONDS = 60
"""Without a cache each request computes a password hash, and a server handles six requests a second instead of 100.

After a password change the old password can remain valid for this number of seconds on a server that has used it.
"""


def database_environment(login: SyncedSecret) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return libpq's variables with the password, so that no URL contains it. TLS is required."""
    return [
        *environment({"PGSSLMODE": "require"}),
        *login.environment({"PGPASSWORD": "password"}),
    ]


def store_environment(region: str) -> dict[str, str]:
    """Return the variables of every server, of the platform and of tenants."""
    return {
        "HOME": SCRATCH,
        "AWS_DEFAULT_REGION": region,
        # Its queues are on the disk of one replica, and it starts seven more processes.
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        # Clients read artifacts from S3 by presigned URLs. Other URLs contain no region, and S3 redirects them until a
        # new bucket is known in all regions: the signature is invalid after the redirect.
        "MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE": "virtual",
    }


def server_environment(
    user: DatabaseUser, secrets: MlflowSecrets, runs_database: str, region: str, settings: MlflowSettings
) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return the server's variables, with the stack file's variables last.

    https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/
    """
    return [
        *environment(
            {
                "MLFLOW_BACKEND_STORE_URI": user.url(runs_database),
                "MLFLOW_AUTH_CONFIG_PATH": f"{AUTH_FOLDER}/{AUTH_FILE}",
                **store_environment(region),
                # Without sizes each pool grows to 15. MLflow ignores an overflow of 0, whose default is 10.
                "MLFLOW_SQLALCHEMYSTORE_POOL_SIZE": str(settings.connections - 1),
                "MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW": "1",
                **settings.environment,
                **plugin_environment(settings, settings.environment),
            }
        ),
        *database_environment(secrets.database_login),
        *secrets.admin_login.environment(
            {"MLFLOW_AUTH_ADMIN_USERNAME": "username", "MLFLOW_AUTH_ADMIN_PASSWORD": "password"}
        ),
        # The same in all replicas: one validates the forms of another, or decrypts its data.
        *secrets.server_keys.environment(
            {"MLFLOW_FLASK_SERVER_SECRET_KEY": "session-key", "MLFLOW_CRYPTO_KEK_PASSPHRASE": "gateway-key"}
        ),
    ]


def auth_configuration(user: DatabaseUser, users_database: str, permission: str) -> pulumi.Output[str]:
    """Return `basic_auth.ini`, which contains no secret."""
    return pulumi.Output.format(
        """\
[mlflow]
default_permission = {3}
database_uri = {0}
admin_username = {1}
authorization_function = mlflow.server.auth:authenticate_request_basic_auth
grant_default_workspace_access = false
auth_cache_ttl_seconds = {2}
""",
        user.url(users_database),
        ADMIN,
        AUTH_CACHE_SECONDS,
        permission,
    )


def service_hosts(service: str, namespace: str) -> list[str]:
    """Return every name of a Service inside the cluster."""
    return [service, f"{service}.{namespace}", f"{service}.{namespace}.svc", f"{service}.{namespace}.svc.cluster.local"]


def with_port(names: Sequence[str], port: str = str(PORT)) -> list[str]:
    """Return each name with and without a port; `*` matches any port. MLflow compares the whole header."""
    return [entry for name in names for entry in (name, f"{name}:{port}")]


def allowed_hosts(namespace: str, public: Sequence[pulumi.Input[str]]) -> pulumi.Output[str]:
    """Return every host name of the server for clients, with and without the port.

    A request with another name gets 403, while /health returns 200, so health checks do not show the error.
    """

    def join(names: Sequence[str]) -> str:
        hosts = with_port([*service_hosts(SERVICE, namespace), *LOCAL])
        for name in dict.fromkeys(names):
            hosts += [name, f"{name}:443", f"{name}:80"]
        return ",".join(hosts)

    return pulumi.Output.all(*public).apply(lambda names: join(list(map(str, names))))


def allowed_origins(name: pulumi.Input[str] | None, extra: Sequence[str], *, encrypted: bool) -> pulumi.Output[str]:
    """Return the allowed origins of browsers.

    MLflow rejects changes from all other origins; the origin of its own pages has to be listed as well.
    A proxy with another name is assumed to use HTTPS.
    """
    scheme = "https" if encrypted else "http"
    own = [] if name is None else [pulumi.Output.format("{0}://{1}", scheme, name)]
    origins = [*own, *(f"https://{host}" for host in extra)] or [f"http://localhost:{PORT}"]
    return pulumi.Output.all(*origins).apply(lambda found: ",".join(dict.fromkeys(map(str, found))))

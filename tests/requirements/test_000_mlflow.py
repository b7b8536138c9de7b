"""000: the MLflow server, its users and its replicas."""

import configparser
import json

import pytest

from tests.requirements.query import Planned


@pytest.mark.requirement("000-wkl-01", "000-wkl-02")
def test_one_server_on_one_cluster_replaces_local_compose_files(mlflow: Planned) -> None:
    assert [cluster.inputs["name"] for cluster in mlflow.all("eks:index:Cluster")] == ["mdpg-mlops-eks"]
    (deployment,) = mlflow.manifests("Deployment")
    assert (deployment["metadata"]["namespace"], deployment["metadata"]["name"]) == ("ml-platform", "mlflow")
    assert mlflow.server()["command"][:2] == ["mlflow", "server"]
    # Nothing stays on a node: what a pod writes beside database and bucket is scratch.
    volumes = deployment["spec"]["template"]["spec"]["volumes"]
    assert {volume["name"]: sorted(volume.keys() - {"name"}) for volume in volumes} == {
        "scratch": ["emptyDir"],
        "config": ["configMap"],
    }


@pytest.mark.requirement("000-wkl-05")
def test_mlflow_scales_from_two_to_five_pods_by_cpu(mlflow: Planned) -> None:
    scaler = mlflow.manifest("HorizontalPodAutoscaler", "mlflow", "ml-platform")["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 5)
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "mlflow"}
    (metric,) = scaler["metrics"]
    assert metric["containerResource"]["target"] == {"type": "Utilization", "averageUtilization": 70}
    # Two writers of one number would undo each other.
    assert "replicas" not in mlflow.manifest("Deployment", "mlflow", "ml-platform")["spec"]


@pytest.mark.requirement("000-wkl-05")
def test_metrics_server_exists_for_the_autoscaler(mlflow: Planned) -> None:
    assert mlflow.one("eks:index:Addon", addonName="metrics-server").inputs["configurationValues"] == {"replicas": 2}


@pytest.mark.requirement("000-scy-01")
def test_mlflow_requires_a_password_and_pods_share_users_and_keys(mlflow: Planned) -> None:
    assert mlflow.flag("--app-name") == "basic-auth"
    admin, server = (mlflow.external_secret(name, "ml-platform")["target"]["name"] for name in ("admin", "server"))
    assert mlflow.env("MLFLOW_AUTH_ADMIN_PASSWORD") == f"{admin}/password"
    assert mlflow.env("MLFLOW_FLASK_SERVER_SECRET_KEY") == f"{server}/session-key"
    configuration = configparser.ConfigParser()
    configuration.read_string(mlflow.manifest("ConfigMap", "mlflow-config", "ml-platform")["data"]["basic_auth.ini"])
    address = mlflow.attribute(mlflow.one("aws:rds/instance:Instance"), "address")
    assert configuration["mlflow"]["database_uri"] == f"postgresql+psycopg2://mlflow_app@{address}:5432/mlflow_auth"
    mounts = {mount["name"]: mount["mountPath"] for mount in mlflow.server()["volumeMounts"]}
    assert mlflow.env("MLFLOW_AUTH_CONFIG_PATH") == f"{mounts['config']}/basic_auth.ini"


@pytest.mark.requirement("000-scy-01")
def test_administrator_password_comes_from_secrets_manager(mlflow: Planned) -> None:
    secret = mlflow.external_secret("admin", "ml-platform")
    remote = {item["secretKey"]: (item["remoteRef"]["key"], item["remoteRef"]["property"]) for item in secret["data"]}
    arn = mlflow.outputs["mlflow_admin_secret_arn"]
    assert remote["password"] == (arn, "password")
    assert remote["username"] == (arn, "username")
    assert mlflow.secret_strings["mlflow-secrets-admin"]["username"] == "admin"


@pytest.mark.requirement("000-ten-01")
def test_three_users_have_an_mlflow_login_with_their_own_password(mlflow: Planned) -> None:
    (job,) = mlflow.manifest("Job", "mlflow-users", "ml-platform")["spec"]["template"]["spec"]["containers"]
    (users,) = [json.loads(item["value"]) for item in job["env"] if item["name"] == "USERS"]
    assert users == {
        "mlops-engineer-1": {"admin": True},
        "mlops-engineer-2": {"admin": True},
        "ml-engineer-1": {"admin": False},
    }
    names = {secret.inputs["name"] for secret in mlflow.all("aws:secretsmanager/secret:Secret")}
    assert {f"mdpg-mlops/mlflow/users/{user}" for user in users} <= names


@pytest.mark.requirement("000-wkl-06")
def test_image_port_resources_and_probes_are_set(mlflow: Planned) -> None:
    # The documents state none.
    server = mlflow.server()
    assert server["image"] == "ghcr.io/mlflow/mlflow:v3.17.2-full"
    assert server["ports"] == [{"name": "http", "containerPort": 5000}]
    # A Service named mlflow puts MLFLOW_PORT=tcp://... into pods, so the port has to be given.
    assert mlflow.flag("--port") == "5000"
    assert server["resources"] == {
        "requests": {"cpu": "250m", "memory": "768Mi", "ephemeral-storage": "5Gi"},
        "limits": {"memory": "1536Mi"},
    }
    probes = [server[probe]["httpGet"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")]
    assert probes == [{"path": "/health", "port": "http"}] * 3


@pytest.mark.requirement("000-db-07")
def test_database_clients_require_tls(mlflow: Planned) -> None:
    (parameter,) = mlflow.one("aws:rds/parameterGroup:ParameterGroup").inputs["parameters"]
    assert (parameter["name"], parameter["value"]) == ("rds.force_ssl", "1")
    assert mlflow.env("PGSSLMODE") == "require"

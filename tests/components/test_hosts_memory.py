"""Memory, disk and database connections of pods follow from the settings that decide them."""

import pytest

from config.database_connections import accepted, clients
from config.workloads.mlflow import STORES, Mlflow
from config.workloads.open_webui import VECTOR_CONNECTIONS
from tests.components.base import EVERY_STACK, recorded, settings_from

DEPLOYMENT = "kubernetes:apps/v1:Deployment"


@EVERY_STACK
def test_scratch_volumes_of_servers_are_requested_whole(stack: str) -> None:
    # Otherwise the kubelet evicts a pod that uses what its volume allows.
    for item in recorded(stack).all(DEPLOYMENT):
        spec = item.inputs["spec"]["template"]["spec"]
        sizes = {one["name"]: one["emptyDir"].get("sizeLimit") for one in spec.get("volumes", ()) if "emptyDir" in one}
        labels = item.inputs["spec"]["template"]["metadata"]["labels"]
        if "scratch" in sizes and labels.get("app.kubernetes.io/name") in {"mlflow", "open-webui", "litellm"}:
            requested = spec["containers"][0]["resources"]["requests"]["ephemeral-storage"]
            assert requested == sizes["scratch"], item.name


@pytest.mark.parametrize(
    ("workers", "expected"),
    [
        (1, ("250m", "768Mi", "1536Mi")),
        (2, ("500m", "1280Mi", "2560Mi")),
        (4, ("1000m", "2304Mi", "4608Mi")),
        (16, ("4000m", "8448Mi", "16896Mi")),
    ],
)
def test_memory_of_mlflow_follows_its_workers(workers: int, expected: tuple[str, ...]) -> None:
    found = settings_from(Mlflow, {"database": "runs", "bucket": "artifacts", "workers": workers}).resources
    assert (found.requests.cpu, found.requests.memory, found.limits.memory) == expected


def test_memory_of_mlflow_is_that_of_the_stack_file() -> None:
    own = {"requests": {"memory": "2Gi"}, "limits": {"memory": "3Gi"}}
    found = settings_from(Mlflow, {"database": "runs", "bucket": "artifacts", "workers": 4, "resources": own}).resources
    assert (found.requests.memory, found.limits.memory) == ("2Gi", "3Gi")


@EVERY_STACK
def test_pools_of_pods_are_those_that_are_reckoned(stack: str) -> None:
    recording = recorded(stack)
    workloads = recording.settings.workloads
    for item in recording.all(DEPLOYMENT):
        env = {
            one["name"]: one.get("value", "")
            for one in item.inputs["spec"]["template"]["spec"]["containers"][0].get("env", ())
        }
        if item.name == "mlflow-server" and workloads.mlflow is not None:
            pool = int(env["MLFLOW_SQLALCHEMYSTORE_POOL_SIZE"]) + int(env["MLFLOW_SQLALCHEMYSTORE_MAX_OVERFLOW"])
            each = workloads.mlflow.database_connections(0) / workloads.mlflow.replicas.max / workloads.mlflow.workers
            assert pool * (STORES + bool(workloads.mlflow.workspaces)) == each
        if item.name == "open-webui-server" and workloads.open_webui is not None:
            pool = int(env["DATABASE_POOL_SIZE"]) + int(env["DATABASE_POOL_MAX_OVERFLOW"])
            vectors = int(env["PGVECTOR_POOL_SIZE"]) + int(env["PGVECTOR_POOL_MAX_OVERFLOW"])
            assert (pool, vectors) == (workloads.open_webui.connections, VECTOR_CONNECTIONS)


@EVERY_STACK
def test_databases_accept_the_connections_of_their_clients(stack: str) -> None:
    settings = recorded(stack).settings
    total: dict[str, int] = {}
    for client in clients(settings):
        total[client.database] = total.get(client.database, 0) + client.connections
    for key, connections in total.items():
        found = accepted(settings, key)
        assert found is not None
        assert connections < found[0]

"""`aiplatform verify` of the tenants of a plan, with their permissions."""

from collections.abc import Iterator

import pytest

from aiplatform.cli.verify import who_asks
from aiplatform.verify import cloud as aws
from aiplatform.verify import cluster as kubernetes
from aiplatform.verify.engine import verify
from aiplatform.verify.isolation import groups
from aiplatform.verify.lists import KUBEFLOW, MLFLOW, STORAGE
from aiplatform.verify.model import Cluster
from tests.aiplatform.verifying import empty_storage, fill_storage, tenants
from tests.cluster.deployment import Deployed, manifests_in_order
from tests.components.base import recorded
from tests.parts.api import Api, Object
from tests.parts.object_store import running_object_store

STACK = "tenants"


def without_claims(item: Object) -> Object:
    """Nobody makes volumes here: what asks for one gets an empty folder."""
    claims = item["spec"].pop("volumeClaimTemplates", []) if item["kind"] == "StatefulSet" else []
    for claim in claims:
        volumes = item["spec"]["template"]["spec"].setdefault("volumes", [])
        volumes.append({"name": claim["metadata"]["name"], "emptyDir": {}})
    return item


@pytest.fixture(scope="module")
def built(own_api: Api) -> Iterator[Deployed]:
    """The stack on a control plane, with its tenants' buckets and repositories."""
    api = own_api
    recording = recorded(STACK)
    manifests = [without_claims(item) for item in manifests_in_order(recording.plan)]
    one = Deployed(STACK, recording, api, manifests)
    with pytest.MonkeyPatch.context() as patched, running_object_store() as store:
        patched.setenv("KUBECONFIG", str(api.control_plane.kubeconfig))
        for name, value in {**store.environment(), "AWS_ENDPOINT_URL": store.url}.items():
            patched.setenv(name, value)
        region = recording.settings.project.region
        cloud = aws.connect(region, None)
        try:
            one.deploy()
            for tenant in tenants(recording.settings):
                fill_storage(cloud, tenant, region=region)
            yield one
        finally:
            for tenant in tenants(recording.settings):
                empty_storage(cloud, tenant)


@pytest.mark.parametrize("who", ["operator", "tenants"])
def test_every_tenant_passes_for_the_operator_and_for_itself(built: Deployed, who: str) -> None:
    settings = built.recording.settings
    operator: Cluster = kubernetes.connect(settings, "tests")
    wrong, counts = {}, set()
    for tenant in tenants(settings):
        cluster = operator if who == "operator" else operator.impersonate(tenant.email, *groups(tenant))
        results = verify(
            settings,
            [tenant],
            [KUBEFLOW, MLFLOW, STORAGE],
            cluster=cluster,
            cloud=aws.connect(settings.project.region, None),
            caller=who_asks(cluster, settings),
        )
        counts.add(tuple(result.score for result in results))
        for result in results:
            for check, outcome in result.checked:
                if outcome.verdict != "passed":
                    wrong[tenant.name, result.part.key, check.number] = outcome.detail

    assert wrong == {}
    expected = [len(part.of(settings)) for part in (KUBEFLOW, MLFLOW, STORAGE)]
    assert counts == {tuple(f"{number}/{number}" for number in expected)}

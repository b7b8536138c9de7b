"""`aiplatform verify` of a lab on a real API server: each check detects a missing or wrong object."""

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aiplatform.cli.main import app
from aiplatform.cli.verify import who_asks
from aiplatform.verify import cloud as aws
from aiplatform.verify import cluster as kubernetes
from aiplatform.verify.engine import verify
from aiplatform.verify.isolation import groups
from aiplatform.verify.lists import KUBEFLOW, MLFLOW
from aiplatform.verify.model import Cluster, Result
from config.settings import Settings
from config.tenants import Tenant
from tests.aiplatform.verifying import (
    SMALL,
    Object,
    binding,
    empty_storage,
    fill_storage,
    settings,
    shared_objects,
    tenant_objects,
    tenants,
)
from tests.cluster.deployment import not_ready
from tests.parts.api import Api, eventually, until_none
from tests.parts.nodes import add_node
from tests.parts.object_store import running_object_store

PLACE = {"tests": "verify"}


class Lab:
    """A lab with three tenants, applied."""

    def __init__(self, api: Api, folder: Path, made: Settings) -> None:
        self.api, self.folder, self.settings = api, folder, made
        self.first, self.second, self.instructor = tenants(made)

    def as_operator(self) -> Cluster:
        """Its cluster, as the kubeconfig's administrator sees it."""
        return kubernetes.connect(self.settings, "tests")

    def as_tenant(self, tenant: Tenant) -> Cluster:
        """Its cluster, as the tenant's person sees it."""
        return self.as_operator().impersonate(tenant.email, *groups(tenant))

    def check(self, cluster: Cluster, *, tenant: Tenant | None = None) -> tuple[Result, Result]:
        """Parts 1 and 2 of a tenant, the first one unless told."""
        kubeflow, mlflow = verify(
            self.settings,
            [tenant or self.first],
            [KUBEFLOW, MLFLOW],
            cluster=cluster,
            cloud=aws.connect(self.settings.project.region, None),
            caller=who_asks(cluster, self.settings),
        )
        return kubeflow, mlflow


@pytest.fixture(scope="module")
def lab(own_api: Api, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    api = own_api
    folder = tmp_path_factory.mktemp("lab")
    made = settings(folder)
    offered = {"cpu": "8", "memory": "32Gi", "pods": "50", "ephemeral-storage": "20Gi"}
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": "verify", "labels": {**PLACE, "kubernetes.io/hostname": "verify"}},
        "spec": {"taints": [{"key": "tests", "value": "verify", "effect": "NoSchedule"}]},
        "status": {"allocatable": offered, "capacity": offered},
    }
    items = [*shared_objects(PLACE), *(one for tenant in tenants(made) for one in tenant_objects(made, tenant, PLACE))]
    with pytest.MonkeyPatch.context() as patched, running_object_store() as store:
        patched.setenv("KUBECONFIG", str(api.control_plane.kubeconfig))
        for name, value in {**store.environment(), "AWS_ENDPOINT_URL": store.url}.items():
            patched.setenv(name, value)
        add_node(api, node)
        try:
            for item in items:
                api.apply(item)
            for tenant in tenants(made):
                fill_storage(aws.connect(made.project.region, None), tenant)
            until_none(lambda: [one for one in not_ready(api) if "verify" in one], "the node is ready")
            one = Lab(api, folder, made)
            eventually(lambda: all(_ready(api, item) for item in items if item["kind"] == "Pod"), "pods are ready")
            yield one
        finally:
            for tenant in tenants(made):
                empty_storage(aws.connect(made.project.region, None), tenant)


def _ready(api: Api, item: Object) -> bool:
    found = api.get("v1", "Pod", item["metadata"]["namespace"], item["metadata"]["name"])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in found["status"].get("conditions", ()))


def wrong(*results: Result) -> dict[str, str]:
    """What is not as it should be, by part and number."""
    return {
        f"{result.part.key} {check.number}": outcome.detail
        for result in results
        for check, outcome in result.checked
        if outcome.verdict != "passed"
    }


@pytest.mark.requirement(
    "002-ver-07", "002-ver-08", "002-ver-09", "002-ver-10", "002-ver-11", "002-ver-12", "002-ver-13", "002-ver-14",
    "002-ver-15", "002-ver-16", "002-ver-19", "002-ver-21", "002-ver-22", "002-ver-23", "002-ver-24", "002-ver-25",
    "002-ver-26", "002-ver-27", "002-ver-28", "002-ver-30",
)  # fmt: skip
@pytest.mark.parametrize("who", ["operator", "tenant"])
def test_correct_lab_passes_every_check_for_every_caller(lab: Lab, who: str) -> None:
    cluster = lab.as_operator() if who == "operator" else lab.as_tenant(lab.first)

    kubeflow, mlflow = lab.check(cluster)

    assert wrong(kubeflow, mlflow) == {}
    assert (kubeflow.score, mlflow.score) == ("10/10", "7/7")
    assert kubeflow.summary == "passed 10, failed 0, warnings 0"


def test_instructor_with_read_access_to_tenants_passes(lab: Lab) -> None:
    looks = [
        binding(one.namespace, "instructors", "verify-look", f"tenant-{lab.instructor.name}")
        for one in (lab.first, lab.second)
    ]
    with Changed(lab.api, *looks):
        kubeflow, mlflow = lab.check(lab.as_tenant(lab.instructor), tenant=lab.instructor)

    assert wrong(kubeflow, mlflow) == {}
    assert "instructors may look" in kubeflow.checked[7].outcome.detail


def test_instructor_with_write_access_to_another_tenant_fails(lab: Lab) -> None:
    works = binding(lab.first.namespace, "instructors", "verify-work", f"tenant-{lab.instructor.name}")
    with Changed(lab.api, works):
        kubeflow, _ = lab.check(lab.as_tenant(lab.instructor), tenant=lab.instructor)

    assert "kubeflow-user01 (get secrets)" in wrong(kubeflow)["kubeflow 8"]


class Changed:
    """Objects added or put in place of others, and taken back afterwards."""

    def __init__(self, api: Api, *items: Object, without: tuple[Object, ...] = ()) -> None:
        self.api, self.items, self.without = api, items, without

    def __enter__(self) -> None:
        self.before = [self.api.call("GET", self.api.path_of(one)) for one in self.items if self.api.exists(one)]
        for item in (*self.without, *(one for one in self.items if one["kind"] in {"Pod", "RoleBinding"})):
            self.api.send("DELETE", self.api.path_of(item), {"gracePeriodSeconds": 0})
            eventually(lambda item=item: not self.api.exists(item), "it goes")  # type: ignore[misc]
        for item in self.items:
            self.api.apply(item)

    def __exit__(self, *_: object) -> None:
        for item in self.items:
            self.api.send("DELETE", self.api.path_of(item), {"gracePeriodSeconds": 0})
            eventually(lambda item=item: not self.api.exists(item), "it goes")  # type: ignore[misc]
        for item in (*self.without, *map(_bare, self.before)):
            self.api.apply(item)
            if item["kind"] == "Pod":
                eventually(lambda item=item: _ready(self.api, item), "it is ready")  # type: ignore[misc]


def _bare(item: Object) -> Object:
    """What somebody wrote, without what the cluster added."""
    metadata = {key: item["metadata"][key] for key in ("name", "namespace", "labels") if key in item["metadata"]}
    spec = {key: value for key, value in item.items() if key not in {"metadata", "status"}}
    if item["kind"] == "Pod":
        spec["spec"] = {key: item["spec"][key] for key in ("nodeSelector", "containers")}
        spec["spec"]["tolerations"] = [{"operator": "Exists"}]
        for container in spec["spec"]["containers"]:
            container.pop("volumeMounts", None)
    if item["kind"] == "Service":
        spec["spec"] = {"selector": item["spec"]["selector"], "ports": [{"port": 5000}]}
    return {**spec, "metadata": metadata}


def found(lab: Lab, kind: str, name: str, tenant: Tenant | None = None) -> Object:
    """One object of a tenant, or of what all share."""
    items = tenant_objects(lab.settings, tenant or lab.first, PLACE) + shared_objects(PLACE)
    (one,) = (item for item in items if (item["kind"], item["metadata"]["name"]) == (kind, name))
    return one


MISSING = {
    ("Profile", "profile-user01"): ("kubeflow 2", "mlflow 2"),
    ("ServiceAccount", "default-editor"): ("kubeflow 3",),
    ("ServiceAccount", "default-viewer"): ("kubeflow 3",),
    ("ResourceQuota", "kf-resource-quota"): ("kubeflow 4",),
    ("RoleBinding", "namespaceAdmin"): ("kubeflow 5",),
    ("PodDefault", "access-mlflow"): ("kubeflow 6", "mlflow 5"),
    ("PodDefault", "access-ml-pipeline"): ("kubeflow 6",),
    ("Deployment", "istio-system-controller"): ("kubeflow 9",),
    ("Service", "mlflow-server"): ("mlflow 6",),
    ("Pod", "mlflow-server-0"): ("mlflow 6",),
    ("Pod", "postgres-0"): ("mlflow 6",),
}


@pytest.mark.requirement("002-ops-12", "002-wkl-03", "002-wkl-04", "002-db-01")
@pytest.mark.parametrize(("kind", "name"), MISSING)
def test_check_fails_alone_when_its_object_is_missing(lab: Lab, kind: str, name: str) -> None:
    item = found(lab, kind, name)
    with Changed(lab.api, without=(item,)):
        results = lab.check(lab.as_operator())
    if kind == "Pod":
        eventually(lambda: _ready(lab.api, item), "it is back")

    expected = set(MISSING[kind, name])
    # The verdict of part 1 follows from what failed before it.
    expected |= {"kubeflow 10"} if any(one.startswith("kubeflow") for one in expected) else set()
    assert set(wrong(*results)) == expected
    assert all(outcome.verdict == "failed" and (outcome.hint or check.number == 10)
               for result in results for check, outcome in result.checked
               if f"{result.part.key} {check.number}" in expected)  # fmt: skip


def edit(kind: str, name: str, change: Callable[[Object], object]) -> tuple[str, str, Callable[[Object], object]]:
    return kind, name, change


WRONG = {
    "owner": (
        edit("Profile", "profile-user01", lambda one: one["spec"]["owner"].update(name="user@example.com")),
        {"kubeflow 2", "mlflow 2"},
        "belongs to user@example.com, not to user01@mlops.local",
    ),
    "quota": (
        edit("ResourceQuota", "kf-resource-quota", lambda one: one["spec"]["hard"].update({"limits.cpu": "9"})),
        {"kubeflow 4"},
        "kf-resource-quota has limits.cpu 9, not 8",
    ),
    "somebody else's binding": (
        edit("RoleBinding", "namespaceAdmin", lambda one: one["subjects"][0].update(name="tenant-user99")),
        {"kubeflow 5"},
        "does not bind tenant-user01",
    ),
    "another's server": (
        edit(
            "PodDefault",
            "access-mlflow",
            lambda one: one["spec"]["env"][0].update(
                value="http://mlflow-server.kubeflow-user02.svc.cluster.local:5000"
            ),
        ),
        {"mlflow 5"},
        "sets MLFLOW_TRACKING_URI to http://mlflow-server.kubeflow-user02.svc.cluster.local:5000, not to",
    ),
    "another region": (
        edit("PodDefault", "access-mlflow", lambda one: one["spec"]["env"][2].update(value="us-west-2")),
        {"mlflow 5"},
        "sets AWS_DEFAULT_REGION to us-west-2, not to ap-northeast-2",
    ),
    "another endpoint": (
        edit("PodDefault", "access-mlflow", lambda one: one["spec"]["env"][1].update(value="https://s3.local")),
        {"mlflow 5"},
        "sets MLFLOW_S3_ENDPOINT_URL to https://s3.local, not to https://s3.ap-northeast-2.amazonaws.com",
    ),
    "port": (
        edit("Service", "mlflow-server", lambda one: one["spec"].update(ports=[{"port": 8080}])),
        {"mlflow 6"},
        "has the port 8080, not 5000",
    ),
    "a server that waits": (
        edit("Pod", "mlflow-server-0", lambda one: one["spec"].update(nodeSelector={"tests": "nowhere"})),
        {"kubeflow 7", "mlflow 6"},
        "mlflow-server-0",
    ),
    "a component that waits": (
        edit("Deployment", "kubeflow-controller", lambda one: one["spec"].update(replicas=1)),
        {"kubeflow 9"},
        "not available in kubeflow: kubeflow-controller",
    ),
}


@pytest.mark.requirement("002-ver-08", "002-wkl-06", "002-wkl-07", "002-wkl-08", "002-wkl-13")
@pytest.mark.parametrize("case", WRONG)
def test_check_fails_with_the_expected_value_when_its_object_is_wrong(lab: Lab, case: str) -> None:
    (kind, name, change), expected, said = WRONG[case]
    item = copy.deepcopy(found(lab, kind, name))
    change(item)
    with Changed(lab.api, item):
        if kind == "Deployment":
            eventually(lambda: not _available(lab.api, item), "it is not available")
        results = lab.check(lab.as_operator())
    if kind == "Deployment":
        eventually(lambda: _available(lab.api, item), "it is available")

    failed = wrong(*results)
    assert set(failed) - {"kubeflow 10"} == expected
    assert any(said in detail for detail in failed.values()), failed


def _available(api: Api, item: Object) -> bool:
    status = api.get("apps/v1", "Deployment", item["metadata"]["namespace"], item["metadata"]["name"]).get("status", {})
    return any(one["type"] == "Available" and one["status"] == "True" for one in status.get("conditions", ()))


def test_missing_namespace_fails_and_the_hint_questions_the_number(lab: Lab) -> None:
    stranger = lab.first._replace(name="user03", number="03", namespace="kubeflow-user03")
    assert lab.settings.tenants is not None
    three = settings(lab.folder, SMALL.replace("last: 2", "last: 3"))
    more = Lab.__new__(Lab)
    more.api, more.folder, more.settings, more.first = lab.api, lab.folder, three, tenants(three)[2]
    settings(lab.folder)

    for cluster in (more.as_operator(), lab.as_tenant(lab.second)):
        kubeflow, mlflow = more.check(cluster)
        first = kubeflow.checked[0].outcome
        assert (first.verdict, mlflow.checked[0].outcome.verdict) == ("failed", "failed")
        assert stranger.namespace in first.detail
        assert "is this your number?" in first.hint


@pytest.mark.requirement("002-ver-14", "002-ver-18", "002-ver-27", "002-pol-04")
@pytest.mark.parametrize("who", ["operator", "tenant"])
def test_binding_in_another_namespace_is_found_by_review_and_by_request(lab: Lab, who: str) -> None:
    opened = binding(lab.second.namespace, "mistake", "verify-work", f"tenant-{lab.first.name}")
    with Changed(lab.api, opened):
        cluster = lab.as_operator() if who == "operator" else lab.as_tenant(lab.first)
        results = lab.check(cluster)

    failed = wrong(*results)
    assert set(failed) == {"kubeflow 8", "mlflow 7", "kubeflow 10"}
    assert "kubeflow-user02 (list pods)" in failed["kubeflow 8"]
    assert "kubeflow-user02 (create pods)" in failed["kubeflow 8"]
    assert "kubeflow-user02 (create pods/portforward)" in failed["mlflow 7"]


def test_role_beyond_access_reviews_is_found_by_request(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = binding(lab.second.namespace, "mistake", "verify-look", f"tenant-{lab.first.name}")
    monkeypatch.setattr("aiplatform.verify.isolation._allowed", lambda *_: False)
    with Changed(lab.api, opened):
        kubeflow, _ = lab.check(lab.as_tenant(lab.first))

    assert "kubeflow-user02 (tried to list pods)" in wrong(kubeflow)["kubeflow 8"]


def test_tenant_that_checks_another_one_skips_checks_with_a_reason(lab: Lab) -> None:
    kubeflow, mlflow = lab.check(lab.as_tenant(lab.first), tenant=lab.second)

    for one in (kubeflow.checked[7].outcome, mlflow.checked[6].outcome):
        assert one.verdict == "warning"
        assert "not asked as user02" in one.detail
        assert "--user 02" in one.hint


def test_caller_without_impersonation_gets_a_warning_and_no_pass(lab: Lab) -> None:
    viewer = lab.as_operator().impersonate("viewer@mlops.local", "viewers")
    kubeflow, _ = lab.check(viewer)

    assert kubeflow.checked[7].outcome.verdict == "warning"
    assert "you may not ask what others may do" in kubeflow.checked[7].outcome.detail


def aiplatform(lab: Lab, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.chdir(lab.folder)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("USER_NUM", raising=False)
    result = CliRunner().invoke(app, ["verify", "--stack", "lab", *arguments])
    assert "Traceback" not in result.output
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.requirement("002-ver-06", "002-ver-19", "002-ver-20", "002-ver-30", "002-ver-31", "002-ver-38",
                         "002-ver-42", "002-ver-45")  # fmt: skip
def test_command_shows_three_parts_with_summary_score_and_next_step(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    status, output, errors = aiplatform(lab, monkeypatch, "--context", "tests", "--user", "01")

    assert (status, errors) == (0, "")
    assert [line for line in output.splitlines() if line.startswith(("passed", "score", "Part", "Next", "All"))] == [
        "Part 1: Kubeflow tenant (user01)",
        "passed 10, failed 0, warnings 0",
        "score 10/10",
        "Next: Part 2: aiplatform verify --stack lab --user 01 --part mlflow",
        "Part 2: MLflow (user01)",
        "passed 7, failed 0, warnings 0",
        "score 7/7",
        "Next: Part 3: aiplatform verify --stack lab --user 01 --part storage",
        "Part 3: AWS storage (user01)",
        "passed 6, failed 0, warnings 0",
        "score 6/6",
        "All passed. Next: Lab 1-2 (Hello Pipeline).",
    ]
    assert max(map(len, output.splitlines())) <= 80


def test_instructor_gets_one_line_per_tenant_and_json_for_machines(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    with Changed(lab.api, without=(found(lab, "PodDefault", "access-mlflow", lab.second),)):
        status, output, _ = aiplatform(lab, monkeypatch, "--context", "tests")
        _, answer, _ = aiplatform(lab, monkeypatch, "--context", "tests", "--json")

    assert status == 1
    rows = [line.split() for line in output.splitlines()[:4]]
    assert rows[0] == ["tenant", "kubeflow", "mlflow", "storage"]
    assert rows[1] == ["user01", "10/10", "7/7", "6/6"]
    assert rows[2] == ["user02", "8/10,", "2", "failed", "6/7,", "1", "failed", "6/6"]
    assert "user02 kubeflow 6 PodDefault: there is no PodDefault access-mlflow" in output
    assert output.splitlines()[-1] == "passed 66, failed 3, warnings 0"
    assert max(map(len, output.splitlines())) <= 80
    document = json.loads(answer)
    assert (document["passed"], document["failed"]) == (66, 3)
    assert document["subjects"][1]["parts"][0]["checks"][5]["verdict"] == "failed"


@pytest.mark.deviates("002-ver-43")
def test_tenant_number_is_optional_for_a_known_identity(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    known = lab.as_tenant(lab.second)
    monkeypatch.setattr(kubernetes, "connect", lambda *_: known)

    status, output, _ = aiplatform(lab, monkeypatch, "--part", "kubeflow")

    assert status == 0
    assert output.startswith("Part 1: Kubeflow tenant (user02)")


@pytest.mark.requirement("002-ops-09")
def test_expired_token_is_one_line(lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    known = json.loads(Path(lab.api.control_plane.kubeconfig).read_text())
    known["users"][0]["user"]["token"] = "long-gone"  # noqa: S105
    (tmp_path / "kubeconfig").write_text(json.dumps(known))
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))

    status, output, errors = aiplatform(lab, monkeypatch, "--context", "tests")

    assert (status, output) == (3, "")
    assert errors.count("\n") == 1
    assert "does not know you (Unauthorized)" in errors
    assert "aws eks update-kubeconfig --region ap-northeast-2 --name mlops-training-cluster" in errors
    assert "long-gone" not in errors


def test_checks_read_only_the_names_of_secrets(lab: Lab) -> None:
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "db-credentials", "namespace": lab.first.namespace},
        "stringData": {"password": "hidden-from-all"},
    }
    with Changed(lab.api, secret):
        cluster = lab.as_operator()
        assert isinstance(cluster, kubernetes.KubernetesApi)
        answer = cluster._call("GET", f"/api/v1/namespaces/{lab.first.namespace}/secrets", accept=kubernetes._METADATA)

    assert answer is not None
    assert "db-credentials" in json.dumps(answer)
    assert all("data" not in one for one in answer["items"])

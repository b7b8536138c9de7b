"""002: fifteen trainees and an instructor, each with an isolated environment."""

import json
from collections.abc import Mapping

import pytest

from catalog.quantities import CPU, MEMORY, amount
from tests.components.base import recorded
from tests.components.isolation import World, crossings, things
from tests.config.base import ROOT
from tests.each import each
from tests.requirements.conftest import planned
from tests.requirements.query import Planned

NUMBERS = [*(f"{number:02}" for number in range(1, 16)), "20"]
TRAINEES, INSTRUCTOR = NUMBERS[:-1], NUMBERS[-1]
RBAC = "rbac.authorization.k8s.io"
ACCOUNT = "123456789012"
REGION = "ap-northeast-2"
EVERYONE = each("number", NUMBERS)

ENTRY, ROLE = "aws:eks/accessEntry:AccessEntry", "aws:iam/role:Role"
BUCKET, REPOSITORY = "aws:s3/bucket:Bucket", "aws:ecr/repository:Repository"


@pytest.fixture(scope="module")
def lab() -> Planned:
    """The stack as it is shipped."""
    return planned("lab")


def names(plan: Planned, kind: str, place: str) -> list[str]:
    """The names of all objects of a kind in a namespace."""
    return sorted(one["metadata"]["name"] for one in plan.manifests(kind) if one["metadata"].get("namespace") == place)


def hard(plan: Planned, number: str) -> Mapping[str, str]:
    """What a tenant's quota allows."""
    found: Mapping[str, str] = plan.manifest("ResourceQuota", "kf-resource-quota", f"kubeflow-user{number}")["spec"][
        "hard"
    ]
    return found


# --- who they are ---


@pytest.mark.requirement("002-ten-01", "002-ten-02")
def test_fifteen_trainees_and_one_instructor_have_a_namespace_each(lab: Planned) -> None:
    spaces = {
        one["metadata"]["name"]: one["metadata"]["labels"].get("ai-platform/tenant")
        for one in lab.manifests("Namespace")
        if one["metadata"]["name"].startswith("kubeflow-user")
    }
    assert spaces == {f"kubeflow-user{number}": f"user{number}" for number in NUMBERS}
    assert len(spaces) == 16
    groups = {
        one.inputs["principalArn"]: one.inputs["kubernetesGroups"]
        for one in lab.all(ENTRY)
        if "kubernetesGroups" in one.inputs
    }
    instructors = [arn for arn, held in groups.items() if "tenant-instructors" in held]
    assert instructors == [f"arn:aws:iam::{ACCOUNT}:role/mlops-training-tenant-user20"]


@pytest.mark.requirement("002-ten-03", "002-ten-04", "002-ver-08")
def test_tenant_has_one_profile_with_its_email_and_no_other_exists(lab: Planned) -> None:
    owners = {one["metadata"]["name"]: one["spec"]["owner"] for one in lab.manifests("Profile")}
    assert owners == {
        f"profile-user{number}": {"kind": "User", "name": f"user{number}@mlops.local"} for number in NUMBERS
    }


@pytest.mark.requirement("002-ten-04")
def test_login_accepts_exactly_these_emails(lab: Planned) -> None:
    (config,) = (
        one
        for one in lab.manifests("ConfigMap")
        if one["metadata"].get("namespace") == "auth" and "config.yaml" in one["data"]
    )
    for number in NUMBERS:
        assert config["data"]["config.yaml"].count(f"user{number}@mlops.local") == 1
    assert config["data"]["config.yaml"].count("@mlops.local") == 16
    assert "user@example.com" not in config["data"]["config.yaml"], "the community's login, which the world knows"


@pytest.mark.requirement("002-ten-05")
def test_profile_namespace_is_empty_and_the_course_namespace_has_the_resources(lab: Planned) -> None:
    for number in NUMBERS:
        place, spec = f"kubeflow-user{number}", lab.manifest("Profile", f"profile-user{number}")["spec"]
        assert spec["resourceQuotaSpec"]["hard"]["pods"] == "0"
        assert names(lab, "ServiceAccount", place)[:2] == ["default-editor", "default-viewer"]
        assert names(lab, "ResourceQuota", place) == ["kf-resource-quota"]
        assert "namespaceAdmin" in names(lab, "RoleBinding", place)
        assert names(lab, "PodDefault", place) == ["access-ml-pipeline", "access-mlflow"]
        inside = [
            one for kind in ("Deployment", "ServiceAccount", "Job") for one in names(lab, kind, f"profile-user{number}")
        ]
        assert inside == []


# --- quotas ---


@pytest.mark.requirement("002-pol-01", "002-pol-02", "002-pol-03")
@EVERYONE
def test_quota_limits_requests_and_limits(lab: Planned, number: str) -> None:
    cpu, memory = ("16", "32Gi") if number == INSTRUCTOR else ("8", "16Gi")
    found = hard(lab, number)
    assert {key: found[key] for key in ("requests.cpu", "limits.cpu", "requests.memory", "limits.memory")} == {
        "requests.cpu": cpu, "limits.cpu": cpu, "requests.memory": memory, "limits.memory": memory,
    }  # fmt: skip
    assert not {"cpu", "memory"} & found.keys(), "those keys would mean requests alone"
    (limits,) = lab.manifest("LimitRange", "tenant-limits", f"kubeflow-user{number}")["spec"]["limits"]
    assert (limits["type"], limits["defaultRequest"]["cpu"], limits["default"]["memory"]) == (
        "Container",
        "100m",
        "1Gi",
    )
    profile = lab.manifest("Profile", f"profile-user{number}")["spec"]["resourceQuotaSpec"]["hard"]
    assert {key: profile[key] for key in ("requests.cpu", "limits.memory")} == {
        "requests.cpu": cpu,
        "limits.memory": memory,
    }


@pytest.mark.requirement("002-nod-01")
def test_quotas_sum_to_136_cpu_and_272_gib(lab: Planned) -> None:
    assert sum(amount(CPU, hard(lab, number)["requests.cpu"]) for number in NUMBERS) == 136 * 1000
    assert sum(amount(MEMORY, hard(lab, number)["requests.memory"]) for number in NUMBERS) == 272 * 2**30


# --- people ---


@pytest.mark.requirement("002-iam-02", "002-ver-14", "002-ver-18", "002-pol-04")
def test_each_user_has_own_principal_and_group(lab: Planned) -> None:
    entries = [one.inputs for one in lab.all(ENTRY) if "tenants" in one.inputs.get("kubernetesGroups", ())]
    assert {one["principalArn"]: one["kubernetesGroups"][0] for one in entries} == {
        f"arn:aws:iam::{ACCOUNT}:role/mlops-training-tenant-user{number}": f"tenant-user{number}" for number in NUMBERS
    }
    policies = {
        one.inputs["principalArn"] for one in lab.all("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    }
    assert policies == {f"arn:aws:iam::{ACCOUNT}:role/mlops-training-access-operator"}, "people have RBAC alone"


@pytest.mark.requirement("002-ten-02", "002-ver-14", "002-ver-18", "002-ver-27", "002-pol-04")
def test_tenants_are_isolated_and_the_instructor_reads_only(lab: Planned) -> None:
    recording = recorded("lab")
    section = recording.settings.tenants
    assert section is not None
    world = World(things(recording.plan), section.all(recording.settings.project.name), ACCOUNT)
    found = crossings(world, str(recording.settings.network.cidr))
    assert set(found) == {("user20: person", f"user{number}") for number in TRAINEES}
    verbs = {one.partition(" ")[0].partition(":")[2] or one.partition(" ")[0] for may in found.values() for one in may}
    assert {verb for verb in verbs if verb[0].islower()} == {"get", "list", "watch"}
    assert not [one for may in found.values() for one in may if "secrets" in one]
    assert lab.region == REGION


@pytest.mark.requirement("002-ops-11")
@pytest.mark.deviates("002-iam-01")
def test_user_key_assumes_its_role_with_the_documented_configuration(lab: Planned) -> None:
    told = lab.outputs["tenants"]["user07"]
    assert told == {
        "namespace": "kubeflow-user07",
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/mlops-training-tenant-user07",
        "bucket": "mlops-training-user07",
        "repository": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/mlops-training/user07",
    }
    (trust,) = json.loads(lab.role("mlops-training-tenant-user07").inputs["assumeRolePolicy"])["Statement"]
    assert (trust["Principal"], trust["Action"]) == ({"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, ["sts:AssumeRole"])
    assert [
        one.name for one in lab.plan.resources if one.type.startswith(("aws:iam/user:", "aws:iam/accessKey:"))
    ] == []
    page = (ROOT / "docs" / "lab.md").read_text(encoding="utf-8")
    for line in ("region = ap-northeast-2", "output = json", "role_arn = ", "source_profile = "):
        assert page.count(line) >= 1, line


@pytest.mark.requirement("002-wkl-02", "002-ver-05", "002-ver-15", "002-ver-17", "002-ver-28")
@EVERYONE
def test_manual_commands_of_the_course_are_allowed(lab: Planned, number: str) -> None:
    place, group = f"kubeflow-user{number}", {"apiGroup": RBAC, "kind": "Group", "name": f"tenant-user{number}"}
    own = lab.manifest("ClusterRole", f"tenant-user{number}-own")
    assert [(rule["resources"], rule["resourceNames"], rule["verbs"]) for rule in own["rules"]][:2] == [
        (["namespaces"], [place], ["get"]),
        (["profiles"], [f"profile-user{number}"], ["get"]),
    ]
    binding = lab.manifest("RoleBinding", "namespaceAdmin", place)
    assert group in binding["subjects"]
    rights = lab.manifest("ClusterRole", binding["roleRef"]["name"])["rules"]
    for api, resource in (("", "serviceaccounts"), ("", "resourcequotas"), ("", "pods"), ("", "services"),
                          ("kubeflow.org", "poddefaults")):  # fmt: skip
        assert [
            rule for rule in rights
            if api in rule["apiGroups"] and resource in rule["resources"] and {"get", "list"} <= set(rule["verbs"])
        ], resource  # fmt: skip
    assert [rule for rule in rights if "pods/portforward" in rule["resources"] and "create" in rule["verbs"]] != []
    for shared in ("kube-system", "mlflow-system", "kubeflow", "istio-system", "cert-manager"):
        view = lab.manifest("RoleBinding", "tenants-view", shared)
        assert view["subjects"] == [{"apiGroup": RBAC, "kind": "Group", "name": "tenants"}]
        assert view["roleRef"]["name"] == "tenant-system-view"


# --- MLflow ---


@pytest.mark.requirement("002-wkl-03", "002-wkl-04", "002-wkl-13", "002-ver-26", "002-ver-49", "002-wkl-09")
@EVERYONE
def test_tenant_has_a_tracking_server_in_its_namespace(lab: Planned, number: str) -> None:
    place = f"kubeflow-user{number}"
    server = lab.manifest("Deployment", "mlflow-server", place)
    assert (server["spec"]["replicas"], server["spec"]["template"]["metadata"]["labels"]["app"]) == (1, "mlflow-server")
    (port,) = lab.manifest("Service", "mlflow-server", place)["spec"]["ports"]
    assert port["port"] == 5000
    assert names(lab, "Deployment", "mlflow-system") == [], "PostgreSQL alone is there"


@pytest.mark.requirement("002-db-01", "002-ver-28", "002-ver-49", "002-wkl-09", "002-wkl-10")
def test_one_postgresql_has_a_metadata_database_for_each_tenant(lab: Planned) -> None:
    server = lab.manifest("StatefulSet", "postgres", "mlflow-system")["spec"]
    assert server["template"]["metadata"]["labels"]["app"] == "postgres"
    (claim,) = server["volumeClaimTemplates"]
    assert claim["spec"]["resources"]["requests"]["storage"] == "50Gi"
    for number in NUMBERS:
        (secret,) = lab.all(
            "aws:secretsmanager/secret:Secret", name=f"mlops-training/mlflow-system/tenants/user{number}"
        )
        assert secret.inputs["tags"]["Tenant"] == f"user{number}"
        (container,) = lab.manifest("Deployment", "mlflow-server", f"kubeflow-user{number}")["spec"]["template"][
            "spec"
        ]["containers"]
        command = " ".join(container["command"])
        assert f"--artifacts-destination s3://mlops-training-user{number}/mlflow-artifacts" in command
        assert "--serve-artifacts" in command
        environment = {one["name"]: one.get("value", "") for one in container["env"]}
        assert f"user{number}" in json.dumps(environment)


@pytest.mark.requirement(
    "002-wkl-05", "002-wkl-06", "002-wkl-07", "002-wkl-08", "002-ver-25", "002-ver-49", "002-iam-03"
)
@EVERYONE
def test_pod_default_connects_notebooks_to_their_server(lab: Planned, number: str) -> None:
    spec = lab.manifest("PodDefault", "access-mlflow", f"kubeflow-user{number}")["spec"]
    assert spec["selector"] == {"matchLabels": {"access-mlflow": "true"}}
    assert {one["name"]: one["value"] for one in spec["env"]} == {
        "MLFLOW_TRACKING_URI": f"http://mlflow-server.kubeflow-user{number}.svc.cluster.local:5000",
        "MLFLOW_S3_ENDPOINT_URL": "https://s3.ap-northeast-2.amazonaws.com",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
    }


@pytest.mark.requirement("002-wkl-14", "002-ver-12", "002-ver-49")
@EVERYONE
def test_second_pod_default_gives_a_token_for_pipelines(lab: Planned, number: str) -> None:
    spec = lab.manifest("PodDefault", "access-ml-pipeline", f"kubeflow-user{number}")["spec"]
    assert spec["selector"] == {"matchLabels": {"access-ml-pipeline": "true"}}
    ((volume,),) = ([one["projected"]["sources"] for one in spec["volumes"]],)
    token = volume[0]["serviceAccountToken"]
    assert token["audience"] == "pipelines.kubeflow.org"
    environment = {one["name"]: one["value"] for one in spec["env"]}
    (mount,) = spec["volumeMounts"]
    assert environment["KF_PIPELINES_SA_TOKEN_PATH"] == f"{mount['mountPath']}/{token['path']}"


# --- storage ---


@pytest.mark.requirement("002-sto-02", "002-ver-23", "002-ver-32", "002-ver-39", "002-ver-50", "002-nam-05")
@EVERYONE
def test_tenant_has_a_private_encrypted_and_versioned_bucket(lab: Planned, number: str) -> None:
    name = f"mlops-training-user{number}"
    bucket = lab.one(BUCKET, bucket=name)
    assert bucket.inputs["tags"]["Tenant"] == f"user{number}"
    of_bucket = {
        one.type.rpartition(":")[2]: one.inputs for one in lab.plan.resources if one.inputs.get("bucket") == name
    }
    closed = of_bucket["BucketPublicAccessBlock"]
    assert [
        closed[key] for key in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    ] == [True] * 4
    (rule,) = of_bucket["BucketServerSideEncryptionConfiguration"]["rules"]
    assert rule["applyServerSideEncryptionByDefault"]["sseAlgorithm"] == "AES256"
    assert of_bucket["BucketVersioning"]["versioningConfiguration"]["status"] == "Enabled"
    days = [
        rule["noncurrentVersionExpiration"]["noncurrentDays"]
        for rule in of_bucket["BucketLifecycleConfiguration"]["rules"]
        if "noncurrentVersionExpiration" in rule
    ]
    assert days == [90]


def test_bucket_suffix_is_a_setting() -> None:
    # Bucket names are global.
    elsewhere = planned("lab", "tenants.bucketSuffix=-seoul")
    assert elsewhere.one(BUCKET, bucket="mlops-training-user01-seoul").inputs["forceDestroy"] is False


@pytest.mark.requirement("002-sto-04", "002-ver-34", "002-ver-35", "002-wkl-12")
@EVERYONE
def test_both_folders_exist_from_the_start(lab: Planned, number: str) -> None:
    keys = {
        one.inputs["key"]
        for one in lab.all("aws:s3/bucketObjectv2:BucketObjectv2", bucket=f"mlops-training-user{number}")
    }
    assert keys == {"mlflow-artifacts/", "kubeflow-pipeline-artifacts/"}


@pytest.mark.requirement(
    "002-sto-01", "002-sto-03", "002-sto-05", "002-ver-24", "002-ver-33", "002-ver-40", "002-ver-50"
)
@EVERYONE
def test_tenant_has_the_repository_that_both_parts_of_the_course_use(lab: Planned, number: str) -> None:
    alike = [
        one.inputs["name"]
        for one in lab.all(REPOSITORY)
        if one.inputs["name"].startswith(f"mlops-training/user{number}")
    ]
    assert alike == [f"mlops-training/user{number}"]
    repository = lab.one(REPOSITORY, name=alike[0]).inputs
    assert repository["imageScanningConfiguration"] == {"scanOnPush": True}


def _allowed(lab: Planned, role: str) -> dict[str, set[str]]:
    """What a role may do, by resource."""
    found: dict[str, set[str]] = {}
    for statement in lab.statements(role):
        for resource in statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]:
            found.setdefault(resource, set()).update(statement["Action"])
    return found


@pytest.mark.requirement(
    "002-iam-03", "002-iam-04", "002-ver-41", "002-ver-50", "002-ops-05", "002-wkl-11", "002-wkl-12"
)
@pytest.mark.parametrize("role", ["mlops-training-tenant-user03", "mlops-training-tenant-user03-editor"])
def test_user_and_pods_reach_their_own_bucket_and_repository_only(lab: Planned, role: str) -> None:
    may = _allowed(lab, role)
    repository = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/mlops-training/user03"
    assert "s3:ListBucket" in may["arn:aws:s3:::mlops-training-user03"]
    assert {"s3:GetObject", "s3:PutObject"} <= may["arn:aws:s3:::mlops-training-user03/*"]
    assert {"ecr:PutImage", "ecr:BatchGetImage", "ecr:DescribeRepositories"} <= may[repository]
    assert may["*"] == {"ecr:GetAuthorizationToken"}, "the login cannot be narrowed; nobody lists all buckets"
    others = {one for one in may if one.startswith(("arn:aws:s3", "arn:aws:ecr")) and "user03" not in one}
    assert others == set()


@pytest.mark.requirement("002-iam-03")
@EVERYONE
def test_tenant_pods_have_the_role_of_their_service_account(lab: Planned, number: str) -> None:
    role = f"mlops-training-tenant-user{number}-editor"
    assert lab.trusted_account(role) == f"kubeflow-user{number}:default-editor"
    account = lab.manifest("ServiceAccount", "default-editor", f"kubeflow-user{number}")
    assert account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"] == f"arn:aws:iam::{ACCOUNT}:role/{role}"
    assert lab.trusted_account(f"mlops-training-user{number}-mlflow") == f"kubeflow-user{number}:mlflow"


# --- backup, and the end ---


@pytest.mark.requirement("002-bak-01")
def test_databases_are_dumped_while_nodes_run_and_kept_a_month(lab: Planned) -> None:
    job = lab.manifest("CronJob", "tenant-databases-backup", "mlflow-system")["spec"]
    assert (job["schedule"], job["timeZone"]) == ("30 18 * * MON-FRI", "Asia/Seoul")
    (stop,) = {
        one.inputs["scheduleExpression"]
        for one in lab.all("aws:scheduler/schedule:Schedule")
        if one.name.endswith("stop")
    }
    assert stop == "cron(0 19 ? * MON-FRI *)", "the dump comes half an hour before"
    rules = lab.one(
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", bucket="mlops-training-backups"
    ).inputs["rules"]
    assert [rule["expiration"]["days"] for rule in rules if "expiration" in rule] == [30]
    readers = {
        number
        for number in NUMBERS
        if any("mlops-training-backups" in one for one in _allowed(lab, f"mlops-training-tenant-user{number}"))
    }
    assert readers == set(), "no tenant reaches the dumps, not even the instructor"


@pytest.mark.requirement("002-bak-01")
@pytest.mark.parametrize(("what", "left"), [("keep", {BUCKET, REPOSITORY}), ("delete", set())])
def test_removed_tenant_keeps_only_what_was_to_be_retained(lab: Planned, what: str, left: set[str]) -> None:
    after = planned("lab", f'tenants.removed={{"07": "{what}"}}')
    of = {
        one.type
        for one in after.plan.resources
        if "user07" in one.name and one.type in (BUCKET, REPOSITORY, ENTRY, ROLE)
    }
    assert of == left
    assert "user07" in lab.outputs["tenants"]
    assert "user07" not in after.outputs["tenants"]
    for kind in ("Namespace", "Profile", "PersistentVolumeClaim", "Deployment", "PodDefault", "ClusterRole"):
        assert [
            one["metadata"]["name"] for one in after.manifests(kind) if "user07" in json.dumps(one["metadata"])
        ] == []


# --- when something is wrong ---


def page(name: str) -> str:
    """A page of the documentation, on one line."""
    return " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split())


@pytest.mark.requirement("002-ops-09", "002-ops-12", "002-wkl-13")
@pytest.mark.deviates("002-ops-10", "002-ops-13")
@pytest.mark.parametrize(
    "said",
    [
        "`aws eks update-kubeconfig` updates an old file; it does not help if the identity has no access entry",
        "create the Profile again. A patch of `spec.owner` leaves the old owner on namespace, binding",
        "| PodDefault, quota, binding missing | the cluster was changed manually: run `pulumi up` |",
        "`kubectl -n kubeflow-user01 logs -l app=mlflow-server`, then `kubectl -n mlflow-system get pods",
    ],
)
def test_first_step_for_each_problem_is_documented_with_its_namespace(said: str) -> None:
    assert page("verify.md").count(said) == 1


@pytest.mark.requirement("002-ops-14")
@pytest.mark.parametrize(
    "what",
    [
        "user number",
        "the output of `aiplatform verify --stack lab --json`",
        "the whole error message",
        "the command that was run",
    ],
)
def test_details_of_a_support_request_are_documented(what: str) -> None:
    assert page("lab.md").count(what) >= 1

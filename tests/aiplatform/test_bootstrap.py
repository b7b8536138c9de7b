"""`aiplatform bootstrap` against moto: what it makes, adopts, mends, finishes and removes."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from aiplatform.bootstrap import step
from aiplatform.bootstrap.wanted import ALIAS, PROVIDER
from aiplatform.cli import permissions
from aiplatform.cli.main import app
from aiplatform.errors import FINE, UNAVAILABLE, WRONG
from aiplatform.iam.permissions import LIMIT, POLICIES
from aiplatform.verify import cloud as aws
from aiplatform.verify.problem import RefusedError
from tests.components.base import SHIPPED, recorded
from tests.config.base import shipped_project

ACCOUNT = "123456789012"
REGION = "us-west-2"
BUCKET = f"pulumi-state-{ACCOUNT}-{REGION}"
REPOSITORY = "shop/platform"
STATEMENT = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
CALL = ("bootstrap", "mlflow", "--repository", REPOSITORY)


class Account:
    """An account of moto."""

    def __init__(self, region: str = REGION) -> None:
        self.s3, self.kms, self.iam = (api(region)._client(one) for one in ("s3", "kms", "iam"))

    def trust(self, role: str) -> list[dict[str, Any]]:
        """The statements of a role's trust policy."""
        found = self.iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"]
        return list(found)

    def attached(self, role: str) -> list[str]:
        """The names of the managed policies of a role."""
        found = self.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        return sorted(one["PolicyName"] for one in found)

    def names(self) -> dict[str, list[str]]:
        """All that bootstrap makes in an account."""
        return {
            "buckets": [one["Name"] for one in self.s3.list_buckets()["Buckets"]],
            "aliases": [a["AliasName"] for a in self.kms.list_aliases()["Aliases"] if "aws/" not in a["AliasName"]],
            "roles": [one["RoleName"] for one in self.iam.list_roles()["Roles"]],
            "policies": sorted(one["PolicyName"] for one in self.iam.list_policies(Scope="Local")["Policies"]),
            "providers": [one["Arn"] for one in self.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]],
        }


NOTHING: dict[str, list[str]] = {"buckets": [], "aliases": [], "roles": [], "policies": [], "providers": []}


@functools.cache
def api(region: str) -> aws.AwsApi:
    """The API of a region, whose clients take longer to make than all that a test asks of them."""
    return aws.AwsApi(boto3.Session(region_name=region))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(shipped_project(tmp_path))
    monkeypatch.setattr(permissions, "record_stack", lambda stack: recorded(stack.name).plan)
    monkeypatch.setattr(step, "PAUSE", 0)
    for name in ("AWS_PROFILE", "PULUMI_BACKEND_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def account(project: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:  # noqa: ARG001, a fixture
    with mock_aws():
        monkeypatch.setattr(aws, "connect", lambda region, *_: api(region))
        yield Account()


def refuse(monkeypatch: pytest.MonkeyPatch, operation: str, code: str) -> None:
    """Let AWS reject an operation."""
    call = aws.AwsApi.call

    def refused(self: aws.AwsApi, service: str, name: str, **arguments: Any) -> Any:
        if name == operation:
            raise RefusedError(code, f"no {name}")
        return call(self, service, name, **arguments)

    monkeypatch.setattr(aws.AwsApi, "call", refused)


def run(*arguments: str, call: tuple[str, ...] = CALL) -> Result:
    return CliRunner().invoke(app, [*call, *arguments])


@pytest.mark.parametrize(
    ("stack", "region", "project"), [("mlflow", REGION, "mdpg-mlops"), ("openwebui", "ap-northeast-2", "openwebui")]
)
@pytest.mark.usefixtures("account")
def test_bootstrap_makes_all_once_and_removes_it(stack: str, region: str, project: str) -> None:
    bucket, account = f"pulumi-state-{ACCOUNT}-{region}", Account(region)
    call = ("bootstrap", stack, "--repository", REPOSITORY)
    planned = run("--dry-run", call=call)
    assert (planned.exit_code, account.names()) == (FINE, NOTHING)
    result = run(call=call)
    assert result.exit_code == FINE, result.output
    changes = [line for line in planned.stdout.splitlines() if line.startswith("would ")]
    done = [line for line in result.stdout.splitlines() if line.partition(" ")[0] in step.VERBS.values()]
    assert len(changes) == len(done) > 15
    assert f"created the bucket {bucket} in {region}" in done
    assert f"  pulumi login 's3://{bucket}?region={region}'" in result.stdout.splitlines()
    init = f"  pulumi stack init {stack} --secrets-provider='awskms://{ALIAS}?region={region}'"
    assert init in result.stdout.splitlines()
    again = run(call=call)
    assert again.exit_code == FINE
    assert again.stdout.splitlines()[0] == f"Account {ACCOUNT}: nothing to change"

    deployer, preview = f"{project}-deployer", "pulumi-deployer-preview"
    policies = account.attached(deployer)
    assert policies == [f"{project}-deployer-{n}" for n in range(1, len(policies) + 1)]
    assert 1 <= len(policies) <= POLICIES
    for name in account.names()["policies"]:
        arn = f"arn:aws:iam::{ACCOUNT}:policy/{name}"
        document = account.iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"]
        assert len(json.dumps(document, separators=(",", ":"))) <= LIMIT
    subject = f"{PROVIDER}:sub"
    trusted = [account.trust(role)[0]["Condition"]["StringEquals"][subject] for role in (deployer, preview)]
    assert trusted == [
        f"repo:{REPOSITORY}:environment:{stack}",
        [f"repo:{REPOSITORY}:pull_request", f"repo:{REPOSITORY}:ref:refs/heads/main"],
    ]
    assert f"{project}-boundary" in account.names()["policies"]

    assert run("--undo", "--dry-run", call=call).exit_code == FINE
    assert account.attached(deployer) == policies
    undone = run("--undo", call=call)
    assert undone.exit_code == FINE, undone.output
    assert f"scheduled the deletion of {ALIAS}" in undone.stdout
    assert account.names() == {**NOTHING, "aliases": [ALIAS]}
    restored = run(call=call)
    assert f"restored {ALIAS}, a deletion of which is scheduled" in restored.stdout
    assert len(account.kms.list_keys()["Keys"]) == 1


@pytest.mark.parametrize("stack", [one for one in SHIPPED if one not in {"mlflow", "openwebui"}])
@pytest.mark.usefixtures("account")
def test_second_bootstrap_of_a_stack_changes_nothing(stack: str) -> None:
    file = Path(f"Pulumi.{stack}.yaml")
    # The account of nemo.
    file.write_text(file.read_text("utf-8").replace("084375578827", ACCOUNT), encoding="utf-8")
    call = ("bootstrap", stack, "--repository", REPOSITORY)
    first = run(call=call)
    assert first.exit_code == FINE, first.output
    assert f"created the role {recorded(stack).settings.project.name}-deployer, which trusts" in first.stdout
    assert run(call=call).stdout.startswith(f"Account {ACCOUNT}: nothing to change")


def test_bootstrap_makes_a_private_versioned_and_encrypted_bucket(account: Account) -> None:
    assert run().exit_code == FINE
    s3, key = account.s3, account.kms.describe_key(KeyId=ALIAS)["KeyMetadata"]
    assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
    assert set(s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"].values()) == {True}
    (ownership,) = s3.get_bucket_ownership_controls(Bucket=BUCKET)["OwnershipControls"]["Rules"]
    assert ownership == {"ObjectOwnership": "BucketOwnerEnforced"}
    (rule,) = s3.get_bucket_encryption(Bucket=BUCKET)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key["Arn"]}
    (deny,) = json.loads(s3.get_bucket_policy(Bucket=BUCKET)["Policy"])["Statement"]
    assert (deny["Effect"], deny["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    (lifecycle,) = s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert lifecycle["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert lifecycle["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert account.kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"] is True
    for role, writes in (("mdpg-mlops-deployer", True), ("pulumi-deployer-preview", False)):
        found = account.iam.get_role_policy(RoleName=role, PolicyName="state-key")["PolicyDocument"]["Statement"][0]
        assert found["Resource"] == [key["Arn"]]
        assert ("kms:GenerateDataKey" in found["Action"], "kms:Encrypt" in found["Action"]) == (writes, writes)


def test_bootstrap_adopts_a_bucket_and_keeps_what_it_has(account: Account) -> None:
    account.s3.create_bucket(Bucket="shop-state", CreateBucketConfiguration={"LocationConstraint": REGION})
    theirs = {"Sid": "Theirs", "Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": "*"}
    account.s3.put_bucket_policy(Bucket="shop-state", Policy=json.dumps({"Statement": theirs}))
    longer = {"ID": "years", "Status": "Enabled", "Filter": {"Prefix": ""}}
    longer["NoncurrentVersionExpiration"] = {"NoncurrentDays": 2000}  # type: ignore[assignment]
    account.s3.put_bucket_lifecycle_configuration(Bucket="shop-state", LifecycleConfiguration={"Rules": [longer]})
    result = run("--state-bucket", "shop-state")
    assert result.exit_code == FINE, result.output
    assert "created the bucket" not in result.stdout
    assert "set versioning of the bucket shop-state" in result.stdout.splitlines()
    statements = json.loads(account.s3.get_bucket_policy(Bucket="shop-state")["Policy"])["Statement"]
    assert [one["Sid"] for one in statements] == ["Theirs", "TlsOnly"]
    rules = account.s3.get_bucket_lifecycle_configuration(Bucket="shop-state")["Rules"]
    expire = {one["ID"]: one.get("NoncurrentVersionExpiration") for one in rules}
    assert expire == {"years": {"NoncurrentDays": 2000}, "aiplatform-state": None}
    assert run("--state-bucket", "shop-state").stdout.startswith(f"Account {ACCOUNT}: nothing to change")


def test_bootstrap_keeps_another_key_of_a_bucket_and_lets_the_roles_use_it(account: Account) -> None:
    other = account.kms.create_key()["KeyMetadata"]["Arn"]
    account.s3.create_bucket(Bucket="shop-state", CreateBucketConfiguration={"LocationConstraint": REGION})
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": other}
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": default}]}
    account.s3.put_bucket_encryption(Bucket="shop-state", ServerSideEncryptionConfiguration=rules)
    assert "encryption" not in run("--state-bucket", "shop-state").stdout
    own = account.kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["Arn"]
    found = account.iam.get_role_policy(RoleName="mdpg-mlops-deployer", PolicyName="state-key")["PolicyDocument"]
    assert found["Statement"][0]["Resource"] == [own, other]


def test_bootstrap_mends_a_wide_trust_and_names_the_former_one(account: Account) -> None:
    assert run().exit_code == FINE
    (own,) = account.trust("mdpg-mlops-deployer")
    wide = json.loads(json.dumps(own).replace(":environment:mlflow", ":*").replace("StringEquals", "StringLike"))
    person = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [wide, person]})
    account.iam.update_assume_role_policy(RoleName="mdpg-mlops-deployer", PolicyDocument=document)
    lines = run().stdout.splitlines()
    assert (
        f"set the trust of the role mdpg-mlops-deployer in repo:{REPOSITORY}:environment:mlflow "
        f"(before: repo:{REPOSITORY}:*)" in lines
    )
    assert any("user/ann" in line and line.startswith("adopted: the role mdpg-mlops-deployer") for line in lines)
    assert account.trust("mdpg-mlops-deployer") == [person, own]


@pytest.mark.usefixtures("account")
def test_bootstrap_refuses_the_role_of_another_repository() -> None:
    assert run().exit_code == FINE
    result = run(call=("bootstrap", "mlflow", "--repository", "shop/other"))
    assert result.exit_code == UNAVAILABLE
    assert "trusts repo:shop/platform:environment:mlflow, which is another repository than shop/other" in result.stderr


def test_stacks_share_the_role_for_previews_until_the_last_is_removed(account: Account) -> None:
    other = ("bootstrap", "dev", "--repository", REPOSITORY)
    assert [run().exit_code, run(call=other).exit_code] == [FINE, FINE]
    role = "pulumi-deployer-preview"
    assert account.attached(role) == ["ai-dev-deployer-preview-1", "mdpg-mlops-deployer-preview-1"]
    first = run("--undo", call=other)
    assert f"left: the role {role}, which has mdpg-mlops-deployer-preview-1" in first.stdout.splitlines()
    assert f"left: the bucket {BUCKET} and {ALIAS}, which other roles of GitHub can use" in first.stdout.splitlines()
    assert account.attached(role) == ["mdpg-mlops-deployer-preview-1"]
    run("--undo")
    assert account.names() == {**NOTHING, "aliases": [ALIAS]}


def test_policy_that_the_plan_no_longer_needs_is_removed(account: Account) -> None:
    assert run().exit_code == FINE
    document = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
    tags = [{"Key": "ManagedBy", "Value": "aiplatform bootstrap"}]
    arn = account.iam.create_policy(PolicyName="mdpg-mlops-deployer-9", PolicyDocument=document, Tags=tags)["Policy"]
    account.iam.attach_role_policy(RoleName="mdpg-mlops-deployer", PolicyArn=arn["Arn"])
    first = f"arn:aws:iam::{ACCOUNT}:policy/mdpg-mlops-deployer-1"
    for _ in range(4):
        account.iam.create_policy_version(PolicyArn=first, PolicyDocument=document, SetAsDefault=True)
    lines = run().stdout.splitlines()
    assert "detached the policy mdpg-mlops-deployer-9 from the role mdpg-mlops-deployer" in lines
    assert "deleted the policy mdpg-mlops-deployer-9" in lines
    assert "deleted the version v1 of the policy mdpg-mlops-deployer-1" in lines
    assert "set the document of the policy mdpg-mlops-deployer-1" in lines
    assert "mdpg-mlops-deployer-9" not in account.names()["policies"]


def test_boundary_of_the_company_is_adopted_as_it_is(account: Account) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": [STATEMENT]})
    account.iam.create_policy(PolicyName="mdpg-mlops-boundary", PolicyDocument=document)
    adopted = "adopted: the permissions boundary mdpg-mlops-boundary, as it is; it differs from what"
    assert f"{adopted} `aiplatform permissions` writes" in run().stdout.splitlines()
    run("--undo")
    assert account.names()["policies"] == ["mdpg-mlops-boundary"]


def test_undo_keeps_a_bucket_with_states_and_its_key(account: Account) -> None:
    assert run().exit_code == FINE
    # moto applies a denial whatever its condition.
    account.s3.delete_bucket_policy(Bucket=BUCKET)
    account.s3.put_object(Bucket=BUCKET, Key=".pulumi/meta.yaml", Body=b"version: 1")
    lines = run("--undo").stdout.splitlines()
    assert f"left: the bucket {BUCKET}, which has objects: the states of stacks, or their old versions" in lines
    assert f"left: {ALIAS}, without which these objects cannot be read" in lines
    assert account.kms.describe_key(KeyId=ALIAS)["KeyMetadata"]["KeyState"] == "Enabled"


@pytest.mark.parametrize(
    "operation", ["create_alias", "put_bucket_encryption", "create_policy", "create_role", "attach_role_policy"]
)
def test_second_run_finishes_what_a_failure_left(
    account: Account, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    with monkeypatch.context() as once:
        refuse(once, operation, "AccessDenied")
        first = run()
    assert first.exit_code == UNAVAILABLE
    (line,) = first.stderr.splitlines()
    assert f"AccessDenied: no {operation}" in line
    assert line.endswith("; what is done stays, and the same command finishes the rest")
    assert run().exit_code == FINE
    assert run().stdout.startswith(f"Account {ACCOUNT}: nothing to change")
    assert len(account.kms.list_keys()["Keys"]) == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ExpiredToken", "mlflow: the AWS credentials are expired or invalid (ExpiredToken); log in with"),
        ("Throttling", "mlflow: AWS throttles the requests (Throttling); try again later"),
        ("AccessDenied", "mlflow: AccessDenied: no describe_key"),
    ],
)
def test_refused_request_is_one_line_with_its_reason(
    account: Account, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    refuse(monkeypatch, "get_caller_identity" if code == "ExpiredToken" else "describe_key", code)
    result = run()
    assert (result.exit_code, len(result.stderr.splitlines())) == (UNAVAILABLE, 1)
    assert result.stderr.startswith(said)
    assert account.names() == NOTHING


@pytest.mark.usefixtures("project")
def test_bootstrap_needs_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    result = run()
    assert result.exit_code == UNAVAILABLE
    assert result.stderr.startswith("mlflow: no AWS credentials; log in with `aws sso login`")


def test_bootstrap_refuses_another_account(account: Account) -> None:
    result = run(call=("bootstrap", "nemo", "--repository", REPOSITORY))
    assert result.exit_code == UNAVAILABLE
    assert "belongs to another account than project.accountId 084375578827" in result.stderr
    assert account.names() == NOTHING


@pytest.mark.parametrize(("operation", "code"), [("head_bucket", "403"), ("create_bucket", "BucketAlreadyExists")])
def test_bootstrap_refuses_a_bucket_of_another_account(
    account: Account, monkeypatch: pytest.MonkeyPatch, operation: str, code: str
) -> None:
    refuse(monkeypatch, operation, code)
    result = run("--state-bucket", "taken-state")
    assert result.exit_code == UNAVAILABLE
    assert f"the bucket taken-state belongs to another account than {ACCOUNT}" in result.stderr
    assert account.names() == (NOTHING if operation == "head_bucket" else {**NOTHING, "aliases": [ALIAS]})


@pytest.mark.usefixtures("account")
def test_bootstrap_refuses_a_bucket_of_another_region() -> None:
    elsewhere = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3", "eu-west-1").create_bucket(Bucket="shop-state", CreateBucketConfiguration=elsewhere)
    result = run("--state-bucket", "shop-state")
    assert result.exit_code == UNAVAILABLE
    assert "the bucket shop-state is in eu-west-1, not in us-west-2; pass --region eu-west-1" in result.stderr


@pytest.mark.parametrize("repository", ["platform", "shop/platform/x", "shop/*", "https://github.com/shop/platform"])
def test_repository_is_an_owner_and_a_name(account: Account, repository: str) -> None:
    result = run(call=("bootstrap", "mlflow", "--repository", repository))
    assert (result.exit_code, account.names()) == (WRONG, NOTHING)
    assert f"--repository {repository}: write OWNER/NAME" in result.stderr


def test_repository_with_ids_is_trusted_by_its_ids(account: Account) -> None:
    assert run(call=("bootstrap", "mlflow", "--repository", "shop@12/platform@34")).exit_code == FINE
    (trust,) = account.trust("mdpg-mlops-deployer")
    subject = trust["Condition"]["StringEquals"][f"{PROVIDER}:sub"]
    assert subject == "repo:shop@12/platform@34:environment:mlflow"


def test_bootstrap_without_a_repository_makes_the_bucket_and_the_key_alone(account: Account) -> None:
    result = run(call=("bootstrap", "mlflow"))
    assert account.names() == {**NOTHING, "buckets": [BUCKET], "aliases": [ALIAS]}
    assert "no roles for GitHub: pass --repository OWNER/NAME to make them" in result.stderr


def test_bootstrap_takes_the_bucket_of_the_backend_url(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://shop-state/eks?region=us-west-2")
    result = run("--json", call=("bootstrap", "mlflow"))
    found = json.loads(result.stdout)
    assert account.names()["buckets"] == ["shop-state"]
    assert (found["account"], found["dryRun"], found["kept"]) == (ACCOUNT, False, [])
    assert found["next"][1] == "pulumi login 's3://shop-state/eks?region=us-west-2'"


@pytest.mark.usefixtures("account")
def test_bucket_can_be_in_another_region_than_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://shop-state?region=eu-west-1")
    lines = run("--dry-run", call=("bootstrap", "mlflow")).stdout.splitlines()
    assert "would create the bucket shop-state in eu-west-1" in lines
    lines = run("--dry-run", "--state-bucket", "shop-state/eks", call=("bootstrap", "mlflow")).stdout.splitlines()
    assert "would create the bucket shop-state in us-west-2" in lines
    assert "  pulumi login 's3://shop-state/eks?region=us-west-2'" in lines


@pytest.mark.parametrize("bucket", ["Shop", "a", "s3://shop-state", "shop_state"])
def test_state_bucket_has_a_name_that_s3_allows(account: Account, bucket: str) -> None:
    result = run("--state-bucket", bucket)
    assert (result.exit_code, account.names()) == (WRONG, NOTHING)
    assert f"--state-bucket {bucket}: write BUCKET or BUCKET/PREFIX" in result.stderr


def test_deployer_that_is_a_user_is_no_role_of_github(account: Account) -> None:
    file = Path("Pulumi.mlflow.yaml")
    deployer = f"region: us-west-2\n    deployer: arn:aws:iam::{ACCOUNT}:user/ann"
    file.write_text(file.read_text("utf-8").replace("region: us-west-2", deployer, 1), encoding="utf-8")
    result = run()
    assert (result.exit_code, account.names()) == (WRONG, NOTHING)
    assert f"project.deployer is arn:aws:iam::{ACCOUNT}:user/ann; GitHub assumes a role" in result.stderr

"""Checks of a tenant's resources in S3 and ECR."""

from aiplatform.verify.model import Outcome, Subject, failed, passed
from aiplatform.verify.problem import FORBIDDEN, RefusedError
from components.sharing.tenants.names import ARTIFACTS

MLFLOW_FOLDER, PIPELINES_FOLDER = ARTIFACTS

_ASK = "ask the instructor to apply the stack again: `pulumi up`"
_WHO = "run `aws sts get-caller-identity`; if it names your role, ask the instructor to check the role's policy"


def bucket(subject: Subject) -> Outcome:
    """Check that the bucket exists in the stack's region."""
    name, region = subject.tenant.bucket, subject.settings.project.region
    try:
        answer = subject.cloud.call("s3", "head_bucket", Bucket=name)
    except RefusedError as error:
        return _bucket_refused(name, error, region)
    place = answer["ResponseMetadata"]["HTTPHeaders"].get("x-amz-bucket-region", region)
    return passed(f"{name} is there") if place == region else failed(f"{name} is in {place}, not in {region}", _ASK)


def open_bucket(subject: Subject) -> Outcome:
    """Check that the bucket exists and can be listed."""
    found = bucket(subject)
    if found.verdict != "passed":
        return found
    name = subject.tenant.bucket
    try:
        subject.cloud.call("s3", "list_objects_v2", Bucket=name, MaxKeys=1)
    except RefusedError as error:
        return _bucket_refused(name, error, subject.settings.project.region)
    return passed(f"{name} is there and can be listed")


def _bucket_refused(name: str, error: RefusedError, region: str) -> Outcome:
    if error.code in {"404", "NoSuchBucket"}:
        return failed(f"there is no bucket {name}", _ASK)
    if error.code in FORBIDDEN:
        return failed(f"{name} is closed to you; s3:ListBucket on it is needed", _WHO)
    if error.code in {"301", "PermanentRedirect"}:
        return failed(f"{name} is not in {region}", _ASK)
    raise error


def repository(subject: Subject) -> Outcome:
    """Check that the image repository exists."""
    name = subject.tenant.repository
    try:
        subject.cloud.call("ecr", "describe_repositories", repositoryNames=[name])
    except RefusedError as error:
        if error.code == "RepositoryNotFoundException":
            return failed(f"there is no repository {name}", _ASK)
        if error.code in FORBIDDEN:
            return failed(f"{name} is closed to you", _WHO)
        raise
    return passed(f"{name} is there")


def registry(subject: Subject) -> Outcome:
    """Check that the image repository exists and `docker login` can get a token; the token is not read."""
    found = repository(subject)
    if found.verdict != "passed":
        return found
    try:
        subject.cloud.call("ecr", "get_authorization_token")
    except RefusedError as error:
        if error.code in FORBIDDEN:
            return failed("ECR refuses a login; ecr:GetAuthorizationToken on all resources is required", _WHO)
        raise
    return passed(f"{subject.tenant.repository} exists, and ECR issues a login")


def mlflow_folder(subject: Subject) -> Outcome:
    """Check that the prefix of MLflow exists."""
    tenants = subject.settings.tenants
    path = tenants.mlflow.storage_path.strip("/") + "/" if tenants and tenants.mlflow else MLFLOW_FOLDER
    return _folder(subject, path)


def pipelines_folder(subject: Subject) -> Outcome:
    """Check that the prefix of Kubeflow Pipelines exists."""
    return _folder(subject, PIPELINES_FOLDER)


def _folder(subject: Subject, path: str) -> Outcome:
    name = subject.tenant.bucket
    try:
        answer = subject.cloud.call("s3", "list_objects_v2", Bucket=name, Prefix=path, MaxKeys=1)
    except RefusedError as error:
        return _bucket_refused(name, error, subject.settings.project.region)
    if not answer.get("KeyCount"):
        return failed(f"s3://{name}/{path} is not there", _ASK)
    return passed(f"s3://{name}/{path} is there")


def architecture(subject: Subject) -> Outcome:
    """Describe where data is stored."""
    tenant = subject.tenant
    return passed(
        f"pipelines and MLflow (port 5000) keep artifacts in s3://{tenant.bucket}: {MLFLOW_FOLDER} and "
        f"{PIPELINES_FOLDER}; PostgreSQL keeps runs; ECR {tenant.repository} keeps images"
    )


def flow(subject: Subject) -> Outcome:
    """Describe the data flow from training to serving."""
    tenant = subject.tenant
    return passed(
        f"train: MLflow writes models to s3://{tenant.bucket}, metrics and parameters to PostgreSQL; store: images go "
        f"to ECR {tenant.repository}; deploy: KServe reads the model from S3 and runs the image as an InferenceService"
    )

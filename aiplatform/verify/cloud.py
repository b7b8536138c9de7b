"""The AWS API through boto3."""

import threading
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004, the name that botocore gives it
    HTTPClientError,
)

from aiplatform.errors import EXPIRED, EXPIRED_KEYS, AccessError, access_error, one_line
from aiplatform.verify.model import Json
from aiplatform.verify.problem import UNREACHABLE, RefusedError

_CONFIG = Config(
    connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"}, max_pool_connections=64
)


class AwsApi:
    """A region of an account."""

    def __init__(self, session: Any) -> None:  # noqa: ANN401, it has no types
        self._session = session
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def call(self, service: str, operation: str, **arguments: Json) -> Json:
        """Return the response of an operation.

        Raises:
            RefusedError: AWS rejected the request, or did not respond.
            AccessError: there are no credentials.
        """
        try:
            return getattr(self._client(service), operation)(**arguments)
        except ClientError as error:
            said = error.response.get("Error", {})
            raise RefusedError(str(said.get("Code", "")), str(said.get("Message", ""))) from error
        except BotoCoreError as error:
            raise _unanswered(error) from error

    def _client(self, service: str) -> Any:  # noqa: ANN401, it has no types
        # A session is not safe for creating clients in parallel; clients are thread-safe.
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(service, config=_CONFIG)
            return self._clients[service]


def _unanswered(error: Exception) -> AccessError:
    if isinstance(error, ConnectionError | HTTPClientError):
        return RefusedError(UNREACHABLE, str(error))
    return access_error(error) or AccessError(one_line(error))


def connect(region: str, profile: str | None, role: str | None = None) -> AwsApi:
    """Return the API of a region, with the credentials of a profile, and of a role that they assume.

    Raises:
        AccessError: the profile does not exist, the AWS configuration cannot be read, or the role cannot be assumed.
    """
    try:
        session = boto3.Session(profile_name=profile, region_name=region)
        return AwsApi(session if role is None else _assumed(session, role))
    except ClientError as error:
        raise AccessError(f"the role {role} cannot be assumed: {one_line(error)}") from error
    except BotoCoreError as error:
        raise _unanswered(error) from error


def _assumed(session: Any, role: str) -> Any:  # noqa: ANN401, it has no types
    """Return a session with the credentials of a role."""
    sts = session.client("sts", config=_CONFIG)
    found = sts.assume_role(RoleArn=role, RoleSessionName="aiplatform")["Credentials"]
    return boto3.Session(
        aws_access_key_id=found["AccessKeyId"],
        aws_secret_access_key=found["SecretAccessKey"],
        aws_session_token=found["SessionToken"],
        region_name=session.region_name,
    )


def caller_arn(cloud: AwsApi) -> str:
    """Return the ARN of the caller.

    Raises:
        AccessError: the credentials are missing or invalid, or AWS does not respond.
    """
    try:
        return str(cloud.call("sts", "get_caller_identity")["Arn"])
    except RefusedError as error:
        if error.code in EXPIRED:
            raise AccessError(EXPIRED_KEYS.format(code=error.code)) from error
        raise AccessError(f"AWS cannot be asked: {error.message or error.code}") from error

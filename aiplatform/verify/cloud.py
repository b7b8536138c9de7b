"""The AWS API, by boto3."""

import threading
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]
from botocore.exceptions import (  # type: ignore[import-untyped]
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    ProfileNotFound,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)

from aiplatform.errors import WRONG
from aiplatform.verify.model import Json
from aiplatform.verify.problem import EXPIRED, UNREACHABLE, RefusedError, VerifyError

LOG_IN = "log in with `aws sso login` or `aws configure`; `aws sts get-caller-identity` says who you are"
_CONFIG = Config(
    connect_timeout=5, read_timeout=20, retries={"max_attempts": 3, "mode": "standard"}, max_pool_connections=64
)


class AwsApi:
    """One region of an account."""

    def __init__(self, session: Any) -> None:  # noqa: ANN401, it has no types
        self._session = session
        self._clients: dict[str, Any] = {}
        self._lock = threading.Lock()

    def call(self, service: str, operation: str, **arguments: Json) -> Json:
        """The answer of one operation.

        Raises:
            RefusedError: AWS refused, or did not answer.
            VerifyError: there are no credentials.
        """
        try:
            return getattr(self._client(service), operation)(**arguments)
        except ClientError as error:
            said = error.response.get("Error", {})
            raise RefusedError(str(said.get("Code", "")), str(said.get("Message", ""))) from None
        except NoCredentialsError:
            raise VerifyError(f"no AWS credentials; {LOG_IN}") from None
        except (TokenRetrievalError, UnauthorizedSSOTokenError):
            raise VerifyError(f"the AWS login has expired; {LOG_IN}") from None
        except BotoCoreError as error:
            raise RefusedError(UNREACHABLE, str(error)) from None

    def _client(self, service: str) -> Any:  # noqa: ANN401, it has no types
        # A session may not make two clients at the same time; the clients may be shared.
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._session.client(service, config=_CONFIG)
            return self._clients[service]


def connect(region: str, profile: str | None) -> AwsApi:
    """A region of the account that the credentials belong to.

    Raises:
        VerifyError: there is no such profile.
    """
    try:
        return AwsApi(boto3.Session(profile_name=profile, region_name=region))
    except ProfileNotFound:
        raise VerifyError(f"there is no AWS profile {profile or 'as AWS_PROFILE says'}; {LOG_IN}", WRONG) from None
    except BotoCoreError as error:
        raise VerifyError(f"AWS cannot be asked: {' '.join(str(error).split())}", WRONG) from None


def caller_arn(cloud: AwsApi) -> str:
    """Who asks.

    Raises:
        VerifyError: nobody does, or nobody answers.
    """
    try:
        return str(cloud.call("sts", "get_caller_identity")["Arn"])
    except RefusedError as error:
        if error.code in EXPIRED:
            raise VerifyError(f"the AWS credentials are expired or wrong ({error.code}); {LOG_IN}") from None
        raise VerifyError(f"AWS cannot be asked: {error.message or error.code}") from None

"""The exit statuses of every command, and the kinds of errors that a user can correct.

Commands raise them; `aiplatform.cli.boundary` alone prints them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import UserError

FINE = 0

FAILED = 1
"""A finding or a failed check, or an error of the program."""

WRONG = 2
"""The stack file, or the call, is wrong."""

UNAVAILABLE = 3
"""The credentials are missing or invalid, or AWS or the cluster refuses or does not answer."""

INTERRUPTED = 130
"""SIGINT, as shells count it."""


class CallError(UserError):
    """An argument, an option or the folder that a command runs in is wrong."""


class AccessError(UserError):
    """AWS or the cluster cannot be used: the credentials, the network or the service."""


def status_of(error: UserError) -> int:
    """Return the exit status of an error."""
    return UNAVAILABLE if isinstance(error, AccessError) else WRONG


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Report that a file or folder cannot be written under the name that the user knows it by.

    Raises:
        CallError: the operating system refuses.
    """
    try:
        yield
    except OSError as error:
        raise CallError(f"{path}: cannot be written: {error.strerror or error}") from error


LOG_IN = "log in with `aws sso login` or `aws configure`; `aws sts get-caller-identity` shows who you are"

EXPIRED = frozenset(
    {
        "401",
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
"""Error codes of credentials that are expired or invalid:
https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html"""

THROTTLED = frozenset(
    {
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
"""Error codes of too many requests:
https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html"""

EXPIRED_KEYS = f"the AWS credentials are expired or invalid ({{code}}); {LOG_IN}"
_NO_CREDENTIALS = f"no AWS credentials; {LOG_IN}"
_EXPIRED_LOGIN = f"the AWS login has expired; {LOG_IN}"
_NO_CONNECTION = "no connection: {cause}"
_MEANING = {
    "botocore.exceptions.NoCredentialsError": _NO_CREDENTIALS,
    "botocore.exceptions.PartialCredentialsError": _NO_CREDENTIALS,
    "botocore.exceptions.CredentialRetrievalError": _NO_CREDENTIALS,
    "botocore.exceptions.TokenRetrievalError": _EXPIRED_LOGIN,
    "botocore.exceptions.SSOError": _EXPIRED_LOGIN,
    "botocore.exceptions.LoginError": _EXPIRED_LOGIN,
    "botocore.exceptions.ProfileNotFound": f"{{cause}}; {LOG_IN}",
    "botocore.exceptions.BotoCoreError": "AWS cannot be asked: {cause}",
    "kubernetes.client.exceptions.ApiException": "the cluster refuses a request: {cause}",
    "kubernetes.config.config_exception.ConfigException": "the kubeconfig cannot be used: {cause}",
    "urllib3.exceptions.HTTPError": "the cluster does not answer: {cause}",
    "builtins.ConnectionError": _NO_CONNECTION,
    "builtins.TimeoutError": _NO_CONNECTION,
    "socket.gaierror": _NO_CONNECTION,
    "ssl.SSLError": _NO_CONNECTION,
}
"""What errors of libraries mean, by the full names of their classes: to ask, no library has to be imported."""


def access_error(error: Exception) -> AccessError | None:
    """Return what an error of botocore, of the Kubernetes client or of a connection means; None for any other."""
    for name in class_names(error):
        if name == "botocore.exceptions.ClientError":
            return _refused(error)
        if name in _MEANING:
            return AccessError(_MEANING[name].format(cause=one_line(error)))
    return None


def class_names(error: Exception) -> Iterator[str]:
    """Yield the full names of the classes that an error is of, the most specific one first."""
    for one in type(error).__mro__:
        yield f"{one.__module__}.{one.__qualname__}"


def one_line(error: Exception) -> str:
    """Return the text of an error without line ends, at most 300 characters; its class where it has none."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _refused(error: Exception) -> AccessError:
    answer = getattr(error, "response", {}).get("Error", {})
    code, message = str(answer.get("Code", "")), " ".join(str(answer.get("Message", "")).split())
    if code in EXPIRED:
        return AccessError(EXPIRED_KEYS.format(code=code))
    if code in THROTTLED:
        return AccessError(f"AWS throttles the requests ({code}); try again later")
    return AccessError(f"AWS refuses {getattr(error, 'operation_name', 'a request')} ({code}): {message}")

"""The exit statuses of commands, and the errors that a user can correct.

Commands raise them; only `aiplatform.cli.boundary` prints them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from catalog.errors import UserError

FINE = 0

FAILED = 1
"""Exit status of a finding, a failed check, or an error of the program."""

WRONG = 2
"""Exit status of an invalid stack file or call."""

UNAVAILABLE = 3
"""Exit status of missing or invalid credentials, or if AWS or the cluster rejects a request or does not respond."""

INTERRUPTED = 130
"""Exit status after SIGINT, as in shells."""


class CallError(UserError):
    """An argument, an option or the current folder is invalid."""


class AccessError(UserError):
    """AWS or the cluster cannot be used: the credentials, the network or the service."""


def status_of(error: UserError) -> int:
    """Return the exit status of an error."""
    return UNAVAILABLE if isinstance(error, AccessError) else WRONG


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Report that a file or folder cannot be written, with the path that the user set.

    Raises:
        CallError: the operating system rejects the access.
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
"""Messages for errors of libraries by the full names of their classes, so that no library has to be imported."""


def access_error(error: Exception) -> AccessError | None:
    """Return the error for a user from an error of botocore, the Kubernetes client or a connection; None for others."""
    for name in class_names(error):
        if name == "botocore.exceptions.ClientError":
            return _refused(error)
        if name in _MEANING:
            return AccessError(_MEANING[name].format(cause=one_line(error)))
    return None


def class_names(error: Exception) -> Iterator[str]:
    """Yield the full names of the classes of an error, the most specific first."""
    for one in type(error).__mro__:
        yield f"{one.__module__}.{one.__qualname__}"


def one_line(error: Exception) -> str:
    """Return the text of an error without line ends, at most 300 characters; its class if it has no text."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _refused(error: Exception) -> AccessError:
    answer = getattr(error, "response", {}).get("Error", {})
    code, message = str(answer.get("Code", "")), " ".join(str(answer.get("Message", "")).split())
    if code in EXPIRED:
        return AccessError(EXPIRED_KEYS.format(code=code))
    if code in THROTTLED:
        return AccessError(f"AWS throttles the requests ({code}); try again later")
    return AccessError(f"AWS refuses {getattr(error, 'operation_name', 'a request')} ({code}): {message}")

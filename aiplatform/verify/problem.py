"""What keeps a check from being made."""

from aiplatform.errors import FAILED


class VerifyError(Exception):
    """Nothing can be checked; one line says why."""

    def __init__(self, message: str, status: int = FAILED) -> None:
        self.status = status
        super().__init__(message)


class RefusedError(Exception):
    """The cluster or AWS said no to one question, or did not answer."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        """HTTP's status, the error code of AWS, or `unreachable`."""
        self.message = " ".join(message.split())[:300]
        super().__init__(f"{code}: {self.message}")


UNREACHABLE = "unreachable"
FORBIDDEN = frozenset({"401", "403", "AccessDenied", "AccessDeniedException", "Forbidden", "UnauthorizedOperation"})
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

"""Why one question to the cluster or to AWS has no answer."""

from aiplatform.errors import AccessError

UNREACHABLE = "unreachable"
FORBIDDEN = frozenset({"401", "403", "AccessDenied", "AccessDeniedException", "Forbidden", "UnauthorizedOperation"})


class RefusedError(AccessError):
    """The cluster or AWS refused one request, or did not answer it."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        """The HTTP status, the error code of AWS, or `unreachable`."""
        self.message = " ".join(message.split())[:300]
        super().__init__(f"{code}: {self.message}")

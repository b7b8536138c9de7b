"""Errors of single requests to the cluster or AWS."""

from aiplatform.errors import AccessError

UNREACHABLE = "unreachable"
FORBIDDEN = frozenset({"401", "403", "AccessDenied", "AccessDeniedException", "Forbidden", "UnauthorizedOperation"})


class RefusedError(AccessError):
    """The cluster or AWS rejected a request, or did not respond."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        """HTTP status, error code of AWS, or `unreachable`."""
        self.message = " ".join(message.split())[:300]
        super().__init__(f"{code}: {self.message}")

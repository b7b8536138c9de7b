"""The interface that an RDS instance and an Aurora cluster have in common."""

from typing import Protocol

import pulumi


class DatabaseServer(Protocol):
    """A PostgreSQL server with an initial database and a master user whose secret RDS manages."""

    @property
    def identifier(self) -> str:
        """Return the identifier in RDS."""
        ...

    @property
    def address(self) -> pulumi.Output[str]:
        """Return the host name that accepts writes. It follows a failover."""
        ...

    @property
    def port(self) -> int:
        """Return the port."""
        ...

    @property
    def database_name(self) -> str:
        """Return the name of the initial database."""
        ...

    @property
    def master_secret_arn(self) -> pulumi.Output[str]:
        """Return the ARN of the secret with `username` and `password` of the master user."""
        ...

"""What an RDS instance and an Aurora cluster have in common for those who use them."""

from typing import Protocol

import pulumi


class DatabaseServer(Protocol):
    """A PostgreSQL server with a first database and a master user whose secret RDS keeps."""

    @property
    def identifier(self) -> str:
        """Its identifier in RDS."""
        ...

    @property
    def address(self) -> pulumi.Output[str]:
        """The host that takes writes, whichever instance that is."""
        ...

    @property
    def port(self) -> int:
        """Its port."""
        ...

    @property
    def database_name(self) -> str:
        """The database made at first."""
        ...

    @property
    def master_secret_arn(self) -> pulumi.Output[str]:
        """The secret with `username` and `password` of the master user."""
        ...

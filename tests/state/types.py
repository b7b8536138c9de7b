"""Which Pulumi types a release must not replace: tables of the platform say it of AWS and of Kubernetes."""

from typing import Literal

from aiplatform.diff.kept import KEPT, MAY_BE_REPLACED

__all__ = ["ADDRESS", "DATA", "IDENTITY", "KEPT", "MAY_BE_REPLACED"]

DATA: Literal["data"] = "data"
IDENTITY: Literal["identity"] = "identity"
ADDRESS: Literal["address"] = "address"

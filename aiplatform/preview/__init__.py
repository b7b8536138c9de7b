"""The preview without a cloud: record what a Pulumi program would build, write it down, show it."""

from aiplatform.preview.monitor import DuplicateResourceError, UnsupportedError
from aiplatform.preview.plan import SECRET, UNKNOWN, Plan, Resource
from aiplatform.preview.record import ACCOUNT, record, record_function
from aiplatform.preview.tree import render
from aiplatform.preview.write import NotAPlanError, write

__all__ = [
    "ACCOUNT",
    "SECRET",
    "UNKNOWN",
    "DuplicateResourceError",
    "NotAPlanError",
    "Plan",
    "Resource",
    "UnsupportedError",
    "record",
    "record_function",
    "render",
    "write",
]

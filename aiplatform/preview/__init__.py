"""The preview without a cloud: record what a Pulumi program would build, write it down, show it."""

from aiplatform.preview.plan import Plan, Resource
from aiplatform.preview.record import record, record_function

__all__ = ["Plan", "Resource", "record", "record_function"]

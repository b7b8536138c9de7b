"""What AWS takes nothing for, and why; the tables are closed, so that no new type is taken for free unseen."""

from aiplatform.preview.charts import kinds
from catalog.aws import AWS_TYPES


def why_free(type_: str) -> str | None:
    """Return the reason why a type has no price; None if the type is not listed."""
    if type_.startswith(("pulumi:", "ai-platform:", "tls:")):
        return "nothing in AWS by itself"
    known = AWS_TYPES.get(type_) or kinds().get(type_.removeprefix("kubernetes:"))
    return known.free if known is not None else None

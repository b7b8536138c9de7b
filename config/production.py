"""Defaults of production that a security review requires. A value in the stack file takes precedence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from config.cluster import AUDIT_DAYS

if TYPE_CHECKING:
    from catalog.reading.model import Model
    from config.cluster import Cluster
    from config.databases import Database
    from config.settings import Settings

    M = TypeVar("M", bound=Model)


def production(settings: Settings) -> dict[str, Model | dict[str, Database]]:
    """Return the sections of a stack in production with its defaults.

    `project.deletionProtection: false` also applies to AWS's deletion protection, so that one setting lifts both.
    """
    protection = {} if settings.project.deletion_protection is False else {"deletion_protection": True}
    return {
        "cluster": _cluster(_with(settings.cluster, **protection)),
        "ingress": _with(settings.ingress, **protection),
        "databases": {key: _database(_with(one, **protection)) for key, one in settings.databases.items()},
        "access_logs": _with(settings.access_logs, load_balancers=True, buckets=True),
    }


def _cluster(settings: Cluster) -> Cluster:
    kept = {"retention_days": AUDIT_DAYS} if "audit" in settings.logging.types else {}
    return settings.model_copy(update={"logging": _with(settings.logging, **kept)})


def _database(settings: Database) -> Database:
    insight = {"performance_insights": True} if settings.has_insights() else {}
    return settings.model_copy(update={"insight": _with(settings.insight, **insight)})


def _with(model: M, **values: Any) -> M:  # noqa: ANN401, values of any field
    """Return the model with values for those fields that the stack file does not set."""
    return model.model_copy(update={key: value for key, value in values.items() if key not in model.model_fields_set})

"""Defaults of production that a security review requires. A value in the stack file takes precedence."""

from collections.abc import Mapping
from typing import Any, TypeVar

from catalog.reading.model import Model
from config.access_logs import AccessLogs
from config.cluster import AUDIT_DAYS, Cluster
from config.databases import Database
from config.ingress import Ingress

M = TypeVar("M", bound=Model)


def production(
    *, protected: bool, cluster: Cluster, ingress: Ingress, databases: Mapping[str, Database], access_logs: AccessLogs
) -> dict[str, Model | dict[str, Database]]:
    """Return these sections with the defaults of production; `protected` is AWS's deletion protection."""
    protection = {"deletion_protection": True} if protected else {}
    return {
        "cluster": _cluster(_with(cluster, **protection)),
        "ingress": _with(ingress, **protection),
        "databases": {key: _database(_with(one, **protection)) for key, one in databases.items()},
        "access_logs": _with(access_logs, load_balancers=True, buckets=True),
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

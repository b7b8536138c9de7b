"""Connection settings and credentials for the cluster of a stack, from the kubeconfig."""

import logging
import os
from collections.abc import Mapping
from typing import Any

from kubernetes import client
from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

from aiplatform.errors import AccessError, CallError, one_line
from config.settings import Settings


def configuration(
    settings: Settings, context: str | None, profile: str | None, role: str | None = None
) -> client.Configuration:
    """Return the client configuration of the cluster; its login command uses the AWS profile and role.

    Raises:
        AccessError: the kubeconfig is missing or invalid, has no context of the cluster, or the login fails.
        CallError: it has no context of this name.
    """
    merged, loader = _loaded(settings)
    chosen = _chosen(loader, settings, context)
    if profile is not None or role is not None:
        _set_credentials(merged, chosen["context"].get("user"), profile, role)
    found = client.Configuration()
    errors = _Errors()
    root = logging.getLogger()
    root.addHandler(errors)
    try:
        loader.set_active_context(chosen["name"])  # type: ignore[no-untyped-call]
        loader.load_and_set(found)  # type: ignore[no-untyped-call]
    except Exception as error:
        message = f"the context {chosen['name']} of the kubeconfig cannot be used: {one_line(error)}"
        raise AccessError(message) from error
    finally:
        root.removeHandler(errors)
    if errors.lines:
        # The client continues without a token if the login command fails.
        raise AccessError(
            f"no login to the cluster: {errors.lines[-1]}; check who you are with `aws sts get-caller-identity`"
        )
    return found


def _loaded(settings: Settings) -> tuple[Any, KubeConfigLoader]:
    """Return the merged content of all files, and its loader."""
    paths = os.environ.get("KUBECONFIG") or "~/.kube/config"
    try:
        merged = KubeConfigMerger(paths).config  # type: ignore[no-untyped-call]
        # Relative paths are relative to the file that contains them.
        loader = KubeConfigLoader(merged, config_base_path=None) if merged else None  # type: ignore[no-untyped-call]
    except Exception as error:
        raise AccessError(f"the kubeconfig cannot be read: {one_line(error)}") from error
    if loader is None:
        raise AccessError(f"there is no kubeconfig {paths}; run `{_update(settings)}`")
    return merged, loader


def _chosen(loader: KubeConfigLoader, settings: Settings, context: str | None) -> Any:  # noqa: ANN401, it has no types
    """Return the context of this name. Default: the current or the first context of the stack's cluster."""
    contexts: list[Any] = loader.list_contexts()  # type: ignore[no-untyped-call]
    if context is None:
        mine = [one for one in contexts if _is_of(one, settings.cluster_name(), settings.project.region)]
        if not mine:
            raise AccessError(
                f"no context of the kubeconfig is of the cluster {settings.cluster_name()}; run `{_update(settings)}`, "
                "or name one with --context"
            )
        return loader.current_context if loader.current_context in mine else mine[0]
    by_name = {one["name"]: one for one in contexts}
    if context not in by_name:
        raise CallError(f"the kubeconfig has no context {context}; it has {', '.join(by_name)}")
    return by_name[context]


def _is_of(context: Mapping[str, Any], name: str, region: str) -> bool:
    """Return whether a context is of the cluster: from `aws eks update-kubeconfig`, or with the cluster's name."""
    cluster = context["context"].get("cluster", "")
    return cluster == name or (f":eks:{region}:" in cluster and cluster.endswith(f":cluster/{name}"))


def _update(settings: Settings) -> str:
    return f"aws eks update-kubeconfig --region {settings.project.region} --name {settings.cluster_name()}"


def _set_credentials(merged: Any, user: str | None, profile: str | None, role: str | None) -> None:  # noqa: ANN401, it has no types
    """Add the AWS profile and the role to the kubeconfig's login command; a role that it has stays."""
    found = merged["users"].get_with_name(user, safe=True) if "users" in merged else None
    plugin = found["user"].safe_get("exec") if found is not None else None
    if plugin is None:
        return
    if role is not None and "--role-arn" not in (plugin.get("args") or ()):
        plugin["args"] = [*(plugin.get("args") or ()), "--role-arn", role]
    if profile is not None:
        plugin["env"] = [*(plugin.get("env") or ()), {"name": "AWS_PROFILE", "value": profile}]


class _Errors(logging.Handler):
    """Collects log messages of the client, so that the command reports them once."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(" ".join(record.getMessage().split())[:300])

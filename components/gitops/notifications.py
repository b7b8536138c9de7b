"""Notifications of Argo CD in Slack: https://argo-cd.readthedocs.io/en/stable/operator-manual/notifications/"""

import yaml

_REVISION = "{{ .app.status.operationState.syncResult.revision }}"
_LINK = "{{ .context.argocdUrl }}/applications/{{ .app.metadata.namespace }}/{{ .app.metadata.name }}"
_SAID = {
    "app-released": f":white_check_mark: {{{{ .app.metadata.name }}}} runs {_REVISION}. {_LINK}",
    "app-sync-failed": (
        ":x: {{ .app.metadata.name }} was not released: {{ .app.status.operationState.message }} " + _LINK
    ),
    "app-health-degraded": ":warning: {{ .app.metadata.name }} does not work as it should. " + _LINK,
}
_WHEN = {
    # Once for each commit: the controller retries a failed release.
    "on-released": (
        "app-released",
        "app.status.operationState != nil and app.status.operationState.phase in ['Succeeded']"
        " and app.status.health.status == 'Healthy'",
        "app.status.operationState?.syncResult?.revision",
    ),
    "on-sync-failed": (
        "app-sync-failed",
        "app.status.operationState != nil and app.status.operationState.phase in ['Error', 'Failed']",
        "app.status.operationState?.syncResult?.revision",
    ),
    "on-health-degraded": ("app-health-degraded", "app.status.health.status == 'Degraded'", None),
}


def templates() -> dict[str, str]:
    """Return the templates of messages."""
    return {f"template.{name}": yaml.safe_dump({"message": text}, width=1000) for name, text in _SAID.items()}


def triggers() -> dict[str, str]:
    """Return the triggers of messages."""
    return {
        f"trigger.{name}": yaml.safe_dump(
            [{"when": when, "send": [template], **({"oncePer": once} if once else {})}], sort_keys=False, width=1000
        )
        for name, (template, when, once) in _WHEN.items()
    }

"""Open WebUI: environment variables that would break what the platform promises."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.gateway_mistakes import row
from tests.config.refused.case import Case

_PERSISTENT = "https://github.com/open-webui/open-webui/issues/20830"
_REPLICAS = "https://github.com/open-webui/open-webui/issues/10365"
_REDIS = "https://github.com/open-webui/docs/issues/770"
_VARIABLES = "https://docs.openwebui.com/reference/env-configuration"
_PRECEDENCE = "https://github.com/open-webui/docs/issues/857"


def case(variable: str, source: str, *lines: str) -> Case:
    """A case of one variable."""
    old = "      administrator: admin@shop.dev\n"
    return Case(row(old, f"{old}      environment: {{{variable}}}\n")[0], lines, source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "open-webui: settings that end with a pod": case(
        "ENABLE_PERSISTENT_CONFIG: 'False'",
        _REPLICAS,
        "48: workloads.openWebui.environment.ENABLE_PERSISTENT_CONFIG: the environment variable ENABLE_PERSISTENT_CONFIG cannot be overridden: the database keeps what administrators change, and the stack file decides what it sets",
    ),
    "open-webui: settings that are deleted at a start": case(
        "RESET_CONFIG_ON_START: 'True'",
        _PERSISTENT,
        "48: workloads.openWebui.environment.RESET_CONFIG_ON_START: the environment variable RESET_CONFIG_ON_START cannot be overridden: the database keeps what administrators change, and the stack file decides what it sets",
    ),
    "open-webui: a key of sessions": case(
        "WEBUI_SECRET_KEY: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.WEBUI_SECRET_KEY: the environment variable WEBUI_SECRET_KEY cannot be overridden: keys come from Secrets Manager",
    ),
    "open-webui: a key of sessions by its old name": case(
        "WEBUI_JWT_SECRET_KEY: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.WEBUI_JWT_SECRET_KEY: the environment variable WEBUI_JWT_SECRET_KEY cannot be overridden: secrets do not belong in a stack file",
    ),
    "open-webui: a key of tools": case(
        "OAUTH_CLIENT_INFO_ENCRYPTION_KEY: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.OAUTH_CLIENT_INFO_ENCRYPTION_KEY: the environment variable OAUTH_CLIENT_INFO_ENCRYPTION_KEY cannot be overridden: secrets do not belong in a stack file",
    ),
    "open-webui: a key of second factors": case(
        "MFA_ENCRYPTION_KEY: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.MFA_ENCRYPTION_KEY: the environment variable MFA_ENCRYPTION_KEY cannot be overridden: secrets do not belong in a stack file",
    ),
    "open-webui: a secret of a login": case(
        "GOOGLE_CLIENT_SECRET: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.GOOGLE_CLIENT_SECRET: the environment variable GOOGLE_CLIENT_SECRET cannot be overridden: secrets do not belong in a stack file; use the section secrets",
    ),
    "open-webui: a secret of OpenID": case(
        "OAUTH_CLIENT_SECRET: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.OAUTH_CLIENT_SECRET: the environment variable OAUTH_CLIENT_SECRET cannot be overridden: secrets do not belong in a stack file; use the section secrets",
    ),
    "open-webui: a password of a directory": case(
        "LDAP_APP_PASSWORD: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.LDAP_APP_PASSWORD: the environment variable LDAP_APP_PASSWORD cannot be overridden: secrets do not belong in a stack file; use the section secrets",
    ),
    "open-webui: a key of a search": case(
        "BRAVE_SEARCH_API_KEY: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.BRAVE_SEARCH_API_KEY: the environment variable BRAVE_SEARCH_API_KEY cannot be overridden: secrets do not belong in a stack file; use the section secrets",
    ),
    "open-webui: a key of a search by another name": case(
        "BING_SEARCH_V7_SUBSCRIPTION_KEY: abc",
        _VARIABLES,
        "48: workloads.openWebui.environment.BING_SEARCH_V7_SUBSCRIPTION_KEY: the environment variable BING_SEARCH_V7_SUBSCRIPTION_KEY cannot be overridden: secrets do not belong in a stack file",
    ),
    "open-webui: another database": case(
        "DATABASE_URL: 'sqlite:////tmp/webui.db'",
        _VARIABLES,
        "48: workloads.openWebui.environment.DATABASE_URL: the environment variable DATABASE_URL cannot be overridden: database, cache and bucket are derived from other settings",
    ),
    "open-webui: another Redis": case(
        "REDIS_URL: 'redis://elsewhere:6379'",
        _REDIS,
        "48: workloads.openWebui.environment.REDIS_URL: the environment variable REDIS_URL cannot be overridden: database, cache and bucket are derived from other settings",
    ),
    "open-webui: another Redis of websockets": case(
        "WEBSOCKET_REDIS_URL: 'redis://elsewhere:6379'",
        _REDIS,
        "48: workloads.openWebui.environment.WEBSOCKET_REDIS_URL: the environment variable WEBSOCKET_REDIS_URL cannot be overridden: database, cache and bucket are derived from other settings",
    ),
    "open-webui: websockets of one replica": case(
        "WEBSOCKET_MANAGER: ''",
        _REDIS,
        "48: workloads.openWebui.environment.WEBSOCKET_MANAGER: the environment variable WEBSOCKET_MANAGER cannot be overridden: database, cache and bucket are derived from other settings",
    ),
    "open-webui: no websockets": case(
        "ENABLE_WEBSOCKET_SUPPORT: 'False'",
        _REDIS,
        "48: workloads.openWebui.environment.ENABLE_WEBSOCKET_SUPPORT: the environment variable ENABLE_WEBSOCKET_SUPPORT cannot be overridden: replicas share connections through the cache",
    ),
    "open-webui: no login": case(
        "WEBUI_AUTH: 'False'",
        _VARIABLES,
        "48: workloads.openWebui.environment.WEBUI_AUTH: the environment variable WEBUI_AUTH cannot be overridden: users sign in with a password or OAuth",
    ),
    "open-webui: users by a header": case(
        "WEBUI_AUTH_TRUSTED_EMAIL_HEADER: X-Email",
        _VARIABLES,
        "48: workloads.openWebui.environment.WEBUI_AUTH_TRUSTED_EMAIL_HEADER: the environment variable WEBUI_AUTH_TRUSTED_EMAIL_HEADER cannot be overridden: users sign in with a password or OAuth",
    ),
    "open-webui: everybody signs up": case(
        "ENABLE_SIGNUP: 'True'",
        _PRECEDENCE,
        "48: workloads.openWebui.environment.ENABLE_SIGNUP: the environment variable ENABLE_SIGNUP cannot be overridden: use signUp and newUsers",
    ),
    "open-webui: another gateway": case(
        "OPENAI_API_BASE_URLS: 'https://api.openai.com/v1'",
        _PRECEDENCE,
        "48: workloads.openWebui.environment.OPENAI_API_BASE_URLS: the environment variable OPENAI_API_BASE_URLS cannot be overridden: keys come from Secrets Manager",
    ),
    "warning: open-webui: a misspelt variable": case(
        "ENABLE_WEB_SERCH: 'True'",
        _PRECEDENCE,
        "48: workloads.openWebui.environment.ENABLE_WEB_SERCH: ENABLE_WEB_SERCH is unknown to Open WebUI 0.12.4, which ignores it; did you mean ENABLE_WEB_SEARCH?",
    ),
    "warning: open-webui: an unknown variable": case(
        "SHOP_COLOUR: blue",
        _PRECEDENCE,
        "48: workloads.openWebui.environment.SHOP_COLOUR: SHOP_COLOUR is unknown to Open WebUI 0.12.4, which ignores it; check its name",
    ),
}

"""Names that the parts of LiteLLM share."""

APP = "litellm"
SERVICE_ACCOUNT = "litellm"
"""Of the gateways, if they call AWS."""

DATABASE = "litellm"
DATABASE_USER = "litellm_app"
CONFIG = "litellm-config"
CONFIG_FILE = "config.yaml"
CONFIG_FOLDER = "/etc/litellm"
SCRIPTS = "litellm-scripts"
USER_ID = 65532
"""Any user ID works: https://docs.litellm.ai/release_notes/v1.90.6/v1-90-6"""

SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
KEY_PREFIX = "sk-"
"""LiteLLM requires this prefix of keys: https://docs.litellm.ai/docs/proxy/virtual_keys"""

CACHE_NAMESPACE = "litellm"
"""Prefix of its keys in Redis, before a colon; its user has access to these keys only."""

CLIENT_LABEL = {"ai-platform/litellm-client": "true"}
"""Namespaces with this label can connect to the gateway inside the cluster."""

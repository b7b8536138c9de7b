"""What the parts of LiteLLM call each other."""

APP = "litellm"
DATABASE = "litellm"
DATABASE_USER = "litellm_app"
CONFIG = "litellm-config"
CONFIG_FILE = "config.yaml"
CONFIG_FOLDER = "/etc/litellm"
SCRIPTS = "litellm-scripts"
USER_ID = 65532
"""Any will do: https://docs.litellm.ai/release_notes/v1.90.6/v1-90-6"""

SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
KEY_PREFIX = "sk-"
"""LiteLLM takes no other keys: https://docs.litellm.ai/docs/proxy/virtual_keys"""

CACHE_NAMESPACE = "litellm"
"""What its keys in Redis begin with, before a colon; its user reaches no others."""

CLIENT_LABEL = {"ai-platform/litellm-client": "true"}
"""Namespaces with this label reach the gateway inside the cluster."""

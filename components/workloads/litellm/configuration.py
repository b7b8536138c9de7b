"""Configuration of LiteLLM: `config.yaml`, which contains no secret, and the variables with the secrets.

https://docs.litellm.ai/docs/proxy/config_settings
"""

import json
from collections.abc import Mapping
from typing import Any

from components.context.endpoints import Endpoint
from components.workloads.litellm.names import CACHE_NAMESPACE
from config.workloads.litellm import CONNECTIONS, Litellm, Route

MASTER_KEY = "LITELLM_MASTER_KEY"
SALT_KEY = "LITELLM_SALT_KEY"


def variable(*parts: str) -> str:
    """Return the name of the environment variable of a key."""
    return "_".join((*parts, "API_KEY")).upper().replace("-", "_")


def _from_environment(name: str) -> str:
    return f"os.environ/{name}"


def routes(settings: Litellm, endpoints: Mapping[str, Endpoint]) -> dict[str, Route]:
    """Return every model by its name in requests: the settings' models, and the stack's own (`endpoints`)."""
    own = {
        served: Route(vllm=name, served_name=served)
        for name, endpoint in endpoints.items()
        for served in (endpoint.model, *endpoint.other_models)
        if served not in settings.models
    }
    return {**own, **settings.models}


def configuration(settings: Litellm, endpoints: Mapping[str, Endpoint]) -> str:
    """Return `config.yaml`. JSON is a subset of YAML, and its bytes are deterministic."""
    found = routes(settings, endpoints)
    document = {
        "model_list": [
            {"model_name": name, "litellm_params": _parameters(settings, route, endpoints)}
            for name, route in found.items()
        ],
        "litellm_settings": {
            # Redis for counters only: responses are not cached, so no response is served to another client.
            "cache": True,
            "cache_params": {
                "type": "redis",
                **{key: _from_environment(f"REDIS_{key.upper()}") for key in ("host", "port", "username", "password")},
                "ssl": True,
                "namespace": CACHE_NAMESPACE,
                "supported_call_types": [],
            },
            "callbacks": ["prometheus"],
            # Prompts and responses are not written to logs or tables.
            "turn_off_message_logging": True,
            # Clients of one provider send parameters that another does not support.
            "drop_params": True,
            "json_logs": True,
            "request_timeout": settings.request_timeout_seconds,
        },
        "router_settings": {
            "num_retries": settings.retries,
            "fallbacks": [{name: list(route.fallbacks)} for name, route in found.items() if route.fallbacks],
        },
        "general_settings": {
            "master_key": _from_environment(MASTER_KEY),
            # Reject requests if a budget cannot be checked. Otherwise each replica would use its own cached value.
            "fail_closed_budget_enforcement": True,
            # Write spend to the database without delay: a gateway that stops would lose it.
            "proxy_batch_write_at": 5,
            "database_connection_pool_limit": CONNECTIONS,
            # Models are defined here only, so the stack file is complete.
            "store_model_in_db": False,
            "disable_prisma_schema_update": True,
        },
    }
    return json.dumps(document, indent=2)


def _parameters(settings: Litellm, route: Route, endpoints: Mapping[str, Endpoint]) -> dict[str, Any]:
    if route.vllm is not None:
        endpoint = endpoints[route.vllm]
        found: dict[str, Any] = {
            "model": f"hosted_vllm/{route.served_name or endpoint.model}",
            "api_base": endpoint.base_url,
            "api_key": _from_environment(variable("vllm", route.vllm)),
        }
    else:
        name = str(route.provider)
        provider = settings.providers[name]
        found = {
            "model": f"{provider.prefix()}/{route.model}",
            "api_key": _from_environment(variable("provider", name)),
            **({"api_base": provider.url} if provider.url else {}),
            **({"api_version": provider.api_version} if provider.api_version else {}),
        }
    if route.price is not None:
        found["input_cost_per_token"], found["output_cost_per_token"] = route.price.per_token()
    return found

"""What LiteLLM is told: `config.yaml`, in which no secret stands, and the environment that holds them.

https://docs.litellm.ai/docs/proxy/config_settings
"""

import json
from collections.abc import Mapping
from typing import Any

from components.context.endpoints import Endpoint
from components.workloads.litellm.names import CACHE_NAMESPACE
from config.workloads.litellm import Litellm, Route

MASTER_KEY = "LITELLM_MASTER_KEY"
SALT_KEY = "LITELLM_SALT_KEY"


def variable(*parts: str) -> str:
    """The name of the environment variable of a key."""
    return "_".join((*parts, "API_KEY")).upper().replace("-", "_")


def _from_environment(name: str) -> str:
    return f"os.environ/{name}"


def routes(settings: Litellm, models: Mapping[str, str]) -> dict[str, Route]:
    """Every model by what requests call it: those of the settings, and the stack's own by their names (`models`)."""
    own = {served: Route(vllm=name) for name, served in models.items() if served not in settings.models}
    return {**own, **settings.models}


def configuration(settings: Litellm, endpoints: Mapping[str, Endpoint]) -> str:
    """`config.yaml`; JSON is YAML, and always the same bytes."""
    found = routes(settings, {name: endpoint.model for name, endpoint in endpoints.items()})
    document = {
        "model_list": [
            {"model_name": name, "litellm_params": _parameters(settings, route, endpoints)}
            for name, route in found.items()
        ],
        "litellm_settings": {
            # Redis for counting alone: an answer is not kept, and nobody gets another's.
            "cache": True,
            "cache_params": {
                "type": "redis",
                **{key: _from_environment(f"REDIS_{key.upper()}") for key in ("host", "port", "username", "password")},
                "ssl": True,
                "namespace": CACHE_NAMESPACE,
                "supported_call_types": [],
            },
            "callbacks": ["prometheus"],
            # What people write and what models answer is in no log and in no table.
            "turn_off_message_logging": True,
            # Clients of one provider send what another does not know.
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
            # A budget that cannot be checked refuses. Without it each replica would go on by what it remembers.
            "fail_closed_budget_enforcement": True,
            # What is spent is in the database at once, or a gateway that ends would forget it.
            "proxy_batch_write_at": 5,
            "database_connection_pool_limit": 10,
            # Models come from here alone, so that the stack file says what there is.
            "store_model_in_db": False,
            "disable_prisma_schema_update": True,
        },
    }
    return json.dumps(document, indent=2)


def _parameters(settings: Litellm, route: Route, endpoints: Mapping[str, Endpoint]) -> dict[str, Any]:
    if route.vllm is not None:
        endpoint = endpoints[route.vllm]
        found: dict[str, Any] = {
            "model": f"hosted_vllm/{endpoint.model}",
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

"""Configuration of LiteLLM: `config.yaml`, which contains no secret, and the variables with the secrets.

https://docs.litellm.ai/docs/proxy/config_settings
"""

import json
from collections.abc import Mapping
from typing import Any

from components.context.endpoints import Endpoint
from components.workloads.litellm.names import CACHE_NAMESPACE
from config.workloads.litellm import CONNECTIONS, Litellm
from config.workloads.litellm_models import Deployment, Route, Upstream

MASTER_KEY = "LITELLM_MASTER_KEY"
SALT_KEY = "LITELLM_SALT_KEY"
MAX_FALLBACKS = 5
"""Fallbacks of fallbacks that LiteLLM follows by default: `ROUTER_MAX_FALLBACKS`."""


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


def configuration(settings: Litellm, endpoints: Mapping[str, Endpoint], *, region: str | None = None) -> str:
    """Return `config.yaml`. JSON is a subset of YAML, and its bytes are deterministic.

    `region` is that of AWS's providers unless they have one. Default: the pods' variable AWS_REGION.
    """
    found = routes(settings, endpoints)
    document = {
        "model_list": [
            {"model_name": name, "litellm_params": _parameters(settings, server, endpoints, region)}
            for name, route in found.items()
            for server in route.servers()
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
            **_failover(found),
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


def _failover(found: Mapping[str, Route]) -> dict[str, Any]:
    """Return the settings with which a failed request reaches the other deployments, and every fallback.

    https://docs.litellm.ai/docs/routing
    """
    shared = any(len(route.servers()) > 1 for route in found.values())
    if not shared and not any(route.fallbacks for route in found.values()):
        return {}
    hops = sum(len(route.servers()) for route in found.values())
    return {
        # A retry alone would choose the failing deployment again.
        **({"enable_weighted_failover": True} if shared else {}),
        **({"max_fallbacks": hops} if hops > MAX_FALLBACKS else {}),
    }


def _parameters(
    settings: Litellm, server: Upstream, endpoints: Mapping[str, Endpoint], region: str | None
) -> dict[str, Any]:
    found = _own(server, endpoints[server.vllm]) if server.vllm is not None else _hosted(settings, server, region)
    if server.price is not None:
        found["input_cost_per_token"], found["output_cost_per_token"] = server.price.per_token()
    if isinstance(server, Deployment) and server.weight is not None:
        found["weight"] = server.weight
    return found


def _own(server: Upstream, endpoint: Endpoint) -> dict[str, Any]:
    return {
        "model": f"hosted_vllm/{server.served_name or endpoint.model}",
        "api_base": endpoint.base_url,
        "api_key": _from_environment(variable("vllm", str(server.vllm))),
    }


def _hosted(settings: Litellm, server: Upstream, region: str | None) -> dict[str, Any]:
    name = str(server.provider)
    provider = settings.providers[name]
    if provider.is_aws():
        # Without a key LiteLLM takes the credentials of the pod's role.
        where = provider.region or region
        access = {**({"aws_region_name": where} if where else {}), **({"model_id": server.arn} if server.arn else {})}
    else:
        access = {"api_key": _from_environment(variable("provider", name))}
    return {
        "model": f"{provider.prefix()}/{server.model}",
        **access,
        **({"api_base": provider.url} if provider.url else {}),
        **({"api_version": provider.api_version} if provider.api_version else {}),
    }

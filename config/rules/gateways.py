"""LiteLLM (the gateway to models) and Open WebUI (the chat front end)."""

import re
from collections.abc import Iterable, Iterator, Mapping

from catalog.images import name_and_tag
from catalog.litellm_models import VERSION, has_price
from catalog.reading.problems import Path, Problem, did_you_mean, show
from catalog.versions import LITELLM_IMAGE
from config.rules.stack import Rule, Stack
from config.workloads.litellm import Litellm
from config.workloads.litellm_models import Route, Upstream

LITELLM: Path = ("workloads", "litellm")
_OPEN_WEBUI: Path = ("workloads", "openWebui")
MALICIOUS = ("1.82.7", "1.82.8")
"""Compromised releases of LiteLLM on PyPI."""


def routes_of(stack: Stack, litellm: Litellm) -> Mapping[str, Route]:
    """Return every model by the name that requests use, models of workloads.vllm included."""
    vllm = stack.settings.workloads.vllm
    own = {served: Route(vllm=name) for served, name, _ in vllm.names()} if vllm is not None else {}
    return {**own, **litellm.models}


def models(stack: Stack) -> Iterator[Problem]:
    """There are models, fallbacks exist, and no model is its own fallback."""
    litellm = stack.settings.workloads.litellm
    if litellm is None:
        return
    routes, because = routes_of(stack, litellm), ((*LITELLM, "models"), ("workloads", "vllm"))
    if not routes:
        yield Problem(
            (*LITELLM, "models"),
            "is empty, and workloads.vllm has no model; add a model, or remove workloads.litellm",
            because=because,
        )
    for name, route in litellm.models.items():
        for index, fallback in enumerate(route.fallbacks):
            path = (*LITELLM, "models", name, "fallbacks", index)
            if fallback == name:
                yield Problem(path, f"{name} cannot be its own fallback; choose another model")
            elif fallback not in routes:
                yield Problem(path, f"unknown model {fallback!r}{did_you_mean(fallback, routes)}", because=because)


def own_names(stack: Stack) -> Iterator[Problem]:
    """Each model of vLLM has its own names in requests, and a route to one of them names an existing one."""
    litellm, vllm = stack.settings.workloads.litellm, stack.settings.workloads.vllm
    if vllm is None:
        return
    known: dict[str, str] = {}
    seen: dict[str, set[str]] = {}
    for served, name, path in vllm.names():
        if known.setdefault(served, name) != name or served in seen.setdefault(name, set()):
            yield Problem(
                ("workloads", "vllm", *path),
                f"requests for {served} already reach the model {known[served]}; choose another name",
                because=(("workloads", "vllm", "models", known[served]),),
            )
        seen.setdefault(name, set()).add(served)
    for key, route in litellm.models.items() if litellm is not None else ():
        for path, server in servers(key, route):
            names = [served for served, name, _ in vllm.names() if name == server.vllm]
            if server.served_name is not None and names and server.served_name not in names:
                yield Problem(
                    (*path, "servedName"),
                    f"unknown name {server.served_name!r} of {server.vllm}{did_you_mean(server.served_name, names)}",
                    because=(("workloads", "vllm", "models", str(server.vllm)),),
                )


def asked(stack: Stack) -> Iterator[Problem]:
    """Models of API clients and of Open WebUI exist."""
    litellm, pages = stack.settings.workloads.litellm, stack.settings.workloads.open_webui
    if litellm is None:
        return
    routes, because = routes_of(stack, litellm), ((*LITELLM, "models"), ("workloads", "vllm"))
    for name, caller in litellm.virtual_keys.items():
        for index, model in enumerate(caller.models):
            if model not in routes:
                path = (*LITELLM, "virtualKeys", name, "models", index)
                yield Problem(path, f"unknown model {model!r}{did_you_mean(model, routes)}", because=because)
    if pages is not None and pages.embeddings is not None and pages.embeddings.model not in routes:
        model = pages.embeddings.model
        path = (*_OPEN_WEBUI, "embeddings", "model")
        yield Problem(path, f"unknown model {model!r}{did_you_mean(model, routes)}", because=because)


MODELS_OF_PAGES = (
    "DEFAULT_MODELS",
    "TASK_MODEL_EXTERNAL",
    "IMAGE_GENERATION_MODEL",
    "AUDIO_STT_MODEL",
    "AUDIO_TTS_MODEL",
)
"""Variables of Open WebUI that name models: https://docs.openwebui.com/reference/env-configuration"""


def allowed(stack: Stack) -> Iterator[Problem]:
    """The virtual key of Open WebUI allows the models that it uses."""
    litellm, pages = stack.settings.workloads.litellm, stack.settings.workloads.open_webui
    if litellm is None or pages is None or pages.virtual_key not in litellm.virtual_keys:
        return
    routes, granted = routes_of(stack, litellm), litellm.virtual_keys[pages.virtual_key].models or None
    here: Path = (*LITELLM, "virtualKeys", pages.virtual_key, "models")
    used: list[tuple[Path, str]] = []
    if pages.embeddings is not None:
        used.append(((*_OPEN_WEBUI, "embeddings", "model"), pages.embeddings.model))
    for name in MODELS_OF_PAGES:
        models = filter(None, map(str.strip, pages.environment.get(name, "").split(",")))
        used += [((*_OPEN_WEBUI, "environment", name), model) for model in models]
    for path, model in used:
        if model not in routes:
            if "environment" in path:
                yield Problem(path, f"unknown model {model!r}{did_you_mean(model, routes)}", severity="warning")
        elif granted is not None and model not in granted:
            yield Problem(
                path,
                f"the virtual key {pages.virtual_key} does not allow {model}, so that LiteLLM answers 401; add it to "
                f"{show(here)}",
                because=(here,),
            )


ENDINGS = ("/chat/completions", "/completions", "/embeddings", "/models", "/responses", "/messages")


def urls(stack: Stack) -> Iterator[Problem]:
    """A URL of a provider is that of its API, to which LiteLLM adds the path of a request."""
    litellm = stack.settings.workloads.litellm
    for name, provider in litellm.providers.items() if litellm is not None else ():
        path: Path = (*LITELLM, "providers", name, "url")
        url = (provider.url or "").rstrip("/")
        ending = next((one for one in ENDINGS if url.endswith(one)), None)
        if ending is not None:
            yield Problem(
                path, f"LiteLLM adds {ending} to it, so that requests get 404; set {url.removesuffix(ending)}"
            )
        elif provider.kind == "azure" and "/openai" in url:
            base = url.partition("/openai")[0]
            yield Problem(path, f"LiteLLM adds /openai/deployments/<model> to it, so that requests get 404; set {base}")
        elif provider.kind == "openaiCompatible" and url.count("/") == 2:
            yield Problem(
                path,
                f"has no path, and LiteLLM adds /chat/completions to it; most APIs are below /v1: set {url}/v1",
                severity="warning",
            )


def servers(name: str, route: Route) -> Iterator[tuple[Path, Upstream]]:
    """Yield each server of a model with its path."""
    path: Path = (*LITELLM, "models", name)
    for index, server in enumerate(route.servers()):
        yield ((*path, "deployments", index) if route.deployments else path), server


def is_free(litellm: Litellm, server: Upstream) -> bool:
    """Return whether LiteLLM counts a model as free: its price is neither in the stack file nor in LiteLLM's map."""
    if server.price is not None:
        return False
    provider = litellm.providers.get(server.provider or "")
    if provider is None:
        return server.vllm is not None
    return not is_hosted(litellm, server) or not has_price(provider.prefix(), str(server.model))


def is_hosted(litellm: Litellm, server: Upstream) -> bool:
    """Return whether a provider bills a model: it is neither one of the platform nor of an own server."""
    provider = litellm.providers.get(server.provider or "")
    return provider is not None and provider.kind != "openaiCompatible"


def _with_fallbacks(routes: Mapping[str, Route], models: Iterable[str]) -> dict[str, None]:
    """Return models and those that answer instead of them, in order."""
    found: dict[str, None] = {}
    waiting = list(models)
    while waiting:
        model = waiting.pop(0)
        if model in routes and model not in found:
            found[model] = None
            waiting += routes[model].fallbacks
    return found


def budgets(stack: Stack) -> Iterator[Problem]:
    """A budget has priced models: LiteLLM counts a model without a price as free."""
    litellm = stack.settings.workloads.litellm
    if litellm is None:
        return
    routes = routes_of(stack, litellm)
    free = {
        name: found
        for name, route in routes.items()
        if (found := [server for server in route.servers() if is_free(litellm, server)])
    }
    for name, caller in litellm.virtual_keys.items():
        asked = caller.models or tuple(routes)
        unpriced = [model for model in asked if model in free]
        # A model of the platform itself or of an own server is a fallback that costs nothing more.
        hosted = [model for model in free if any(is_hosted(litellm, server) for server in free[model])]
        instead = [model for model in _with_fallbacks(routes, asked) if model in hosted and model not in asked]
        if caller.budget is None or not (unpriced or instead):
            continue
        which, note = unpriced or instead, "" if unpriced else " and is a fallback"
        place = next(path for path, server in servers(which[0], routes[which[0]]) if is_free(litellm, server))
        of_map = all(model in hosted for model in which)
        title = f"LiteLLM {VERSION}" if of_map else "LiteLLM"
        yield Problem(
            (*LITELLM, "virtualKeys", name, "budget"),
            f"does not limit {', '.join(which)}, which has no price in {title}{note}; add price to "
            f"{show(place)}, or set tokensPerMinute instead",
            # Another version of LiteLLM has other prices.
            severity="warning" if of_map and litellm.image != LITELLM_IMAGE else "error",
            because=((*LITELLM, "models"), (*LITELLM, "virtualKeys", name, "models")),
        )


def prices(stack: Stack) -> Iterator[Problem]:
    """Hosted models have a price, so that their spending is counted."""
    litellm = stack.settings.workloads.litellm
    if litellm is None:
        return
    routes = routes_of(stack, litellm)
    limited = [caller.models or tuple(routes) for caller in litellm.virtual_keys.values() if caller.budget is not None]
    reported = _with_fallbacks(routes, (model for models in limited for model in models))
    for name, route in litellm.models.items():
        for path, server in servers(name, route):
            if name not in reported and is_hosted(litellm, server) and is_free(litellm, server):
                prefix = litellm.providers[str(server.provider)].prefix()
                yield Problem(
                    path,
                    f"{prefix}/{server.model} has no price in LiteLLM {VERSION} and counts as free; add price",
                    severity="warning",
                )


def images(stack: Stack) -> Iterator[Problem]:
    """The version is not a compromised one."""
    litellm = stack.settings.workloads.litellm
    if litellm is None:
        return
    version = re.match(r"(?:main-)?v?(\d+\.\d+\.\d+)", name_and_tag(litellm.image)[1])
    if version and version[1] in MALICIOUS:
        yield Problem(
            (*LITELLM, "image"),
            f"LiteLLM {version[1]} is a compromised release that steals secrets; use another version",
        )


RULES: tuple[Rule, ...] = (models, own_names, asked, allowed, urls, budgets, prices, images)

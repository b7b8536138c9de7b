"""Models of LiteLLM: deployments that share a name, fallbacks, and models of AWS."""

import re
from collections.abc import Iterator, Mapping

from catalog.litellm_models import VERSION, mode_of, priced
from catalog.reading.problems import Path, Problem, alternatives
from catalog.versions import LITELLM_IMAGE
from config.rules.gateways import LITELLM, is_free, is_hosted, routes_of, servers
from config.rules.stack import Rule, Stack
from config.workloads.litellm import Litellm
from config.workloads.litellm_models import GEOGRAPHIES, Deployment, Provider, Route, Upstream, model_of_profile

MODEL_ID = re.compile(r"[a-z0-9-]{1,63}[.][a-z0-9-]{1,63}(?:[.:][a-z0-9-]{1,63}){0,3}")
"""https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html"""

ENDPOINT = re.compile(r"(?=.{1,63}$)[a-zA-Z0-9](?:-*[a-zA-Z0-9])*")
"""https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html"""

CONTINENTS = ("ap-", "ca-", "eu-", "us-")
"""Beginnings of regions that are certain to belong to one geography of inference profiles."""


def _mode(litellm: Litellm, server: Upstream) -> str | None:
    """Return what a model is for, such as chat or embedding; None if it is unknown."""
    provider = litellm.providers.get(server.provider or "")
    if provider is None or provider.kind == "openaiCompatible":
        return None
    if provider.kind == "sagemakerEmbedding":
        return "embedding"
    return "chat" if provider.kind == "sagemaker" else mode_of(provider.prefix(), str(server.model))


def _modes(litellm: Litellm, route: Route) -> Mapping[str, str]:
    """Return the known modes of the servers of a model, each with the name of one of them."""
    known = ((_mode(litellm, server), str(server.model)) for server in route.servers())
    return {mode: model for mode, model in reversed([*known]) if mode is not None}


def deployments(stack: Stack) -> Iterator[Problem]:
    """Deployments of one name differ, are for the same purpose, and all receive requests."""
    litellm = stack.settings.workloads.litellm
    for name, route in litellm.models.items() if litellm is not None else ():
        if litellm is None or not route.deployments:
            continue
        yield from _weights(name, route.deployments)
        seen: dict[tuple[str | None, ...], int] = {}
        first: tuple[str, Upstream] | None = None
        for index, (path, server) in enumerate(servers(name, route)):
            place = (server.vllm, server.served_name, server.provider, server.model, server.arn)
            earlier = seen.setdefault(place, index)
            if earlier != index:
                yield Problem(path, f"is the same server as deployments[{earlier}]; remove it, or set weights")
            mode = _mode(litellm, server)
            if mode is not None and first is not None and mode != first[0]:
                yield Problem(
                    (*path, "model"),
                    f"{server.model} is a model for {mode}, and {first[1].model}, with the same name in requests, for "
                    f"{first[0]}; give it another name",
                    because=((*LITELLM, "providers"),),
                )
            first = first or ((mode, server) if mode is not None else None)
        yield from _prices(litellm, name, route)


def _weights(name: str, found: tuple[Deployment, ...]) -> Iterator[Problem]:
    """LiteLLM sends no request to a deployment without a weight if another has one (`simple_shuffle`)."""
    weighted = [one for one in found if one.weight is not None]
    for index, one in enumerate(found):
        path: Path = (*LITELLM, "models", name, "deployments", index)
        if len(found) == 1 and weighted:
            yield Problem((*path, "weight"), f"has no effect on the only deployment of {name}; remove it")
        elif weighted and one.weight is None:
            yield Problem(path, f"has no weight, unlike others of {name}, and would receive no requests; set weight")


def _prices(litellm: Litellm, name: str, route: Route) -> Iterator[Problem]:
    """A request costs something whichever deployment answers it, and the same unless the file says otherwise."""
    if not all(is_free(litellm, server) for server in route.servers()):
        for path, server in servers(name, route):
            if is_hosted(litellm, server) and is_free(litellm, server):
                yield Problem(
                    path,
                    f"{server.model} has no price in LiteLLM {VERSION} and counts as free, unlike others of {name}; "
                    "set price",
                    severity="error" if litellm.image == LITELLM_IMAGE else "warning",
                )
    prices = {(one.price.input, one.price.output) for one in route.servers() if one.price is not None}
    if len(prices) > 1:
        shown = " and ".join(f"{given:g}/{taken:g}" for given, taken in sorted(prices))
        yield Problem(
            (*LITELLM, "models", name, "deployments"),
            f"requests for {name} count {shown} USD per million tokens against budgets, depending on the deployment",
            severity="warning",
        )


def fallbacks(stack: Stack) -> Iterator[Problem]:
    """Fallbacks are named once, are for the same purpose, and lead to an end."""
    litellm = stack.settings.workloads.litellm
    if litellm is None:
        return
    routes = routes_of(stack, litellm)
    done: set[str] = set()
    for name, route in litellm.models.items():
        yield from _circles(routes, name, (name,), done)
        modes = _modes(litellm, route)
        for index, fallback in enumerate(route.fallbacks):
            path: Path = (*LITELLM, "models", name, "fallbacks", index)
            if fallback in route.fallbacks[:index]:
                yield Problem(path, f"duplicate fallback {fallback}")
            others = _modes(litellm, routes[fallback]) if fallback in routes else {}
            if modes and others and not modes.keys() & others.keys():
                yield Problem(
                    path,
                    f"{fallback} is a model for {', '.join(others)}, and {name} for {', '.join(modes)}; choose another "
                    "model",
                    because=((*LITELLM, "providers"),),
                )


def _circles(routes: Mapping[str, Route], name: str, trail: tuple[str, ...], done: set[str]) -> Iterator[Problem]:
    """Yield the fallbacks that lead back to a model that has already failed."""
    if name in done:
        return
    done.add(name)
    for index, fallback in enumerate(routes[name].fallbacks):
        if fallback in trail and fallback != name:
            circle = " -> ".join((*trail[trail.index(fallback) :], fallback))
            yield Problem(
                (*LITELLM, "models", name, "fallbacks", index),
                f"fallbacks form a circle, {circle}: a request would return to a model that has failed; remove "
                f"{fallback}",
            )
        elif fallback in routes and fallback != name:
            yield from _circles(routes, fallback, (*trail, fallback), done)


def of_aws(stack: Stack) -> Iterator[Problem]:
    """Models of Amazon Bedrock and endpoints of SageMaker have valid names, in a region that has them."""
    litellm = stack.settings.workloads.litellm
    for name, route in litellm.models.items() if litellm is not None else ():
        for path, server in servers(name, route):
            provider = litellm.providers.get(server.provider or "") if litellm is not None else None
            if provider is None:
                continue
            region = provider.region or stack.settings.project.region
            if server.arn is not None:
                yield from _arn((*path, "arn"), server.arn, provider, region)
            if provider.kind == "bedrock":
                yield from _bedrock((*path, "model"), str(server.model), region)
            elif provider.is_aws() and not ENDPOINT.fullmatch(str(server.model)):
                yield Problem(
                    (*path, "model"),
                    f"{server.model} is not the name of an endpoint of SageMaker; write at most 63 letters, digits and "
                    "hyphens",
                )


def _arn(path: Path, arn: str, provider: Provider, region: str) -> Iterator[Problem]:
    if provider.kind != "bedrock":
        yield Problem(path, f"{provider.kind} does not support arn; remove it")
    elif arn.split(":")[3] != region:
        yield Problem(
            path,
            f"is in {arn.split(':')[3]}, and requests are sent to {region}; set region of the provider",
            because=((*LITELLM, "providers"), ("project", "region")),
        )


def _bedrock(path: Path, model: str, region: str) -> Iterator[Problem]:
    if model.startswith("arn:"):
        yield Problem(path, "is an ARN; set arn, and as model the model or inference profile that it is made of")
        return
    geography, base = model_of_profile(model)
    if not MODEL_ID.fullmatch(base):
        yield Problem(
            path,
            f"{model} is not the ID of a model or of an inference profile of Amazon Bedrock; write it like "
            "anthropic.claude-haiku-4-5-20251001-v1:0 or us.anthropic.claude-haiku-4-5-20251001-v1:0",
        )
    elif geography is not None and geography not in GEOGRAPHIES:
        yield Problem(
            path,
            f"{geography} is an unknown geography of inference profiles (as of November 2026: "
            f"{', '.join(GEOGRAPHIES)}); check the ID",
            severity="warning",
        )
    elif geography is not None and region.startswith(CONTINENTS) and not region.startswith(GEOGRAPHIES[geography]):
        fitting = [one for one, regions in GEOGRAPHIES.items() if region.startswith(regions)]
        yield Problem(
            path,
            f"inference profiles of {geography} cannot be called from {region}; use a profile of "
            f"{alternatives(fitting)}, or set region of the provider",
            because=((*LITELLM, "providers"), ("project", "region")),
        )
    elif geography is None:
        yield from _on_demand(path, model, region)


def _on_demand(path: Path, model: str, region: str) -> Iterator[Problem]:
    """Most models of Anthropic answer requests through inference profiles only."""
    fitting = (one for one, regions in GEOGRAPHIES.items() if region.startswith(regions) and one != "global")
    profile = next((f"{one}.{model}" for one in fitting if f"bedrock/{one}.{model}" in priced()), None)
    if model.startswith("anthropic.") and profile is not None:
        yield Problem(
            path,
            f"few models of Anthropic are available on demand; if Bedrock answers that {model} is not, use {profile}",
            severity="warning",
            because=((*LITELLM, "providers"), ("project", "region")),
        )


def embeddings(stack: Stack) -> Iterator[Problem]:
    """Open WebUI computes embeddings with a model for embeddings."""
    litellm, pages = stack.settings.workloads.litellm, stack.settings.workloads.open_webui
    if litellm is None or pages is None or pages.embeddings is None:
        return
    route = litellm.models.get(pages.embeddings.model)
    modes = _modes(litellm, route) if route is not None else {}
    if modes and "embedding" not in modes:
        yield Problem(
            ("workloads", "openWebui", "embeddings", "model"),
            f"{pages.embeddings.model} is a model for {', '.join(modes)}; choose a model for embeddings",
            because=((*LITELLM, "models"), (*LITELLM, "providers"), ("workloads", "openWebui", "embeddings")),
        )


RULES: tuple[Rule, ...] = (deployments, fallbacks, of_aws, embeddings)

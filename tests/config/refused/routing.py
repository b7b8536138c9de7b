"""Routers of a model that have nothing to choose, or that cannot reach what they choose."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.model_mistakes import row
from tests.config.refused.case import Case

ROUTER = "https://github.com/smg-project/smg/blob/main/docs/configuration/routing.md"
CACHING = "https://docs.vllm.ai/en/v0.33.0/features/automatic_prefix_caching/"
Q4 = "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu"
NO_CACHE = "without a prefix cache no replica is better for a conversation; remove it, or routing"


def case(model: str, *told: str, source: str, name: str = "chat") -> Case:
    """A model, what is told of it, and a public source."""
    return Case(*row(model, *told, name=name), source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "routing: of one replica": case(
        f"{Q4}, routing: prefix",
        "routing: has no effect with one replica; set replicas: 2, or remove it",
        source="https://github.com/vllm-project/vllm/issues/11477",
    ),
    "routing: of no replica": case(
        f"{Q4}, routing: session, replicas: 0",
        "routing: has no effect with one replica; set replicas: 2, or remove it",
        source="https://github.com/vllm-project/vllm/issues/11477",
    ),
    "routing: of one replica that is started on demand": case(
        f"{Q4}, routing: session, autoscaling: {{min: 1, max: 1}}",
        "autoscaling: requires the section monitoring; add it, or set replicas instead",
        "routing: has no effect with one replica; set autoscaling.max: 2, or remove it",
        source="https://github.com/vllm-project/production-stack/issues/640",
    ),
    "routing: by a policy that two routers would not share": case(
        f"{Q4}, routing: cache_aware, replicas: 2",
        "routing: 'cache_aware' is not one of prefix, session",
        source="https://github.com/kubernetes-sigs/gateway-api-inference-extension/issues/2102",
    ),
    "routing: of adapters, which the router does not know": case(
        f"{Q4}, routing: prefix, replicas: 2, adapters: {{law: acme/law}}, adaptersAtOnce: 1",
        "routing: the router knows a replica by one model, and answers 404 for its adapters; remove it, or adapters",
        source=ROUTER,
    ),
    "routing: without prefix caches": case(
        f"{Q4}, routing: prefix, replicas: 2, arguments: [--no-enable-prefix-caching]",
        f"arguments[0]: {NO_CACHE}",
        source=CACHING,
    ),
    "routing: without prefix caches, in another spelling": case(
        f"{Q4}, routing: session, replicas: 2, arguments: [--no_enable_prefix_caching]",
        f"arguments[0]: {NO_CACHE}",
        source=CACHING,
    ),
    "routing: a model with the name of another one's router": case(
        f"{Q4}",
        "34: workloads.vllm.models.chat-router: 'chat-router' is not a valid name of a model; write 1-30 lower-case letters, digits and hyphens, beginning with a letter and not ending with -server, -worker or -router",
        name="chat-router",
        source="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
    ),
}

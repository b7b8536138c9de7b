"""Invalid values of LiteLLM and Open WebUI: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

BEFORE = """\
  ai-platform:caches: {counters: {engineVersion: "8.1", nodeType: cache.t4g.small}}
  ai-platform:secrets: {openai: {description: A key}}
  ai-platform:ingress: {domain: shop.dev, public: false, idleTimeoutSeconds: 600}
"""
WORKLOADS = """\
    litellm:
      database: runs
      cache: counters
      providers:
        openai: {kind: openai, key: {secret: openai}}
        own: {kind: openaiCompatible, key: {secret: openai}, url: "https://models.shop.dev/v1"}
      models:
        mini: {provider: openai, model: gpt-5-mini, fallbacks: [small]}
        small: {provider: own, model: small}
      callers:
        pages: {models: [mini], budget: 50}
    openWebui:
      database: runs
      cache: counters
      bucket: artifacts
      host: chat.shop.dev
      caller: pages
      administrator: admin@shop.dev
"""
LLM = "workloads.litellm"
WEB = "workloads.openWebui"


def row(old: str, new: str, *told: str) -> Row:
    """The sections with one text replaced, and what is told of it."""
    text = BEFORE + WORKLOADS
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    before, workloads = BEFORE.replace(old, new), WORKLOADS.replace(old, new)
    edits = (("  ai-platform:databases:\n", f"{before}  ai-platform:databases:\n"), ("", workloads))
    return edits, told


def with_mysql(given: Row) -> Row:
    """The row, with a database of another kind behind the others."""
    edits, told = given
    shop = '    shop: {engine: mysql, engineVersion: "8.4", instanceClass: db.t4g.small, databaseName: shop}\n'
    return (*edits, ("      databaseName: mlflow\n", f"      databaseName: mlflow\n{shop}")), told


MISTAKES: dict[str, Row] = {
    "gateway: a taint that no node has": row(
        "      administrator: admin@shop.dev\n",
        "      administrator: admin@shop.dev\n      tolerations: [{key: spot, value: 'true'}]\n",
        "48: workloads.openWebui.tolerations[0]: is a taint of no node group or pool; remove it",
    ),
    "gateway: a cache that is not there": row(
        "      cache: counters\n      providers",
        "      cache: counter\n      providers",
        "32: workloads.litellm.cache: 'counter' is no name in caches; did you mean counters?",
    ),
    "gateway: no cache": row(
        "      cache: counters\n      providers", "      providers", "30: workloads.litellm.cache: is missing"
    ),
    "gateway: a database that is not there": row(
        "    litellm:\n      database: runs",
        "    litellm:\n      database: run",
        "31: workloads.litellm.database: 'run' is no name in databases or auroraClusters; did you mean runs?",
    ),
    "gateway: a database of another kind": with_mysql(
        row(
            "    litellm:\n      database: runs",
            "    litellm:\n      database: shop",
            "32: workloads.litellm.database: shop is mysql; name a database of PostgreSQL",
        )
    ),
    "gateway: a provider's secret that is not there": row(
        "openai: {kind: openai, key: {secret: openai}}",
        "openai: {kind: openai, key: {secret: opnai}}",
        "34: workloads.litellm.providers.openai.key.secret: 'opnai' is no name in secrets; did you mean openai?",
    ),
    "gateway: a provider that has no address": row(
        ', url: "https://models.shop.dev/v1"',
        "",
        "35: workloads.litellm.providers.own: is openaiCompatible, which has no address of its own; add url",
    ),
    "gateway: a provider without encryption": row(
        '"https://models.shop.dev/v1"',
        '"http://models.shop.dev/v1"',
        "35: workloads.litellm.providers.own.url: 'http://models.shop.dev/v1' is no HTTPS address; write it like https://models.example.com/v1",
    ),
    "gateway: a provider's version that it has not": row(
        "{kind: openai, key: {secret: openai}}",
        "{kind: openai, key: {secret: openai}, apiVersion: 2025-04-01}",
        "34: workloads.litellm.providers.openai: is openai, which has no apiVersion; remove it",
    ),
    "gateway: a model of nobody": row(
        "{provider: own, model: small}",
        "{model: small}",
        "38: workloads.litellm.models.small: has to say who answers: write one of vllm and provider",
    ),
    "gateway: a model of two": row(
        "{provider: own, model: small}",
        "{provider: own, vllm: small, model: small}",
        "38: workloads.litellm.models.small: has to say who answers: write one of vllm and provider",
    ),
    "gateway: a model without its name": row(
        "{provider: own, model: small}",
        "{provider: own}",
        "38: workloads.litellm.models.small: does not say which model of own; add model",
    ),
    "gateway: a model of the stack that is not there": row(
        "{provider: own, model: small}",
        "{vllm: small}",
        "38: workloads.litellm.models.small.vllm: 'small' is no name in workloads.vllm.models; workloads.vllm.models holds none, add it there",
    ),
    "gateway: a model of the stack by another name": row(
        "{provider: own, model: small}",
        "{vllm: small, model: big}",
        "38: workloads.litellm.models.small: is a model of this stack, which has its name there; remove model",
    ),
    "gateway: a provider that is not there": row(
        "{provider: own, model: small}",
        "{provider: owm, model: small}",
        "38: workloads.litellm.models.small.provider: 'owm' is no name in workloads.litellm.providers; did you mean own?",
    ),
    "gateway: a fallback that is not there": row(
        "fallbacks: [small]",
        "fallbacks: [smal]",
        "37: workloads.litellm.models.mini.fallbacks[0]: 'smal' is no model; did you mean small?",
    ),
    "gateway: a fallback to itself": row(
        "fallbacks: [small]",
        "fallbacks: [mini]",
        "37: workloads.litellm.models.mini.fallbacks[0]: mini cannot stand in for itself; name another model",
    ),
    "gateway: a caller of a model that is not there": row(
        "{models: [mini], budget: 50}",
        "{models: [minni], budget: 50}",
        "40: workloads.litellm.callers.pages.models[0]: 'minni' is no model; did you mean mini?",
    ),
    "gateway: a budget that nobody spends": row(
        "{models: [mini], budget: 50}",
        "{budget: 50}",
        "40: workloads.litellm.callers.pages.budget: is never spent by small, which LiteLLM has no price of; add price to workloads.litellm.models.small, or limit tokensPerMinute instead",
    ),
    "gateway: a budget of nothing": row(
        "{models: [mini], budget: 50}",
        "{models: [mini], budget: 0}",
        "40: workloads.litellm.callers.pages.budget: 0 is too small; the least is 0.01",
    ),
    "gateway: an image of an attacker": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      image: ghcr.io/berriai/litellm-database:main-v1.82.7-stable\n      providers",
        "33: workloads.litellm.image: 1.82.7 of LiteLLM was published by an attacker and steals secrets; write another version",
    ),
    "gateway: a floating image": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      image: ghcr.io/berriai/litellm-database:latest\n      providers",
        "33: workloads.litellm.image: 'ghcr.io/berriai/litellm-database:latest' is not an image with registry and tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full, and never :latest",
    ),
    "gateway: no model at all": row(
        "      models:\n        mini: {provider: openai, model: gpt-5-mini, fallbacks: [small]}\n        small: {provider: own, model: small}\n      callers:\n        pages: {models: [mini], budget: 50}\n",
        "      callers: {pages: {}}\n",
        "30: workloads.litellm.models: is empty, and workloads.vllm has no model either; name one, or remove workloads.litellm",
    ),
    "gateway: more replicas at least than at most": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      replicas: {min: 6}\n      providers",
        "33: workloads.litellm.replicas.min: 6 is above max, 5; lower it, or raise max",
    ),
    "gateway: a request above the limit": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      resources: {requests: {memory: 4Gi}, limits: {memory: 2Gi}}\n      providers",
        "33: workloads.litellm.resources.requests.memory: 4Gi is above the limit, 2Gi; lower it, or raise the limit",
    ),
    "gateway: a host outside the domain": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      host: llm.shop.com\n      providers",
        "33: workloads.litellm.host: llm.shop.com is not in ingress.domain, shop.dev; write a name below it",
    ),
    "warning: gateway: a load balancer with less patience": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      host: llm.shop.dev\n      requestTimeoutSeconds: 900\n      providers",
        "34: workloads.litellm.requestTimeoutSeconds: 900 is above ingress.idleTimeoutSeconds, 600: the load balancer drops answers that are not streamed before the gateway does; raise that one, or lower this one",
    ),
    "pages: nobody to ask": row(
        "      caller: pages\n",
        "",
        "41: workloads.openWebui: has to say whom it asks for models: write one of caller and vllm",
    ),
    "pages: two to ask": row(
        "      caller: pages\n",
        "      caller: pages\n      vllm: small\n",
        "41: workloads.openWebui: has to say whom it asks for models: write one of caller and vllm",
    ),
    "pages: a caller that is not there": row(
        "caller: pages",
        "caller: page",
        "46: workloads.openWebui.caller: 'page' is no name in workloads.litellm.callers; did you mean pages?",
    ),
    "pages: vectors of a model that is not there": row(
        "      caller: pages\n",
        "      caller: pages\n      embeddings: {model: embed}\n",
        "47: workloads.openWebui.embeddings.model: 'embed' is no model; choose one of mini, small",
    ),
    "pages: vectors that are too long": row(
        "      caller: pages\n",
        "      caller: pages\n      embeddings: {model: mini, dimensions: 3072}\n",
        "47: workloads.openWebui.embeddings.dimensions: 3072 is too large; the most is 2000",
    ),
    "pages: no host": row("      host: chat.shop.dev\n", "", "41: workloads.openWebui.host: is missing"),
    "pages: an administrator without an address": row(
        "admin@shop.dev",
        "admin",
        "47: workloads.openWebui.administrator: 'admin' is no e-mail address; write it like you@example.com",
    ),
    "pages: a bucket that is not there": row(
        "      bucket: artifacts\n",
        "      bucket: files\n",
        "44: workloads.openWebui.bucket: 'files' is no name in buckets; choose one of artifacts",
    ),
}

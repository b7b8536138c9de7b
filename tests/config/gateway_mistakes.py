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
      virtualKeys:
        pages: {models: [mini], budget: 50}
    openWebui:
      database: runs
      cache: counters
      bucket: artifacts
      host: chat.shop.dev
      virtualKey: pages
      administrator: admin@shop.dev
"""
ROOMY = ("db.t4g.small", "db.t4g.medium")
"""The edit that lets the database accept the connections of all three."""

LLM = "workloads.litellm"
WEB = "workloads.openWebui"


def row(old: str, new: str, *told: str) -> Row:
    """The sections with one text replaced, and what is told of it."""
    text = BEFORE + WORKLOADS
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    before, workloads = BEFORE.replace(old, new), WORKLOADS.replace(old, new)
    edits = (ROOMY, ("  ai-platform:databases:\n", f"{before}  ai-platform:databases:\n"), ("", workloads))
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
        "48: workloads.openWebui.tolerations[0]: matches no taint of a node group or pool; remove it",
    ),
    "gateway: a cache that is not there": row(
        "      cache: counters\n      providers",
        "      cache: counter\n      providers",
        "32: workloads.litellm.cache: unknown cache 'counter'; did you mean counters?",
    ),
    "gateway: no cache": row(
        "      cache: counters\n      providers",
        "      providers",
        "30: workloads.litellm.cache: is missing; choose counters",
    ),
    "gateway: a database that is not there": row(
        "    litellm:\n      database: runs",
        "    litellm:\n      database: run",
        "31: workloads.litellm.database: unknown database 'run'; did you mean runs?",
    ),
    "gateway: a database of another kind": with_mysql(
        row(
            "    litellm:\n      database: runs",
            "    litellm:\n      database: shop",
            "32: workloads.litellm.database: shop is a mysql database; choose a PostgreSQL database",
        )
    ),
    "gateway: a provider's secret that is not there": row(
        "openai: {kind: openai, key: {secret: openai}}",
        "openai: {kind: openai, key: {secret: opnai}}",
        "34: workloads.litellm.providers.openai.key.secret: unknown secret 'opnai'; did you mean openai?",
    ),
    "gateway: a provider that has no address": row(
        ', url: "https://models.shop.dev/v1"',
        "",
        "35: workloads.litellm.providers.own: openaiCompatible requires a URL; set url",
    ),
    "gateway: a provider without encryption": row(
        '"https://models.shop.dev/v1"',
        '"http://models.shop.dev/v1"',
        "35: workloads.litellm.providers.own.url: 'http://models.shop.dev/v1' is not an HTTPS URL; write it like https://models.example.com/v1",
    ),
    "gateway: a provider's version that it has not": row(
        "{kind: openai, key: {secret: openai}}",
        "{kind: openai, key: {secret: openai}, apiVersion: 2025-04-01}",
        "34: workloads.litellm.providers.openai: openai does not support apiVersion; remove it",
    ),
    "gateway: a model of nobody": row(
        "{provider: own, model: small}",
        "{model: small}",
        "38: workloads.litellm.models.small: must have exactly one of vllm and provider; set one of them",
    ),
    "gateway: a model of two": row(
        "{provider: own, model: small}",
        "{provider: own, vllm: small, model: small}",
        "38: workloads.litellm.models.small: must have exactly one of vllm and provider; set one of them",
    ),
    "gateway: a model without its name": row(
        "{provider: own, model: small}",
        "{provider: own}",
        "38: workloads.litellm.models.small: requires the name of a model of own; set model",
    ),
    "gateway: a model of the stack that is not there": row(
        "{provider: own, model: small}",
        "{vllm: small}",
        "38: workloads.litellm.models.small.vllm: unknown model 'small'; add it to workloads.vllm.models",
    ),
    "gateway: a model of the stack by another name": row(
        "{provider: own, model: small}",
        "{vllm: small, model: big}",
        "38: workloads.litellm.models.small: model has no effect with vllm; remove model",
    ),
    "gateway: a provider that is not there": row(
        "{provider: own, model: small}",
        "{provider: owm, model: small}",
        "38: workloads.litellm.models.small.provider: unknown provider 'owm'; did you mean own?",
    ),
    "gateway: a fallback that is not there": row(
        "fallbacks: [small]",
        "fallbacks: [smal]",
        "37: workloads.litellm.models.mini.fallbacks[0]: unknown model 'smal'; did you mean small?",
    ),
    "gateway: a fallback to itself": row(
        "fallbacks: [small]",
        "fallbacks: [mini]",
        "37: workloads.litellm.models.mini.fallbacks[0]: mini cannot be its own fallback; choose another model",
    ),
    "gateway: a caller of a model that is not there": row(
        "{models: [mini], budget: 50}",
        "{models: [minni], budget: 50}",
        "40: workloads.litellm.virtualKeys.pages.models[0]: unknown model 'minni'; did you mean mini?",
    ),
    "gateway: a budget that nobody spends": row(
        "{models: [mini], budget: 50}",
        "{budget: 50}",
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit small, which has no price in LiteLLM; add price to workloads.litellm.models.small, or set tokensPerMinute instead",
    ),
    "gateway: a budget of nothing": row(
        "{models: [mini], budget: 50}",
        "{models: [mini], budget: 0}",
        "40: workloads.litellm.virtualKeys.pages.budget: 0 is too small; the minimum is 0.01",
    ),
    "gateway: an image of an attacker": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      image: ghcr.io/berriai/litellm-database:main-v1.82.7-stable\n      providers",
        "33: workloads.litellm.image: LiteLLM 1.82.7 is a compromised release that steals secrets; use another version",
    ),
    "gateway: a floating image": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      image: ghcr.io/berriai/litellm-database:latest\n      providers",
        "33: workloads.litellm.image: 'ghcr.io/berriai/litellm-database:latest' is not an image with registry and tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full, without :latest",
    ),
    "gateway: no model at all": row(
        "      models:\n        mini: {provider: openai, model: gpt-5-mini, fallbacks: [small]}\n        small: {provider: own, model: small}\n      virtualKeys:\n        pages: {models: [mini], budget: 50}\n",
        "      virtualKeys: {pages: {}}\n",
        "30: workloads.litellm.models: is empty, and workloads.vllm has no model; add a model, or remove workloads.litellm",
    ),
    "gateway: more replicas at least than at most": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      replicas: {min: 6, max: 5}\n      providers",
        "33: workloads.litellm.replicas.min: 6 is above max, 5; decrease it, or increase max",
    ),
    "gateway: a request above the limit": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      resources: {requests: {memory: 4Gi}, limits: {memory: 2Gi}}\n      providers",
        "33: workloads.litellm.resources.requests.memory: 4Gi is above the limit, 2Gi; decrease it, or increase the limit",
    ),
    "gateway: a host outside the domain": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      host: llm.shop.com\n      providers",
        "33: workloads.litellm.host: llm.shop.com is not in ingress.domain, shop.dev; use a name below it",
    ),
    "warning: gateway: a load balancer with less patience": row(
        "      cache: counters\n      providers",
        "      cache: counters\n      host: llm.shop.dev\n      requestTimeoutSeconds: 900\n      providers",
        "34: workloads.litellm.requestTimeoutSeconds: 900 is above ingress.idleTimeoutSeconds, 600, after which the load balancer closes an idle connection; decrease it, or increase ingress.idleTimeoutSeconds",
    ),
    "pages: nobody to ask": row(
        "      virtualKey: pages\n",
        "",
        "41: workloads.openWebui: must have exactly one of virtualKey and vllm; set one of them",
    ),
    "pages: two to ask": row(
        "      virtualKey: pages\n",
        "      virtualKey: pages\n      vllm: small\n",
        "41: workloads.openWebui: must have exactly one of virtualKey and vllm; set one of them",
    ),
    "pages: a caller that is not there": row(
        "virtualKey: pages",
        "virtualKey: page",
        "46: workloads.openWebui.virtualKey: unknown virtual key 'page'; did you mean pages?",
    ),
    "pages: vectors of a model that is not there": row(
        "      virtualKey: pages\n",
        "      virtualKey: pages\n      embeddings: {model: embed}\n",
        "47: workloads.openWebui.embeddings.model: unknown model 'embed'; choose mini or small",
    ),
    "pages: vectors that are too long": row(
        "      virtualKey: pages\n",
        "      virtualKey: pages\n      embeddings: {model: mini, dimensions: 3072}\n",
        "47: workloads.openWebui.embeddings.dimensions: 3072 is too large; the maximum is 2000",
    ),
    "pages: no host": row(
        "      host: chat.shop.dev\n",
        "",
        "41: workloads.openWebui.host: is missing; write it like host: chat.ai.example.com",
    ),
    "pages: an administrator without an address": row(
        "admin@shop.dev",
        "admin",
        "47: workloads.openWebui.administrator: 'admin' is not an e-mail address; write it like you@example.com",
    ),
    "pages: a bucket that is not there": row(
        "      bucket: artifacts\n",
        "      bucket: files\n",
        "44: workloads.openWebui.bucket: unknown bucket 'files'; choose artifacts",
    ),
}

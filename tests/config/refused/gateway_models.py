"""LiteLLM: deployments that share a name, fallbacks, models of AWS, and limits of API clients."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.gateway_mistakes import row
from tests.config.refused.case import Case

_WEIGHTS = "https://github.com/BerriAI/litellm/issues/33329"
_GROUPS = "https://github.com/BerriAI/litellm/issues/38216"
_CIRCLES = "https://github.com/BerriAI/litellm/issues/35303"
_DEPTH = "https://github.com/BerriAI/litellm/issues/6498"
_COSTS = "https://github.com/BerriAI/litellm/issues/26672"
_LIMITS = "https://github.com/BerriAI/litellm/issues/2730"
_ROLE = "https://github.com/aws-samples/sample-genai-on-eks-starter-kit/issues/16"
_GEOGRAPHY = "https://github.com/open-metadata/OpenMetadata/issues/31699"
_TOKYO = "https://github.com/aws-samples/dify-aws-tool/issues/160"
_REGION = "https://github.com/danny-avila/LibreChat/issues/5021"
_ON_DEMAND = "https://github.com/cline/cline/issues/689"
_ARN = "https://github.com/BerriAI/litellm/issues/18258"
_ENDPOINT = "https://github.com/philschmid/cdk-samples/issues/2"
_WINDOW = "https://docs.litellm.ai/docs/proxy/users"

_MINI = "mini: {provider: openai, model: gpt-5-mini, fallbacks: [small]}"
_KEYS = "pages: {models: [mini], budget: 50}"
_OPENAI = "openai: {kind: openai, key: {secret: openai}}"
_FREE = "pages: {models: [mini]}"


def case(old: str, new: str, source: str, *lines: str) -> Case:
    """A case of the gateway."""
    return Case(row(old, new)[0], lines, source)


def shared(deployments: str, source: str, *lines: str, keys: str = _FREE) -> Case:
    """A model with deployments; the fallback is another model."""
    edits = row(_MINI, f"mini: {{deployments: [{deployments}], fallbacks: [small]}}")[0]
    return Case((*edits, (_KEYS, keys)), lines, source)


def bedrock(model: str, source: str, *lines: str, provider: str = "bedrock: {kind: bedrock}") -> Case:
    """A model of AWS, beside the others."""
    edits = row(_OPENAI, f"{_OPENAI}\n        {provider}")[0]
    return Case((*edits, (_MINI, f"{_MINI}\n        cloud: {{provider: bedrock, {model}}}")), lines, source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "deployments: a weight without company": shared(
        "{provider: openai, model: gpt-5-mini, weight: 3}",
        _WEIGHTS,
        "37: workloads.litellm.models.mini.deployments[0].weight: has no effect on the only deployment of mini; remove it",
    ),
    "deployments: one without a weight": shared(
        "{provider: openai, model: gpt-5-mini, weight: 3}, {provider: own, model: mini}",
        _WEIGHTS,
        "37: workloads.litellm.models.mini.deployments[1]: has no weight, unlike others of mini, and would receive no requests; set weight",
    ),
    "deployments: the first without a weight": shared(
        "{provider: own, model: mini}, {provider: openai, model: gpt-5-mini, weight: 1}, {provider: openai, model: gpt-5-nano, weight: 1}",
        _WEIGHTS,
        "37: workloads.litellm.models.mini.deployments[0]: has no weight, unlike others of mini, and would receive no requests; set weight",
    ),
    "deployments: a weight of zero": shared(
        "{provider: openai, model: gpt-5-mini, weight: 0}, {provider: own, model: mini, weight: 1}",
        _WEIGHTS,
        "37: workloads.litellm.models.mini.deployments[0].weight: 0 is too small; the minimum is 1",
    ),
    "deployments: the same twice": shared(
        "{provider: openai, model: gpt-5-mini, weight: 2}, {provider: openai, model: gpt-5-mini, weight: 1}",
        _GROUPS,
        "37: workloads.litellm.models.mini.deployments[1]: is the same server as deployments[0]; remove it, or set weights",
    ),
    "deployments: chat and embeddings": shared(
        "{provider: openai, model: gpt-5-mini}, {provider: openai, model: text-embedding-3-small}",
        _GROUPS,
        "37: workloads.litellm.models.mini.deployments[1].model: text-embedding-3-small is a model for embedding, and gpt-5-mini, with the same name in requests, for chat; give it another name",
    ),
    "deployments: embeddings and images": shared(
        "{provider: openai, model: text-embedding-3-small}, {provider: openai, model: gpt-image-1}",
        _GROUPS,
        "37: workloads.litellm.models.mini.deployments[1].model: gpt-image-1 is a model for image_generation, and text-embedding-3-small, with the same name in requests, for embedding; give it another name",
    ),
    "deployments: one of an unknown price": shared(
        "{provider: openai, model: gpt-5-mini}, {provider: openai, model: gpt-9-mini}",
        _COSTS,
        "37: workloads.litellm.models.mini.deployments[1]: gpt-9-mini has no price in LiteLLM 1.108.5 and counts as free, unlike others of mini; set price",
    ),
    "deployments: one of an unknown price, and a budget": shared(
        "{provider: openai, model: gpt-5-mini}, {provider: own, model: mini}",
        _COSTS,
        "40: workloads.litellm.virtualKeys.pages.budget: does not limit mini, which has no price in LiteLLM; add price to workloads.litellm.models.mini.deployments[1], or set tokensPerMinute instead",
        keys=_KEYS,
    ),
    "warning: deployments: of different prices": shared(
        "{provider: openai, model: gpt-5-mini, price: {input: 1, output: 2}}, {provider: own, model: mini, price: {input: 0.5, output: 1}}",
        _COSTS,
        "37: workloads.litellm.models.mini.deployments: requests for mini count 0.5/1 and 1/2 USD per million tokens against budgets, depending on the deployment",
    ),
    "deployments: beside a server": case(
        _MINI,
        "mini: {provider: openai, model: gpt-5-mini, deployments: [{provider: own, model: mini}]}",
        _GROUPS,
        "37: workloads.litellm.models.mini: has deployments, each with its own provider; move provider into deployments",
    ),
    "deployments: beside a price": case(
        _MINI,
        "mini: {price: {input: 1, output: 2}, deployments: [{provider: own, model: mini}]}",
        _GROUPS,
        "37: workloads.litellm.models.mini: has deployments, each with its own price; move price into deployments",
    ),
    "deployments: of an unknown provider": shared(
        "{provider: openai, model: gpt-5-mini}, {provider: opnai, model: gpt-5-mini}",
        _GROUPS,
        "37: workloads.litellm.models.mini.deployments[1].provider: unknown provider 'opnai'; did you mean openai?",
    ),
    "deployments: without a server": shared(
        "{provider: openai, model: gpt-5-mini}, {weight: 1}",
        _GROUPS,
        "37: workloads.litellm.models.mini.deployments[1]: must have exactly one of vllm and provider; set one of them",
    ),
    "fallbacks: a circle of two": case(
        "small: {provider: own, model: small}",
        "small: {provider: own, model: small, fallbacks: [mini]}",
        _CIRCLES,
        "38: workloads.litellm.models.small.fallbacks[0]: fallbacks form a circle, mini -> small -> mini: a request would return to a model that has failed; remove mini",
    ),
    "fallbacks: a circle of three": case(
        "small: {provider: own, model: small}",
        "small: {provider: own, model: small, fallbacks: [large]}\n        large: {provider: own, model: large, fallbacks: [mini]}",
        _CIRCLES,
        "38: workloads.litellm.models.small.fallbacks[0]: fallbacks form a circle, large -> mini -> small -> large: a request would return to a model that has failed; remove large",
    ),
    "fallbacks: a circle behind the first": case(
        "small: {provider: own, model: small}",
        "small: {provider: own, model: small, fallbacks: [large]}\n        large: {provider: own, model: large, fallbacks: [small]}",
        _CIRCLES,
        "38: workloads.litellm.models.small.fallbacks[0]: fallbacks form a circle, large -> small -> large: a request would return to a model that has failed; remove large",
    ),
    "fallbacks: one of deployments that is not there": case(
        _MINI,
        "mini: {deployments: [{provider: openai, model: gpt-5-mini}, {provider: openai, model: gpt-5-nano}], fallbacks: [smal]}",
        _CIRCLES,
        "37: workloads.litellm.models.mini.fallbacks[0]: unknown model 'smal'; did you mean small?",
    ),
    "fallbacks: the same twice": case(
        "fallbacks: [small]",
        "fallbacks: [small, small]",
        _DEPTH,
        "37: workloads.litellm.models.mini.fallbacks[1]: duplicate fallback small",
    ),
    "fallbacks: from chat to embeddings": case(
        "small: {provider: own, model: small}",
        "small: {provider: openai, model: text-embedding-3-small}",
        _GROUPS,
        "37: workloads.litellm.models.mini.fallbacks[0]: small is a model for embedding, and mini for chat; choose another model",
    ),
    "fallbacks: from embeddings to chat": case(
        _MINI,
        "mini: {provider: openai, model: text-embedding-3-small, fallbacks: [large]}\n        large: {provider: openai, model: gpt-5-mini}",
        _GROUPS,
        "37: workloads.litellm.models.mini.fallbacks[0]: large is a model for chat, and mini for embedding; choose another model",
    ),
    "aws: a key": bedrock(
        "model: us.anthropic.claude-haiku-4-5-20251001-v1:0",
        _ROLE,
        "35: workloads.litellm.providers.bedrock: bedrock is called with the pods' IAM role and needs no key; remove key",
        provider="bedrock: {kind: bedrock, key: {secret: openai}}",
    ),
    "aws: a URL": bedrock(
        "model: us.anthropic.claude-haiku-4-5-20251001-v1:0",
        _ROLE,
        "35: workloads.litellm.providers.bedrock: bedrock is called with the pods' IAM role and needs no url; remove url",
        provider='bedrock: {kind: bedrock, url: "https://bedrock-runtime.us-west-2.amazonaws.com"}',
    ),
    "aws: another provider without a key": case(
        "openai: {kind: openai, key: {secret: openai}}",
        "openai: {kind: openai}",
        _ROLE,
        "34: workloads.litellm.providers.openai: openai requires an API key; set key",
    ),
    "aws: a region of another provider": case(
        "openai: {kind: openai, key: {secret: openai}}",
        "openai: {kind: openai, key: {secret: openai}, region: us-west-2}",
        _ROLE,
        "34: workloads.litellm.providers.openai: openai does not support region; remove it",
    ),
    "aws: a name that is no ID": bedrock(
        "model: claude-haiku-4-5",
        _ROLE,
        "39: workloads.litellm.models.cloud.model: claude-haiku-4-5 is not the ID of a model or of an inference profile of Amazon Bedrock; write it like anthropic.claude-haiku-4-5-20251001-v1:0 or us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
    "aws: a name of another gateway": bedrock(
        "model: bedrock/anthropic.claude-haiku-4-5-20251001-v1:0",
        _ROLE,
        "39: workloads.litellm.models.cloud.model: bedrock/anthropic.claude-haiku-4-5-20251001-v1:0 is not the ID of a model or of an inference profile of Amazon Bedrock; write it like anthropic.claude-haiku-4-5-20251001-v1:0 or us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
    "aws: a profile of another continent": bedrock(
        "model: eu.anthropic.claude-haiku-4-5-20251001-v1:0",
        _GEOGRAPHY,
        "39: workloads.litellm.models.cloud.model: inference profiles of eu cannot be called from us-west-2; use a profile of global or us, or set region of the provider",
    ),
    "aws: a profile of another continent than the provider": bedrock(
        "model: us.anthropic.claude-haiku-4-5-20251001-v1:0",
        _REGION,
        "39: workloads.litellm.models.cloud.model: inference profiles of us cannot be called from eu-west-1; use a profile of eu or global, or set region of the provider",
        provider="bedrock: {kind: bedrock, region: eu-west-1}",
    ),
    "aws: a profile of another country of a continent": bedrock(
        "model: jp.anthropic.claude-haiku-4-5-20251001-v1:0",
        _TOKYO,
        "39: workloads.litellm.models.cloud.model: inference profiles of jp cannot be called from ap-southeast-2; use a profile of apac, au or global, or set region of the provider",
        provider="bedrock: {kind: bedrock, region: ap-southeast-2}",
    ),
    "aws: a profile of the government": bedrock(
        "model: us-gov.anthropic.claude-sonnet-4-5-20250929-v1:0",
        _GEOGRAPHY,
        "39: workloads.litellm.models.cloud.model: inference profiles of us-gov cannot be called from us-west-2; use a profile of global or us, or set region of the provider",
    ),
    "warning: aws: a profile of an unknown geography": bedrock(
        "model: sa.anthropic.claude-haiku-4-5-20251001-v1:0, price: {input: 1, output: 5}",
        _GEOGRAPHY,
        "39: workloads.litellm.models.cloud.model: sa is an unknown geography of inference profiles (as of November 2026: apac, au, ca, eu, global, in, jp, us, us-gov); check the ID",
    ),
    "warning: aws: a model that needs a profile": bedrock(
        "model: anthropic.claude-haiku-4-5-20251001-v1:0",
        _ON_DEMAND,
        "39: workloads.litellm.models.cloud.model: few models of Anthropic are available on demand; if Bedrock answers that anthropic.claude-haiku-4-5-20251001-v1:0 is not, use us.anthropic.claude-haiku-4-5-20251001-v1:0",
    ),
    "warning: aws: a model of an unknown price": bedrock(
        "model: us.anthropic.claude-newest-9-v1:0",
        _COSTS,
        "39: workloads.litellm.models.cloud: bedrock/us.anthropic.claude-newest-9-v1:0 has no price in LiteLLM 1.108.5 and counts as free; add price",
    ),
    "aws: a model of an unknown price, and a budget": Case(
        (
            *bedrock("model: us.anthropic.claude-newest-9-v1:0", _COSTS).edits,
            (_KEYS, "pages: {models: [cloud], budget: 50}"),
        ),
        (
            "42: workloads.litellm.virtualKeys.pages.budget: does not limit cloud, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.cloud, or set tokensPerMinute instead",
        ),
        _COSTS,
    ),
    "aws: a profile that the price map does not know, and a budget": Case(
        (
            *bedrock(
                "model: ca.anthropic.claude-haiku-4-5-20251001-v1:0",
                _COSTS,
                provider="bedrock: {kind: bedrock, region: ca-central-1}",
            ).edits,
            (_KEYS, "pages: {models: [cloud], budget: 50}"),
        ),
        (
            "42: workloads.litellm.virtualKeys.pages.budget: does not limit cloud, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.cloud, or set tokensPerMinute instead",
        ),
        _COSTS,
    ),
    "aws: an endpoint without a price, and a budget": Case(
        (
            *bedrock("model: chat", _COSTS, provider="bedrock: {kind: sagemaker}").edits,
            (_KEYS, "pages: {models: [cloud], budget: 50}"),
        ),
        (
            "42: workloads.litellm.virtualKeys.pages.budget: does not limit cloud, which has no price in LiteLLM 1.108.5; add price to workloads.litellm.models.cloud, or set tokensPerMinute instead",
        ),
        _COSTS,
    ),
    "aws: an ARN as name": bedrock(
        "model: 'arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1b2c3d4e5f6'",
        _ARN,
        "39: workloads.litellm.models.cloud.model: is an ARN; set arn, and as model the model or inference profile that it is made of",
    ),
    "aws: an ARN of another region": bedrock(
        "model: amazon.nova-lite-v1:0, arn: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3d4e5f6'",
        _ARN,
        "39: workloads.litellm.models.cloud.arn: is in us-east-1, and requests are sent to us-west-2; set region of the provider",
    ),
    "aws: an ARN of all": bedrock(
        "model: amazon.nova-lite-v1:0, arn: 'arn:aws:bedrock:*:*:application-inference-profile/*'",
        _ARN,
        "39: workloads.litellm.models.cloud.arn: 'arn:aws:bedrock:*:*:application-inference-profile/*' is not the ARN of a model of Amazon Bedrock in an account; write it like arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1b2c3d4e5f6",
    ),
    "aws: an ARN of a model of another provider": case(
        _MINI,
        "mini: {provider: openai, model: gpt-5-mini, arn: 'arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1b2c3d4e5f6'}",
        _ARN,
        "37: workloads.litellm.models.mini.arn: openai does not support arn; remove it",
    ),
    "aws: an endpoint that is no name": bedrock(
        "model: my_endpoint, price: {input: 1, output: 2}",
        _ENDPOINT,
        "39: workloads.litellm.models.cloud.model: my_endpoint is not the name of an endpoint of SageMaker; write at most 63 letters, digits and hyphens",
        provider="bedrock: {kind: sagemaker}",
    ),
    "aws: an endpoint for chat and one for embeddings": Case(
        (
            *row(
                _OPENAI, f"{_OPENAI}\n        chat: {{kind: sagemaker}}\n        vectors: {{kind: sagemakerEmbedding}}"
            )[0],
            (
                _MINI,
                "mini: {deployments: [{provider: chat, model: llama, price: {input: 1, output: 1}}, {provider: vectors, model: bge, price: {input: 1, output: 1}}]}",
            ),
        ),
        (
            "39: workloads.litellm.models.mini.deployments[1].model: bge is a model for embedding, and llama, with the same name in requests, for chat; give it another name",
        ),
        _GROUPS,
    ),
    "embeddings: of a model for chat": case(
        "      virtualKey: pages\n",
        "      virtualKey: pages\n      embeddings: {model: mini}\n",
        _GROUPS,
        "47: workloads.openWebui.embeddings.model: mini is a model for chat; choose a model for embeddings",
    ),
    "limits: no requests": case(
        _KEYS,
        "pages: {models: [mini], budget: 50, requestsPerMinute: 0}",
        _LIMITS,
        "40: workloads.litellm.virtualKeys.pages.requestsPerMinute: 0 is too small; the minimum is 1",
    ),
    "limits: no tokens": case(
        _KEYS,
        "pages: {models: [mini], budget: 50, tokensPerMinute: 0}",
        _LIMITS,
        "40: workloads.litellm.virtualKeys.pages.tokensPerMinute: 0 is too small; the minimum is 1",
    ),
    "limits: no parallel requests": case(
        _KEYS,
        "pages: {models: [mini], budget: 50, parallelRequests: 0}",
        _LIMITS,
        "40: workloads.litellm.virtualKeys.pages.parallelRequests: 0 is too small; the minimum is 1",
    ),
    "limits: half a request": case(
        _KEYS,
        "pages: {models: [mini], budget: 50, requestsPerMinute: 0.5}",
        _LIMITS,
        "40: workloads.litellm.virtualKeys.pages.requestsPerMinute: 0.5 is not an integer; write an integer",
    ),
    "limits: of another minute": case(
        "      cache: counters\n      providers",
        "      cache: counters\n      environment: {LITELLM_RATE_LIMIT_WINDOW_SIZE: '3600'}\n      providers",
        _WINDOW,
        "33: workloads.litellm.environment.LITELLM_RATE_LIMIT_WINDOW_SIZE: the environment variable LITELLM_RATE_LIMIT_WINDOW_SIZE cannot be overridden: rate limits of API clients are per minute, over all replicas",
    ),
    "limits: counted by each replica": case(
        "      cache: counters\n      providers",
        "      cache: counters\n      environment: {LEGACY_MULTI_INSTANCE_RATE_LIMITING: 'true'}\n      providers",
        _LIMITS,
        "33: workloads.litellm.environment.LEGACY_MULTI_INSTANCE_RATE_LIMITING: the environment variable LEGACY_MULTI_INSTANCE_RATE_LIMITING cannot be overridden: rate limits of API clients are per minute, over all replicas",
    ),
    "aws: keys of a user": case(
        "      cache: counters\n      providers",
        "      cache: counters\n      environment: {AWS_BEARER_TOKEN_BEDROCK: abc}\n      providers",
        _ROLE,
        "33: workloads.litellm.environment.AWS_BEARER_TOKEN_BEDROCK: the environment variable AWS_BEARER_TOKEN_BEDROCK cannot be overridden: the pods call AWS with their IAM role; use region of a provider",
    ),
}

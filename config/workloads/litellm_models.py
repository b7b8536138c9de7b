"""Models of LiteLLM: their providers, and the deployments that serve a name in requests."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from catalog.reading.model import Model
from config.secrets import SecretKey
from config.types.aws import Region
from config.types.references import ModelRef, ProviderRef
from config.types.text import matching

URL_KINDS = ("azure", "openaiCompatible")
"""Providers that require a URL."""

AWS_KINDS = {"bedrock": "bedrock", "sagemaker": "sagemaker_chat", "sagemakerEmbedding": "sagemaker"}
"""Providers that the pods call with their IAM role, and their prefixes in LiteLLM.

https://docs.litellm.ai/docs/providers/aws_sagemaker
"""

PREFIXES = {"openaiCompatible": "openai", **AWS_KINDS}
"""Prefixes of models in LiteLLM that differ from the kind: https://docs.litellm.ai/docs/providers"""

GEOGRAPHIES = {
    "apac": ("ap-",),
    "au": ("ap-southeast-",),
    "ca": ("ca-",),
    "eu": ("eu-",),
    "global": ("",),
    "in": ("ap-south-",),
    "jp": ("ap-northeast-",),
    "us": ("us-", "ca-"),
    "us-gov": ("us-gov-",),
}
"""Prefixes of the IDs of cross-region inference profiles in November 2026, and of the regions that call them.

https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html
"""


def model_of_profile(model: str) -> tuple[str | None, str]:
    """Return the geography of a model ID of Amazon Bedrock, None unless it is an inference profile, and the model.

    IDs of models begin with the name of the model's provider, which has more than two letters.
    """
    first, _, rest = model.partition(".")
    return (first, rest) if rest and (first in GEOGRAPHIES or len(first) == 2) else (None, model)


RouteName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9._/:-]{0,127}",
        "is not a model name of requests; write letters, digits and ._/:-, like gpt-5-mini",
    ),
]

HttpsUrl = Annotated[
    str,
    matching(
        r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?",
        "is not an HTTPS URL; write it like https://models.example.com/v1",
    ),
]


BedrockArn = Annotated[
    str,
    matching(
        r"arn:aws:bedrock:[a-z0-9-]+:\d{12}:"
        r"(?:application-inference-profile|provisioned-model|custom-model-deployment)/[a-zA-Z0-9:.-]{1,64}",
        "is not the ARN of a model of Amazon Bedrock in an account; write it like "
        "arn:aws:bedrock:us-west-2:111122223333:application-inference-profile/a1b2c3d4e5f6",
    ),
]


class Price(Model):
    """Price in USD per million tokens; for a self-hosted model, the price that counts against budgets."""

    input: float = Field(ge=0, le=10_000, allow_inf_nan=False)
    """Price of input tokens."""

    output: float = Field(ge=0, le=10_000, allow_inf_nan=False)
    """Price of output tokens."""

    def per_token(self) -> tuple[float, float]:
        """Return the prices of one input and one output token in USD, the unit of LiteLLM."""
        return self.input / 1_000_000, self.output / 1_000_000


class Provider(Model):
    """An entry of `workloads.litellm.providers`: a provider of external models."""

    kind: Literal[
        "openai",
        "anthropic",
        "gemini",
        "mistral",
        "groq",
        "openrouter",
        "azure",
        "openaiCompatible",
        "bedrock",
        "sagemaker",
        "sagemakerEmbedding",
    ]
    """Kind of API. The pods call bedrock (Amazon Bedrock), sagemaker (endpoints of Amazon SageMaker AI with OpenAI's
    chat API) and sagemakerEmbedding with their IAM role, which allows exactly the models that `models` names."""

    key: SecretKey | None = None
    """Secret with the API key, whose value you set; required, except for the kinds of AWS."""

    url: HttpsUrl | None = None
    """URL of the API; required for azure and openaiCompatible."""

    region: Region | None = None
    """AWS region of bedrock, sagemaker and sagemakerEmbedding. Default: the region of the platform."""

    api_version: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}(?:-preview)?$")
    """API version of azure, such as 2025-04-01-preview."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.is_aws():
            for name, value in (("key", self.key), ("url", self.url)):
                if value is not None:
                    raise ValueError(
                        f"{self.kind} is called with the pods' IAM role and needs no {name}; remove {name}"
                    )
        elif self.key is None:
            raise ValueError(f"{self.kind} requires an API key; set key")
        elif self.region is not None:
            raise ValueError(f"{self.kind} does not support region; remove it")
        if self.kind in URL_KINDS and self.url is None:
            raise ValueError(f"{self.kind} requires a URL; set url")
        if self.kind != "azure" and self.api_version is not None:
            raise ValueError(f"{self.kind} does not support apiVersion; remove it")
        return self

    def is_aws(self) -> bool:
        """Return whether it is a service of AWS, which the pods call with their IAM role."""
        return self.kind in AWS_KINDS

    def prefix(self) -> str:
        """Return the prefix of its models in LiteLLM."""
        return PREFIXES.get(self.kind, self.kind)


class Upstream(Model):
    """A server of a model: this stack, or a provider."""

    vllm: ModelRef | None = None
    """Model of this stack (a key of `workloads.vllm.models`)."""

    served_name: RouteName | None = None
    """With `vllm`: the name of one of its adapters. Default: the model itself."""

    provider: ProviderRef | None = None
    """Provider of an external model (a key of `providers`)."""

    model: RouteName | None = None
    """Name of the model at the provider: for azure the deployment, for bedrock the ID of a model or of a cross-region
    inference profile, for sagemaker the endpoint."""

    arn: BedrockArn | None = None
    """With a provider of kind bedrock: the ARN of an application inference profile, provisioned model or custom model
    deployment that is called, and `model` is the model or inference profile that it is made of."""

    price: Price | None = None
    """Price. Default: LiteLLM's price of the model. A model without a price does not count against budgets."""

    def is_profile(self) -> bool:
        """Return whether `arn` is an application inference profile."""
        return self.arn is not None and ":application-inference-profile/" in self.arn

    def one_place(self) -> None:
        """Raise ValueError unless it is either a model of this stack or one of a provider."""
        if (self.vllm is None) == (self.provider is None):
            raise ValueError("must have exactly one of vllm and provider; set one of them")
        if self.provider is not None and self.model is None:
            raise ValueError(f"requires the name of a model of {self.provider}; set model")
        if self.vllm is not None and self.model is not None:
            raise ValueError("model has no effect with vllm; remove model")
        if self.vllm is not None and self.arn is not None:
            raise ValueError("arn has no effect with vllm; remove arn")
        if self.served_name is not None and self.vllm is None:
            raise ValueError("servedName has no effect without vllm; set model instead")


class Deployment(Upstream):
    """One of several servers that share the requests for a model."""

    weight: int | None = Field(default=None, ge=1, le=1000)
    """Share of the requests, relative to the weights of the other deployments. Default: equal shares."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        self.one_place()
        return self


class Route(Upstream):
    """An entry of `workloads.litellm.models`: a model, by the name that requests use."""

    deployments: tuple[Deployment, ...] = ()
    """Several servers that share its requests, instead of one of `vllm` and `provider`. A request that fails on one is
    sent to another."""

    fallbacks: tuple[RouteName, ...] = ()
    """Models that are used, in this order, when this one fails."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        own = [name for name in Upstream.model_fields if getattr(self, name) is not None]
        if self.deployments and own:
            field = Upstream.model_fields[own[0]].alias or own[0]
            raise ValueError(f"has deployments, each with its own {field}; move {field} into deployments")
        if not self.deployments:
            self.one_place()
        return self

    def servers(self) -> tuple[Upstream, ...]:
        """Return the servers of the model."""
        return self.deployments or (self,)

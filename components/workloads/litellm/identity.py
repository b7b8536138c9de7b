"""What the gateways' IAM role allows: to invoke exactly the models of AWS that the stack file names."""

from collections.abc import Iterator

import pulumi

from components.identity.policy import Statement
from config.workloads.litellm import Litellm
from config.workloads.litellm_models import Provider, Upstream, model_of_profile

BEDROCK = ("bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream")
"""The Converse API requires the same actions:
https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html
"""

SAGEMAKER = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream")


def model_statements(settings: Litellm, *, region: str, account_id: pulumi.Input[str]) -> list[Statement]:
    """Return the statements for the models of AWS; empty if no model is one of AWS."""
    models: list[pulumi.Input[str]] = []
    profiles: list[pulumi.Input[str]] = []
    of_profiles: list[pulumi.Input[str]] = []
    endpoints: list[pulumi.Input[str]] = []
    for provider, server in _served(settings):
        where, model = provider.region or region, str(server.model)
        if provider.kind != "bedrock":
            # ARNs of endpoints are in lower case.
            endpoints.append(
                pulumi.Output.format("arn:aws:sagemaker:{0}:{1}:endpoint/{2}", where, account_id, model.lower())
            )
            continue
        geography, base = model_of_profile(model)
        if server.arn is not None and not server.is_profile():
            models.append(server.arn)
        elif server.arn is None and geography is None:
            models.append(f"arn:aws:bedrock:{where}::foundation-model/{base}")
        else:
            profile = pulumi.Output.format("arn:aws:bedrock:{0}:{1}:inference-profile/{2}", where, account_id, model)
            profiles.append(profile if server.arn is None else server.arn)
            of_profiles.append(f"arn:aws:bedrock:*::foundation-model/{base}")
    return [
        *([Statement("InvokeModels", BEDROCK, tuple(models))] if models else []),
        *([Statement("InvokeInferenceProfiles", BEDROCK, tuple(profiles))] if profiles else []),
        # The regions of a profile are those that AWS gives it, and the model is invoked through the profile only.
        # https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
        *(
            [
                Statement(
                    "InvokeModelsOfInferenceProfiles",
                    BEDROCK,
                    tuple(dict.fromkeys(of_profiles)),
                    {"StringEquals": {"bedrock:InferenceProfileArn": profiles}},
                )
            ]
            if profiles
            else []
        ),
        *([Statement("InvokeEndpoints", SAGEMAKER, tuple(endpoints))] if endpoints else []),
    ]


def _served(settings: Litellm) -> Iterator[tuple[Provider, Upstream]]:
    """Yield each model of AWS once, with its provider."""
    seen: set[tuple[str | None, str | None, str | None]] = set()
    for route in settings.models.values():
        for server in route.servers():
            key = (server.provider, server.model, server.arn)
            provider = settings.providers.get(server.provider or "")
            if provider is not None and provider.is_aws() and key not in seen:
                seen.add(key)
                yield provider, server

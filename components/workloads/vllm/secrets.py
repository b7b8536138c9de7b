"""API keys of models: generated, stored in Secrets Manager, and synced to the models' namespace."""

from collections.abc import Mapping
from typing import ClassVar

import pulumi

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.secret import Secret
from components.identity.secret_access import SecretAccess, SyncedSecret
from components.workloads.vllm.names import keys_secret
from config.workloads.vllm import API_KEY, NAMESPACE, api_key_secret_name
from config.workloads.vllm import Vllm as VllmSettings


class VllmSecrets(Component):
    """An API key of each model, and the Hub's tokens for models that require one."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:VllmSecrets"

    def __init__(
        self,
        name: str,
        settings: VllmSettings,
        *,
        context: WorkloadContext,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self.api_keys = {
            model: Secret(
                f"{name}-{model}",
                secret_name=api_key_secret_name(context.project, model),
                description=f"vLLM: API key of {model}",
                generated=(API_KEY,),
                opts=self.child(),
            )
            for model in settings.models
        }
        tokens = {
            model: (context.secrets[one.token_secret.secret], one.token_secret.property)
            for model, one in settings.models.items()
            if one.token_secret is not None
        }
        arns = {secret.secret_name: secret.arn for secret, _ in tokens.values()}
        access = SecretAccess(
            name,
            role_name=f"{context.project}-{name}",
            namespace=NAMESPACE,
            region=context.region,
            provider=context.cluster.identity_provider,
            secret_arns=[*(secret.arn for secret in self.api_keys.values()), *arns.values()],
            labels=labels,
            opts=self.child(),
        )
        self.synced: dict[str, SyncedSecret] = {}
        """The synced secrets, by model."""
        for model, secret in self.api_keys.items():
            keys: dict[str, tuple[pulumi.Input[str], str]] = {"api-key": (secret.arn, API_KEY)}
            if model in tokens:
                token, key = tokens[model]
                keys["token"] = (token.arn, key)
            self.synced[model] = access.external_secret(keys_secret(model), keys, version=secret.version_id())
        self.finish()

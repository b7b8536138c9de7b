"""Storage of a model's weights between restarts."""

from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.data.file_system_claim import SharedFolder
from components.identity.access import bucket_statements
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.pods import labels
from config.workloads.vllm import APP, NAMESPACE, VllmModel


class ModelWeights(Component):
    """The claim of a volume or a shared folder, or the permission to read a folder of a bucket.

    Weights on a node's disk need neither.
    """

    TOKEN: ClassVar[str] = "ai-platform:workloads:ModelWeights"

    def __init__(
        self,
        name: str,
        settings: VllmModel,
        *,
        model: str,
        context: WorkloadContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        self._labels = labels(APP, model)
        self._claim_name = f"{model}-weights"
        self.claim: str | None = None
        self.service_account: str | None = None
        self.ready: list[pulumi.Resource] = []
        """Dependencies of the model's pods."""
        self.bucket_name: pulumi.Input[str] | None = None
        if settings.weights.volume is not None:
            self.claim = self._volume(settings.weights.volume)
        elif settings.weights.shared is not None:
            shared = settings.weights.shared
            folder = SharedFolder(context.file_systems[shared.file_system], shared.access_point)
            self.claim = self._shared(folder, f"{context.project}-{APP}-{model}")
        elif settings.weights.streamed is not None:
            self._streamed(settings, model, context)
        self.finish()

    def _volume(self, size: str) -> str:
        claim = kubernetes.core.v1.PersistentVolumeClaim(
            self.name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=self._claim_name,
                namespace=NAMESPACE,
                labels=self._labels,
                # The first pod binds it, and depends on it.
                annotations={"pulumi.com/skipAwait": "true"},
            ),
            spec=kubernetes.core.v1.PersistentVolumeClaimSpecArgs(
                access_modes=["ReadWriteOnce"],
                resources=kubernetes.core.v1.VolumeResourceRequirementsArgs(requests={"storage": size}),
            ),
            opts=self.child(),
        )
        self.ready.append(claim)
        return self._claim_name

    def _shared(self, folder: SharedFolder, volume_name: str) -> str:
        made = folder.volume(
            self.name,
            volume_name=volume_name,
            namespace=NAMESPACE,
            claim_name=self._claim_name,
            labels=self._labels,
            opts=self.child(),
        )
        claim = folder.claim(
            self.name,
            made,
            namespace=NAMESPACE,
            claim_name=self._claim_name,
            labels=self._labels,
            opts=self.child(depends_on=[made]),
        )
        self.ready.append(claim)
        return self._claim_name

    def _streamed(self, settings: VllmModel, model: str, context: WorkloadContext) -> None:
        streamed = settings.weights.streamed
        if streamed is None:
            return
        bucket = context.buckets[streamed.bucket]
        self.bucket_name = bucket.bucket_name
        identity = WorkloadIdentity(
            self.name,
            role_name=f"{context.project}-{APP}-{model}",
            account=ServiceAccount(NAMESPACE, f"{model}-server"),
            provider=context.cluster.identity_provider,
            statements=bucket_statements("Weights", (bucket.objects.below(streamed.path), "read")),
            labels=self._labels,
            opts=self.child(),
        )
        self.service_account = identity.account.name
        self.ready += [identity, *identity.policies]

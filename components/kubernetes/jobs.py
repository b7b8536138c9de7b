"""Jobs that run once for each version of their spec, and CronJobs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.pods import container_security, environment, in_order, mount, pod_security, tolerate, volume
from config.nodes import Taint
from config.workloads.resources import Amounts, Resources

RETRIES = 6
"""Number of retries. It covers a database that starts, and a network policy that is applied after the pod starts."""

SMALL = Resources(requests=Amounts(cpu="50m", memory="64Mi"), limits=Amounts(memory="256Mi"))
SCRATCH = "scratch"
SCRATCH_SIZE = "1Gi"
"""The kubelet evicts a pod whose files in /tmp are larger, before they fill the disk of the node."""

UNMESHED = {"sidecar.istio.io/inject": "false"}
"""Labels of pods that run to completion: they disable the sidecar of a service mesh, which never exits.
https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/"""


class Placed(Protocol):
    """Settings of the nodes on which pods run."""

    @property
    def node_selector(self) -> dict[str, str]:
        """Labels of the nodes."""

    @property
    def tolerations(self) -> tuple[Taint, ...]:
        """Tolerated taints of the nodes."""


@dataclass(frozen=True)
class Step:
    """A container that runs to completion."""

    name: str
    image: str
    command: Sequence[str]
    env: Sequence[kubernetes.core.v1.EnvVarArgs]
    resources: kubernetes.core.v1.ResourceRequirementsArgs
    mounts: Sequence[kubernetes.core.v1.VolumeMountArgs] = ()
    named: Mapping[str, Collection[str]] = field(default_factory=dict)
    """The variables that each value references, for values that are not known yet."""

    def container(self) -> kubernetes.core.v1.ContainerArgs:
        """Return the container. Its home directory is a volume of the pod."""
        return kubernetes.core.v1.ContainerArgs(
            name=self.name,
            image=self.image,
            command=list(self.command),
            env=in_order([*environment({"HOME": "/tmp"}), *self.env], named=self.named),  # noqa: S108, its own
            resources=self.resources,
            security_context=container_security(),
            volume_mounts=[mount(SCRATCH, "/tmp"), *self.mounts],  # noqa: S108, its own volume
        )


def job(
    name: str,
    *,
    namespace: str,
    labels: Mapping[str, str],
    image: str,
    command: Sequence[str],
    env: Sequence[kubernetes.core.v1.EnvVarArgs],
    named: Mapping[str, Collection[str]] | None = None,
    resources: kubernetes.core.v1.ResourceRequirementsArgs,
    user: int,
    deadline_seconds: int,
    volumes: Sequence[kubernetes.core.v1.VolumeArgs] = (),
    mounts: Sequence[kubernetes.core.v1.VolumeMountArgs] = (),
    service_account: str | None = None,
    priority_class: str | None = None,
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    placed: Placed | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.Job:
    """Create a Job that `pulumi up` waits for. Its pod template is immutable, so Pulumi replaces the Job on a change.

    Set `annotations` to values that must rerun the Job without another change, such as the version of a password.
    The Job has no `ttlSecondsAfterFinished`: Pulumi would recreate, and rerun, a Job that the cluster deleted.
    """
    return kubernetes.batch.v1.Job(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace, labels=dict(labels)),
        spec=kubernetes.batch.v1.JobSpecArgs(
            backoff_limit=RETRIES,
            active_deadline_seconds=deadline_seconds,
            template=_pods(
                [Step("job", image, command, env, resources, mounts, named or {})],
                labels=labels,
                annotations=annotations or {},
                user=user,
                volumes=volumes,
                service_account=service_account,
                priority_class=priority_class,
                placed=placed,
            ),
        ),
        opts=opts,
    )


def cron_job(
    name: str,
    *,
    namespace: str,
    object_name: str | None = None,
    labels: Mapping[str, str],
    schedule: str,
    time_zone: str,
    suspended: bool,
    steps: Sequence[Step],
    user: int,
    service_account: str | None = None,
    priority_class: str | None = None,
    retries: int,
    deadline_seconds: int,
    start_within_seconds: int,
    volumes: Sequence[kubernetes.core.v1.VolumeArgs] = (),
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    placed: Placed | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.CronJob:
    """Create a CronJob without concurrent runs, whose pod runs the `steps` in sequence.

    A failed step is retried and later steps do not start. The Job fails after `retries`. `suspended` stops only the
    schedule; `kubectl create job --from=cronjob/NAME` still works. The object is named `object_name`, or else `name`.
    """
    return kubernetes.batch.v1.CronJob(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=object_name or name, namespace=namespace, labels=dict(labels)),
        spec=kubernetes.batch.v1.CronJobSpecArgs(
            schedule=schedule,
            time_zone=time_zone,
            suspend=suspended,
            concurrency_policy="Forbid",
            starting_deadline_seconds=start_within_seconds,
            successful_jobs_history_limit=3,
            failed_jobs_history_limit=3,
            job_template=kubernetes.batch.v1.JobTemplateSpecArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=dict(labels)),
                spec=kubernetes.batch.v1.JobSpecArgs(
                    backoff_limit=retries,
                    active_deadline_seconds=deadline_seconds,
                    template=_pods(
                        steps,
                        labels=labels,
                        annotations=annotations or {},
                        user=user,
                        volumes=volumes,
                        service_account=service_account,
                        priority_class=priority_class,
                        placed=placed,
                    ),
                ),
            ),
        ),
        opts=opts,
    )


def _pods(
    steps: Sequence[Step],
    *,
    labels: Mapping[str, str],
    annotations: Mapping[str, pulumi.Input[str]],
    user: int,
    volumes: Sequence[kubernetes.core.v1.VolumeArgs],
    service_account: str | None,
    priority_class: str | None,
    placed: Placed | None,
) -> kubernetes.core.v1.PodTemplateSpecArgs:
    *first, last = steps
    return kubernetes.core.v1.PodTemplateSpecArgs(
        metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=dict(labels), annotations=dict(annotations)),
        spec=kubernetes.core.v1.PodSpecArgs(
            restart_policy="OnFailure",
            service_account_name=service_account,
            automount_service_account_token=False,
            enable_service_links=False,
            priority_class_name=priority_class,
            security_context=pod_security(user),
            node_selector=dict(placed.node_selector) or None if placed else None,
            tolerations=tolerate(placed.tolerations) if placed else None,
            init_containers=[step.container() for step in first] or None,
            containers=[last.container()],
            volumes=[
                volume(SCRATCH, empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=SCRATCH_SIZE)),
                *volumes,
            ],
        ),
    )

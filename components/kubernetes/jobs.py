"""Jobs that run once for each state of what they do."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.pods import container_security, mount, pod_security, volume
from config.workloads.resources import Amounts, Resources

RETRIES = 6
"""Enough for a database that starts up and a network policy that comes a moment later than the pod."""

SMALL = Resources(requests=Amounts(cpu="50m", memory="64Mi"), limits=Amounts(memory="256Mi"))
SCRATCH = "scratch"


def job(
    name: str,
    *,
    namespace: str,
    labels: Mapping[str, str],
    image: str,
    command: Sequence[str],
    env: Sequence[kubernetes.core.v1.EnvVarArgs],
    resources: kubernetes.core.v1.ResourceRequirementsArgs,
    user: int,
    deadline_seconds: int,
    volumes: Sequence[kubernetes.core.v1.VolumeArgs] = (),
    mounts: Sequence[kubernetes.core.v1.VolumeMountArgs] = (),
    annotations: Mapping[str, pulumi.Input[str]] | None = None,
    opts: pulumi.ResourceOptions,
) -> kubernetes.batch.v1.Job:
    """A Job that `pulumi up` waits for. Its pod cannot be changed, so Pulumi replaces it where that differs.

    What must make it run again without a change of its own (a new password, say) goes into `annotations`. It has no
    time to live: one that the cluster deleted would be made, and run, again.
    """
    return kubernetes.batch.v1.Job(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(name=name, namespace=namespace, labels=dict(labels)),
        spec=kubernetes.batch.v1.JobSpecArgs(
            backoff_limit=RETRIES,
            active_deadline_seconds=deadline_seconds,
            template=kubernetes.core.v1.PodTemplateSpecArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=dict(labels), annotations=dict(annotations or {})),
                spec=kubernetes.core.v1.PodSpecArgs(
                    restart_policy="OnFailure",
                    automount_service_account_token=False,
                    enable_service_links=False,
                    security_context=pod_security(user),
                    containers=[
                        kubernetes.core.v1.ContainerArgs(
                            name="job",
                            image=image,
                            command=list(command),
                            env=[kubernetes.core.v1.EnvVarArgs(name="HOME", value="/tmp"), *env],  # noqa: S108, its own
                            resources=resources,
                            security_context=container_security(),
                            volume_mounts=[mount(SCRATCH, "/tmp"), *mounts],  # noqa: S108, its own volume
                        )
                    ],
                    volumes=[volume(SCRATCH, empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs()), *volumes],
                ),
            ),
        ),
        opts=opts,
    )

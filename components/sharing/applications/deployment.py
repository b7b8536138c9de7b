"""The Deployment of an application in one environment."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pulumi
import pulumi_kubernetes as kubernetes

from components.kubernetes.eviction import kept_in_place
from components.kubernetes.pods import (
    container_security,
    in_order,
    mount,
    pod_security,
    probe,
    resources,
    selector,
    sleep_first,
    volume,
)
from components.kubernetes.pods import environment as variables
from components.kubernetes.scaling import spread
from components.sharing.environment.environment import Environment
from components.sharing.environment.names import CACHE_CONFIGURATION, CONNECTIONS
from config.applications import Application, Service
from config.node_pools import NodePool
from config.nodes import GPU_TAINT_KEY
from config.timeouts import PRE_STOP_SECONDS, Timeouts

SCRATCH = "/tmp"  # noqa: S108, a volume of the pod
STARTUP_PERIOD = 5
DELIVERED = {"argocd.argoproj.io/sync-options": "Prune=false,Delete=false"}
"""Argo CD manages one field of the Deployment, and never deletes the Deployment:
https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/
"""

IMAGE = "spec.template.spec.containers[0].image"


def deployment(
    name: str,
    settings: Application,
    *,
    metadata: kubernetes.meta.v1.ObjectMetaArgs,
    application: str,
    service: Service,
    environment: Environment,
    timeouts: Timeouts,
    labels: Mapping[str, str],
    delivered: bool,
    pools: Iterable[NodePool] = (),
    opts: pulumi.ResourceOptions,
) -> kubernetes.apps.v1.Deployment:
    """Create the Deployment.

    If Argo CD delivers new versions (`delivered`), it applies manifests that contain only the image, by server-side
    apply, and becomes the manager of that field. Pulumi creates the Deployment with the image of the stack file and
    ignores later changes of the image. Otherwise each `pulumi up` would restore the old version, and Argo CD the new
    one.
    """
    kept = kept_in_place(pool for pool in pools if pool.has_gpus()) if settings.gpus else {}
    return kubernetes.apps.v1.Deployment(
        name,
        metadata=kubernetes.meta.v1.ObjectMetaArgs(
            name=metadata.name,
            namespace=metadata.namespace,
            labels=dict(labels),
            annotations=DELIVERED if delivered else None,
        ),
        spec=kubernetes.apps.v1.DeploymentSpecArgs(
            # The autoscaler manages the number of replicas.
            replicas=None if settings.scaling else settings.replicas,
            selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(labels)),
            strategy=_strategy(settings),
            template=kubernetes.core.v1.PodTemplateSpecArgs(
                metadata=kubernetes.meta.v1.ObjectMetaArgs(
                    labels=dict(labels), annotations={**environment.pod_annotations, **kept} or None
                ),
                spec=_pod(settings, application, service, environment, labels, timeouts=timeouts),
            ),
        ),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(ignore_changes=[IMAGE] if delivered else None)),
    )


def _strategy(settings: Application) -> kubernetes.apps.v1.DeploymentStrategyArgs:
    """Return the update strategy: a new pod is ready before an old one is terminated.

    With GPUs the old pod is terminated first: the new one would wait for a GPU that the quota denies or that has no
    capacity, and the rollout would not progress.
    """
    surge, unavailable = (0, 1) if settings.gpus else (1, 0)
    return kubernetes.apps.v1.DeploymentStrategyArgs(
        type="RollingUpdate",
        rolling_update=kubernetes.apps.v1.RollingUpdateDeploymentArgs(max_surge=surge, max_unavailable=unavailable),
    )


def _pod(
    settings: Application,
    application: str,
    service: Service,
    environment: Environment,
    labels: Mapping[str, str],
    *,
    timeouts: Timeouts,
) -> kubernetes.core.v1.PodSpecArgs:
    replicas = settings.scaling.min if settings.scaling else settings.replicas
    return kubernetes.core.v1.PodSpecArgs(
        service_account_name=environment.service_account,
        automount_service_account_token=False,
        enable_service_links=False,
        priority_class_name=service.priority_class or environment.priority_class,
        termination_grace_period_seconds=timeouts.grace_period,
        security_context=pod_security(settings.user_id),
        node_selector=dict(settings.node_selector) or None,
        tolerations=[kubernetes.core.v1.TolerationArgs(key=GPU_TAINT_KEY, operator="Exists", effect="NoSchedule")]
        if settings.gpus
        else None,
        # GPUs are used in any zone that has capacity.
        topology_spread_constraints=spread(labels, strict=replicas > 1 and not settings.gpus),
        containers=[_container(settings, application, environment, _limits(timeouts))],
        volumes=[
            volume("scratch", empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=settings.scratch)),
            *(
                volume(
                    f"claim-{key}",
                    persistent_volume_claim=kubernetes.core.v1.PersistentVolumeClaimVolumeSourceArgs(
                        claim_name=key, read_only=environment.settings.volumes[key].read_only or None
                    ),
                )
                for key in settings.volumes
            ),
        ],
    )


def _container(
    settings: Application, application: str, environment: Environment, limits: Mapping[str, str]
) -> kubernetes.core.v1.ContainerArgs:
    return kubernetes.core.v1.ContainerArgs(
        name=application,
        image=settings.image,
        command=list(settings.command) or None,
        args=list(settings.arguments) or None,
        env=_variables(settings, application, environment, limits),
        env_from=_sources(environment),
        ports=[kubernetes.core.v1.ContainerPortArgs(name="http", container_port=settings.port)],
        resources=resources(settings.resources, scratch=settings.scratch, gpus=settings.gpus),
        startup_probe=probe(
            settings.probes.path,
            period=STARTUP_PERIOD,
            failures=math.ceil(settings.probes.startup_seconds / STARTUP_PERIOD),
        ),
        readiness_probe=probe(settings.probes.path, period=10, failures=3),
        liveness_probe=probe(settings.probes.path, period=20, failures=6),
        lifecycle=sleep_first(PRE_STOP_SECONDS),
        security_context=container_security(),
        volume_mounts=[
            mount("scratch", SCRATCH),
            *(
                mount(f"claim-{key}", path, read_only=environment.settings.volumes[key].read_only)
                for key, path in settings.volumes.items()
            ),
        ],
    )


def _limits(timeouts: Timeouts) -> dict[str, str]:
    """Return the time limits of a server behind the load balancer, by the names of uvicorn and gunicorn.

    https://www.uvicorn.org/settings/, https://docs.gunicorn.org/en/stable/settings.html
    """
    return {
        "KEEP_ALIVE_SECONDS": str(timeouts.keep_alive),
        "UVICORN_TIMEOUT_KEEP_ALIVE": str(timeouts.keep_alive),
        "UVICORN_TIMEOUT_GRACEFUL_SHUTDOWN": str(timeouts.drain),
        "GUNICORN_CMD_ARGS": f"--keep-alive={timeouts.keep_alive} --graceful-timeout={timeouts.drain}",
    }


def _variables(
    settings: Application, application: str, environment: Environment, limits: Mapping[str, str]
) -> list[kubernetes.core.v1.EnvVarArgs]:
    """Return the variables of the environment's name, of the stack file, and of the application's own secrets."""
    own = environment.secrets.of_applications.get(application)
    return in_order(
        [
            *variables(
                {
                    "ENVIRONMENT": environment.environment,
                    "NAMESPACE": environment.namespace.namespace,
                    "AWS_DEFAULT_REGION": environment.region,
                    "HOME": SCRATCH,
                    **limits,
                    **settings.environment,
                }
            ),
            *(own.environment({variable: variable for variable in settings.secrets}) if own else ()),
        ]
    )


def _sources(environment: Environment) -> list[kubernetes.core.v1.EnvFromSourceArgs] | None:
    """Return references to the settings and secrets of the environment's database, cache and connections."""
    secrets = environment.secrets
    sources = [one.all_keys() for one in (secrets.database, secrets.cache, secrets.models) if one is not None]
    for made, name in ((environment.cache_configuration, CACHE_CONFIGURATION), (environment.connections, CONNECTIONS)):
        if made is None:
            continue
        reference = kubernetes.core.v1.ConfigMapEnvSourceArgs(name=name)
        sources.append(kubernetes.core.v1.EnvFromSourceArgs(config_map_ref=reference))
    return sources or None

"""The routers of a model: they keep a conversation on the replica with its prefix cache.

Shepherd Model Gateway, Apache-2.0, formerly SGLang's router: https://github.com/smg-project/smg
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pulumi
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.identity.secret_access import SyncedSecret
from components.kubernetes.pods import (
    container_security,
    environment,
    in_order,
    labels,
    mount,
    pod_security,
    probe,
    resources,
    selector,
    sleep_first,
    volume,
)
from components.kubernetes.scaling import disruption_budget, spread
from components.workloads.vllm.names import SCRATCH
from config.serving.names import Routing
from config.timeouts import PRE_STOP_SECONDS, Timeouts
from config.workloads.resources import Amounts, Resources
from config.workloads.vllm import APP, NAMESPACE, ROUTER_METRICS_PORT, router

COMMAND = ("python3", "-m", "smg.launch_router")
USER_ID = 65532
"""User ID of the image: https://github.com/smg-project/smg/blob/main/docker/Dockerfile"""

REPLICAS: Mapping[Routing, int] = {"prefix": 1, "session": 2}
"""The tree of prefixes is in the memory of a process; the hash of a session is the same in each:
https://github.com/kubernetes-sigs/gateway-api-inference-extension/issues/2102"""

POLICIES: Mapping[Routing, Sequence[str]] = {
    "prefix": (
        "--policy=cache_aware",
        # A short question before a long answer is a small share of the next prompt.
        "--cache-threshold=0.01",
        # A replica that is busier than the others by this number of requests gets no further conversation.
        "--balance-abs-threshold=4",
        # Characters: about as many tokens as a replica's cache has.
        "--max-tree-size=16777216",
    ),
    "session": ("--policy=consistent_hashing", "--routing-key-headers", "X-Session-ID", "X-OpenWebUI-Chat-Id"),
}

SIZE = Resources(requests=Amounts(cpu="100m", memory="256Mi"), limits=Amounts(memory="1Gi"))
UNREACHABLE_SECONDS = 30
"""After this time the pod of a lost node is replaced, instead of after 300 seconds."""


@dataclass(frozen=True)
class Routes:
    """What a model's routers have to know."""

    model: str
    by: Routing
    served_name: str
    aliases: Sequence[str]
    image: str
    port: int
    keys: SyncedSecret
    timeouts: Timeouts
    always_on: bool
    """Whether the model has a replica at any time."""


def arguments(routes: Routes) -> list[str]:
    """Return the arguments. The routers find replicas that are ready by their labels, in the Kubernetes API."""
    given = {
        "host": "0.0.0.0",  # noqa: S104, the pod's own address; a network policy says who connects
        "port": routes.port,
        "backend": "vllm",
        "service-discovery-port": routes.port,
        "service-discovery-namespace": NAMESPACE,
        "api-key": "$(API_KEY)",
        # Its API for replicas has another key than the model's: with that, a client could add a replica of its own.
        "control-plane-api-keys": "pod:pod:admin:$(POD_UID)",
        "request-timeout-secs": routes.timeouts.response,
        "idle-connection-timeout-secs": routes.timeouts.keep_alive,
        "shutdown-grace-period-secs": routes.timeouts.drain,
        "health-check-interval-secs": 10,
        "history-backend": "none",
        "prometheus-port": ROUTER_METRICS_PORT,
        "log-level": "warn",
    }
    return [
        *(f"--{option}={value}" for option, value in given.items()),
        "--disable-tokenizer-autoload",
        # It reads one name from a replica, and asks for that one by any of these.
        *(f"--model-alias={alias}={routes.served_name}" for alias in routes.aliases),
        "--service-discovery",
        "--selector",
        *(f"{key}={value}" for key, value in selector(labels(APP, routes.model)).items()),
        *POLICIES[routes.by],
    ]


class ModelRouter(Component):
    """The routers, and their permission to list the pods of the namespace."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:ModelRouter"

    def __init__(self, name: str, *, routes: Routes, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, opts)
        self._routes = routes
        self._object_name = router(routes.model)
        self.labels = labels(APP, self._object_name)
        replicas = REPLICAS[routes.by]
        self.deployment = kubernetes.apps.v1.Deployment(
            name,
            metadata=self._metadata(),
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                replicas=replicas,
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(self.labels)),
                strategy=kubernetes.apps.v1.DeploymentStrategyArgs(
                    type="RollingUpdate",
                    rolling_update=kubernetes.apps.v1.RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0),
                ),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=self.labels), spec=self._pod()
                ),
            ),
            opts=self.child(depends_on=self._permission()),
        )
        if replicas > 1:
            disruption_budget(name, metadata=self._metadata(), labels=self.labels, opts=self.child())
        self.finish()

    def _metadata(self) -> kubernetes.meta.v1.ObjectMetaArgs:
        return kubernetes.meta.v1.ObjectMetaArgs(name=self._object_name, namespace=NAMESPACE, labels=self.labels)

    def _permission(self) -> list[pulumi.Resource]:
        account = kubernetes.core.v1.ServiceAccount(
            self.name, metadata=self._metadata(), automount_service_account_token=False, opts=self.child()
        )
        role = kubernetes.rbac.v1.Role(
            self.name,
            metadata=self._metadata(),
            rules=[
                kubernetes.rbac.v1.PolicyRuleArgs(api_groups=[""], resources=["pods"], verbs=["get", "list", "watch"])
            ],
            opts=self.child(),
        )
        subject = kubernetes.rbac.v1.SubjectArgs(kind="ServiceAccount", name=self._object_name, namespace=NAMESPACE)
        binding = kubernetes.rbac.v1.RoleBinding(
            self.name,
            metadata=self._metadata(),
            role_ref=kubernetes.rbac.v1.RoleRefArgs(
                api_group="rbac.authorization.k8s.io", kind="Role", name=self._object_name
            ),
            subjects=[subject],
            opts=self.child(depends_on=[account, role]),
        )
        return [account, role, binding]

    def _pod(self) -> kubernetes.core.v1.PodSpecArgs:
        timeouts = self._routes.timeouts
        return kubernetes.core.v1.PodSpecArgs(
            service_account_name=self._object_name,
            automount_service_account_token=True,
            enable_service_links=False,
            termination_grace_period_seconds=timeouts.grace_period,
            security_context=pod_security(USER_ID),
            topology_spread_constraints=spread(self.labels, strict=False),
            tolerations=[
                kubernetes.core.v1.TolerationArgs(
                    key=f"node.kubernetes.io/{condition}",
                    operator="Exists",
                    effect="NoExecute",
                    toleration_seconds=UNREACHABLE_SECONDS,
                )
                for condition in ("not-ready", "unreachable")
            ],
            containers=[self._container()],
            volumes=[
                volume("scratch", empty_dir=kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit="100Mi")),
            ],
        )

    def _container(self) -> kubernetes.core.v1.ContainerArgs:
        routes = self._routes
        uid = kubernetes.core.v1.EnvVarArgs(
            name="POD_UID",
            value_from=kubernetes.core.v1.EnvVarSourceArgs(
                field_ref=kubernetes.core.v1.ObjectFieldSelectorArgs(field_path="metadata.uid")
            ),
        )
        return kubernetes.core.v1.ContainerArgs(
            name="router",
            image=routes.image,
            command=list(COMMAND),
            args=list(arguments(routes)),
            env=in_order([uid, *environment({"HOME": SCRATCH}), *routes.keys.environment({"API_KEY": "api-key"})]),
            ports=[
                kubernetes.core.v1.ContainerPortArgs(name="http", container_port=routes.port),
                kubernetes.core.v1.ContainerPortArgs(name="metrics", container_port=ROUTER_METRICS_PORT),
            ],
            resources=resources(SIZE),
            startup_probe=probe("/health", period=2, failures=60),
            # Ready once it has found a replica; without one, a model that scales to zero has routers all the same.
            readiness_probe=probe("/readiness" if routes.always_on else "/health", period=5, failures=3),
            liveness_probe=probe("/health", period=20, failures=6),
            lifecycle=sleep_first(PRE_STOP_SECONDS),
            security_context=container_security(),
            volume_mounts=[mount("scratch", SCRATCH)],
        )

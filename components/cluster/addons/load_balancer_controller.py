"""The AWS Load Balancer Controller."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pulumi

from catalog.kubernetes_kinds import Kind
from catalog.versions import LOAD_BALANCER_CONTROLLER
from components.base.component import Component
from components.base.naming import web_acl_name
from components.cluster.addons.addon import (
    SYSTEM_NAMESPACE,
    AddonContext,
    AddonType,
    Installed,
    definitions,
    release,
    spread,
)
from components.cluster.addons.load_balancer_controller_policy import binding_statements, ingress_statements
from components.identity.workload_identity import ServiceAccount, WorkloadIdentity
from components.kubernetes.charts import Chart, SystemPods, Values, deployment
from config.addons import LoadBalancerController as LoadBalancerControllerSettings

ACCOUNT = "aws-load-balancer-controller"


class LoadBalancerController(Component, Installed):
    """Registers pods with Pulumi's load balancers, or creates load balancers from Ingresses, by `ingress.owner`."""

    TOKEN: ClassVar[str] = "ai-platform:addons:LoadBalancerController"

    def __init__(
        self,
        name: str,
        settings: LoadBalancerControllerSettings,
        *,
        context: AddonContext,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        vpc_id = context.cluster.vpc_id
        makes_balancers = context.settings.ingress.owner == "controller"
        identity = WorkloadIdentity(
            name,
            role_name=f"{context.project}-alb-ingress-controller",
            policy_name=settings.policy_name,
            account=ServiceAccount(SYSTEM_NAMESPACE, ACCOUNT),
            provider=context.cluster.identity_provider,
            statements=ingress_statements(
                context.region,
                context.account_id,
                context.cluster_name,
                vpc_id,
                web_acl=web_acl_name(context.settings),
            )
            if makes_balancers
            else binding_statements(context.region, context.account_id, context.cluster_name),
            create_service_account=False,
            opts=self.child(),
        )
        defined = definitions(name, of=LOAD_BALANCER_CONTROLLER, opts=self.child(waits=False))
        chart = release(
            name,
            settings,
            context,
            chart=LOAD_BALANCER_CONTROLLER,
            values=self._values(context, identity, makes_balancers=makes_balancers),
            after_definitions=defined,
            opts=self.child(depends_on=identity.policies),
        )
        self.outputs = {"alb_controller_role_arn": identity.role_arn}
        self.installed = [chart]
        self.finish(role_arn=identity.role_arn)

    def _values(self, context: AddonContext, identity: WorkloadIdentity, *, makes_balancers: bool) -> dict[str, Any]:
        return {
            "clusterName": context.cluster_name,
            # Set here, because pods cannot read the instance metadata with a hop limit of one.
            "region": context.region,
            "vpcId": context.cluster.vpc_id,
            "replicaCount": context.replicas,
            **({"podDisruptionBudget": {"maxUnavailable": 1}} if context.replicas > 1 else {}),
            "topologySpreadConstraints": spread(context.replicas, ACCOUNT),
            "serviceAccount": {"create": True, "name": ACCOUNT, "annotations": identity.annotations()},
            "resources": {"requests": {"cpu": "50m", "memory": "128Mi"}, "limits": {"memory": "512Mi"}},
            "podSecurityContext": {"fsGroup": 65534, "seccompProfile": {"type": "RuntimeDefault"}},
            "securityContext": {"capabilities": {"drop": ["ALL"]}},
            "keepTLSSecret": True,
            # The webhook would intercept every Service at the API server, even before the controller is ready.
            "enableServiceMutatorWebhook": False,
            "enableShield": False,
            "enableWaf": False,
            "enableWafv2": makes_balancers and context.settings.ingress.waf is not None,
            "controllerConfig": {
                "featureGates": {"EnableServiceController": False, "ALBGatewayAPI": False, "NLBGatewayAPI": False}
            },
            "createIngressClassResource": makes_balancers,
            "ingressClassParams": {"create": makes_balancers},
            "webhookConfig": {"disableIngressValidation": not makes_balancers},
            "defaultTargetType": "ip",
            "defaultLoadBalancerScheme": "internal",
            "defaultSSLPolicy": context.settings.ingress.tls_policy,
            "defaultTags": context.settings.project.default_tags(),
        }


def _pods(values: Values) -> Iterator[SystemPods]:
    yield deployment("aws-load-balancer-controller", values, default=2)


ADDON = AddonType(
    LoadBalancerController,
    {
        ACCOUNT: Chart(_pods, kinds={"elbv2.k8s.aws/v1beta1:TargetGroupBinding": Kind()}, definitions="release"),
    },
    after="names",
    gives="controllers",
)

"""The platform: every component in dependency order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from catalog.versions import KUBECTL_RELEASES
from components.base.component import Component, Former
from components.base.importing import Imports
from components.base.mirroring import mirroring
from components.base.protection import protection
from components.base.renaming import renaming
from components.cluster.addons.addon import AddonContext
from components.cluster.addons.installed import ClusterAddons, NodeAddons
from components.cluster.aws_permissions import grant
from components.cluster.capacity import node_groups, node_pools
from components.cluster.control_plane import Cluster
from components.context.context import WorkloadContext
from components.data.access_logs import AccessLogs
from components.data.certificates import Authority
from components.data.stores import Stores
from components.database_setup.mysql_users import mysql_users
from components.gitops.gitops import GitOps
from components.identity.boundary import bounded
from components.ingress.ingress import Ingress
from components.instances.instances import Instances
from components.instances.server import Server
from components.kubeflow.kubeflow import Kubeflow
from components.kubernetes.namespace import Namespace
from components.kubernetes.priority import PlatformPriorities, prioritize
from components.network.vpc import Network
from components.operations.alarms.alarms import Alarms
from components.operations.backup.alarms import BackupAlarms
from components.operations.backup.recovery import protect
from components.operations.costs.budget import AllocationTags, Budget
from components.operations.monitoring.monitoring import Monitoring
from components.operations.schedule.scheduled import stop_on_schedule
from components.sharing.environments import Environments
from components.sharing.tenants.tenants import Tenants
from components.workloads import build
from config.offline import network
from config.parts import DATABASE_SETUP
from config.settings import Settings


class Platform(Component):
    """Compose every component of a stack in dependency order; destroy runs in reverse."""

    TOKEN: ClassVar[str] = "ai-platform:platform:Platform"

    def __init__(self, name: str, settings: Settings, *, opts: pulumi.ResourceOptions | None = None) -> None:
        imports = Imports(settings.project.imports)
        changes = [
            *imports.transformations(),
            *renaming(settings),
            *mirroring(settings),
            *bounded(settings.project, account_id=lambda: self._account_id),
            protection(settings),
            prioritize,
        ]
        super().__init__(name, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=changes)))
        self._settings = settings
        self.outputs: dict[str, pulumi.Input[Any]] = {}
        self._aws = self._cloud("aws", settings.project.region)
        self._account_id = self._account()
        self.network = self._network()
        self.cluster = self._cluster()
        addon_context = AddonContext(settings, self.cluster, self._account_id)
        node_addons = NodeAddons("node-addons", context=addon_context, opts=self._on_cluster([]))
        priorities = PlatformPriorities("priorities", opts=self._on_cluster([]))
        # Everything that runs on nodes is created after them, and so after the classes that its pods name.
        ready = [*self.network.ways_out, *node_addons.installed, *priorities.classes]
        nodes = node_groups(
            settings,
            cluster=self.cluster,
            network=self.network,
            role_options=self._in_aws(),
            options=lambda: self._in_aws(ready),
        )
        pools = node_pools(context=addon_context, network=self.network, after=nodes, options=self._on_cluster)
        addons = ClusterAddons("cluster-addons", context=addon_context, opts=self._on_cluster([*nodes, *pools]))
        self._elsewhere = {region: self._cloud(f"aws-{region}", region) for region in settings.other_regions()}
        self._access_logs = AccessLogs(settings, account_id=self._account_id, options=self._in_region)
        self.authority = self._authority()
        self.stores = Stores.of(
            settings,
            authority=self.authority,
            network=self.network,
            client_security_group_id=self.cluster.security_groups.node_id,
            access_logs=self._access_logs,
            in_aws=self._in_aws,
            on_cluster=lambda: self._on_cluster(nodes),
        )
        self._recovery()
        self._instances()
        stop_on_schedule(
            settings,
            stores=self.stores,
            servers=self.servers,
            account_id=self._account_id,
            in_aws=self._in_aws,
        )
        self._alarms(self._costs())
        context = self._context(addons)
        context = replace(context, watching=self._monitoring(addons, context))
        users = mysql_users(context, on_cluster=lambda: self._on_cluster(addons.controllers))
        context = replace(context, database_users=users)
        context = self._workloads(addons, context)
        environments = self._environments(addons, context)
        self.kubeflow = self._kubeflow(addons, context)
        self._tenants(addons, context)
        self._gitops(addon_context, context, after=[*addons.controllers, *context.watching, *environments])
        self._export(addons, context)
        imports.check()
        self.finish(**self.outputs)

    def _cloud(self, name: str, region: str) -> aws.Provider:
        """Create an AWS provider for a region that sets the platform's default tags."""
        project = self._settings.project
        role = project.assumed_role()
        return aws.Provider(
            name,
            region=region,
            profile=project.profile,
            assume_roles=[aws.ProviderAssumeRoleArgs(role_arn=role)] if role else None,
            allowed_account_ids=[project.account_id] if project.account_id else None,
            default_tags=aws.ProviderDefaultTagsArgs(tags=project.default_tags()),
            opts=self.child(),
        )

    def _account(self) -> pulumi.Input[str]:
        if self._settings.project.account_id is not None:
            return self._settings.project.account_id
        caller = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(parent=self, provider=self._aws))
        return caller.account_id

    def _network(self) -> Network:
        settings = self._settings
        return Network(
            "network",
            network(settings),
            vpc_name=settings.vpc_name(),
            cluster_name=settings.cluster_name(),
            region=settings.project.region,
            account_id=self._account_id,
            default_tags=settings.project.default_tags(),
            opts=self._in_aws(),
        )

    def _cluster(self) -> Cluster:
        settings = self._settings
        return Cluster(
            "cluster",
            settings.cluster,
            project=settings.project.name,
            profile=settings.project.profile,
            assumed_role=settings.project.assumed_role(),
            cluster_name=settings.cluster_name(),
            region=settings.project.region,
            vpc_id=self.network.vpc_id,
            subnet_ids=self.network.control_plane_subnets_in(settings.cluster.zones),
            account_id=self._account_id,
            opts=self._in_aws(),
        )

    def _in_aws(self, depends_on: Sequence[pulumi.Resource] = ()) -> pulumi.ResourceOptions:
        """Return the options of components with only AWS resources."""
        return self.child(providers=[self._aws], depends_on=depends_on)

    def _in_region(self, region: str) -> pulumi.ResourceOptions:
        """Return the options of AWS resources in a region."""
        return self.child(providers=[self._elsewhere.get(region, self._aws)])

    def _on_cluster(self, depends_on: list[pulumi.Resource], *formerly: Former) -> pulumi.ResourceOptions:
        """Return the options of components with Kubernetes objects."""
        return self.child(providers=[self._aws, self.cluster.provider], depends_on=depends_on, formerly=formerly)

    def _recovery(self) -> None:
        """Create backups, replicas in other regions, and IAM permissions of users for incidents."""
        settings = self._settings
        roles = {key: one.role_name for key, one in self.cluster.people.items() if one.role_name is not None}
        common: dict[str, Any] = {
            "account_id": self._account_id,
            "in_aws": self._in_aws,
        }
        built = protect(
            settings, stores=self.stores, access_logs=self._access_logs, elsewhere=self._elsewhere, **common
        )
        self.outputs.update(built)
        grant(settings, roles=roles, **common)

    def _instances(self) -> None:
        """Create the EC2 instances outside the cluster."""
        settings = self._settings
        self.servers: dict[str, Server] = {}
        self._server_groups: dict[str, pulumi.Output[str]] = {}
        self._private_zone_id: pulumi.Output[str] | None = None
        if not settings.instances:
            return
        project = settings.project
        built = Instances(
            "instances",
            servers=settings.instances,
            domain=settings.private_domain(),
            network=self.network,
            vpc_cidrs=settings.network.vpc_cidrs(),
            cluster_groups=self.cluster.security_groups,
            node_ingress=settings.cluster.security_groups.nodes.ingress,
            context={
                "project": project.name,
                "region": project.region,
                "account_id": self._account_id,
                "cluster_name": settings.cluster_name(),
                "cluster_arn": self.cluster.arn,
                "kubectl": KUBECTL_RELEASES.get(settings.cluster.version, next(iter(KUBECTL_RELEASES.values()))),
                "place": settings.image,
                "repositories": {key: (one.arn, one.url) for key, one in self.stores.repositories.items()},
                "secret_arns": {key: one.arn for key, one in self.stores.secrets.items()},
            },
            opts=self._in_aws([self.cluster.eks]),
        )
        self.servers = built.servers
        self._server_groups = built.group_ids
        self._private_zone_id = built.zone_id
        self.outputs.update(built.outputs)

    def _costs(self) -> pulumi.Output[str] | None:
        """Create the budget and the cost allocation tags. Return the SNS topic of urgent alerts, or None."""
        settings = self._settings
        project, costs = settings.project, settings.costs
        active: list[pulumi.Resource] = []
        if costs.allocation_tags:
            active = [AllocationTags("allocation-tags", tags=costs.allocation_tags, opts=self._in_aws())]
        if costs.budget is None or not costs.budget.told():
            return None
        built = Budget(
            "budget",
            costs.budget,
            budget_name=settings.budget_name(),
            project=project.name,
            project_tag=project.default_tags()["Project"],
            account_id=self._account_id,
            # A budget counts the costs of a tag from its activation on.
            opts=self._in_aws(active),
        )
        self.outputs.update(built.outputs)
        return built.urgent_topic

    def _alarms(self, urgent_topic: pulumi.Output[str] | None) -> None:
        settings = self._settings
        if settings.alarms is None:
            return
        built = Alarms(
            "alarms",
            settings.alarms,
            project=settings.project.name,
            topic_name=settings.alarm_topic(),
            region=settings.project.region,
            account_id=self._account_id,
            cluster_name=settings.cluster_name(),
            instance_ids={key: server.instance_ids for key, server in self.servers.items()},
            database_identifiers={key: settings.database_identifier(key) for key in settings.databases},
            urgent_topic=urgent_topic,
            opts=self._in_aws(),
        )
        self.outputs.update(built.outputs)
        if settings.backups is not None and settings.backups.recovery_point_hours is not None:
            BackupAlarms("backup-alarms", settings, topic_arn=built.outputs["alarm_topic_arn"], opts=self._in_aws())

    def _context(self, addons: ClusterAddons) -> WorkloadContext:
        """Return the context of components on the cluster.

        Create the ingress and the namespace of database setup Jobs if the stack requires them.
        """
        settings = self._settings
        ingress = self._ingress()
        setup = None
        wanted = any(workload.settings.uses("databases") for workload in settings.workloads.wanted())
        users = any(database.users for database in settings.databases.values())
        if wanted or users or any(environment.database for environment in settings.environments.values()):
            setup = Namespace(
                DATABASE_SETUP,
                namespace=DATABASE_SETUP,
                opts=self._on_cluster(addons.controllers),
            )
        return WorkloadContext(
            settings=settings,
            network=self.network,
            cluster=self.cluster,
            account_id=self._account_id,
            databases={**self.stores.databases, **self.stores.aurora},
            caches=self.stores.caches,
            buckets=self.stores.buckets,
            secrets=self.stores.secrets,
            ingress_or_none=ingress,
            setup=setup,
            file_systems=self.stores.file_systems,
            repositories=self.stores.repositories,
            server_groups=self._server_groups,
            private_zone_id=self._private_zone_id,
            access_logs=self._access_logs,
            authority_or_none=self.authority,
        )

    def _authority(self) -> Authority | None:
        """Create the authority of the certificates of stores in the cluster, and export its own."""
        settings = self._settings
        if not settings.needs_authority():
            return None
        built = Authority("stores-authority", settings.tls, project=settings.project.name, opts=self.child())
        self.outputs["stores_ca_certificate"] = built.certificate
        return built

    def _ingress(self) -> Ingress | None:
        """Create the ingress if a workload, a host or an inbound rule of the nodes requires it."""
        settings = self._settings
        workloads = [workload.settings for workload in settings.workloads.wanted()]
        services = [service for one in settings.environments.values() for service in one.services.values()]
        parts = (settings.monitoring, settings.gitops, settings.kubeflow, *services)
        hosts = [host.name for workload in workloads for host in workload.hosts()]
        hosts += [part.host for part in parts if part is not None and part.host is not None]
        if (
            not hosts
            and not any(workload.needs_ingress() for workload in workloads)
            # Inbound rules from a load balancer require one.
            and not any(opening.load_balancer for opening in settings.cluster.security_groups.nodes.ingress)
        ):
            return None
        return Ingress(
            "ingress",
            settings,
            network=self.network,
            cluster_name=settings.cluster_name(),
            node_security_group_id=self.cluster.security_groups.node_id,
            hosts=hosts,
            logs=self._access_logs.of_balancers(),
            # Not after the controllers: the binding of each route is, and only it requires one.
            opts=self._on_cluster([], Former(name="entrance")),
        )

    def _workloads(self, addons: ClusterAddons, context: WorkloadContext) -> WorkloadContext:
        """Create the workloads. Return the context with the endpoints that they provide."""
        for workload in self._settings.workloads.wanted():
            after = [*addons.controllers, *(addons.storage if workload.settings.has_volumes() else [])]
            opts = self._on_cluster(after)
            built = build(workload.key)(workload.name, workload.settings, context=context, opts=opts)
            self.outputs.update(built.outputs)
            # Endpoints for the workloads that follow.
            context = replace(
                context,
                endpoints={**context.endpoints, **built.endpoints},
                callers={**context.callers, **built.callers},
            )
        return context

    def _monitoring(self, addons: ClusterAddons, context: WorkloadContext) -> tuple[pulumi.Resource, ...]:
        """Create the monitoring stack. Return the release of its CRDs."""
        if self._settings.monitoring is None:
            return ()
        built = Monitoring(
            "monitoring",
            self._settings.monitoring,
            context=context,
            # Its volumes are deleted before the CSI drivers.
            opts=self._on_cluster([*addons.controllers, *addons.storage]),
        )
        self.outputs.update(built.outputs)
        return (built.definitions,)

    def _kubeflow(self, addons: ClusterAddons, context: WorkloadContext) -> Kubeflow | None:
        """Create Kubeflow before the tenants, which have objects of its kinds.

        Its volumes are deleted before the CSI drivers.
        """
        if self._settings.kubeflow is None:
            return None
        built = Kubeflow(
            "kubeflow",
            self._settings,
            context=context,
            controllers=addons.controllers,
            opts=self._on_cluster([*addons.names, *addons.storage]),
        )
        self.outputs.update(built.outputs)
        return built

    def _tenants(self, addons: ClusterAddons, context: WorkloadContext) -> None:
        """Create the tenants of the cluster. Their volumes are deleted before the CSI drivers."""
        if self._settings.tenants is not None:
            built = Tenants(
                "tenants",
                self._settings,
                context=context,
                account_id=self._account_id,
                kubeflow=self.kubeflow,
                opts=self._on_cluster([*addons.controllers, *addons.storage]),
            )
            self.outputs.update(built.outputs)

    def _gitops(self, addons: AddonContext, context: WorkloadContext, *, after: list[pulumi.Resource]) -> None:
        """Create Argo CD after the environments that it deploys to and after monitoring."""
        if self._settings.gitops is not None:
            built = GitOps(
                "argocd", self._settings.gitops, context=context, addons=addons, opts=self._on_cluster(after)
            )
            self.outputs.update(built.outputs)

    def _environments(self, addons: ClusterAddons, context: WorkloadContext) -> list[pulumi.Resource]:
        """Create the environments. Return their namespaces, for objects of other components."""
        if not self._settings.environments:
            return []
        built = Environments(
            "environments",
            self._settings,
            platform=context,
            file_systems=self.stores.file_systems,
            opts=self._on_cluster(addons.controllers),
        )
        self.outputs.update(built.outputs)
        return [environment.namespace for environment in built.environments.values()]

    def _export(self, addons: ClusterAddons, context: WorkloadContext) -> None:
        """Set the stack outputs under the names that the requirements specify, and the kubeconfig command."""
        settings = self._settings
        zone = context.ingress_or_none.zone if context.ingress_or_none else None
        if zone is not None and zone.name_servers is not None:
            self.outputs["name_servers"] = zone.name_servers
        region, cluster_name = settings.project.region, settings.cluster_name()
        self.outputs |= {
            "cluster_name": cluster_name,
            "cluster_endpoint": self.cluster.endpoint,
            "cluster_oidc_issuer_url": self.cluster.oidc_issuer.apply(lambda issuer: f"https://{issuer}"),
            "kubeconfig_command": f"aws eks update-kubeconfig --region {region} --name {cluster_name}",
            "vpc_id": self.network.vpc_id,
            **addons.outputs,
            **self.stores.outputs(),
            **{
                f"{person.replace('-', '_')}_role_arn": access.principal_arn
                for person, access in self.cluster.people.items()
            },
        }

"""A small platform that has one of everything the preview treats in its own way."""

import json
from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as kubernetes
import pytest

from aiplatform.preview.plan import Plan, Resource

PASSWORD = "correct-horse-battery-staple"  # noqa: S105 - looked for, and not to be found


class Network(pulumi.ComponentResource):
    """A component with two children of one type."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("ai-platform:network:Network", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.vpc = aws.ec2.Vpc("main", cidr_block="10.0.0.0/16", opts=inside)
        self.subnets = [
            aws.ec2.Subnet(f"private-{number}", vpc_id=self.vpc.id, cidr_block=f"10.0.{number}.0/24", opts=inside)
            for number in range(6)
        ]
        self.register_outputs({"vpcId": self.vpc.id})


def declare_platform() -> None:
    """A provider, a network, a database with a password, a cluster with nodes, and objects in it."""
    provider = aws.Provider("aws", region="eu-central-1", default_tags={"tags": {"Project": "lab"}})
    on_aws = pulumi.ResourceOptions(provider=provider)
    network = Network("network", pulumi.ResourceOptions(providers=[provider]))
    database = aws.rds.Instance(
        "metadata",
        identifier="metadata",
        engine="postgres",
        instance_class="db.t4g.micro",
        allocated_storage=20,
        username="mlflow",
        password=pulumi.Output.secret(PASSWORD),
        opts=on_aws,
    )
    cluster = eks.Cluster(
        "cluster",
        name="lab",
        vpc_id=network.vpc.id,
        private_subnet_ids=[subnet.id for subnet in network.subnets],
        skip_default_node_group=True,
        opts=pulumi.ResourceOptions(providers=[provider]),
    )
    nodes = eks.ManagedNodeGroup(
        "gpu",
        cluster=cluster,
        node_group_name="gpu",
        instance_types=["g6.xlarge"],
        scaling_config={"min_size": 0, "desired_size": 1, "max_size": 3},
        opts=pulumi.ResourceOptions(parent=cluster, providers=[provider]),
    )
    inside = pulumi.ResourceOptions(
        provider=kubernetes.Provider("kubernetes", kubeconfig=cluster.kubeconfig_json, cluster_identifier="lab")
    )
    namespace = kubernetes.core.v1.Namespace("mlflow", metadata={"name": "mlflow"}, opts=inside)
    kubernetes.core.v1.Secret(
        "login",
        metadata={"name": "login", "namespace": namespace.metadata.name},
        string_data={"password": database.password, "plain": PASSWORD},
        opts=inside,
    )
    kubernetes.core.v1.ConfigMap(
        "start",
        metadata={"name": "start", "namespace": "mlflow"},
        data={"start.sh": "#!/bin/sh\nexec mlflow server\n", "enabled": "y", "budget": "1e3"},
        opts=inside,
    )
    aws.secretsmanager.SecretVersion(
        "url",
        secret_id="arn:aws:secretsmanager:eu-central-1:123456789012:secret:url-AbCdEf",  # noqa: S106
        secret_string=pulumi.Output.all(database.password, database.endpoint).apply(
            lambda parts: json.dumps({"nested": {"url": f"postgresql://mlflow:{parts[0]}@{parts[1]}"}})
        ),
        opts=on_aws,
    )
    pulumi.export("endpoint", database.endpoint)
    pulumi.export("login", {"user": "mlflow", "password": database.password})
    pulumi.export("scalingGroup", nodes.node_group.apply(lambda group: group.arn))


@pytest.fixture
def platform() -> Callable[[], None]:
    """The program of `declare_platform`, to be recorded."""
    return declare_platform


@pytest.fixture
def named() -> Callable[[Plan, str], Resource]:
    """The one resource of a plan with a logical name."""

    def find(plan: Plan, name: str) -> Resource:
        (resource,) = (resource for resource in plan.resources if resource.name == name)
        return resource

    return find


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a program's `__main__.py` into a folder of its own."""

    def write(folder: str, source: str) -> Path:
        file = tmp_path / folder / "__main__.py"
        file.parent.mkdir()
        file.write_text(source)
        return file

    return write

"""The parts of CONTRIBUTING's lists, made up: what a newcomer writes, file by file."""

from collections.abc import Mapping
from typing import NamedTuple


class Edit(NamedTuple):
    """Text that is put before a line of a file, or at the end, and further such edits of the same file."""

    text: str
    before: str = ""
    also: tuple["Edit", ...] = ()


Part = Mapping[str, Edit]
"""Files of a part; one that does not exist is new."""

ADD_ON: Part = {
    "catalog/versions.py": Edit(
        '\n# renovate: datasource=helm depName=toy\nTOY = ChartVersion("https://toys.example", "toy", "1.2.3")\n'
    ),
    "config/addons.py": Edit(
        '    toy: Toy = Toy()\n    """A toy."""\n\n',
        "    def each(self)",
        (
            Edit(
                '''class Toy(Addon):
    """The settings of a toy."""

    NAMESPACE: ClassVar[str | None] = "toy"
    SCRAPED_PORTS: ClassVar[tuple[int, ...]] = (9300,)


''',
                "class Addons(Model):",
            ),
        ),
    ),
    "components/cluster/addons/toy.py": Edit('''"""A toy."""

from collections.abc import Iterator
from typing import ClassVar

import pulumi

from catalog.versions import TOY
from components.base.component import Component
from components.cluster.addons.addon import AddonContext, AddonType, Installed, own_namespace, release
from components.kubernetes.charts import Chart, SystemPods, Values, deployment
from config.addons import Toy as Settings


class Toy(Component, Installed):
    """The toy's controller."""

    TOKEN: ClassVar[str] = "ai-platform:addons:Toy"

    def __init__(
        self, name: str, settings: Settings, *, context: AddonContext, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        policy = own_namespace(self, settings, context, policy="controller", port=9443)
        values = {"replicaCount": 1, "resources": {"requests": {"cpu": "500", "memory": "1Gi"}}}
        chart = release(
            name,
            settings,
            context,
            chart=TOY,
            namespace="toy",
            values=values,
            opts=self.child(depends_on=[policy]),
        )
        self.installed = [chart]
        self.finish()


def _pods(values: Values) -> Iterator[SystemPods]:
    yield deployment("toy", values, namespace="toy")


def _claims(_: Values) -> Iterator[tuple[int, Values]]:
    yield 1, {"resources": {"requests": {"storage": "7Gi"}}}


ADDON = AddonType(Toy, {TOY.name: Chart(_pods, _claims)})
'''),
    "docs/example-stack.yaml": Edit("    toy: {enabled: true}\n", "    vpcCni: {"),
}

WORKLOAD: Part = {
    "catalog/versions.py": Edit(
        '\n# renovate: datasource=docker depName=ghcr.io/toys/game\nGAME_IMAGE = "ghcr.io/toys/game:v1.2.3"\n'
    ),
    "config/workloads/game.py": Edit('''"""A game."""

from collections.abc import Iterator
from typing import ClassVar

from catalog.versions import GAME_IMAGE
from config.types.programs import Image
from config.workloads.workload import Served, Workload

PORT = 7777
METRICS_PORT = 7778


class Game(Workload):
    """Setting `workloads.game`."""

    TITLE: ClassVar[str] = "Game"
    HAS_SECRETS: ClassVar[bool] = False

    image: Image = GAME_IMAGE
    """Its image."""

    def own_namespace(self) -> str:
        """Return the namespace."""
        return "game"

    def serves(self) -> Iterator[Served]:
        """Yield its port, for the environment dev."""
        yield Served((PORT,), environments=("dev",))

    def scraped_ports(self) -> tuple[int, ...]:
        """Return the port of its metrics."""
        return (METRICS_PORT,)
'''),
    "config/workloads/__init__.py": Edit(
        '    game: Game | None = None\n    """A game; none by default."""\n\n', "    def wanted(self)"
    ),
    "components/workloads/game/__init__.py": Edit('''"""A game."""

from typing import ClassVar

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.base.component import Component
from components.context.context import WorkloadContext
from components.kubernetes.namespace import Namespace
from components.kubernetes.pods import container_security, labels, pod_security, resources, selector
from components.workloads.workload import Build, Workload
from config.workloads.game import Game as Settings
from config.workloads.resources import Amounts, Resources


class Game(Component, Workload):
    """One server."""

    TOKEN: ClassVar[str] = "ai-platform:workloads:Game"

    def __init__(
        self, name: str, settings: Settings, *, context: WorkloadContext, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        del context
        own = Namespace(f"{name}-namespace", namespace=settings.own_namespace(), opts=self.child())
        tags = labels("game", "server")
        meta = kubernetes.meta.v1.ObjectMetaArgs(name="game", namespace=settings.own_namespace(), labels=tags)
        asked = Resources(requests=Amounts(cpu="400", memory="1Gi"), limits=Amounts(memory="1Gi"))
        server = kubernetes.core.v1.ContainerArgs(
            name="server", image=settings.image, resources=resources(asked), security_context=container_security()
        )
        kubernetes.apps.v1.Deployment(
            name,
            metadata=meta,
            spec=kubernetes.apps.v1.DeploymentSpecArgs(
                replicas=1,
                selector=kubernetes.meta.v1.LabelSelectorArgs(match_labels=selector(tags)),
                template=kubernetes.core.v1.PodTemplateSpecArgs(
                    metadata=kubernetes.meta.v1.ObjectMetaArgs(labels=tags),
                    spec=kubernetes.core.v1.PodSpecArgs(security_context=pod_security(1000), containers=[server]),
                ),
            ),
            opts=self.child(depends_on=own.policies),
        )
        primary = "arn:aws:kms:us-east-1:123456789012:key/mrk-1"
        key = aws.kms.ReplicaKey(name, primary_key_arn=primary, opts=self.child())
        self.outputs = {"game_key_arn": key.arn}
        self.finish()


BUILD: Build[Settings] = Game
'''),
    "docs/example-stack.yaml": Edit("    game: {}\n", "    openWebui:"),
}

RULE: Part = {
    "aiplatform/findings/rules/toys.py": Edit('''"""Rules for toys."""

from collections.abc import Iterator

from aiplatform.findings.rules.rule import Inputs, Problem, Rule


def _toy(release: Inputs) -> Iterator[Problem]:
    if release.get("name") == "toy":
        yield Problem("the chart toy is a toy", "remove it")


RULES = (Rule("toy", "warning", ("kubernetes:helm.sh/v3:Release",), "No toys.", "https://toys.example", _toy),)
'''),
    "tests/aiplatform/findings/rules/cases.py": Edit(
        '    "toy": ("kubernetes:helm.sh/v3:Release", Case({"name": "toy"}, "a toy", {"name": "tool"})),\n',
        '    "queue-encryption"',
    ),
}

AWS_TYPE: Part = {
    "catalog/aws/identity.py": Edit(
        """    "aws:kms/replicaKey:ReplicaKey": AwsType(
        "{uuid}",
        regional("kms", "key/{uuid}"),
        {"keyId": "{uuid}"},
        price=Price("kms_key_month", "key-month"),
        keeps=Keeps("data", "what it encrypted"),
    ),
""",
        '    "aws:kms/alias:Alias"',
    ),
    "tests/aws/operations/identity.py": Edit(
        """    "aws:kms/replicaKey:ReplicaKey": Entry(
        (Call("kms", "ReplicateKey", {"primaryKeyArn": "KeyId"}, {"ReplicaRegion": "us-west-2"}),), taggable=True
    ),
""",
        '    "aws:kms/alias:Alias"',
    ),
}

_SOURCE = 'source: "a toy", as_of: "2026-11-30", confidence: recalled'
REGION: Part = {
    "catalog/data/prices.yaml": Edit(
        f"  eu-west-4:\n    t3.large: {{on_demand: 0.5, spot: null, unit: USD/h, {_SOURCE}}}\n",
        "services:\n",
        (Edit(f"  eu-west-4:\n    kms_key_month: {{price: 9, unit: USD/key-month, {_SOURCE}}}\n"),),
    )
}

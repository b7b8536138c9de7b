"""What a person can get wrong, one row a mistake: the located line with the fix, and nothing beside it."""
# ruff: noqa: E501, RUF001, the expected lines stand here whole, and some mistakes are odd letters

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest

from config import loader
from config.loader import load_config, load_file
from config.problems import Problem, SettingsError, show
from config.rules import RULES
from config.rules.stack import Rule, Stack
from tests.config import gateway_mistakes, model_mistakes
from tests.config.base import BASE, TODAY, edited, load, mistakes, shared

SUBNETS = """\
    subnets:
      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]
      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]
"""


def alias_bomb() -> str:
    """A list of nine aliases of a list of nine aliases, eight times: 43 million values in 400 bytes."""
    levels = (
        f"  a:{new}: &{new} [{', '.join(['*' + old] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return "config:\n  a:x: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(levels)


def merge_bomb() -> str:
    """The same with maps that merge each other."""
    levels = (
        f"  a:{new}: &{new} {{<<: [{', '.join(['*' + old] * 9)}]}}\n"
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return "config:\n  a:x: &a {k: 1}\n" + "".join(levels)


# fmt: off, one row a mistake
MISTAKES: dict[str, tuple[tuple[tuple[str, str], ...], tuple[str, ...]]] = {
    "an unknown key gets the nearest one": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    natt: single\n"),),
        ("9: network.natt: is an unknown key; did you mean nat?",),
    ),
    "an unknown key unlike any gets the choices": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false, colour: red}\n"),),
        ("10: cluster.endpoint.colour: is an unknown key; choose one of public, private, publicCidrs",),
    ),
    "an unknown section gets the nearest one": (
        (("", "  ai-platform:bucket: {}\n"),),
        ("27: bucket: is an unknown key; did you mean buckets?",),
    ),
    "snake case is no key of a stack file": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    service_cidr: 172.20.0.0/16\n"),),
        ("11: cluster.service_cidr: is an unknown key; did you mean serviceCidr?",),
    ),
    "a key without the namespace": (
        (("", "  network: {}\n"),),
        ("27: network: has no namespace; write it as ai-platform:network",),
    ),
    "a section beside config": (
        (("", "network: {}\n"),),
        (
            "27: network: is no key of a stack file; choose one of config, environment, secretsprovider, encryptedkey, encryptionsalt",
        ),
    ),
    "a missing value": ((("    region: us-west-2\n", ""),), ("2: project.region: is missing",)),
    "a missing section": (
        (("  ai-platform:cluster:\n    endpoint: {public: false}\n", ""),),
        ("2: cluster: is missing",),
    ),
    "an empty section": (
        (("  ai-platform:cluster:\n    endpoint: {public: false}\n", "  ai-platform:cluster:\n"),),
        ("9: cluster: is empty; write a map, one `key: value` a line",),
    ),
    "text for a number": (
        (("min: 1", "min: '1'"),),
        ("14: nodeGroups.cpu.scaling.min: '1' is text; write a whole number without quotes",),
    ),
    "a number for text": (
        (('"17"', "17"),),
        ("18: databases.runs.engineVersion: 17 is no text; write it in quotes: '17'",),
    ),
    "a number for text keeps its zeros": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: 1.30\n"),),
        ("11: cluster.version: 1.30 is no text; write it in quotes: '1.30'",),
    ),
    "a fraction for a whole number": (
        (("min: 1", "min: 1.5"),),
        ("14: nodeGroups.cpu.scaling.min: 1.5 is not a whole number; write one",),
    ),
    "text for a truth value": (
        (("public: false", "public: no"),),
        ("10: cluster.endpoint.public: 'no' is text; write true or false",),
    ),
    "a truth value for text": (
        (("environment: test", "environment: true"),),
        ("4: project.environment: true is no text; write it in quotes: 'true'",),
    ),
    "text for a map": (
        (("    endpoint: {public: false}\n", "    endpoint: private\n"),),
        ("10: cluster.endpoint: 'private' is text; write a map, one `key: value` a line",),
    ),
    "text for a list": (
        (("[t3.large]", "t3.large"),),
        ("13: nodeGroups.cpu.instanceTypes: 't3.large' is text; write a list, each item after a hyphen",),
    ),
    "a map for a list": (
        (("[t3.large]", "{a: b}"),),
        ("13: nodeGroups.cpu.instanceTypes: is a map; write a list, each item after a hyphen",),
    ),
    "an empty list": ((("[t3.large]", "[]"),), ("13: nodeGroups.cpu.instanceTypes: has 0 items; it needs 1 or more",)),
    "too many items": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b, us-west-2c, us-west-2d, us-west-2e]\n",
            ),
        ),
        ("8: network.zones: has more than 4 items",),
    ),
    "a number below the least": (
        (("min: 1", "min: -1"),),
        ("14: nodeGroups.cpu.scaling.min: -1 is too small; the least is 0",),
    ),
    "a number above the most": (
        (("max: 3", "max: 451"),),
        ("14: nodeGroups.cpu.scaling.max: 451 is too large; the most is 450",),
    ),
    "no choice of a list": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    nat: perzone\n"),),
        ("9: network.nat: 'perzone' is not one of perZone, single, none; did you mean perZone?",),
    ),
    "no choice of a list of numbers": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    flowLogs: {aggregationSeconds: 61}\n",
            ),
        ),
        ("9: network.flowLogs.aggregationSeconds: 61 is not one of 60, 600",),
    ),
    "a retention that CloudWatch lacks": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    logging: {retentionDays: 31}\n"),),
        (
            "11: cluster.logging.retentionDays: 31 days of retention are not offered; choose one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
        ),
    ),
    "an empty text": (
        (("", "  ai-platform:secrets: {token: {description: ''}}\n"),),
        ("27: secrets.token.description: is empty; write some text",),
    ),
    "a name with capitals": (
        (
            ("    artifacts: {}", "    Artifacts: {}"),
            ("bucket: artifacts", "bucket: Artifacts"),
        ),
        (
            "22: buckets.Artifacts: 'Artifacts' is not a usable name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
            "26: workloads.mlflow.bucket: 'Artifacts' is not a usable name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
        ),
    ),
    "a duplicate name": (
        (("    artifacts: {}", "    artifacts: {}\n    artifacts: {}"),),
        ("23: buckets: artifacts stands here twice, first in line 22; keep one",),
    ),
    "a network with a prefix that there is none of": (
        (("10.0.0.0/16", "10.0.0.0/33"),),
        ("7: network.cidr: 10.0.0.0/33 is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "a network with host bits": (
        (("10.0.0.0/16", "10.0.1.0/16"),),
        ("7: network.cidr: 10.0.1.0/16 has host bits set; the network is 10.0.0.0/16",),
    ),
    "a network without a prefix": (
        (("10.0.0.0/16", "10.0.0.0"),),
        ("7: network.cidr: '10.0.0.0' is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "a VPC too large": (
        (("10.0.0.0/16", "10.0.0.0/8"),),
        ("7: network.cidr: 10.0.0.0/8 is no size for a VPC; take /16 to /28",),
    ),
    "a VPC too small to divide": (
        (("10.0.0.0/16", "10.0.0.0/26"),),
        (
            "7: network.cidr: 10.0.0.0/26 is too small to be divided; take a /25 or larger, or write the subnets one by one",
        ),
    ),
    "a VPC too small": (
        (("10.0.0.0/16", "10.0.0.0/29"),),
        ("7: network.cidr: 10.0.0.0/29 is no size for a VPC; take /16 to /28",),
    ),
    "zones: none": (
        (("    zones: [us-west-2a, us-west-2b]\n", ""),),
        ("6: network.zones: is missing; name two to four zones, or write the subnets",),
    ),
    "zones: one": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a]\n"),),
        ("8: network.zones: names one zone; EKS and RDS need two, four at most",),
    ),
    "zones: one twice": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2a]\n"),),
        ("8: network.zones: us-west-2a stands here 2 times; keep one",),
    ),
    "zones: of another region": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, eu-west-1b]\n"),),
        ("8: network.zones[1]: eu-west-1b is no zone of us-west-2; write us-west-2b, or change project.region",),
    ),
    "zones: no zone": (
        (("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2]\n"),),
        ("8: network.zones[1]: 'us-west-2' is not an availability zone; write it like us-west-2a",),
    ),
    "subnets: zone of another region": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-east-1b}]\n",
            ),
        ),
        (
            "10: network.subnets.private[1].zone: us-east-1b is no zone of us-west-2; write us-west-2b, or change project.region",
        ),
    ),
    "subnets: private in one zone": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2a}]\n",
            ),
        ),
        ("10: network.subnets.private: lies in us-west-2a alone; EKS and RDS need two zones",),
    ),
    "subnets: outside the VPC": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.1.5.0/24, zone: us-west-2b}]\n",
            ),
        ),
        ("10: network.subnets.private[1].cidr: 10.1.5.0/24 lies outside the VPC's 10.0.0.0/16; choose one inside",),
    ),
    "subnets: too small": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/29, zone: us-west-2b}]\n",
            ),
        ),
        ("10: network.subnets.private[1].cidr: 10.0.5.0/29 is too small for a subnet; take a /28 or larger",),
    ),
    "subnets: overlap across tiers": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.1.128/25, zone: us-west-2b}]\n",
            ),
        ),
        (
            "10: network.subnets.private[1].cidr: 10.0.1.128/25 overlaps 10.0.1.0/24 of public[0]; choose one that is free",
        ),
    ),
    "subnets: overlap in a tier": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.4.0/24, zone: us-west-2b}]\n",
            ),
        ),
        (
            "10: network.subnets.private[1].cidr: 10.0.4.0/24 overlaps 10.0.4.0/24 of private[0]; choose one that is free",
        ),
    ),
    "data subnets: in one zone": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.7.0/24, zone: us-west-2a}]\n",
            ),
        ),
        ("11: network.subnets.data: lies in us-west-2a alone; databases need two zones",),
    ),
    "data subnets: zone of another region": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.7.0/24, zone: us-east-1b}]\n",
            ),
        ),
        (
            "11: network.subnets.data[1].zone: us-east-1b is no zone of us-west-2; write us-west-2b, or change project.region",
        ),
    ),
    "data subnets: overlap with a private one": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/28, zone: us-west-2b}]\n",
            ),
        ),
        ("11: network.subnets.data[1].cidr: 10.0.5.0/28 overlaps 10.0.5.0/24 of private[1]; choose one that is free",),
    ),
    "data subnets: outside the VPC": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.1.7.0/24, zone: us-west-2b}]\n",
            ),
        ),
        ("11: network.subnets.data[1].cidr: 10.1.7.0/24 lies outside the VPC's 10.0.0.0/16; choose one inside",),
    ),
    "data subnets: asked for beside subnets that have none": (
        (("    zones: [us-west-2a, us-west-2b]\n", SUBNETS + "    dataSubnets: true\n"),),
        (
            "11: network.dataSubnets: divides nothing beside network.subnets; write the subnets of network.subnets.data, or leave it out",
        ),
    ),
    "data subnets: a VPC too small for them": (
        (
            ("    cidr: 10.0.0.0/16\n", "    cidr: 10.0.0.0/25\n"),
            ("    zones: [us-west-2a, us-west-2b]\n", "    zones: [us-west-2a, us-west-2b]\n    dataSubnets: true\n"),
        ),
        (
            "7: network.cidr: 10.0.0.0/25 is too small to be divided; take a /24 or larger, or write the subnets one by one",
        ),
    ),
    "data subnets: nodes in a zone where no file system is reached": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS.replace("10.0.5.0/24, zone: us-west-2b}]", "10.0.5.0/24, zone: us-west-2c}]")
                + "      data: [{cidr: 10.0.6.0/24, zone: us-west-2a}, {cidr: 10.0.7.0/24, zone: us-west-2b}]\n",
            ),
            ("", "  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n"),
        ),
        (
            "11: network.subnets.data: has none in us-west-2c, where nodes mount file systems; add one for each zone of the private tier",
        ),
    ),
    "data subnets: a network ACL for none": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {data: {}}\n",
            ),
        ),
        (
            "9: network.networkAcls.data: guards nothing without data subnets; write network.dataSubnets or network.subnets.data, or leave it out",
        ),
    ),
    "data subnets: a number twice in their network ACL": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    dataSubnets: true\n    networkAcls: {data: {ingress: [{number: 5, cidr: 10.0.0.0/16}, {number: 5, cidr: 10.0.0.0/16}]}}\n",
            ),
        ),
        ("10: network.networkAcls.data.ingress[1].number: 5 is the number of [0] too; choose another",),
    ),
    "subnets of the control plane: asked for beside subnets that have none": (
        (("    zones: [us-west-2a, us-west-2b]\n", SUBNETS + "    controlPlaneSubnets: true\n"),),
        (
            "11: network.controlPlaneSubnets: divides nothing beside network.subnets; write network.subnets.controlPlane, or leave it out",
        ),
    ),
    "subnets of the control plane: in one zone": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                SUBNETS + "      controlPlane: [{cidr: 10.0.6.0/28, zone: us-west-2a}]\n",
            ),
        ),
        ("11: network.subnets.controlPlane: lies in us-west-2a alone; EKS needs two zones",),
    ),
    "subnets of the control plane: a VPC too small for them": (
        (
            ("    cidr: 10.0.0.0/16\n", "    cidr: 10.0.0.0/24\n"),
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    controlPlaneSubnets: true\n",
            ),
        ),
        (
            "7: network.cidr: 10.0.0.0/24 is too small to be divided; take a /23 or larger, or write the subnets one by one",
        ),
    ),
    "file system: a folder too deep": (
        (("", "  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /a/b/c/d/e}}}\n"),),
        (
            "28: fileSystems.models.accessPoints.models.path: '/a/b/c/d/e' is no folder of a file system; write at most four levels and 100 characters, like /models or /data/shared",
        ),
    ),
    "file system: a name that its security group cannot have": (
        (("", "  ai-platform:fileSystems:\n    models: {name: sg-models, accessPoints: {models: {path: /models}}}\n"),),
        (
            "28: fileSystems.models.name: 'sg-models' is no name for a file system; write at most 200 letters, digits, dots, underscores and hyphens",
        ),
    ),
    "NAT without a public subnet": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n",
            ),
        ),
        ("6: network.nat: perZone needs a public subnet; add one to network.subnets.public, or write none",),
    ),
    "endpoints: gateway twice": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {gateway: [s3, s3]}\n",
            ),
        ),
        ("9: network.endpoints.gateway: s3 stands here 2 times; keep one",),
    ),
    "endpoints: interface twice": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    endpoints: {interface: [sts, sts]}\n",
            ),
        ),
        ("9: network.endpoints.interface: sts stands here 2 times; keep one",),
    ),
    "warning: no way out": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    nat: none\n    endpoints: {interface: [ec2, ecr.api, ecr.dkr, eks, sts, logs, autoscaling]}\n",
            ),
        ),
        (
            "9: network.nat: none leaves nodes without a way to AWS; add eks-auth, elasticloadbalancing to network.endpoints.interface",
        ),
    ),
    "network ACL: a number twice": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 100, cidr: 10.0.0.0/16}, {number: 100, cidr: 10.0.0.0/8}]}}\n",
            ),
        ),
        ("9: network.networkAcls.private.ingress[1].number: 100 is the number of [0] too; choose another",),
    ),
    "network ACL: ports the wrong way round": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    zones: [us-west-2a, us-west-2b]\n    networkAcls: {private: {ingress: [{number: 100, cidr: 10.0.0.0/16}, {number: 110, cidr: 10.0.0.0/8, fromPort: 443, toPort: 80}]}}\n",
            ),
        ),
        ("9: network.networkAcls.private.ingress[1].fromPort: 443 is above toPort, 80; swap them",),
    ),
    "two places for the region": (
        (("", "  aws:region: us-east-1\n"),),
        ("27: aws:region: us-east-1 is not project.region, us-west-2, which counts; remove it",),
    ),
    "endpoint: none": (
        (("public: false", "public: false, private: false"),),
        ("10: cluster.endpoint: is neither public nor private; switch one on",),
    ),
    "endpoint: public to nobody": (
        (("public: false", "public: true"),),
        (
            "10: cluster.endpoint.publicCidrs: is missing; name the networks of your people and your CI, or set public: false",
        ),
    ),
    "endpoint: limits without one": (
        (("public: false", "public: false, publicCidrs: [203.0.113.0/24]"),),
        ("10: cluster.endpoint.publicCidrs: limits a public endpoint that is off; remove it, or set public: true",),
    ),
    "endpoint: open to the world": (
        (("public: false", "publicCidrs: [203.0.113.0/24, 0.0.0.0/0]"),),
        ("10: cluster.endpoint.publicCidrs[1]: 0.0.0.0/0 opens the Kubernetes API to the world; name your networks",),
    ),
    "service CIDR: public": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    serviceCidr: 203.0.113.0/24\n"),),
        (
            "11: cluster.serviceCidr: 203.0.113.0/24 is no network for Services; take a /12 to /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
    ),
    "service CIDR: too small": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    serviceCidr: 172.20.0.0/25\n"),),
        (
            "11: cluster.serviceCidr: 172.20.0.0/25 is no network for Services; take a /12 to /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
        ),
    ),
    "service CIDR: in the VPC": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    serviceCidr: 10.0.0.0/20\n"),),
        ("11: cluster.serviceCidr: 10.0.0.0/20 overlaps the VPC's 10.0.0.0/16; choose another",),
    ),
    "scaling: min above desired": (
        (("min: 1, desired: 2", "min: 3, desired: 2"),),
        ("14: nodeGroups.cpu.scaling.desired: 2 is below min, 3; raise it, or lower min",),
    ),
    "scaling: desired above max": (
        (("desired: 2, max: 3", "desired: 4, max: 3"),),
        ("14: nodeGroups.cpu.scaling.desired: 4 is above max, 3; lower it, or raise max",),
    ),
    "scaling: all in the wrong order": (
        (("min: 1, desired: 2, max: 3", "min: 3, desired: 2, max: 1"),),
        ("14: nodeGroups.cpu.scaling.min: 3 is above max, 1; lower it, or raise max",),
    ),
    "instance types: no type": (
        (("[t3.large]", "[t3-large]"),),
        ("13: nodeGroups.cpu.instanceTypes[0]: 't3-large' is not an EC2 instance type; write it like t3.medium",),
    ),
    "instance types: two architectures": (
        (("[t3.large]", "[t3.large, t4g.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: t4g.large (arm64, accelerator none) needs another AMI than t3.large (x86_64, none); put it into a group of its own",
        ),
    ),
    "instance types: CPU and GPU": (
        (("[t3.large]", "[t3.large, g5.xlarge]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: g5.xlarge (x86_64, accelerator nvidia) needs another AMI than t3.large (x86_64, none); put it into a group of its own",
        ),
    ),
    "instance types: one twice": (
        (("[t3.large]", "[t3.large, t3.large]"),),
        ("13: nodeGroups.cpu.instanceTypes: t3.large stands here 2 times; keep one",),
    ),
    "warning: Spot with one type": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      capacity: spot\n"),),
        (
            "13: nodeGroups.cpu.instanceTypes: offers Spot t3.large alone and waits when there is none; add types of the same size",
        ),
    ),
    "instance types: a size that the family lacks": (
        (("[t3.large]", "[m7i.3xlarge]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: m7i.3xlarge is no instance type that EC2 offers; did you mean m7i.xlarge?",
        ),
    ),
    "instance types: a family that there is none of": (
        (("[t3.large]", "[t3b.large]"),),
        ("13: nodeGroups.cpu.instanceTypes[0]: t3b.large is no instance type that EC2 offers; did you mean t3.large?",),
    ),
    "instance types: nothing like it": (
        (("[t3.large]", "[quantum.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: quantum.large is no instance type that EC2 offers; write one like t3.large, m7i.large or g6.xlarge",
        ),
    ),
    "warning: instance types: newer than the table": (
        (("[t3.large]", "[m12i.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: m12i.large is not in the table of instance types; whether pods fit it cannot be checked",
        ),
    ),
    "AMI type: another architecture": (
        (
            (
                "      instanceTypes: [t3.large]\n",
                "      instanceTypes: [t3.large]\n      amiType: AL2023_ARM_64_STANDARD\n",
            ),
        ),
        (
            "14: nodeGroups.cpu.amiType: AL2023_ARM_64_STANDARD does not fit t3.large; write AL2023_x86_64_STANDARD, or leave it out",
        ),
    ),
    "AMI type: retired": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      amiType: AL2_x86_64\n"),),
        (
            "14: nodeGroups.cpu.amiType: AL2_x86_64 is not offered any more since 2025-11-26; write AL2023_x86_64_STANDARD",
        ),
    ),
    "instance family: retired": (
        (
            (
                "  ai-platform:databases",
                "    gpu: {instanceTypes: [p3.2xlarge], scaling: {min: 0, desired: 0, max: 1}}\n  ai-platform:databases",
            ),
        ),
        (
            "15: nodeGroups.gpu.instanceTypes[0]: p3.2xlarge is not offered any more; write g4dn.xlarge, g5.xlarge or g6.xlarge",
        ),
    ),
    "placement: no private subnet": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      zones: [us-west-2d]\n"),),
        ("14: nodeGroups.cpu.zones[0]: us-west-2d has no private subnet; did you mean us-west-2b?",),
    ),
    "placement: a taint twice": (
        (
            (
                "  ai-platform:databases",
                "    tainted: {instanceTypes: [t3.large], scaling: {min: 0, desired: 0, max: 1}, taints: [{key: a}, {key: a, value: b}]}\n  ai-platform:databases",
            ),
        ),
        ("15: nodeGroups.tainted.taints: a with NoSchedule stands here 2 times; keep one",),
    ),
    "no room for the system: GPUs alone": (
        (("[t3.large]", "[g5.xlarge]"),),
        ("11: nodeGroups: holds no group without GPUs and taints; CoreDNS and the controllers need one",),
    ),
    "no room for the system: taints alone": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      taints: [{key: a}]\n"),),
        ("11: nodeGroups: holds no group without GPUs and taints; CoreDNS and the controllers need one",),
    ),
    "no room for the system: no group": (
        (
            ("    cpu:\n      instanceTypes: [t3.large]\n      scaling: {min: 1, desired: 2, max: 3}\n", ""),
            ("ai-platform:nodeGroups:", "ai-platform:nodeGroups: {}"),
        ),
        ("11: nodeGroups: holds no group without GPUs and taints; CoreDNS and the controllers need one",),
    ),
    "storage: no room to grow": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      storage: {sizeGib: 50, maxGib: 50}\n"),),
        ("21: databases.runs.storage.maxGib: 50 leaves no room above sizeGib, 50; raise it, or write null",),
    ),
    "storage: gp3 IOPS on a small volume": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      storage: {sizeGib: 100, maxGib: 200, iops: 3000}\n",
            ),
        ),
        ("21: databases.runs.storage.iops: cannot be set on gp3 below 400 GiB; leave it out, or raise sizeGib",),
    ),
    "storage: io2 without IOPS": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      storage: {type: io2}\n"),),
        ("21: databases.runs.storage: of type io2 needs iops; add it, or take gp3",),
    ),
    "windows: a short backup window": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      backups: {window: '03:00-03:20'}\n"),),
        ("21: databases.runs.backups.window: 03:00-03:20 is shorter than 30 minutes; lengthen it",),
    ),
    "windows: a short maintenance window": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      maintenanceWindow: sun:05:00-sun:05:20\n",
            ),
        ),
        ("21: databases.runs.maintenanceWindow: sun:05:00-sun:05:20 is shorter than 30 minutes; lengthen it",),
    ),
    "windows: both at once": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      maintenanceWindow: sun:03:30-sun:04:30\n",
            ),
        ),
        ("21: databases.runs.maintenanceWindow: sun:03:30-sun:04:30 meets the backup window, 03:00-04:00; move one",),
    ),
    "windows: no window": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      backups: {window: 3am-4am}\n"),),
        ("21: databases.runs.backups.window: '3am-4am' is not a daily window; write it in UTC like 03:00-04:00",),
    ),
    "options: a log of another engine": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      logExports: [postgresql, slowquery]\n"),),
        (
            "21: databases.runs.logExports[1]: slowquery is no log of postgres; choose one of postgresql, upgrade, iam-db-auth-error",
        ),
    ),
    "options: TLS turned off": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      parameters: {rds.force_ssl: '0'}\n"),),
        (
            "21: databases.runs.parameters.rds.force_ssl: is set by the platform, so that TLS is the only way in; remove it",
        ),
    ),
    "warning: protected without backups": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      deletionProtection: true\n      backups: {retentionDays: 0}\n",
            ),
        ),
        (
            "22: databases.runs.backups.retentionDays: 0 turns backups off for a database that is protected from deletion; keep at least one day",
        ),
    ),
    "bucket: a key without its encryption": (
        (("artifacts: {}", "artifacts: {kmsKeyArn: 'arn:aws:kms:us-west-2:111122223333:key/a'}"),),
        ("22: buckets.artifacts.kmsKeyArn: is not used with encryption AES256; write aws:kms, or remove it",),
    ),
    "bucket: moved too early": (
        (("artifacts: {}", "artifacts: {lifecycle: {transitions: {cold: {days: 7, storageClass: STANDARD_IA}}}}"),),
        ("22: buckets.artifacts.lifecycle.transitions.cold.days: 7 is too early for STANDARD_IA; S3 takes 30 or more",),
    ),
    "bucket: moved after it is gone": (
        (
            (
                "artifacts: {}",
                "artifacts: {lifecycle: {expireDays: 60, transitions: {cold: {days: 60, storageClass: GLACIER_IR}}}}",
            ),
        ),
        (
            "22: buckets.artifacts.lifecycle.transitions.cold.days: 60 is not before expireDays, 60; objects would be gone",
        ),
    ),
    "warning: archive to restore from": (
        (("artifacts: {}", "artifacts: {lifecycle: {transitions: {cold: {days: 90, storageClass: GLACIER}}}}"),),
        (
            "22: buckets.artifacts.lifecycle.transitions.cold.storageClass: GLACIER objects must be restored before they are read; GLACIER_IR ones need not",
        ),
    ),
    "bucket: a name that S3 refuses": (
        (("artifacts: {}", "artifacts: {name: My_Bucket}"),),
        (
            "22: buckets.artifacts.name: 'My_Bucket' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
        ),
    ),
    "bucket: a name that S3 reserves": (
        (("artifacts: {}", "artifacts: {name: xn--models}"),),
        ("22: buckets.artifacts.name: 'xn--models' is a form that S3 reserves; choose another bucket name",),
    ),
    "bucket: a name with a dot": (
        (("artifacts: {}", "artifacts: {name: models.example.com}"),),
        (
            "22: buckets.artifacts.name: 'models.example.com' has a dot, which breaks TLS to the bucket's host name; use hyphens",
        ),
    ),
    "ingress: two zones": (
        (("", "  ai-platform:ingress: {domain: example.com, public: false, zone: {create: true, lookup: true}}\n"),),
        ("27: ingress.zone: says create and lookup; write one of create: true, lookup: true or id: Z...",),
    ),
    "ingress: no zone": (
        (("", "  ai-platform:ingress: {domain: example.com, public: false, zone: {}}\n"),),
        ("27: ingress.zone: says nothing; write one of create: true, lookup: true or id: Z...",),
    ),
    "ingress: a zone without a domain": (
        (("", "  ai-platform:ingress: {zone: {create: true}}\n"),),
        ("27: ingress.zone: belongs to a domain, and ingress.domain is missing; add it, or remove the zone",),
    ),
    "ingress: faces the internet, open to nobody": (
        (("", "  ai-platform:ingress: {domain: example.com}\n"),),
        (
            "27: ingress.inboundCidrs: is missing for a load balancer that faces the internet; write 0.0.0.0/0 for everybody, or your networks, or public: false",
        ),
    ),
    "ingress: needs two public subnets": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}]\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n",
            ),
            ("", "  ai-platform:ingress: {domain: example.com, inboundCidrs: [0.0.0.0/0]}\n"),
        ),
        (
            "29: ingress.public: needs public subnets in two zones; add one to network.subnets.public, or write public: false",
        ),
    ),
    "ingress: a certificate without a domain": (
        (("", "  ai-platform:ingress: {certificateArn: 'arn:aws:acm:us-west-2:111122223333:certificate/a'}\n"),),
        ("27: ingress.certificateArn: needs ingress.domain; add it, or remove the certificate",),
    ),
    "ingress: a certificate of another service": (
        (
            (
                "",
                "  ai-platform:ingress: {domain: example.com, public: false, certificateArn: 'arn:aws:iam::111122223333:server-certificate/a'}\n",
            ),
        ),
        ("27: ingress.certificateArn: names a resource of iam; write the ARN of an ACM certificate",),
    ),
    "ingress: a certificate of another region": (
        (
            (
                "",
                "  ai-platform:ingress: {domain: example.com, public: false, certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/a'}\n",
            ),
        ),
        ("27: ingress.certificateArn: is a certificate of us-east-1; the load balancer in us-west-2 needs one there",),
    ),
    "ingress: a DNS name that is none": (
        (("", "  ai-platform:ingress: {domain: Example_1.com, public: false}\n"),),
        ("27: ingress.domain: 'Example_1.com' is not a DNS name; write it like mlflow.example.com",),
    ),
    "ingress: a TLS policy of yesterday": (
        (("", "  ai-platform:ingress: {tlsPolicy: ELBSecurityPolicy-2016-08}\n"),),
        (
            "27: ingress.tlsPolicy: 'ELBSecurityPolicy-2016-08' is not a TLS policy of today; write one of ELBSecurityPolicy-TLS13-1-2-... or ELBSecurityPolicy-TLS13-1-3-...",
        ),
    ),
    "names: two buckets": (
        (("artifacts: {}", "artifacts: {}\n    second: {name: shop-artifacts}"),),
        ("23: buckets.second.name: shop-artifacts is the name of bucket artifacts too; choose another",),
    ),
    "names: two databases": (
        (
            (
                "  ai-platform:buckets",
                "    two: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: a, identifier: shop-runs-db}\n  ai-platform:buckets",
            ),
        ),
        ("21: databases.two.identifier: shop-runs-db is the name of database runs too; choose another",),
    ),
    "names: two secrets": (
        (("", "  ai-platform:secrets: {a: {description: A}, b: {description: B, name: shop/a}}\n"),),
        ("27: secrets.b.name: shop/a is the name of secret a too; choose another",),
    ),
    "names: a bucket's derived name": (
        (("name: shop", "name: xn--shop"),),
        (
            "16: databases.runs: 'xn--shop-runs-db' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or write identifier",
            "22: buckets.artifacts: 'xn--shop-artifacts' is a form that S3 reserves; choose another bucket name, or write name",
        ),
    ),
    "names: a bucket's derived name is too long": (
        (
            ("name: shop", "name: a23456789012345678901234"),
            ("artifacts: {}", "a234567890123456789012345678901234567890: {}"),
            ("bucket: artifacts", "bucket: a234567890123456789012345678901234567890"),
        ),
        (
            "22: buckets.a234567890123456789012345678901234567890: 'a23456789012345678901234-a234567890123456789012345678901234567890' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit, or write name",
        ),
    ),
    "names: a database's derived name": (
        (
            ("    runs:", "    my--runs:"),
            ("database: runs", "database: my--runs"),
        ),
        (
            "16: databases.my--runs: 'shop-my--runs-db' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or write identifier",
        ),
    ),
    "names: tags that differ in case": (
        (("    region", "    tags: {Team: a, team: b}\n    region"),),
        ("5: project.tags: team stands here 2 times in different case; keep one",),
    ),
    "charts: a place that is not used": (
        (("", "  ai-platform:charts: {location: charts}\n"),),
        ("27: charts.location: is not used with source: repository; write source: oci or folder, or remove it",),
    ),
    "charts: a mirror without oci": (
        (("", "  ai-platform:charts: {source: oci, location: 'https://example.com'}\n"),),
        ("27: charts.location: must begin with oci:// for source: oci",),
    ),
    "charts: no folder": (
        (("", "  ai-platform:charts: {source: folder}\n"),),
        ("27: charts.location: is missing; name the folder that `helm pull` wrote the charts to",),
    ),
    "charts: an empty folder name": (
        (("", "  ai-platform:charts: {source: folder, location: ''}\n"),),
        ("27: charts.location: is missing; name the folder that `helm pull` wrote the charts to",),
    ),
    "schedule: start and stop at once": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 8 * * *, timeZone: UTC}}\n"),),
        ("27: schedules.night.stop: '0 8 * * *' is the start too; choose another time",),
    ),
    "schedule: no cron": (
        (("", "  ai-platform:schedules: {night: {start: at eight, stop: 0 20 * * *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.start: 'at eight' is not a schedule; write five cron fields (minute hour day month weekday), like '0 8 * * MON-FRI'",
        ),
    ),
    "schedule: hour 24": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 24 * * *, timeZone: UTC}}\n"),),
        ("27: schedules.night.stop: '0 24 * * *' is not a schedule: '24' is no hour; it takes 0-23",),
    ),
    "schedule: a day and a weekday": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 1 * MON, stop: 0 20 * * *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.start: '0 8 1 * MON' sets both a day of the month and a weekday; EventBridge takes only one, make the other *",
        ),
    ),
    "schedule: no time zone": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 20 * * *, timeZone: Mars/Olympus}}\n"),),
        ("27: schedules.night.timeZone: 'Mars/Olympus' is not a time zone; write an IANA name like Asia/Seoul or UTC",),
    ),
    "schedule: a start that never comes": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 31 2 *, stop: 0 20 * * *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.start: '0 8 31 2 *' never wakes anything before '0 20 * * *' stops it; what sleeps by it never runs: choose a start that comes, or leave the schedule out and set the sizes to 0",
        ),
    ),
    "schedule: a stop that never comes": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 20 30 2 *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.stop: '0 20 30 2 *' never comes; what sleeps by it always runs: choose a stop that comes, or leave the schedule out",
        ),
    ),
    "schedule: start and stop fall together on one day": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 8 * * MON, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.stop: '0 8 * * MON' and the start '0 8 * * *' fall on one minute of some day; choose another time for one of them",
        ),
    ),
    "costs: a limit of nothing": (
        (("", "  ai-platform:costs: {budget: {monthlyLimit: 0}}\n"),),
        ("27: costs.budget.monthlyLimit: input should be greater than 0",),
    ),
    "costs: no address": (
        (("", "  ai-platform:costs: {budget: {monthlyLimit: 100, notify: [everyone]}}\n"),),
        (
            "27: costs.budget.notify[0]: 'everyone' is no e-mail address that AWS Budgets takes; write at most 50 characters like team@example.com",
        ),
    ),
    "costs: a negative assumption": (
        (("", "  ai-platform:costs: {assumptions: {natGbPerMonth: -1}}\n"),),
        ("27: costs.assumptions.natGbPerMonth: -1 is too small; the least is 0.0",),
    ),
    "costs: an assumption of another name": (
        (("", "  ai-platform:costs: {assumptions: {natGbPerMonths: 10}}\n"),),
        ("27: costs.assumptions.natGbPerMonths: is an unknown key; did you mean natGbPerMonth?",),
    ),
    "costs: hours for a group that is not there": (
        (("", "  ai-platform:costs: {assumptions: {groupHoursPerMonth: {gpus: 10}}}\n"),),
        ("27: costs.assumptions.groupHoursPerMonth.gpus: 'gpus' is no name in nodeGroups; choose one of cpu",),
    ),
    "references: a schedule for a group, none there": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      schedule: night\n"),),
        ("14: nodeGroups.cpu.schedule: 'night' is no name in schedules; schedules holds none, add it there",),
    ),
    "references: a schedule for a database, another there": (
        (
            ("      databaseName: mlflow\n", "      databaseName: mlflow\n      schedule: nigth\n"),
            ("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 20 * * *, timeZone: UTC}}\n"),
        ),
        ("21: databases.runs.schedule: 'nigth' is no name in schedules; did you mean night?",),
    ),
    "support: Kubernetes out": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.33'\n"),),
        ("11: cluster.version: Kubernetes 1.33 left standard support on 2026-07-29; write 1.36 or 1.35",),
    ),
    "support: Kubernetes out of extended support": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    version: '1.28'\n    support: EXTENDED\n",
            ),
        ),
        ("11: cluster.version: Kubernetes 1.28 left extended support on 2025-11-26; write 1.36 or 1.35",),
    ),
    "support: Kubernetes unknown": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.99'\n"),),
        ("11: cluster.version: Kubernetes 1.99 is not known to AWS; choose one of 1.36, 1.35, 1.34",),
    ),
    "warning: Kubernetes leaves soon": (
        (("    endpoint: {public: false}\n", "    endpoint: {public: false}\n    version: '1.34'\n"),),
        ("11: cluster.version: Kubernetes 1.34 leaves standard support on 2026-12-02; plan the step to 1.36 or 1.35",),
    ),
    "warning: extended support ends soon": (
        (
            (
                "    endpoint: {public: false}\n",
                "    endpoint: {public: false}\n    version: '1.31'\n    support: EXTENDED\n",
            ),
        ),
        ("11: cluster.version: Kubernetes 1.31 leaves extended support on 2026-11-26; plan the step to 1.36 or 1.35",),
    ),
    "support: PostgreSQL out": (
        (('"17"', '"13"'),),
        ("18: databases.runs.engineVersion: PostgreSQL 13 left standard support on 2026-02-28; write 17 or 16",),
    ),
    "support: PostgreSQL minor": (
        (('"17"', '"15.4"'),),
        (
            "18: databases.runs.engineVersion: PostgreSQL 15.4 cannot be created any more; write 15.15 or newer, or '15' to follow the minor versions",
        ),
    ),
    "support: PostgreSQL unknown": (
        (('"17"', '"99"'),),
        ("18: databases.runs.engineVersion: PostgreSQL 99 is not known to AWS; choose one of 17, 16, 15, 14",),
    ),
    "support: MySQL out": (
        (
            (
                "  ai-platform:buckets",
                "    two: {engine: mysql, engineVersion: '8.0', instanceClass: db.t4g.small, databaseName: a}\n  ai-platform:buckets",
            ),
        ),
        ("21: databases.two.engineVersion: MySQL 8.0 left standard support on 2026-07-31; write 8.4",),
    ),
    "references: no such database": (
        (("database: runs", "database: run"),),
        ("25: workloads.mlflow.database: 'run' is no name in databases or auroraClusters; did you mean runs?",),
    ),
    "references: no such bucket": (
        (("bucket: artifacts", "bucket: models"),),
        ("26: workloads.mlflow.bucket: 'models' is no name in buckets; choose one of artifacts",),
    ),
    "references: no buckets at all": (
        (
            ("    artifacts: {}\n", ""),
            ("ai-platform:buckets:", "ai-platform:buckets: {}"),
        ),
        ("25: workloads.mlflow.bucket: 'artifacts' is no name in buckets; buckets holds none, add it there",),
    ),
    "mlflow: MySQL": (
        (
            ("engine: postgres", "engine: mysql"),
            ('"17"', '"8.4"'),
        ),
        (
            "25: workloads.mlflow.database: runs is mysql; MLflow keeps runs and users in PostgreSQL, name such a database",
        ),
    ),
    "mlflow: replicas the wrong way round": (
        (("", "      replicas: {min: 6, max: 5}\n"),),
        ("27: workloads.mlflow.replicas.min: 6 is above max, 5; lower it, or raise max",),
    ),
    "mlflow: needs External Secrets": (
        (("", "  ai-platform:addons: {externalSecrets: {enabled: false}}\n"),),
        (
            "27: addons.externalSecrets.enabled: false, but it brings MLflow's passwords into its pods; switch it on, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs the load balancer controller": (
        (("", "  ai-platform:addons: {loadBalancerController: {enabled: false}}\n"),),
        (
            "27: addons.loadBalancerController.enabled: false, but it connects MLflow's pods with the load balancer; switch it on, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs metrics": (
        (("", "  ai-platform:addons: {metricsServer: {enabled: false}}\n"),),
        (
            "27: addons.metricsServer.enabled: false, but it measures what MLflow's autoscaler needs; switch it on, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs pod networking": (
        (("", "  ai-platform:addons: {vpcCni: {enabled: false}}\n"),),
        (
            "27: addons.vpcCni.enabled: false, but it gives pods their addresses; switch it on, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs DNS": (
        (("", "  ai-platform:addons: {coredns: {enabled: false}}\n"),),
        (
            "27: addons.coredns.enabled: false, but it resolves names in the cluster; switch it on, or remove workloads.mlflow",
        ),
    ),
    "mlflow: a host without a domain": (
        (("", "      host: mlflow.example.com\n"),),
        ("27: workloads.mlflow.host: needs ingress.domain; add it, or remove the host",),
    ),
    "mlflow: a host elsewhere": (
        (("", "      host: mlflow.example.org\n  ai-platform:ingress: {domain: example.com, public: false}\n"),),
        ("27: workloads.mlflow.host: mlflow.example.org is not in ingress.domain, example.com; write a name below it",),
    ),
    "mlflow: an image tagged latest": (
        (("", "      image: ghcr.io/mlflow/mlflow:latest\n"),),
        (
            "27: workloads.mlflow.image: 'ghcr.io/mlflow/mlflow:latest' is not an image with registry and tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full, and never :latest",
        ),
    ),
    "mlflow: an image without a tag": (
        (("", "      image: ghcr.io/mlflow/mlflow\n"),),
        (
            "27: workloads.mlflow.image: 'ghcr.io/mlflow/mlflow' has no tag; write one, like ghcr.io/mlflow/mlflow:v3.17.2-full",
        ),
    ),
    "kubeflow: a part that stands there twice": (
        (("", "  ai-platform:kubeflow: {parts: [istio, istio]}\n"),),
        ("27: kubeflow.parts[1]: istio stands here twice; keep one",),
    ),
    "kubeflow: a part without those that it needs": (
        (("", "  ai-platform:kubeflow: {parts: [istio, dashboard]}\n"),),
        ("27: kubeflow.parts[1]: dashboard needs login, profiles; add what is missing, or take dashboard out",),
    ),
    "kubeflow: another release than the one that the project's folders name": (
        (
            (
                "",
                '  ai-platform:kubeflow: {version: "26.10"}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        ("27: kubeflow.version: 26.10 is not 26.03, which the project's own folders name; leave version out",),
    ),
    "kubeflow: pipelines whose volumes have no class": (
        (
            (
                "",
                '  ai-platform:kubeflow: {}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n  ai-platform:addons: {ebsCsi: {defaultStorageClass: false}}\n',
            ),
        ),
        (
            "29: addons.ebsCsi.defaultStorageClass: false leaves the volumes of Kubeflow's pipelines without a class; write true, or leave pipelines out",
        ),
    ),
    "kubeflow: a host without a login": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [istio], host: kubeflow.shop.dev}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n",
            ),
        ),
        ("27: kubeflow.host: lets everybody in without the part login; add it, or remove the host",),
    ),
    "kubeflow: a host that shows nothing": (
        (
            (
                "",
                '  ai-platform:kubeflow: {parts: [istio, login], host: kubeflow.shop.dev}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        ("27: kubeflow.host: shows nothing without the part dashboard; add it, or remove the host",),
    ),
    "kubeflow: a host without a domain": (
        (
            (
                "",
                '  ai-platform:kubeflow: {parts: [istio, login, profiles, dashboard], host: kubeflow.shop.dev}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        ("27: kubeflow.host: needs ingress.domain; add it, or remove the host",),
    ),
    "warning: kubeflow: nobody can log in": (
        (("", "  ai-platform:kubeflow: {parts: [istio, login]}\n"),),
        ("27: kubeflow: nobody can log in without tenants; add that section, or leave login out of the parts",),
    ),
    "kubeflow: nodes of another architecture": (
        (
            ("instanceTypes: [t3.large]", "instanceTypes: [t4g.large]"),
            ("", "  ai-platform:kubeflow: {parts: [istio]}\n"),
        ),
        (
            "27: kubeflow: has no nodes to run on: they need an x86-64 type and no taint, because some images are for no other; add a node group like {instanceTypes: [m7i.xlarge]}",
        ),
    ),
    "kubeflow: too few nodes": (
        (
            ("max: 3", "max: 2"),
            ("instanceTypes: [t3.large]", "instanceTypes: [t3.medium]"),
            (
                "",
                '  ai-platform:kubeflow: {}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        (
            "27: kubeflow: its own pods ask for 7638Mi memory, and the nodes that they can run on grow to 6492Mi memory; let those grow further, or leave parts out",
        ),
    ),
    "kubeflow: a namespace of an environment": (
        (
            (
                "",
                '  ai-platform:kubeflow: {parts: [istio]}\n  ai-platform:priorityClasses: {batch: {value: 1, description: x}}\n  ai-platform:environments:\n    auth: {namespace: istio-system, quota: {pods: "1"}, priorityClasses: [batch]}\n',
            ),
        ),
        ("30: environments.auth.namespace: istio-system is a namespace of Kubeflow; choose another",),
    ),
    "kubeflow: a namespace of a workload": (
        (
            ("    mlflow:\n      database", "    mlflow:\n      namespace: kubeflow\n      database"),
            ("", "  ai-platform:kubeflow: {parts: [istio]}\n"),
        ),
        ("25: workloads.mlflow.namespace: kubeflow is a namespace of Kubeflow; choose another",),
    ),
    "kubeflow: a secret where it keeps its own": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [istio]}\n  ai-platform:secrets: {one: {name: shop/kubeflow/one, description: x}}\n",
            ),
        ),
        ("28: secrets.one: shop/kubeflow/one lies below shop/kubeflow/, where kubeflow keeps its own; rename it",),
    ),
    "kubeflow: pipelines without volumes": (
        (
            (
                "",
                '  ai-platform:kubeflow: {}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n  ai-platform:addons: {ebsCsi: {enabled: false}}\n',
            ),
        ),
        (
            "29: addons.ebsCsi.enabled: false, but it makes the volumes of pipelines; switch it on, or remove kubeflow's part pipelines",
        ),
    ),
    "tenants: a range that goes down": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {first: 3, last: 1}\n"),
        ),
        ("28: tenants.range.first: 3 is above last, 1; lower it, or raise last",),
    ),
    "tenants: a range of thousands": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {first: 0, last: 9000}\n    digits: 4\n"),
        ),
        ("28: tenants.range.last: makes more than 5000 tenants; use several clusters",),
    ),
    "tenants: more digits than said": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {last: 100}\n    quota: {cpu: 100m, memory: 100Mi}\n"),
        ),
        ("28: tenants.range.last: 100 has more than 2 digits; write digits: 3",),
    ),
    "tenants: a number that is none": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    members: {"7": {}}\n'),
        ),
        ("28: tenants.members.7: '7' is not the number of a tenant; write two to four digits in quotes, like '07'",),
    ),
    "tenants: a member who is removed": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    members: {"07": {}}\n    removed: {"07": delete}\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        ("28: tenants.members.07: 07 is in removed too; take one of the two out",),
    ),
    "warning: tenants: one who leaves something": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    removed: {"07": keep}\n'),
        ),
        (
            "28: tenants.removed.07: bucket shop-user07 and its repository stay, and cost what they hold; write delete once they are empty",
        ),
    ),
    "warning: tenants: nearly all IAM roles of an account": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                "  ai-platform:tenants:\n    range: {last: 500}\n    digits: 3\n    quota: {cpu: 10m, memory: 10Mi}\n",
            ),
        ),
        (
            "28: tenants.range: makes 1,000 IAM roles beside the platform's own, and an account has 1,000 by default; ask AWS for more in Service Quotas, or spread tenants over accounts",
        ),
    ),
    "tenants: a bucket's name that S3 reserves": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    range: {last: 2}\n    resourcePrefix: xn--a\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        (
            "28: tenants.range: 'xn--a-user01' is a form that S3 reserves; choose another bucket name, or change resourcePrefix",
        ),
    ),
    "tenants: one e-mail address": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    members: {"01": {email: user02@mlops.local}, "02": {}}\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        ("28: tenants.members.02: user02@mlops.local is the e-mail address of tenant user01 too; choose another",),
    ),
    "tenants: one principal": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    members: {"01": {principalArn: "arn:aws:iam::111122223333:role/a"}, "02": {principalArn: "arn:aws:iam::111122223333:role/a"}}\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        (
            "28: tenants.members.02: arn:aws:iam::111122223333:role/a is the principal of tenant user01 too; choose another",
        ),
    ),
    "tenants: another bucket that looks like one": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("    artifacts: {}\n", "    artifacts: {name: shop-userab}\n"),
            ("", '  ai-platform:tenants:\n    members: {"01": {instructor: true}}\n'),
        ),
        (
            "22: buckets.artifacts.name: shop-userab looks like a tenant's bucket, which instructors read; choose another",
        ),
    ),
    "tenants: more than nodes can grow to": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    members: {"01": {quota: {cpu: "100", memory: 1Gi}}}\n'),
        ),
        (
            "28: tenants.members.01.quota: 100 CPU of user01 is more than the 57.9 CPU that nodes can grow to; lower it, or let nodes grow further",
        ),
    ),
    "tenants: more together than nodes can grow to": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    range: {last: 20}\n    quota: {cpu: "4", memory: 1Gi}\n'),
        ),
        (
            "29: tenants.quota: all tenants and environments together may ask for 80 CPU, and nodes can grow to 57.9 CPU; let nodes grow further, lower it, or say so with overcommit",
        ),
    ),
    "tenants: a quota too small for the own server": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {last: 2}\n    quota: {cpu: 500m, memory: 1Gi}\n    mlflow: {}\n"),
        ),
        ("29: tenants.quota.cpu: is less than the 1 CPU of the tenant's own MLflow server; raise it",),
    ),
    "tenants: Profiles without Kubeflow": (
        (("", "  ai-platform:tenants: {range: {last: 3}, profiles: true, quota: {cpu: '1', memory: 1Gi}}\n"),),
        ("27: tenants.profiles: needs Kubeflow; write the section kubeflow, or leave it out",),
    ),
    "tenants: Profiles in a Kubeflow without what knows them": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [certificates, istio]}\n"
                "  ai-platform:tenants: {range: {last: 3}, profiles: true, quota: {cpu: '1', memory: 1Gi}}\n",
            ),
        ),
        (
            "28: tenants.profiles: needs the part admissionWebhook of Kubeflow; add it to kubeflow.parts, or leave it out",
            "28: tenants.profiles: needs the part profiles of Kubeflow; add it to kubeflow.parts, or leave it out",
        ),
    ),
    "tenants: pipelines that would reach other tenants' pods": (
        (
            (
                "",
                "  ai-platform:kubeflow: {}\n"
                "  ai-platform:tenants: {range: {last: 3}, profiles: true, quota: {cpu: '1', memory: 1Gi}}\n",
            ),
        ),
        (
            "28: tenants.profiles: lets steps of pipelines reach the Kubernetes API, whose addresses lie among those of other tenants' pods; write network.controlPlaneSubnets: true, or leave pipelines out of kubeflow.parts",
        ),
    ),
    "tenants: Profiles of the namespaces' names": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [certificates, istio, profiles, admissionWebhook]}\n"
                "  ai-platform:tenants: {range: {last: 3}, profiles: true, profilePrefix: '', quota: {cpu: '1', memory: 1Gi}}\n",
            ),
        ),
        (
            "28: tenants.profilePrefix: user01 is the namespace of tenant user01, and Kubeflow makes one of that name for the Profile; choose another profilePrefix",
        ),
    ),
    "tenants: more than Kubeflow's pages know": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [certificates, istio, profiles, admissionWebhook]}\n"
                "  ai-platform:tenants: {range: {last: 2500}, digits: 4, profiles: true, quota: {cpu: 1m, memory: 1Mi}}\n",
            ),
        ),
        ("28: tenants.profiles: 2500 tenants are more than the 2000 that Kubeflow's pages know",),
    ),
    "tenants: dumps into no bucket": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    range: {last: 2}\n    quota: {cpu: "1", memory: 1Gi}\n    mlflow: {backup: {bucket: nowhere}}\n',
            ),
        ),
        ("30: tenants.mlflow.backup.bucket: 'nowhere' is no name in buckets; choose one of artifacts",),
    ),
    "tenants: without what their servers need": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    range: {last: 2}\n    quota: {cpu: "1", memory: 1Gi}\n    mlflow: {}\n  ai-platform:addons: {ebsCsi: {enabled: false}, vpcCni: {networkPolicy: false}}\n',
            ),
        ),
        (
            "31: addons.ebsCsi.enabled: false, but it makes the volume of the tenants' PostgreSQL; switch it on, or remove tenants.mlflow",
            "31: addons.vpcCni.networkPolicy: false lets every tenant reach the others; switch it on, or remove tenants",
        ),
    ),
    "environments: one index": (
        shared(("index: 1", "index: 0")),
        ("51: environments.prod.cache.index: 0 is the index of environment dev in caches.shared too; choose another",),
    ),
    "environments: one namespace": (
        shared(("    prod:\n", "    prod:\n      namespace: dev\n")),
        ("48: environments.prod.namespace: dev is the namespace of environment dev too; choose another",),
    ),
    "environments: one schema": (
        shared(("prod_shop", "dev_shop")),
        (
            "50: environments.prod.database.schemaName: dev_shop is the schema of environment dev in shared too; choose another",
        ),
    ),
    "environments: one user": (
        shared(("prod_user", "dev_user")),
        ("50: environments.prod.database.user: dev_user is the user of environment dev in shared too; choose another",),
    ),
    "environments: one role": (
        shared(
            ("    dev:\n", "    dev:\n      roleName: shop-app\n"),
            ("    prod:\n", "    prod:\n      roleName: shop-app\n"),
        ),
        ("49: environments.prod.roleName: shop-app is the role of environment dev too; choose another",),
    ),
    "environments: one key prefix": (
        shared(("index: 1", "index: 1, keyPrefix: 'dev:'")),
        (
            "51: environments.prod.cache.keyPrefix: dev: is the key prefix of environment dev in caches.shared too; choose another",
        ),
    ),
    "environments: keys that begin alike": (
        shared(("index: 1", "index: 1, keyPrefix: 'dev:prod:'")),
        (
            "51: environments.prod.cache.keyPrefix: dev:prod: and dev: of environment dev begin alike, so that one reads the other's keys; choose another",
        ),
    ),
    "environments: an index that there is none of": (
        shared(("index: 1", "index: 16")),
        ("51: environments.prod.cache.index: input should be less than 16",),
    ),
    "environments: a namespace of Kubernetes": (
        shared(("    prod:\n", "    prod:\n      namespace: kube-system\n")),
        ("48: environments.prod.namespace: kube-system is a namespace of the platform; choose another",),
    ),
    "environments: a namespace of the platform": (
        shared(("    prod:\n", "    monitoring:\n")),
        ("47: environments.monitoring.namespace: monitoring is a namespace of the platform; choose another",),
    ),
    "environments: a namespace of a workload": (
        shared(("    prod:\n", "    prod:\n      namespace: mlflow\n")),
        ("48: environments.prod.namespace: mlflow is a namespace of workloads.mlflow; choose another",),
    ),
    "environments: a workload's name": (
        shared(("    prod:\n", "    mlflow:\n      namespace: prod\n")),
        ("47: environments.mlflow: mlflow is a workload too, and both keep secrets below shop/mlflow/; rename it",),
    ),
    "environments: a secret where an environment keeps its own": (
        shared(("{description: Slack}", "{description: Slack, name: shop/dev/slack}")),
        ("34: secrets.slack: shop/dev/slack lies below shop/dev/, where that environment keeps its own; rename it",),
    ),
    "environments: no such application": (
        shared(("{api: {}}", "{apo: {}}")),
        ("46: environments.dev.services.apo: 'apo' is no name in applications; did you mean api?",),
    ),
    "environments: no such bucket": (
        shared(("{api: {}}", "{api: {}}\n      buckets: {artefacts: read}")),
        ("47: environments.dev.buckets.artefacts: 'artefacts' is no name in buckets; did you mean artifacts?",),
    ),
    "environments: no such priority class": (
        shared(
            (
                '    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]',
                '    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low, lov]',
            )
        ),
        ("43: environments.dev.priorityClasses[1]: 'lov' is no name in priorityClasses; did you mean low?",),
    ),
    "environments: a priority class of others": (
        shared(
            ("{api: {}}", "{api: {priorityClass: high}}"),
            (
                "    low: {value: 100, description: Waits}\n",
                "    low: {value: 100, description: Waits}\n    high: {value: 200, description: First}\n",
            ),
        ),
        (
            "47: environments.dev.services.api.priorityClass: high is not among the environment's priorityClasses; choose one of low",
        ),
    ),
    "environments: a priority class of Kubernetes": (
        shared(
            (
                "    low: {value: 100, description: Waits}\n",
                "    low: {value: 100, description: Waits}\n    system-high: {value: 200, description: First}\n",
            )
        ),
        ("38: priorityClasses.system-high: system-high begins like those of Kubernetes, system-...; rename it",),
    ),
    "environments: no such cache": (
        shared(("{cache: shared, index: 1}", "{cache: share, index: 1}")),
        ("51: environments.prod.cache.cache: 'share' is no name in caches; did you mean shared?",),
    ),
    "environments: no such database": (
        shared(("{cluster: shared, schemaName: prod_shop", "{cluster: run, schemaName: prod_shop")),
        (
            "50: environments.prod.database.cluster: 'run' is no name in auroraClusters or databases; did you mean runs?",
        ),
    ),
    "environments: a database of MySQL": (
        (
            *shared(("{cluster: shared, schemaName: prod_shop", "{cluster: old, schemaName: prod_shop")),
            (
                "  ai-platform:buckets",
                "    old: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: old}\n  ai-platform:buckets",
            ),
        ),
        ("51: environments.prod.database.cluster: old is mysql; name one of PostgreSQL",),
    ),
    "environments: the master user": (
        shared(("prod_user", "platform")),
        ("50: environments.prod.database.user: platform is the master user of shared; choose another",),
    ),
    "environments: no application to migrate": (
        shared(("user: dev_user", "user: dev_user, migration: {application: apis}")),
        ("44: environments.dev.database.migration.application: 'apis' is no name in applications; did you mean api?",),
    ),
    "environments: no bucket for dumps": (
        shared(("user: dev_user", "user: dev_user, backup: {bucket: dumps}")),
        ("44: environments.dev.database.backup.bucket: 'dumps' is no name in buckets; choose one of artifacts",),
    ),
    "warning: environments: dumps without end": (
        shared(("user: dev_user", "user: dev_user, backup: {bucket: artifacts}")),
        (
            "44: environments.dev.database.backup.bucket: artifacts keeps every dump for ever; write buckets.artifacts.lifecycle.expireDays",
        ),
    ),
    "environments: one folder for dumps": (
        (
            *shared(
                ("user: dev_user", "user: dev_user, backup: {bucket: dumps, prefix: all/, restoreTest: null}"),
                ("user: prod_user", "user: prod_user, backup: {bucket: dumps, prefix: all/}"),
            ),
            ("artifacts: {}", "artifacts: {}\n    dumps: {lifecycle: {expireDays: 7}}"),
        ),
        (
            "51: environments.prod.database.backup.prefix: all/ is the folder of environment dev in buckets.dumps too; choose another",
        ),
    ),
    "environments: one scratch database": (
        (
            *shared(
                ("user: dev_user", "user: dev_user, backup: {bucket: dumps, restoreTest: {database: scratch}}"),
                ("user: prod_user", "user: prod_user, backup: {bucket: dumps, restoreTest: {database: scratch}}"),
            ),
            ("artifacts: {}", "artifacts: {}\n    dumps: {lifecycle: {expireDays: 7}}"),
        ),
        (
            "51: environments.prod.database.backup.restoreTest.database: scratch is the scratch database of environment dev in shared too; choose another",
        ),
    ),
    "environments: a restore test over the database": (
        (
            *shared(("user: dev_user", "user: dev_user, backup: {bucket: dumps, restoreTest: {database: shop}}")),
            ("artifacts: {}", "artifacts: {}\n    dumps: {lifecycle: {expireDays: 7}}"),
        ),
        (
            "45: environments.dev.database.backup.restoreTest.database: shop is the database of shared, which the test empties; choose another",
        ),
    ),
    "environments: no such file system": (
        shared(("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: model, accessPoint: models}}")),
        ("47: environments.dev.volumes.models.fileSystem: 'model' is no name in fileSystems; did you mean models?",),
    ),
    "environments: no such access point": (
        shared(("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: models, accessPoint: model}}")),
        (
            "47: environments.dev.volumes.models.accessPoint: 'model' is no name in fileSystems.models.accessPoints; did you mean models?",
        ),
    ),
    "environments: a volume that the environment lacks": (
        shared(
            ("port: 8080", "port: 8080, volumes: {models: /models}"),
            ("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: models, accessPoint: models}}"),
        ),
        (
            "53: environments.prod.services.api: mounts volume 'models', and environment prod has none of that name; add it",
        ),
    ),
    "warning: environments: two write one folder": (
        shared(
            ("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: models, accessPoint: models}}"),
            (
                "{api: {host: api.shop.dev}}",
                "{api: {host: api.shop.dev}}\n      volumes: {weights: {fileSystem: models, accessPoint: models}}",
            ),
        ),
        (
            "54: environments.prod.volumes.weights: lets prod change what environment dev writes; write readOnly: true in one",
        ),
    ),
    "environments: no such secret": (
        shared(("port: 8080", "port: 8080, secrets: {TOKEN: {secret: slak}}")),
        ("39: applications.api.secrets.TOKEN.secret: 'slak' is no name in secrets; did you mean slack?",),
    ),
    "scaling: an application the wrong way round": (
        shared(("port: 8080", "port: 8080, scaling: {max: 1}")),
        ("39: applications.api.scaling.min: 2 is above max, 1; lower it, or raise max",),
    ),
    "scaling: a service the wrong way round": (
        shared(("{api: {}}", "{api: {scaling: {min: 5, max: 4}}}")),
        ("46: environments.dev.services.api.scaling.min: 5 is above max, 4; lower it, or raise max",),
    ),
    "scaling: replicas beside it": (
        shared(("{api: {}}", "{api: {replicas: 2, scaling: {max: 4}}}")),
        ("46: environments.dev.services.api.replicas: is not used beside scaling; keep one",),
    ),
    "resources: an application's requests above its limits": (
        shared(("port: 8080", "port: 8080, resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {memory: 512Mi}}")),
        (
            "39: applications.api.resources.requests.memory: 1Gi is above the limit, 512Mi; lower it, or raise the limit",
        ),
    ),
    "resources: a service's CPU above its limit": (
        shared(
            ("{api: {}}", "{api: {resources: {requests: {cpu: '1', memory: 1Gi}, limits: {cpu: 500m, memory: 1Gi}}}}")
        ),
        (
            "46: environments.dev.services.api.resources.requests.cpu: 1 is above the limit, 500m; lower it, or raise the limit",
        ),
    ),
    "resources: defaults above their limits": (
        shared(("{api: {}}", "{api: {}}\n      limitRange: {request: {memory: 1Gi}}")),
        (
            "47: environments.dev.limitRange.request.memory: 1Gi is above the limit, 512Mi; lower it, or raise the limit",
        ),
    ),
    "gpus: none there": (
        shared(("port: 8080", "port: 8080, gpus: 1")),
        (
            "39: applications.api.gpus: asks for 1, and no node group or node pool has GPUs; add one, like {instanceTypes: [g6.xlarge]}",
        ),
    ),
    "gpus: a service's, none there": (
        shared(("{api: {}}", "{api: {gpus: 1}}")),
        (
            "46: environments.dev.services.api.gpus: asks for 1, and no node group or node pool has GPUs; add one, like {instanceTypes: [g6.xlarge]}",
        ),
    ),
    "hosts: of a service, elsewhere": (
        shared(("api.shop.dev", "api.shop.org")),
        (
            "52: environments.prod.services.api.host: api.shop.org is not in ingress.domain, shop.dev; write a name below it",
        ),
    ),
    "hosts: of Grafana, elsewhere": (
        shared(("defaultReceiver: chat", "defaultReceiver: chat\n    host: grafana.shop.org")),
        ("56: monitoring.host: grafana.shop.org is not in ingress.domain, shop.dev; write a name below it",),
    ),
    "hosts: of Argo CD without a domain": (
        shared(
            ("  ai-platform:ingress: {domain: shop.dev, public: false}\n", ""),
            ("{api: {host: api.shop.dev}}", "{api: {}}"),
            ("/shop/releases", "/shop/releases\n    host: argocd.shop.dev"),
        ),
        ("57: gitops.host: needs ingress.domain; add it, or remove the host",),
    ),
    "hosts: one for two services": (
        shared(("{api: {}}", "{api: {host: api.shop.dev}}")),
        (
            "52: environments.prod.services.api.host: api.shop.dev leads to environments.dev.services.api too; choose another host or path",
        ),
    ),
    "hosts: a service where Grafana is": (
        shared(("defaultReceiver: chat", "defaultReceiver: chat\n    host: api.shop.dev")),
        ("52: environments.prod.services.api.host: api.shop.dev leads to monitoring too; choose another host or path",),
    ),
    "quota: more than nodes can grow to": (
        shared(('requests.cpu: "3"', 'requests.cpu: "6"')),
        (
            "48: environments.prod.quota.requests.cpu: 6 is more than the 5790m CPU that nodes can grow to; lower it, or let nodes grow further",
        ),
    ),
    "quota: GPUs that nodes cannot have": (
        shared(('requests.cpu: "3"', 'requests.nvidia.com/gpu: "1"')),
        (
            "48: environments.prod.quota.requests.nvidia.com/gpu: 1 is more than the 0 nvidia.com/gpu that nodes can grow to; lower it, or let nodes grow further",
        ),
    ),
    "quota: too much together": (
        shared(('requests.cpu: "3"', 'requests.cpu: "5"')),
        (
            "48: environments.prod.quota.requests.cpu: 5 makes 7 CPU with dev, and nodes can grow to 5790m CPU; lower it, or let nodes grow further",
        ),
    ),
    "quota: pods that nodes cannot carry": (
        shared(('requests.memory: 8Gi, pods: "20"', 'requests.memory: 8Gi, pods: "331"')),
        (
            "48: environments.prod.quota.pods: 331 is more than the 330 pods that nodes can grow to; lower it, or let nodes grow further",
        ),
    ),
    "quota: too little for its services": (
        shared(('requests.cpu: "2"', "requests.cpu: 50m")),
        (
            "42: environments.dev.quota.requests.cpu: 50m is less than the 100m CPU that its services ask for at their fewest replicas; raise it, or lower replicas or requests",
        ),
    ),
    "quota: a limit that containers lack": (
        shared(('requests.cpu: "2"', 'limits.cpu: "2"')),
        (
            "42: environments.dev.quota.limits.cpu: keeps containers without a CPU limit from being made; write limitRange.limit.cpu, or remove it",
        ),
    ),
    "quota: no resource of one": (
        shared(('requests.cpu: "2"', 'request.cpu: "2"')),
        (
            "42: environments.dev.quota.request.cpu: 'request.cpu' is not a resource of a quota; write it like requests.cpu, requests.memory, requests.nvidia.com/gpu, pods, services or persistentvolumeclaims",
        ),
    ),
    "warning: alerts without monitoring": (
        shared(
            ("{api: {}}", "{api: {}}\n      alerts: {receiver: chat}"),
            (
                '  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    defaultReceiver: chat\n',
                "",
            ),
        ),
        ("47: environments.dev.alerts: say nothing without monitoring; add that section, or remove them",),
    ),
    "alerts: no such receiver": (
        shared(("{api: {}}", "{api: {}}\n      alerts: {receiver: chad}")),
        ("47: environments.dev.alerts.receiver: 'chad' is no name in monitoring.receivers; did you mean chat?",),
    ),
    "monitoring: no such receiver": (
        shared(("defaultReceiver: chat", "defaultReceiver: pager")),
        ("55: monitoring.defaultReceiver: 'pager' is no name in monitoring.receivers; choose one of chat",),
    ),
    "monitoring: no such secret": (
        shared(("{secret: slack}", "{secret: pagerduty}")),
        ("54: monitoring.receivers.chat.slack.webhook.secret: 'pagerduty' is no name in secrets; choose one of slack",),
    ),
    "monitoring: a receiver of two ways": (
        shared(('channel: "#alerts"}', 'channel: "#alerts"}, pagerduty: {routingKey: {secret: slack}}')),
        ("54: monitoring.receivers.chat: reaches nobody, or by two ways at once; write one of slack and pagerduty",),
    ),
    "warning: monitoring: a receiver told nothing": (
        shared(('channel: "#alerts"}}', 'channel: "#alerts"}}, duty: {pagerduty: {routingKey: {secret: slack}}}')),
        (
            "54: monitoring.receivers.duty: is told nothing; name it in an environment's alerts or as defaultReceiver, or remove it",
        ),
    ),
    "warning: a delivery without gitops": (
        shared(
            ("{api: {}}", "{api: {}}\n      delivery: {automatic: true, wave: 1}"),
            ("  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n", ""),
        ),
        ("47: environments.dev.delivery: brings nothing without gitops; add that section, or remove it",),
    ),
    "delivery: heals what waits for a person": (
        shared(("{api: {}}", "{api: {}}\n      delivery: {automatic: false, selfHeal: true, wave: 1}")),
        (
            "47: environments.dev.delivery.selfHeal: true heals nothing where automatic is false: a person agrees to each change; write false",
        ),
    ),
    "gitops: no such secret": (
        shared(("/shop/releases", "/shop/releases\n    credentials: git")),
        ("58: gitops.credentials: 'git' is no name in secrets; choose one of slack",),
    ),
    "gitops: no such secret for its messages": (
        shared(("/shop/releases", "/shop/releases\n    notifications: {token: {secret: slac}, channel: '#releases'}")),
        ("58: gitops.notifications.token.secret: 'slac' is no name in secrets; did you mean slack?",),
    ),
    "warning: gitops: an example's repository": (
        shared(("/shop/releases", "/example/releases")),
        (
            "57: gitops.repository: https://github.com/example/releases is an example; write a repository of yours before you build",
        ),
    ),
    "environments: need External Secrets": (
        shared(("", "  ai-platform:addons: {externalSecrets: {enabled: false}}\n")),
        (
            "58: addons.externalSecrets.enabled: false, but it brings MLflow's passwords into its pods; switch it on, or remove workloads.mlflow",
        ),
    ),
    "environments: need network policies": (
        shared(("", "  ai-platform:addons: {vpcCni: {networkPolicy: false}}\n")),
        (
            "58: addons.vpcCni.networkPolicy: false lets every environment reach the others; switch it on, or remove environments",
        ),
    ),
    "monitoring: needs volumes": (
        shared(("", "  ai-platform:addons: {ebsCsi: {enabled: false}}\n")),
        ("58: addons.ebsCsi.enabled: false, but it makes Prometheus' volume; switch it on, or remove monitoring",),
    ),
    "file systems: need their driver": (
        shared(("", "  ai-platform:addons: {efsCsi: {enabled: false}}\n")),
        ("58: addons.efsCsi.enabled: false, but it mounts file systems; switch it on, or remove fileSystems",),
    ),
    "file systems: one folder twice": (
        shared(("{models: {path: /models}}", "{models: {path: /models}, weights: {path: /models}}")),
        ("32: fileSystems.models.accessPoints.weights.path: /models is the folder of models too; choose another",),
    ),
    "file systems: one name twice": (
        shared(
            (
                "    models: {accessPoints",
                "    two: {name: shop-models-efs, accessPoints: {a: {path: /a}}}\n    models: {accessPoints",
            )
        ),
        ("33: fileSystems.models.name: shop-models-efs is the name of file system two too; choose another",),
    ),
    "pools: need Karpenter": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}, karpenter: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "27: addons.karpenter.enabled: false, but it brings the nodes of node pools; switch it on, or remove nodePools",
        ),
    ),
    "warning: pools: two autoscalers": (
        (
            (
                "",
                '  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "27: nodePools: bring nodes for a pod that waits, and so does the Cluster Autoscaler at the same time; write addons.clusterAutoscaler.enabled: false",
        ),
    ),
    "pools: a group's name": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    cpu: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.cpu: cpu is a name in nodeGroups too; rename one",),
    ),
    "pools: no type": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.3xlarge, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes[0]: m7i.3xlarge is no instance type that EC2 offers; did you mean m7i.xlarge?",
        ),
    ),
    "pools: two architectures": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m7g.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes[1]: m7g.large (arm64, accelerator none) needs another AMI than m7i.large (x86_64, none); put it into a group of its own",
        ),
    ),
    "pools: a retired family": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [p3.2xlarge], limits: {cpu: "16", memory: 640Gi, gpus: 4}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes[0]: p3.2xlarge is not offered any more; write g4dn.xlarge, g5.xlarge or g6.xlarge",
        ),
    ),
    "environments: an owner beside its own": (
        shared(("{api: {}}", "{api: {}}\n      buckets: [artifacts]")),
        ("47: environments.dev.buckets: is a list; write a map, one `key: value` a line",),
    ),
    "hosts: the domain itself and a controller's load balancer": (
        (
            *shared(("public: false}", "public: false, owner: controller}"), ("api.shop.dev", "shop.dev")),
            ("bucket: artifacts", "bucket: artifacts\n      host: mlflow.shop.dev"),
        ),
        (
            "53: environments.prod.services.api.host: shop.dev is the domain itself, which cannot lead to a controller's load balancer; write a name below it, or ingress.owner: pulumi",
        ),
    ),
    "warning: pools: Spot with one type": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large], capacity: [spot], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes: offers Spot m7i.large alone and waits when there is none; add types of the same size",
        ),
    ),
    "pools: Spot twice": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], capacity: [spot, spot], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.capacity: spot stands here 2 times; keep one",),
    ),
    "pools: a zone without a private subnet": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], zones: [us-west-2c], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.zones[0]: us-west-2c has no private subnet; did you mean us-west-2b?",),
    ),
    "pools: GPUs without a limit": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [g5.xlarge, g6.xlarge], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: is missing for a pool with GPUs, the dearest of its parts; add it",),
    ),
    "pools: a limit of GPUs without any": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi, gpus: 2}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: limits GPUs, and m7i.large has none; remove it",),
    ),
    "pools: room for no node": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "1", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.limits.cpu: 1 lets no node come, m7i.large has 2; raise it",),
    ),
    "pools: no GPU allowed": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [g5.xlarge, g6.xlarge], limits: {cpu: "16", memory: 64Gi, gpus: 0}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: 0 lets no node come, g5.xlarge has 1; raise it",),
    ),
    "Aurora: the wrong way round": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {min: 8, max: 4}}")),
        ("28: auroraClusters.shared.capacity.min: 8 is above max, 4; lower it, or raise max",),
    ),
    "Aurora: pauses without a minimum of 0": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {pauseAfterSeconds: 600}}")),
        (
            "28: auroraClusters.shared.capacity.pauseAfterSeconds: is not used, because instances stop at min, 0.5; write min: 0, or remove it",
        ),
    ),
    "Aurora: a version that cannot pause": (
        shared(
            ('engineVersion: "17"', 'engineVersion: "14.9"'),
            ("databaseName: shop}", "databaseName: shop, capacity: {min: 0}}"),
        ),
        (
            "28: auroraClusters.shared.capacity.min: 0 lets instances pause, which Aurora PostgreSQL 14.9 cannot; write engineVersion 14.12 or newer, or min: 0.5",
        ),
    ),
    "warning: Aurora: no memory for Performance Insights": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {max: 1.5}}")),
        (
            "28: auroraClusters.shared.capacity.max: 1.5 leaves Performance Insights too little memory; AWS advises 2 or more, or write performanceInsights: false",
        ),
    ),
    "Aurora: no backups": (
        shared(("databaseName: shop}", "databaseName: shop, backups: {retentionDays: 0}}")),
        ("28: auroraClusters.shared.backups.retentionDays: 0 is not offered by Aurora; write 1 to 35",),
    ),
    "Aurora: TLS turned off": (
        shared(("databaseName: shop}", "databaseName: shop, parameters: {rds.force_ssl: '0'}}")),
        (
            "28: auroraClusters.shared.parameters.rds.force_ssl: is set by the platform, so that TLS is the only way in; remove it",
        ),
    ),
    "Aurora: a database's name": (
        shared(
            (
                '    shared: {engineVersion: "17"',
                "    runs: {databaseName: other, engineVersion: '17'}\n    shared: {engineVersion: \"17\"",
            )
        ),
        ("28: auroraClusters.runs: runs is a name in databases too, and environments could mean both; rename one",),
    ),
    "Aurora: windows at once": (
        shared(("databaseName: shop}", "databaseName: shop, maintenanceWindow: sun:03:30-sun:04:30}")),
        (
            "28: auroraClusters.shared.maintenanceWindow: sun:03:30-sun:04:30 meets the backup window, 03:00-04:00; move one",
        ),
    ),
    "Aurora: one identifier twice": (
        shared(
            (
                '    shared: {engineVersion: "17"',
                "    two: {databaseName: other, engineVersion: '17', identifier: shop-shared-aurora, instancePrefix: two}\n    shared: {engineVersion: \"17\"",
            )
        ),
        (
            "29: auroraClusters.shared.identifier: shop-shared-aurora is the name of Aurora cluster two too; choose another",
        ),
    ),
    "Aurora: an instance called like a database": (
        (
            *shared(("databaseName: shop}", "databaseName: shop, instancePrefix: shop}")),
            ("      databaseName: mlflow\n", "      databaseName: mlflow\n      identifier: shop-writer\n"),
        ),
        ("29: auroraClusters.shared.instancePrefix: shop-writer is the name of database runs too; choose another",),
    ),
    "Aurora: a derived name": (
        shared(
            (
                '    shared: {engineVersion: "17"',
                "    my--own: {databaseName: other, engineVersion: '17'}\n    shared: {engineVersion: \"17\"",
            )
        ),
        (
            "28: auroraClusters.my--own: 'shop-my--own-aurora' is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, beginning with a letter, or write identifier",
        ),
    ),
    "support: Aurora PostgreSQL out": (
        shared(('engineVersion: "17"', 'engineVersion: "13"')),
        (
            "28: auroraClusters.shared.engineVersion: Aurora PostgreSQL 13 left standard support on 2026-02-28; write 17 or 16",
        ),
    ),
    "support: Aurora PostgreSQL minor": (
        shared(('engineVersion: "17"', 'engineVersion: "15.4"')),
        (
            "28: auroraClusters.shared.engineVersion: Aurora PostgreSQL 15.4 cannot be created any more; write 15.10 or newer, or '15' to follow the minor versions",
        ),
    ),
    "support: Redis out": (
        shared(('{engineVersion: "8.1"', '{engine: redis, engineVersion: "5.0.6"')),
        ("30: caches.shared.engineVersion: Redis OSS 5.0 left standard support on 2026-01-31; write 7.1 or 7.0",),
    ),
    "warning: support: Redis leaves soon": (
        shared(('{engineVersion: "8.1"', '{engine: redis, engineVersion: "6.2"')),
        (
            "30: caches.shared.engineVersion: Redis OSS 6.2 leaves standard support on 2027-01-31; plan the step to 7.1 or 7.0",
        ),
    ),
    "support: no version of Valkey": (
        shared(('{engineVersion: "8.1"', '{engineVersion: "7.1"')),
        ("30: caches.shared.engineVersion: Valkey 7.1 is not known to AWS; did you mean 8.1?",),
    ),
    "cache: a short window": (
        shared(("cache.t4g.small}", "cache.t4g.small, snapshots: {window: '05:00-05:30'}}")),
        ("30: caches.shared.snapshots.window: 05:00-05:30 is shorter than 60 minutes; lengthen it",),
    ),
    "cache: fewer databases": (
        shared(("cache.t4g.small}", "cache.t4g.small, parameters: {databases: '1'}}")),
        ("30: caches.shared.parameters.databases: decides how many numbered databases there are, 16; remove it",),
    ),
    "cache: the API's Service": (
        shared(("cache.t4g.small}", "cache.t4g.small, service: kubernetes}")),
        ("30: caches.shared.service: kubernetes is the Service of the API in namespace default; choose another",),
    ),
    "cache: one name twice": (
        shared(
            (
                '    shared: {engineVersion: "8.1"',
                "    two: {engineVersion: '8.1', nodeType: cache.t4g.small, identifier: shop-shared}\n    shared: {engineVersion: \"8.1\"",
            )
        ),
        ("31: caches.shared.identifier: shop-shared is the name of cache two too; choose another",),
    ),
    "cache: a derived name": (
        shared(
            (
                '    shared: {engineVersion: "8.1"',
                "    a234567890123456789012345678901234567890: {engineVersion: '8.1', nodeType: cache.t4g.small}\n    shared: {engineVersion: \"8.1\"",
            )
        ),
        (
            "30: caches.a234567890123456789012345678901234567890: 'shop-a234567890123456789012345678901234567890' is not a replication group id; write 1-40 lower-case letters, digits and single hyphens, beginning with a letter, or write identifier",
        ),
    ),
    "repositories: a name with capitals": (
        (("", "  ai-platform:repositories: {backend: {name: Shop/Backend}}\n"),),
        (
            "27: repositories.backend.name: 'Shop/Backend' is not an ECR repository name; write 2-256 lower-case letters, digits and single dots, underscores and hyphens, with / between parts",
        ),
    ),
    "repositories: a key that makes no name": (
        (("", "  ai-platform:repositories: {back--end: {}}\n"),),
        (
            "27: repositories.back--end: 'shop/back--end' is not an ECR repository name; write 2-256 lower-case letters, digits and single dots, underscores and hyphens, with / between parts, or write name",
        ),
    ),
    "repositories: one name twice": (
        (("", "  ai-platform:repositories: {backend: {}, other: {name: shop/backend}}\n"),),
        ("27: repositories.other.name: shop/backend is the name of repository backend too; choose another",),
    ),
    "repositories: everybody pulls": (
        (("", "  ai-platform:repositories: {backend: {pullers: ['*']}}\n"),),
        (
            "27: repositories.backend.pullers[0]: '*' is nobody who could pull; write an account's 12 digits in quotes, or the ARN of a role",
        ),
    ),
    "repositories: a pattern with a blank": (
        (("", "  ai-platform:repositories: {backend: {lifecycle: {tagPatterns: [prod *]}}}\n"),),
        (
            "27: repositories.backend.lifecycle.tagPatterns[0]: 'prod *' is no pattern of tags; write letters, digits, ._- and *, like prod-*",
        ),
    ),
    "scheduler: nothing to stop": (
        (("", "  ai-platform:scheduler: {function: eks-ec2-startstop}\n"),),
        (
            "27: scheduler: has nothing to stop: no node group, database or instance has a schedule; give one to some, or remove it",
        ),
    ),
    "scheduler: a name that Lambda refuses": (
        (("", "  ai-platform:scheduler: {function: eks.startstop}\n"),),
        (
            "27: scheduler.function: 'eks.startstop' is not the name of a Lambda function; write at most 64 letters, digits, hyphens and underscores",
        ),
    ),
    "MySQL: a user of PostgreSQL": (
        (
            ("databaseName: mlflow\n", "databaseName: mlflow\n      users: {app: {secret: app}}\n"),
            ("", "  ai-platform:secrets: {app: {description: App, generate: true}}\n"),
        ),
        (
            "21: databases.runs.users.app: is no user of MySQL; those of PostgreSQL come with workloads and environments: remove it",
        ),
    ),
    "MySQL: a secret that is not there": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {app: {secret: app}}}\n  ai-platform:buckets",
            ),
        ),
        ("21: databases.shop.users.app.secret: 'app' is no name in secrets; secrets holds none, add it there",),
    ),
    "MySQL: a password of a person": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {app: {secret: app}}}\n  ai-platform:buckets",
            ),
            ("", "  ai-platform:secrets: {app: {description: App}}\n"),
        ),
        (
            "21: databases.shop.users.app.secret: app is filled by a person, and the password is AWS's to make; write generate: true there",
        ),
    ),
    "MySQL: the master user again": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {platform: {secret: app}}}\n  ai-platform:buckets",
            ),
            ("", "  ai-platform:secrets: {app: {description: App, generate: true}}\n"),
        ),
        ("21: databases.shop.users.platform: platform is the master user; choose another",),
    ),
    "MySQL: a user of its own": (
        (
            (
                "  ai-platform:buckets",
                "    shop: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: shop, users: {root: {secret: app}}}\n  ai-platform:buckets",
            ),
            ("", "  ai-platform:secrets: {app: {description: App, generate: true}}\n"),
        ),
        (
            "21: databases.shop.users.root: 'root' is not a MySQL user of your own; write at most 32 lower-case letters, digits and underscores, not root, rdsadmin or mysql...",
        ),
    ),
    "image updates: a repository that is not there": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api}}}\n",
            ),
        ),
        (
            "60: gitops.imageUpdater.images.api.repository: 'api' is no name in repositories; repositories holds none, add it there",
        ),
    ),
    "image updates: nothing is delivered": (
        shared(
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api}}}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        ("59: gitops.imageUpdater: has nothing to update: no environment has a delivery; add one",),
    ),
    "image updates: an environment that is not delivered to": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api}}, environments: [prod]}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        (
            "60: gitops.imageUpdater.environments[0]: 'prod' is no environment that Argo CD delivers to; choose one of dev",
        ),
    ),
    "image updates: nobody may commit": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    imageUpdater: {images: {api: {repository: api}}}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        (
            "59: gitops.imageUpdater: cannot commit: gitops.credentials is missing; name a secret with username and password that may push",
        ),
    ),
    "image updates: no expression of tags": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api, tags: 'prod-['}}}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        (
            "60: gitops.imageUpdater.images.api.tags: 'prod-[' is no regular expression: unterminated character set at position 5",
        ),
    ),
    "instances: a type that EC2 lacks": (
        (("", "  ai-platform:instances:\n    one: {instanceType: g5.96xlarge, zones: [us-west-2a]}\n"),),
        ("28: instances.one.instanceType: g5.96xlarge is no instance type that EC2 offers; did you mean g5.16xlarge?",),
    ),
    "instances: a type with a slip": (
        (("", "  ai-platform:instances:\n    one: {instanceType: m4x.large, zones: [us-west-2a]}\n"),),
        ("28: instances.one.instanceType: m4x.large is no instance type that EC2 offers; did you mean m4.large?",),
    ),
    "instances: a family that is retired": (
        (("", "  ai-platform:instances:\n    one: {instanceType: p2.xlarge, zones: [us-west-2a]}\n"),),
        ("28: instances.one.instanceType: p2.xlarge is not offered any more; write g4dn, g5 or g6",),
    ),
    "instances: a zone without a subnet": (
        (("", "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2c]}\n"),),
        ("28: instances.one.zones[0]: us-west-2c has no private subnet; did you mean us-west-2b?",),
    ),
    "instances: a bastion in private": (
        (
            (
                "",
                "  ai-platform:instances:\n    way-in: {role: bastion, instanceType: t3.micro, zones: [us-west-2a], allowFrom: [{port: 22, cidrs: [198.51.100.7/32]}], tier: private}\n",
            ),
        ),
        ("28: instances.way-in.tier: private keeps people out of a bastion; write public, or remove it",),
    ),
    "instances: a bastion that nobody reaches": (
        (("", "  ai-platform:instances:\n    way-in: {role: bastion, instanceType: t3.micro, zones: [us-west-2a]}\n"),),
        (
            "28: instances.way-in.allowFrom: lets nobody in at the bastion; write the networks of your people: {port: 22, cidrs: [...]}",
        ),
    ),
    "instances: a port open to the world": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000, cidrs: [0.0.0.0/0]}]}\n",
            ),
        ),
        (
            "28: instances.one.allowFrom[0].cidrs[0]: 0.0.0.0/0 opens port 8000 to the world; name the networks that need it",
        ),
    ),
    "instances: a port open to half of the world": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000, cidrs: [0.0.0.0/1]}]}\n",
            ),
        ),
        (
            "28: instances.one.allowFrom[0].cidrs[0]: 0.0.0.0/1 opens port 8000 to the world; name the networks that need it",
        ),
    ),
    "instances: a port open to nobody": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0]: opens a port to nobody; write nodes: true, instances or cidrs",),
    ),
    "instances: ports the wrong way round": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8002, toPort: 8000, nodes: true}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0].toPort: 8000 is below port, 8002; swap them",),
    ),
    "instances: a network twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8002, cidrs: [10.0.0.0/24, 10.0.0.0/24]}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0].cidrs: names one of them twice; keep one",),
    ),
    "instances: a port opened twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000, toPort: 8002, nodes: true}, {port: 8001, nodes: true}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[1]: opens a port to the nodes that allowFrom[0] opens already; write each once",),
    ),
    "instances: another instance that is not there": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 22, instances: [onee]}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0].instances[0]: 'onee' is no name in instances; did you mean one?",),
    ),
    "instances: a schedule that is not there": (
        (("", "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], schedule: nights}\n"),),
        ("28: instances.one.schedule: 'nights' is no name in schedules; schedules holds none, add it there",),
    ),
    "instances: a repository that is not there": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {repository: app, tag: v1}}}\n",
            ),
        ),
        (
            "28: instances.one.containers.app.repository: 'app' is no name in repositories; repositories holds none, add it there",
        ),
    ),
    "instances: a secret that is not there": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, secrets: {TOKEN: {secret: hub}}}}}\n",
            ),
        ),
        (
            "28: instances.one.containers.app.secrets.TOKEN.secret: 'hub' is no name in secrets; secrets holds none, add it there",
        ),
    ),
    "instances: no image": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {}}}\n",
            ),
        ),
        ("28: instances.one.containers.app: has neither image nor repository; write one of them",),
    ),
    "instances: image and repository": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, repository: app, tag: v1}}}\n  ai-platform:repositories: {app: {}}\n",
            ),
        ),
        ("28: instances.one.containers.app: has both image and repository; write one of them",),
    ),
    "instances: a repository without a tag": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {repository: app}}}\n  ai-platform:repositories: {app: {}}\n",
            ),
        ),
        ("28: instances.one.containers.app: tag is missing beside repository; add it",),
    ),
    "instances: a tag beside an image": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, tag: v1}}}\n",
            ),
        ),
        ("28: instances.one.containers.app: has a tag beside image; remove it",),
    ),
    "instances: a floating tag": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {repository: app, tag: latest}}}\n  ai-platform:repositories: {app: {}}\n",
            ),
        ),
        (
            "28: instances.one.containers.app.tag: 'latest' is no tag that stays; write one like prod-20250714-1752, and never latest",
        ),
    ),
    "instances: a port taken twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, ports: [{host: 80}]}, web: {image: ghcr.io/shop/app:v1, ports: [{host: 80, container: 8080}]}}}\n",
            ),
        ),
        ("28: instances.one.containers.web.ports[0].host: 80 is taken by app already; choose another",),
    ),
    "instances: the port of SSH": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, ports: [{host: 22}]}}}\n",
            ),
        ),
        ("28: instances.one.containers.app.ports[0].host: 22 is the port of the server's own SSH; choose another",),
    ),
    "instances: GPUs without any": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, gpus: true}}}\n",
            ),
        ),
        (
            "28: instances.one.containers.app.gpus: asks for GPUs, and t3.small has none; take one such as g5.xlarge, or remove it",
        ),
    ),
    "instances: a mount without a volume": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, mounts: {/models: hub}}}}\n",
            ),
        ),
        ("28: instances.one.containers.app.mounts: needs a data volume; add data to one",),
    ),
    "instances: a variable twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, environment: {TOKEN: a}, secrets: {TOKEN: {secret: hub}}}}}\n  ai-platform:secrets: {hub: {description: Hub}}\n",
            ),
        ),
        ("28: instances.one.containers.app.secrets.TOKEN: TOKEN stands in environment too; keep one of them",),
    ),
    "instances: commands that are too long": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, command: [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]}}}\n",
            ),
        ),
        (
            "28: instances.one.containers: has commands and environments of 6001 characters, and EC2's user data takes 6000; put long values into a file of the image, or into secrets",
        ),
    ),
    "instances: a volume too fast for its size": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], data: {sizeGib: 50, throughput: 1000}}\n",
            ),
        ),
        ("28: instances.one.data.throughput: 1000 MiB/s need 4000 iops; raise iops, 3000",),
    ),
    "instances: two of one name": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], count: 2}\n    one-2: {instanceType: t3.small, zones: [us-west-2a]}\n",
            ),
        ),
        ("29: instances.one-2: one-2 is the name of an instance of one too; rename one",),
    ),
    "instances: a private domain that hides the public one": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a]}\n  ai-platform:ingress: {domain: ai.shop.internal, public: false}\n",
            ),
        ),
        ("6: network.privateDomain: shop.internal would hide ai.shop.internal from the VPC; choose another",),
    ),
    "instances: no AMI": (
        (("", "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], ami: ami-1}\n"),),
        ("28: instances.one.ami: 'ami-1' is no AMI; write its id, like ami-0123456789abcdef0",),
    ),
    **gateway_mistakes.MISTAKES,
    **model_mistakes.MISTAKES,
}

ODDITIES: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "an empty file": ("", ("1: is empty; a stack file begins with `config:` and `ai-platform:project:` below",)),
    "comments alone": (
        "# nothing yet\n",
        ("1: is empty; a stack file begins with `config:` and `ai-platform:project:` below",),
    ),
    "an empty document": (
        "---\n",
        ("1: is empty; a stack file begins with `config:` and `ai-platform:project:` below",),
    ),
    "a single word": ("hello\n", ("1: is no stack file; it begins with `config:`",)),
    "a list": ("- a\n", ("1: is no stack file; it begins with `config:`",)),
    "no config": ("secretsprovider: passphrase\n", ("1: config: is missing",)),
    "config without a value": ("\n\nconfig:\n", ("3: config: is no map; write the sections below it",)),
    "config as a list": ("config: [a]\n", ("1: config: is no map; write the sections below it",)),
    "no YAML: a bracket that never closes": (
        "config: [\n",
        ("2: is no YAML: while parsing a flow node expected the node content, but found '<stream end>'",),
    ),
    "no YAML: two documents": (
        BASE + "---\n" + BASE,
        ("27: is no YAML: expected a single document in the stream but found another document",),
    ),
    "no YAML: a tab": (
        edited(("    name: shop", "\tname: shop")),
        ("3: is no YAML: while scanning for the next token found character '\\t' that cannot start any token",),
    ),
    "no YAML: an alias to nothing": (
        edited(("artifacts: {}", "artifacts: *nowhere")),
        ("22: is no YAML: found undefined alias 'nowhere'",),
    ),
    "no YAML: a control character": (BASE + "\x01", ("27: is no YAML: it holds the character U+0001",)),
    "no YAML: a version to come": (
        "%YAML 3.0\n---\n" + BASE,
        ("1: is no YAML: found incompatible YAML document (version 1.* is required)",),
    ),
    "no YAML: nested beyond the parser": (
        edited(("artifacts: {}", "artifacts: " + "[" * 5000 + "]" * 5000)),
        ("1: is no YAML: it is nested too deep",),
    ),
    "no UTF-8": (BASE.encode() + b"# caf\xe9\n", ("27: is no UTF-8 text, at byte 608",)),
    "UTF-16": (BASE.encode("utf-16"), ("1: is no UTF-8 text, at byte 0",)),
    "an encrypted value": (
        edited(("cidr: 10.0.0.0/16", "cidr: {secure: v1:abc}")),
        (
            "7: network.cidr: is encrypted and cannot be read without the stack's key; put the value into Secrets Manager and name it in the section secrets",
        ),
    ),
    "an encrypted section": (
        BASE + "  ai-platform:secrets: {secure: v1:abc}\n",
        (
            "27: secrets: is encrypted and cannot be read without the stack's key; put the value into Secrets Manager and name it in the section secrets",
        ),
    ),
    "an encrypted value of a provider": (
        BASE + "  aws:secretKey: {secure: v1:abc}\n",
        (
            "27: aws:secretKey: is encrypted and cannot be read without the stack's key; put the value into Secrets Manager and name it in the section secrets",
        ),
    ),
    "an encrypted value below an unknown key": (
        BASE + "  ai-platform:netwrk: {a: {secure: v1:abc}}\n",
        (
            "27: netwrk.a: is encrypted and cannot be read without the stack's key; put the value into Secrets Manager and name it in the section secrets",
            "27: netwrk: is an unknown key; did you mean network?",
        ),
    ),
    "a key three times": (
        edited(("    name: shop\n", "    name: shop\n    name: a\n    name: b\n")),
        (
            "4: project: name stands here twice, first in line 3; keep one",
            "5: project: name stands here twice, first in line 3; keep one",
        ),
    ),
    "a section twice": (
        BASE + "  ai-platform:buckets: {}\n",
        ("27: ai-platform:buckets stands here twice, first in line 21; keep one",),
    ),
    "config twice": (BASE + "config: {}\n", ("27: config stands here twice, first in line 1; keep one",)),
    "a key twice does not hide other mistakes": (
        edited(("    zones", "    cidr: 10.1.0.0/16\n    zones"), ("us-west-2b", "us-east-1b")),
        (
            "8: network: cidr stands here twice, first in line 7; keep one",
            "9: network.zones[1]: us-east-1b is no zone of us-west-2; write us-west-2b, or change project.region",
        ),
    ),
    "nesting without end": (
        edited(("artifacts: {}", "artifacts: " + "{a: " * 60 + "1" + "}" * 60)),
        (
            "22: buckets.artifacts.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a: is nested more than 40 levels deep",
            "22: buckets.artifacts.a: is an unknown key; choose one of name, versioning, encryption, kmsKeyArn, lifecycle, keepObjects",
        ),
    ),
    "a list that contains itself": (
        edited(("artifacts: {}", "artifacts: &a {x: [*a, *a]}")),
        (
            "22: buckets.artifacts.x: is an unknown key; choose one of name, versioning, encryption, kmsKeyArn, lifecycle, keepObjects",
            "22: buckets.artifacts.x[0]: contains itself; remove the alias",
            "22: buckets.artifacts.x[1]: contains itself; remove the alias",
        ),
    ),
    "a map that merges itself": (
        edited(("artifacts: {}", "artifacts: &a {<<: *a}")),
        ("22: buckets.artifacts: can merge other maps and nothing else; correct the <<",),
    ),
    "merging what is no map": (
        edited(("artifacts: {}", "artifacts: {<<: 5}")),
        ("22: buckets.artifacts: can merge other maps and nothing else; correct the <<",),
    ),
    "an alias bomb": (alias_bomb(), ("1: holds more than 20000 values with its aliases written out; remove aliases",)),
    "a merge bomb": (merge_bomb(), ("1: holds more than 20000 values with its aliases written out; remove aliases",)),
    "an integer of 5,000 digits": (
        edited(("min: 1", "min: " + "9" * 5000)),
        ("14: nodeGroups.cpu.scaling.min: '999999999999999999999999999999...' cannot be read as int",),
    ),
    "a hexadecimal integer of 9,000 digits": (
        edited(("min: 1", "min: 0x" + "F" * 9000)),
        (
            "14: nodeGroups.cpu.scaling.min: 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFF... is beyond 64 bits; write a smaller number, or text in quotes",
        ),
    ),
    "an integer beyond 64 bits": (
        edited(("min: 1", "min: 9223372036854775808")),
        (
            "14: nodeGroups.cpu.scaling.min: 9223372036854775808 is beyond 64 bits; write a smaller number, or text in quotes",
        ),
    ),
    "not a number": (
        edited(("min: 1", "min: .nan")),
        ("14: nodeGroups.cpu.scaling.min: .nan is no finite number; write a number, or text in quotes",),
    ),
    "infinity": (
        edited(("min: 1", "min: -.inf")),
        ("14: nodeGroups.cpu.scaling.min: -.inf is no finite number; write a number, or text in quotes",),
    ),
    "a float beyond all": (
        edited(("min: 1", "min: 1.0e+999")),
        ("14: nodeGroups.cpu.scaling.min: 1.0e+999 is no finite number; write a number, or text in quotes",),
    ),
    "a tag that does not fit": (
        edited(("min: 1", "min: !!int one")),
        ("14: nodeGroups.cpu.scaling.min: 'one' cannot be read as int",),
    ),
    "a tag without a value": (
        edited(("min: 1", "min: !!int ''")),
        ("14: nodeGroups.cpu.scaling.min: '' cannot be read as int",),
    ),
    "a leading zero": (
        edited(("min: 1", "min: 010")),
        (
            "14: nodeGroups.cpu.scaling.min: 010 begins with a zero, which YAML 1.1 takes for octal; write 10, or '010' for text",
        ),
    ),
    "a leading zero of an account id": (
        edited(("    region", "    accountId: 012345678901\n    region")),
        (
            "5: project.accountId: 012345678901 begins with a zero, which YAML 1.1 takes for octal; write 12345678901, or '012345678901' for text",
        ),
    ),
    "yes for true": (
        edited(("public: false", "public: yes")),
        ("10: cluster.endpoint.public: 'yes' is text; write true or false",),
    ),
    "on for true": (
        edited(("public: false", "public: on")),
        ("10: cluster.endpoint.public: 'on' is text; write true or false",),
    ),
    "a date for a name": (
        edited(("environment: test", "environment: 2026-11-21")),
        (
            "4: project.environment: '2026-11-21' is not an environment; write 1-20 lower-case letters, digits and hyphens, like production",
        ),
    ),
    "a key that is a number": (BASE + "  1: x\n", ("27: 1: has no namespace; write it as ai-platform:1",)),
    "a key that is a list": (BASE + "  ? [a, b]\n  : c\n", ("27: has a key that is no text; write a word",)),
    "an empty key": (BASE + "  '': x\n", ("27: has no namespace; write it as ai-platform:",)),
    "a section without a name": (
        BASE + "  'ai-platform:': x\n",
        (
            "27: is an unknown key; choose one of project, network, cluster, nodeGroups, nodePools, addons, charts, schedules, scheduler, databases, auroraClusters, caches, fileSystems, buckets, repositories, secrets, instances, ingress, priorityClasses, applications, environments, kubeflow, tenants, monitoring, gitops, workloads, costs",
        ),
    ),
    "a line break in a key": (BASE + '  "a\\nb": c\n', ("27: a\\nb: has no namespace; write it as ai-platform:a\\nb",)),
    "a line break in a value": (
        edited(("cidr: 10.0.0.0/16", 'cidr: "a\\n/b"')),
        ("7: network.cidr: 'a\\n/b' is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "half of a surrogate pair": (
        edited(("name: shop", 'name: "\\ud800"')),
        ("3: project.name: holds half of a surrogate pair, which is no text; write the character itself",),
    ),
    "half of a surrogate pair in a key": (BASE + '  "\\ud800": c\n', ("27: has a key that is no text; write a word",)),
    "digits of another script": (
        edited(("    region", "    accountId: '１２３４５６７８９０１２'\n    region")),
        ("5: project.accountId: '１２３４５６７８９０１２' is not an AWS account id; write its 12 digits in quotes",),
    ),
    "a version of a thousand digits": (
        edited(('"17"', '"17.' + "9" * 5000 + '"')),
        (
            "18: databases.runs.engineVersion: '17.9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999...' is not an engine version; write it in quotes like '17' or '8.4'",
        ),
    ),
    "a netmask": (
        edited(("10.0.0.0/16", "10.0.0.0/255.255.0.0")),
        ("7: network.cidr: '10.0.0.0/255.255.0.0' is not a network; write address/prefix, like 10.0.4.0/24",),
    ),
    "null for an ingress": (
        BASE + "  ai-platform:ingress: null\n",
        ("27: ingress: is empty; write a map, one `key: value` a line",),
    ),
    "null for a section of names": (
        BASE + "  ai-platform:secrets: ~\n",
        ("27: secrets: is empty; write a map, one `key: value` a line",),
    ),
    "null for a required section": (
        edited(("  ai-platform:cluster:\n    endpoint: {public: false}\n", "  ai-platform:cluster:\n")),
        ("9: cluster: is empty; write a map, one `key: value` a line",),
    ),
}
# fmt: on


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_located_line_with_the_fix(mistake: str, tmp_path: Path) -> None:
    edits, expected = MISTAKES[mistake]
    assert mistakes(tmp_path, edited(*edits)) == expected


@pytest.mark.parametrize("mistake", MISTAKES)
def test_only_what_is_called_a_warning_lets_the_program_go_on(mistake: str, tmp_path: Path) -> None:
    text = edited(*MISTAKES[mistake][0])
    if mistake.startswith("warning: "):
        assert load(tmp_path, text).settings.project.name == "shop"
    else:
        with pytest.raises(SettingsError):
            load(tmp_path, text)


@pytest.mark.parametrize("oddity", ODDITIES)
def test_an_odd_file_is_refused_with_the_line_and_in_no_time(oddity: str, tmp_path: Path) -> None:
    text, expected = ODDITIES[oddity]
    start = perf_counter()
    assert mistakes(tmp_path, text) == expected
    assert perf_counter() - start < 5


def test_the_base_has_no_mistake_so_that_each_row_shows_its_own(tmp_path: Path) -> None:
    assert mistakes(tmp_path, BASE) == ()
    assert mistakes(tmp_path, edited(*shared())) == ()


def test_every_rule_has_a_row_that_breaks_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken: set[Rule] = set()

    def watched(rule: Rule) -> Rule:
        def run(stack: Stack) -> Iterator[Problem]:
            for problem in rule(stack):
                broken.add(rule)
                yield problem

        return run

    monkeypatch.setattr(loader, "RULES", tuple(map(watched, RULES)))
    for edits, _ in MISTAKES.values():
        mistakes(tmp_path, edited(*edits))
    assert [f"{rule.__module__}.{rule.__name__}" for rule in RULES if rule not in broken] == []


MANY = """\
config:
  ai-platform:project:
    name: Shop
    environment: test
    region: us-west-2
    colour: red
  ai-platform:network:
    cidr: 10.0.0.0/16
    nat: many
    subnets:
      public:
        - {cidr: 10.0.1.0/24, zone: us-west-2a}
        - {cidr: 10.0.1.0/25, zone: us-west-2b}
      private:
        - {cidr: 10.0.4.0/33, zone: us-west-2a}
        - {cidr: 10.1.5.0/24, zone: us-west-2b}
        - {cidr: 10.0.6.0/24, zone: us-east-1a}
  ai-platform:cluster:
    version: 1.35
    endpoint: {public: yes}
    logging: {types: [api, audits], retentionDays: 31}
  ai-platform:nodeGroups:
    cpu:
      instanceTypes: [t3.large, t4g.large]
      scaling: {min: 4, desired: 2, max: 3}
      schedule: nigth
    gpu:
      instanceTypes: [p3.2xlarge]
      scaling: {min: 0, desired: 0}
  ai-platform:schedules:
    night: {start: 0 8 * * *, stop: 0 25 * * *, timeZone: UTC}
  ai-platform:databases:
    runs:
      engine: postgres
      engineVersion: "15.4"
      instanceClass: t4g.small
      databaseName: mlflow
      storage: {sizeGib: 100, maxGib: 50}
      maintenanceWindow: {secure: v1:abc}
  ai-platform:buckets:
    artifacts: {name: Art, versioning: true, versioning: false}
  ai-platform:workloads:
    mlflow:
      database: run
      bucket: artifacts
      host: mlflow.example.com
  ai-platform:addon: {}
"""

MANY_LINES = (
    "3: project.name: 'Shop' is not a project name; write 1-24 lower-case letters, digits and hyphens, beginning with a letter (it prefixes names that AWS limits to 32 characters), and not with internal",
    "6: project.colour: is an unknown key; choose one of name, environment, region, accountId, tags",
    "9: network.nat: 'many' is not one of perZone, single, none",
    "13: network.subnets.public[1].cidr: 10.0.1.0/25 overlaps 10.0.1.0/24 of public[0]; choose one that is free",
    "15: network.subnets.private[0].cidr: 10.0.4.0/33 is not a network; write address/prefix, like 10.0.4.0/24",
    "16: network.subnets.private[1].cidr: 10.1.5.0/24 lies outside the VPC's 10.0.0.0/16; choose one inside",
    "17: network.subnets.private[2].zone: us-east-1a is no zone of us-west-2; write us-west-2a, or change project.region",
    "19: cluster.version: 1.35 is no text; write it in quotes: '1.35'",
    "20: cluster.endpoint.public: 'yes' is text; write true or false",
    "21: cluster.logging.retentionDays: 31 days of retention are not offered; choose one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653",
    "21: cluster.logging.types[1]: 'audits' is not one of api, audit, authenticator, controllerManager, scheduler; did you mean audit?",
    "24: nodeGroups.cpu.instanceTypes[1]: t4g.large (arm64, accelerator none) needs another AMI than t3.large (x86_64, none); put it into a group of its own",
    "25: nodeGroups.cpu.scaling.min: 4 is above max, 3; lower it, or raise max",
    "26: nodeGroups.cpu.schedule: 'nigth' is no name in schedules; did you mean night?",
    "28: nodeGroups.gpu.instanceTypes[0]: p3.2xlarge is not offered any more; write g4dn.xlarge, g5.xlarge or g6.xlarge",
    "29: nodeGroups.gpu.scaling.max: is missing",
    "31: schedules.night.stop: '0 25 * * *' is not a schedule: '25' is no hour; it takes 0-23",
    "35: databases.runs.engineVersion: PostgreSQL 15.4 cannot be created any more; write 15.15 or newer, or '15' to follow the minor versions",
    "36: databases.runs.instanceClass: 't4g.small' is not an RDS instance class; write it like db.t4g.small",
    "38: databases.runs.storage.maxGib: 50 leaves no room above sizeGib, 100; raise it, or write null",
    "39: databases.runs.maintenanceWindow: is encrypted and cannot be read without the stack's key; put the value into Secrets Manager and name it in the section secrets",
    "41: buckets.artifacts.name: 'Art' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
    "41: buckets.artifacts: versioning stands here twice, first in line 41; keep one",
    "44: workloads.mlflow.database: 'run' is no name in databases or auroraClusters; did you mean runs?",
    "46: workloads.mlflow.host: needs ingress.domain; add it, or remove the host",
    "47: addon: is an unknown key; did you mean addons?",
)


def test_all_mistakes_are_told_in_one_run_each_once_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    assert mistakes(tmp_path, MANY) == MANY_LINES


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        pytest.param((("public: false", "public: maybe"),), "10: cluster.endpoint.public", id="who may use the endpoint"),
        pytest.param(
            (("databaseName: mlflow", "databaseName: mlflow\n      storage: {sizeGib: big, maxGib: 20}"),),
            "21: databases.runs.storage.sizeGib",
            id="room to grow",
        ),
        pytest.param((("engine: postgres", "engine: mysqll"), ('"17"', '"8.4"')), "17: databases.runs.engine", id="a version of the engine"),
        pytest.param(
            (("artifacts: {}", "artifacts: {encryption: KMS, kmsKeyArn: 'arn:aws:kms:us-west-2:111122223333:key/a'}"),),
            "22: buckets.artifacts.encryption",
            id="a key for the encryption",
        ),
        pytest.param((("", "  ai-platform:ingress: {domain: example, zone: {create: true}}\n"),), "27: ingress.domain", id="a zone for the domain"),
        pytest.param((("", "  ai-platform:ingress: {domain: example.com, public: 1}\n"),), "27: ingress.public", id="who may connect"),
        pytest.param((("", "  ai-platform:charts: {source: local, location: charts}\n"),), "27: charts.source", id="a place for the source"),
        pytest.param((("    endpoint", "    version: '1.32'\n    support: LONG\n    endpoint"),), "11: cluster.support", id="the support of a version"),
        pytest.param((("", "      replicas: {min: 9, max: ten}\n"),), "27: workloads.mlflow.replicas.max", id="the order of replicas"),
        pytest.param((("name: shop", "name: SHOP"), ("artifacts: {}", "a--x-s3: {}"), ("bucket: artifacts", "bucket: a--x-s3")), "3: project.name", id="names made of the project's"),
        pytest.param((("us-west-2\n", "us_west_2\n"),), "5: project.region", id="zones of the region"),
        pytest.param((("10.0.0.0/16", "10.0.0.0/99"), ("    endpoint", "    serviceCidr: 10.0.0.0/16\n    endpoint")), "7: network.cidr", id="networks beside the VPC's"),
        pytest.param(shared(("models: {path: /models}", "models: {path: models}"), ("{api: {}}", "{api: {}}\n      volumes: {m: {fileSystem: models, accessPoint: models}}")), "32: fileSystems.models.accessPoints.models.path", id="an access point"),
        pytest.param(shared(("receivers: {chat: {slack: {webhook: {secret: slack}, channel: \"#alerts\"}}}", "receivers: [chat]")), "54: monitoring.receivers", id="a receiver"),
        pytest.param((*shared(('requests.cpu: "3"', 'requests.cpu: "6"')), ("max: 3", "max: three")), "14: nodeGroups.cpu.scaling.max", id="what nodes can grow to"),
        pytest.param(shared(('requests.cpu: "2"', "requests.cpu: 2"), ('requests.cpu: "3"', 'requests.cpu: "5"')), "42: environments.dev.quota.requests.cpu", id="what quotas are together"),
        pytest.param(shared(("port: 8080", "port: 8080, gpus: one"), ("{api: {}}", "{api: {replicas: 60}}")), "39: applications.api.gpus", id="what services ask for"),
        pytest.param(shared(("databaseName: shop", "databaseName: shop, capacity: {min: 1, max: half}")), "28: auroraClusters.shared.capacity.max", id="the order of capacity"),
        pytest.param(shared(("priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev", "priorityClasses: low\n      database: {cluster: shared, schemaName: dev"), ("{api: {}}", "{api: {priorityClass: low}}")), "43: environments.dev.priorityClasses", id="an environment's priority classes"),
        pytest.param((("", "  ai-platform:nodePools: {gpu: {instanceTypes: g5.xlarge, limits: {cpu: '16', memory: 64Gi, gpus: 4}}}\n  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n"),), "27: nodePools.gpu.instanceTypes", id="the types of a pool"),
        pytest.param((("    runs:", "    Runs:"), ("database: runs", "database: Runs")), "16: databases.Runs 25: workloads.mlflow.database", id="a reference to a wrong name"),
    ],
)  # fmt: skip
def test_a_wrong_value_draws_no_problem_that_only_rests_on_its_default(
    edits: tuple[tuple[str, str], ...], expected: str, tmp_path: Path
) -> None:
    lines = mistakes(tmp_path, edited(*edits))
    assert " ".join(": ".join(line.split(": ")[:2]) for line in lines) == expected


def test_an_encrypted_value_does_not_hide_the_other_mistakes(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, edited(("cidr: 10.0.0.0/16", "cidr: {secure: v1:abc}"), ("min: 1", "min: one")))
    assert [line.split(":")[0] for line in lines] == ["7", "14"]


@pytest.mark.parametrize(
    ("stack", "hint"),
    [("prd", "; did you mean prod?"), ("zzz", "; choose one of dev, prod, team.lab")],
)
def test_a_missing_stack_is_answered_with_the_nearest_or_with_all(stack: str, hint: str, tmp_path: Path) -> None:
    for name in ("dev", "prod", "team.lab"):
        (tmp_path / f"Pulumi.{name}.yaml").write_text(BASE)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, stack)
    assert error.value.lines == (f"Pulumi.{stack}.yaml:1: there is no such stack file{hint}",)


def test_a_missing_stack_where_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "dev")
    assert error.value.lines == ("Pulumi.dev.yaml:1: there is no such stack file",)


def test_a_folder_in_the_place_of_a_stack_file_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.dev.yaml").mkdir()
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "dev")
    assert error.value.lines == ("Pulumi.dev.yaml:1: cannot be read: Is a directory",)


def test_a_stack_name_that_no_file_can_have_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "a\0b")
    assert len(error.value.lines) == 1
    assert error.value.lines[0].startswith("Pulumi.a\\x00b.yaml:1: cannot be read: ")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\ufeff" + BASE, id="a byte order mark"),
        pytest.param(BASE.replace("\n", "\r\n"), id="line ends of Windows"),
        pytest.param("\n\n# a comment\n---\n" + BASE + "...\n", id="comments and document marks"),
        pytest.param("secretsprovider: passphrase\nencryptionsalt: v1:abc\n" + BASE, id="what the Pulumi CLI adds"),
        pytest.param("%YAML 1.1\n---\n" + BASE, id="an older version of YAML"),
        pytest.param(
            BASE.replace("name: shop", "name: &n shop").replace("name: &n shop", "name: &n 'shop'"), id="an anchor"
        ),
    ],
)
def test_what_editors_and_tools_add_to_a_file_changes_nothing(content: str, tmp_path: Path) -> None:
    assert load(tmp_path, content) == load(tmp_path, BASE)


def test_line_ends_of_windows_do_not_move_the_lines(tmp_path: Path) -> None:
    text = edited(("min: 1", "min: one")).replace("\n", "\r\n")
    assert mistakes(tmp_path, text) == (
        "14: nodeGroups.cpu.scaling.min: 'one' is text; write a whole number without quotes",
    )


def test_anchors_aliases_and_merge_keys_say_what_yaml_says_they_do(tmp_path: Path) -> None:
    text = edited(
        ("    runs:\n", "    runs: &runs\n"),
        (
            "  ai-platform:buckets",
            "    two: {databaseName: two, <<: *runs}\n    three: {<<: [{databaseName: three}, *runs]}\n  ai-platform:buckets",
        ),
    )
    databases = load(tmp_path, text).settings.databases
    assert {name: (database.engine, database.database_name) for name, database in databases.items()} == {
        "runs": ("postgres", "mlflow"),
        "two": ("postgres", "two"),
        "three": ("postgres", "three"),
    }


def test_a_mistake_in_an_anchor_is_located_where_it_is_written(tmp_path: Path) -> None:
    text = edited(
        ("min: 1", "min: one"),
        ("scaling: {", "scaling: &s {"),
        ("  ai-platform:databases", "    more: {instanceTypes: [t3.large], scaling: *s}\n  ai-platform:databases"),
    )
    assert [line.split(": ")[:2] for line in mistakes(tmp_path, text)] == [
        ["14", "nodeGroups.cpu.scaling.min"],
        ["14", "nodeGroups.more.scaling.min"],
    ]


@pytest.mark.parametrize("written", ["2026-11-21", "12:30", "0x1g", "1.2.3", "yes", "off", "1e", "=", "n"])
def test_text_that_other_readers_take_for_something_else_stays_text(written: str, tmp_path: Path) -> None:
    text = edited(("    region", f"    tags: {{Note: {written}}}\n    region"))
    assert load(tmp_path, text).settings.project.tags == {"Note": written}


def test_a_what_if_is_judged_like_the_file(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    changed = load_file(
        tmp_path, "bad", changes={("nodeGroups", "cpu", "scaling", "max"): 9, ("addons", "replicas"): 1}, today=TODAY
    )
    assert (changed.settings.node_groups["cpu"].scaling.max, changed.settings.addons.replicas) == (9, 1)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "bad", changes={("nodeGroups", "cpu", "scaling", "max"): 1}, today=TODAY)
    assert error.value.lines == (
        "Pulumi.bad.yaml:14: nodeGroups.cpu.scaling.desired: 2 is above max, 1; lower it, or raise max",
    )


@pytest.mark.parametrize(
    "path",
    [
        ("network", "zones", 7),
        ("network", "zones", "first"),
        ("network", "zones", 7, "x"),
        ("network", "zones", "a", "b"),
        ("network", "zones", 0, "x"),
        ("network", "zones", 0, "x", "y"),
    ],
)
def test_a_what_if_in_a_place_that_is_not_there_names_the_option(path: tuple[str | int, ...], tmp_path: Path) -> None:
    load(tmp_path, BASE)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "bad", changes={path: "us-west-2c"}, today=TODAY)
    message = "cannot be set, there is no such place; a list takes an item's number, or the next one"
    assert error.value.lines == (f"--set {show(path)}: {message}",)


def test_a_mistake_in_a_what_if_names_the_option_because_the_file_says_nothing_of_it(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    with pytest.raises(SettingsError) as error:
        load_file(tmp_path, "bad", changes={("network", "nat"): "a\nb"}, today=TODAY)
    assert error.value.lines == ("--set network.nat: 'a\\nb' is not one of perZone, single, none",)


def test_the_engines_values_get_the_lines_of_the_file(tmp_path: Path) -> None:
    load(tmp_path, BASE)
    values = {"ai-platform:project": '{"name": "shop", "environment": "test", "region": 5}', "aws:region": "us-west-2"}
    with pytest.raises(SettingsError) as error:
        load_config(values, tmp_path, "bad", today=TODAY)
    assert error.value.lines == (
        "Pulumi.bad.yaml:5: project.region: 5 is no text; write it in quotes: '5'",
        "Pulumi.bad.yaml:6: network: is missing",
        "Pulumi.bad.yaml:9: cluster: is missing",
        "Pulumi.bad.yaml:11: nodeGroups: is missing",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no JSON",
        "NaN",
        "[" * 100_000,
        "9" * 5000,
        '"\\ud800"',
        '{"a": {"secure": "x"}}',
        '{"name": {"secure": "x"}}',
    ],
)
def test_whatever_the_engine_hands_over_a_wrong_section_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as error:
        load_config({"ai-platform:project": text}, tmp_path, "bad", today=TODAY)
    assert error.value.lines
    assert all(line.startswith("Pulumi.bad.yaml:1: ") for line in error.value.lines)

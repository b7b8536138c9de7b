"""What a person can get wrong, one row a mistake: the located line with the fix, and nothing beside it.

Rows of one concern stand in its `*_mistakes.py`.
"""
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
from tests.config import (
    alarm_mistakes,
    backup_mistakes,
    connection_mistakes,
    data_mistakes,
    environment_mistakes,
    finding_mistakes,
    gateway_mistakes,
    kafka_mistakes,
    model_mistakes,
    network_mistakes,
    node_mistakes,
    offer_mistakes,
    redis_mistakes,
    security_group_mistakes,
    server_mistakes,
    tenant_mistakes,
)
from tests.config.base import BASE, TODAY, edited, load, mistakes, shared


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
    "NAT without a public subnet": (
        (
            (
                "    zones: [us-west-2a, us-west-2b]\n",
                "    subnets:\n      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]\n",
            ),
        ),
        ("6: network.nat: perZone needs a public subnet; add one to network.subnets.public, or write none",),
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
    "two places for the region": (
        (("", "  aws:region: us-east-1\n"),),
        ("27: aws:region: us-east-1 is not project.region, us-west-2, which counts; remove it",),
    ),
    "warning: Spot with one type": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      capacity: spot\n"),),
        (
            "13: nodeGroups.cpu.instanceTypes: offers Spot t3.large alone and waits when there is none; add types of the same size",
        ),
    ),
    "warning: instance types: newer than the table": (
        (("[t3.large]", "[m12i.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: m12i.large is not in the table of instance types; whether pods fit it cannot be checked",
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
    "warning: archive to restore from": (
        (("artifacts: {}", "artifacts: {lifecycle: {transitions: {cold: {days: 90, storageClass: GLACIER}}}}"),),
        (
            "22: buckets.artifacts.lifecycle.transitions.cold.storageClass: GLACIER objects must be restored before they are read; GLACIER_IR ones need not",
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
    "warning: kubeflow: nobody can log in": (
        (("", "  ai-platform:kubeflow: {parts: [istio, login]}\n"),),
        ("27: kubeflow: nobody can log in without tenants; add that section, or leave login out of the parts",),
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
    "warning: environments: dumps without end": (
        shared(("user: dev_user", "user: dev_user, backup: {bucket: artifacts}")),
        (
            "44: environments.dev.database.backup.bucket: artifacts keeps every dump for ever; write buckets.artifacts.lifecycle.expireDays",
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
    "warning: gitops: an example's repository": (
        shared(("/shop/releases", "/example/releases")),
        (
            "57: gitops.repository: https://github.com/example/releases is an example; write a repository of yours before you build",
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
    "warning: Aurora: no memory for Performance Insights": (
        shared(("databaseName: shop}", "databaseName: shop, capacity: {max: 1.5}}")),
        (
            "28: auroraClusters.shared.capacity.max: 1.5 leaves Performance Insights too little memory; AWS advises 2 or more, or write performanceInsights: false",
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
    **alarm_mistakes.MISTAKES,
    **gateway_mistakes.MISTAKES,
    **finding_mistakes.MISTAKES,
    **kafka_mistakes.MISTAKES,
    **model_mistakes.MISTAKES,
    **network_mistakes.MISTAKES,
    **node_mistakes.MISTAKES,
    **offer_mistakes.MISTAKES,
    **backup_mistakes.MISTAKES,
    **connection_mistakes.MISTAKES,
    **data_mistakes.MISTAKES,
    **security_group_mistakes.MISTAKES,
    **redis_mistakes.MISTAKES,
    **server_mistakes.MISTAKES,
    **environment_mistakes.MISTAKES,
    **tenant_mistakes.MISTAKES,
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
            "22: buckets.artifacts.a: is an unknown key; choose one of name, versioning, encryption, kmsKeyArn, lifecycle, replicateTo, replicaName, keepObjects",
        ),
    ),
    "a list that contains itself": (
        edited(("artifacts: {}", "artifacts: &a {x: [*a, *a]}")),
        (
            "22: buckets.artifacts.x: is an unknown key; choose one of name, versioning, encryption, kmsKeyArn, lifecycle, replicateTo, replicaName, keepObjects",
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
            "27: is an unknown key; choose one of project, network, cluster, nodeGroups, nodePools, addons, charts, schedules, scheduler, databases, auroraClusters, caches, fileSystems, buckets, repositories, secrets, instances, ingress, priorityClasses, applications, environments, kubeflow, tenants, monitoring, alarms, gitops, backups, workloads, costs",
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
    "6: project.colour: is an unknown key; choose one of name, environment, region, accountId, tags, maxInstances, naming",
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

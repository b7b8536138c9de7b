"""Several errors in one file: each is reported once."""
# ruff: noqa: E501, the expected lines stand here whole

from pathlib import Path

import pytest

from tests.config.base import edited, mistakes, shared
from tests.each import each

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
    "3: project.name: 'Shop' is not a project name; write 1-24 lower-case letters, digits and hyphens, beginning with a letter (it prefixes names that AWS limits to 32 characters), and not with internal or sg",
    "6: project.colour: unknown key; choose name, environment, region, accountId, permissionsBoundary, rolePath, tags, "
    "deployer, assumeDeployer, profile, maxInstances, deletionProtection, retainOnDelete, quotas, import or naming",
    "9: network.nat: 'many' is not one of perZone, single, none",
    "13: network.subnets.public[1].cidr: 10.0.1.0/25 overlaps 10.0.1.0/24 of public[0]; choose a free network",
    "15: network.subnets.private[0].cidr: 10.0.4.0/33 is not a network; write address/prefix, like 10.0.4.0/24",
    "16: network.subnets.private[1].cidr: 10.1.5.0/24 is outside the VPC's 10.0.0.0/16; choose a network inside it",
    "17: network.subnets.private[2].zone: us-east-1a is not a zone of us-west-2; use us-west-2a, or change project.region",
    "19: cluster.version: 1.35 is not a string; write it in quotes: '1.35'",
    "20: cluster.endpoint.public: 'yes' is a string; write true or false",
    "21: cluster.logging.retentionDays: 31 days is not a retention of CloudWatch Logs; choose 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653",
    "21: cluster.logging.types[1]: 'audits' is not one of api, audit, authenticator, controllerManager, scheduler; did you mean audit?",
    "24: nodeGroups.cpu.instanceTypes[1]: t4g.large (arm64, accelerator none) requires another AMI than t3.large (x86_64, none); move it to a separate group",
    "25: nodeGroups.cpu.scaling.min: 4 is above max, 3; decrease it, or increase max",
    "26: nodeGroups.cpu.schedule: unknown schedule 'nigth'; did you mean night?",
    "28: nodeGroups.gpu.instanceTypes[0]: p3.2xlarge is no longer offered; use g4dn.xlarge, g5.xlarge or g6.xlarge",
    "29: nodeGroups.gpu.scaling.max: is missing",
    "31: schedules.night.stop: '0 25 * * *' is not a schedule: invalid hour '25'; use 0-23",
    "35: databases.runs.engineVersion: PostgreSQL 15.4 is no longer available for new databases; set 15.15 or later, or '15' to follow minor versions",
    "36: databases.runs.instanceClass: 't4g.small' is not an RDS instance class; write it like db.t4g.small",
    "38: databases.runs.storage.maxGib: 50 is not above sizeGib, 100; increase it, or set null",
    "39: databases.runs.maintenanceWindow: is encrypted and cannot be read without the stack's key; store the value in Secrets Manager and add it to the section secrets",
    "41: buckets.artifacts.name: 'Art' is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
    "41: buckets.artifacts: duplicate key versioning, first in line 41; remove one",
    "44: workloads.mlflow.database: unknown database 'run'; did you mean runs?",
    "46: workloads.mlflow.host: requires ingress.domain; set it, or remove the host",
    "47: addon: unknown key; did you mean addons?",
)


def test_errors_are_reported_once_in_one_run_in_file_order(tmp_path: Path) -> None:
    assert mistakes(tmp_path, MANY) == MANY_LINES


@each(
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
def test_wrong_value_causes_no_error_that_depends_on_its_default(
    edits: tuple[tuple[str, str], ...], expected: str, tmp_path: Path
) -> None:
    lines = mistakes(tmp_path, edited(*edits))
    assert " ".join(": ".join(line.split(": ")[:2]) for line in lines) == expected


def test_encrypted_value_does_not_hide_other_errors(tmp_path: Path) -> None:
    lines = mistakes(tmp_path, edited(("cidr: 10.0.0.0/16", "cidr: {secure: v1:abc}"), ("min: 1", "min: one")))
    assert [line.split(":")[0] for line in lines] == ["7", "14"]

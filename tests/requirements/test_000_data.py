"""000: the database, its secret, its backups and its schedule."""

import json
import re

import pytest

from catalog.reading.problems import SettingsError
from tests.config.base import ROOT, STACK_FILES
from tests.requirements.conftest import WhatIf
from tests.requirements.query import Planned

INSTANCE = "aws:rds/instance:Instance"
GROUP = "aws:ec2/securityGroup:SecurityGroup"


@pytest.mark.requirement("000-db-01", "000-db-02", "000-db-04", "000-db-08")
def test_database_is_a_private_postgresql_over_two_zones(mlflow: Planned) -> None:
    database = mlflow.one(INSTANCE).inputs
    assert database["identifier"] == "mdpg-mlops-mlflow-db"
    assert (database["engine"], database["instanceClass"]) == ("postgres", "db.t3.small")
    assert database["multiAz"] is True
    assert database["publiclyAccessible"] is False
    assert database["backupRetentionPeriod"] > 0


@pytest.mark.requirement("000-db-01", "000-wkl-02")
def test_mlflow_stores_runs_and_models_in_that_database(mlflow: Planned) -> None:
    address = mlflow.attribute(mlflow.one(INSTANCE), "address")
    assert mlflow.env("MLFLOW_BACKEND_STORE_URI") == f"postgresql+psycopg2://mlflow_app@{address}:5432/mlflow"
    # Without a store of its own the registry shares the one of the runs.
    assert "--registry-store-uri" not in mlflow.server()["command"]


@pytest.mark.requirement("000-db-02", "000-db-06")
def test_volume_is_encrypted_gp3_and_grows_from_20_to_100_gib(mlflow: Planned) -> None:
    database = mlflow.one(INSTANCE).inputs
    assert (database["allocatedStorage"], database["maxAllocatedStorage"]) == (20, 100)
    assert database["storageType"] == "gp3"
    # RDS encrypts with AES-256: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.html
    assert database["storageEncrypted"] is True
    assert "iops" not in database


@pytest.mark.requirement("000-db-05")
def test_engine_is_a_current_major_version_with_minor_upgrades(mlflow: Planned, what_if: WhatIf) -> None:
    database = mlflow.one(INSTANCE).inputs
    assert (database["engineVersion"], database["autoMinorVersionUpgrade"]) == ("17", True)
    assert mlflow.one("aws:rds/parameterGroup:ParameterGroup").inputs["family"] == "postgres17"
    pinned = what_if("databases.mlflow.engineVersion='15.15'").one(INSTANCE).inputs
    assert (pinned["engineVersion"], pinned["autoMinorVersionUpgrade"]) == ("15.15", False)


@pytest.mark.requirement("000-db-05")
def test_engine_version_of_the_document_is_refused(what_if: WhatIf) -> None:
    # RDS cannot create it any more.
    with pytest.raises(
        SettingsError, match=r"PostgreSQL 15\.4 is no longer available for new databases; set 15\.15 or later"
    ):
        what_if("databases.mlflow.engineVersion='15.4'")


@pytest.mark.requirement("000-db-07")
def test_initial_database_and_master_user_are_named_mlflow(mlflow: Planned) -> None:
    database = mlflow.one(INSTANCE).inputs
    assert (database["dbName"], database["username"]) == ("mlflow", "mlflow")


@pytest.mark.requirement("000-db-03", "000-tag-04")
def test_subnet_group_has_the_three_private_subnets(mlflow: Planned) -> None:
    subnets = mlflow.one("aws:rds/subnetGroup:SubnetGroup", name="mdpg-mlops-db-subnet")
    cidrs = {mlflow.id(subnet): subnet.inputs["cidrBlock"] for subnet in mlflow.all("aws:ec2/subnet:Subnet")}
    assert sorted(cidrs[subnet] for subnet in subnets.inputs["subnetIds"]) == [
        "10.0.11.0/24",
        "10.0.12.0/24",
        "10.0.13.0/24",
    ]
    assert mlflow.one(INSTANCE).inputs["dbSubnetGroupName"] == "mdpg-mlops-db-subnet"


@pytest.mark.requirement("000-tag-04")
def test_subnet_group_security_group_and_instance_have_name_tags(mlflow: Planned) -> None:
    assert mlflow.one("aws:rds/subnetGroup:SubnetGroup").inputs["tags"]["Name"] == "mdpg-mlops-db-subnet"
    assert mlflow.one(INSTANCE).inputs["tags"]["Name"] == "mdpg-mlops-mlflow-db"
    group = mlflow.tagged(GROUP, "mdpg-mlops-rds-sg")
    assert mlflow.one(INSTANCE).inputs["vpcSecurityGroupIds"] == [mlflow.id(group)]


@pytest.mark.requirement("000-scy-02")
@pytest.mark.deviates("000-ops-16")
def test_database_allows_only_the_nodes(mlflow: Planned) -> None:
    group = mlflow.tagged(GROUP, "mdpg-mlops-rds-sg")
    assert group.inputs["namePrefix"] == "mdpg-mlops-rds-"
    assert mlflow.openings(group, "in") == {("tcp", 5432, 5432, "mdpg-mlops-eks-node-sg")}
    for template in mlflow.all("aws:ec2/launchTemplate:LaunchTemplate"):
        nodes = mlflow.tagged(GROUP, "mdpg-mlops-eks-node-sg")
        assert template.inputs["vpcSecurityGroupIds"] == [mlflow.id(nodes)]


@pytest.mark.deviates("000-scy-03")
def test_database_security_group_has_no_egress_rule(mlflow: Planned) -> None:
    assert mlflow.openings(mlflow.tagged(GROUP, "mdpg-mlops-rds-sg"), "out") == set()


@pytest.mark.requirement("000-bak-01", "000-ops-09")
def test_backups_are_kept_seven_days_and_maintenance_follows_their_window(mlflow: Planned) -> None:
    database = mlflow.one(INSTANCE).inputs
    assert (database["backupRetentionPeriod"], database["backupWindow"]) == (7, "03:00-04:00")
    assert database["maintenanceWindow"] == "sun:04:00-sun:05:00"


@pytest.mark.requirement("000-db-09")
@pytest.mark.deviates("000-bak-02")
def test_database_has_deletion_protection_and_a_final_snapshot(mlflow: Planned, what_if: WhatIf) -> None:
    database = mlflow.one(INSTANCE).inputs
    assert database["deletionProtection"] is True
    assert database["skipFinalSnapshot"] is False
    # A name of its own each time: with a fixed one the second destroy fails.
    assert re.fullmatch(r"mdpg-mlops-mlflow-db-final-snapshot-[0-9a-f]{8}", database["finalSnapshotIdentifier"])
    assert what_if("databases.mlflow.deletionProtection=false").one(INSTANCE).inputs["deletionProtection"] is False


@pytest.mark.requirement("000-obs-01")
def test_database_logs_have_groups_with_a_retention(mlflow: Planned) -> None:
    assert mlflow.one(INSTANCE).inputs["enabledCloudwatchLogsExports"] == ["postgresql", "upgrade"]
    groups = {
        group.inputs["name"]: group.inputs["retentionInDays"]
        for group in mlflow.all("aws:cloudwatch/logGroup:LogGroup")
    }
    prefix = "/aws/rds/instance/mdpg-mlops-mlflow-db"
    assert {name: days for name, days in groups.items() if name.startswith(prefix)} == {
        f"{prefix}/postgresql": 30,
        f"{prefix}/upgrade": 30,
    }


@pytest.mark.requirement("000-sct-02")
def test_database_secret_is_recoverable_for_seven_days(mlflow: Planned) -> None:
    secret = mlflow.one("aws:secretsmanager/secret:Secret", name="mdpg-mlops/mlflow/db-password").inputs
    assert secret["recoveryWindowInDays"] == 7


@pytest.mark.requirement("000-sct-03")
def test_secret_has_every_value_that_a_client_needs_as_json(mlflow: Planned) -> None:
    document = mlflow.secret_strings["mlflow-database"]
    assert document.keys() == {"username", "password", "host", "port", "dbname"}
    assert document["host"] == mlflow.attribute(mlflow.one(INSTANCE), "address")
    # MLflow has a user of its own: the master's password rotates every seven days.
    assert (document["username"], document["port"], document["dbname"]) == ("mlflow_app", 5432, "mlflow")


@pytest.mark.requirement("000-sct-04")
@pytest.mark.deviates("000-sct-05")
def test_no_password_is_a_setting_or_visible_in_a_plan(mlflow: Planned, what_if: WhatIf) -> None:
    database = mlflow.one(INSTANCE).inputs
    assert database["manageMasterUserPassword"] is True
    assert "password" not in database
    versions = mlflow.all("aws:secretsmanager/secretVersion:SecretVersion")
    assert {version.inputs["secretString"] for version in versions} == {"[secret]"}
    with pytest.raises(SettingsError, match=r"databases\.mlflow\.password: unknown key"):
        what_if("databases.mlflow.password=changeme")


@pytest.mark.requirement("000-sct-04")
def test_pods_get_the_password_through_external_secrets(mlflow: Planned) -> None:
    secret = mlflow.external_secret("database", "ml-platform")
    arn = mlflow.outputs["db_secret_arn"]
    assert secret["data"] == [{"secretKey": "password", "remoteRef": {"key": arn, "property": "password"}}]
    assert mlflow.env("PGPASSWORD") == f"{secret['target']['name']}/password"
    store = mlflow.manifest("SecretStore", secret["secretStoreRef"]["name"], "ml-platform")["spec"]["provider"]["aws"]
    assert (store["service"], store["region"]) == ("SecretsManager", "us-west-2")
    assert mlflow.trusted_account("mdpg-mlops-mlflow-secrets") == "ml-platform:mlflow-secrets"


@pytest.mark.deviates("000-sct-01", "000-sct-05")
def test_committed_files_hold_no_secret_and_generated_files_are_ignored() -> None:
    # The stack file takes the place of terraform.tfvars. It is committed because nothing in it is secret.
    text = (STACK_FILES / "Pulumi.mlflow.yaml").read_text(encoding="utf-8")
    settings = [line.partition("#")[0] for line in text.splitlines()]
    assert [line for line in settings if re.search(r"secure:|encryptionsalt|password|token", line, re.IGNORECASE)] == []
    assert ".plan/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.requirement("000-sch-01")
def test_database_stops_at_night_and_on_weekends_by_a_setting(what_if: WhatIf) -> None:
    plan = what_if(
        "schedules.office-hours={start: 0 8 * * MON-FRI, stop: 0 20 * * MON-FRI, timeZone: America/Los_Angeles}",
        "databases.mlflow.schedule=office-hours",
    )
    found = {item.inputs["target"]["arn"]: item.inputs for item in plan.all("aws:scheduler/schedule:Schedule")}
    calls = "arn:aws:scheduler:::aws-sdk:rds"
    assert {arn: schedule["scheduleExpression"] for arn, schedule in found.items()} == {
        f"{calls}:stopDBInstance": "cron(0 20 ? * MON-FRI *)",
        f"{calls}:startDBInstance": "cron(0 8 ? * MON-FRI *)",
    }
    for schedule in found.values():
        assert schedule["scheduleExpressionTimezone"] == "America/Los_Angeles"
        assert json.loads(schedule["target"]["input"]) == {"DbInstanceIdentifier": "mdpg-mlops-mlflow-db"}
    (statement,) = plan.statements("mdpg-mlops-sleep")
    assert statement["Action"] == ["rds:StopDBInstance", "rds:StartDBInstance"]
    assert statement["Resource"] == ["arn:aws:rds:us-west-2:123456789012:db:mdpg-mlops-mlflow-db"]


@pytest.mark.requirement("000-sch-02")
def test_production_has_no_schedule_and_development_has_one(mlflow: Planned, dev: Planned) -> None:
    assert mlflow.provider_tags["Environment"] == "production"
    assert mlflow.all("aws:scheduler/schedule:Schedule") == []
    assert dev.provider_tags["Environment"] == "development"
    calls = {item.inputs["target"]["arn"].rpartition(":")[2] for item in dev.all("aws:scheduler/schedule:Schedule")}
    assert {"stopDBInstance", "startDBInstance"} <= calls

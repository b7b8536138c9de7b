"""Users of MySQL databases."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.components.base import BOTH, recorded

SCRIPT = Path(__file__).parents[2] / "components" / "database_setup" / "mysql_user.sh"
JOB = "kubernetes:batch/v1:Job"


def run(folder: Path, **given: str) -> tuple[subprocess.CompletedProcess[str], list[str], str]:
    """The script with a stand-in for the client: what it was called with, and what it was told."""
    client = folder / "mysql"
    client.write_text('#!/bin/sh\necho "$*" >"$HOME/arguments"\ncat >"$HOME/told"\n')
    client.chmod(0o755)
    environment = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HOME": str(folder),
        "MYSQL_HOST": "db.internal",
        "MYSQL_PORT": "3306",
        "MYSQL_MASTER": "platform",
        "MYSQL_PWD": "m@ster",
        "APP_USER": "prod",
        "APP_PASSWORD": "Made8yAws",
        "APP_DATABASE": "prod_db",
        **given,
    }
    ended = subprocess.run(["sh", str(SCRIPT)], env=environment, capture_output=True, text=True, check=False)
    told = folder / "told"
    arguments = folder / "arguments"
    return (
        ended,
        arguments.read_text().split() if arguments.exists() else [],
        told.read_text() if told.exists() else "",
    )


@pytest.mark.requirement("001-db-05")
def test_user_has_all_privileges_in_its_database_and_none_in_similar_names(tmp_path: Path) -> None:
    ended, _, told = run(tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert told.splitlines() == [
        "CREATE DATABASE IF NOT EXISTS `prod_db`;",
        "CREATE USER IF NOT EXISTS 'prod'@'%' IDENTIFIED BY 'Made8yAws' REQUIRE SSL;",
        "ALTER USER 'prod'@'%' IDENTIFIED BY 'Made8yAws' REQUIRE SSL ACCOUNT UNLOCK;",
        "GRANT ALL PRIVILEGES ON `prod\\_db`.* TO 'prod'@'%';",
    ]


def test_password_is_on_no_command_line_and_tls_is_required(tmp_path: Path) -> None:
    _, arguments, _ = run(tmp_path)
    assert arguments == [
        "--no-defaults",
        "--host=db.internal",
        "--port=3306",
        "--user=platform",
        "--ssl-mode=REQUIRED",
        "--batch",
    ]


@pytest.mark.parametrize("password", ["", "it's", "a`b", "x;y", "a\nb"])
def test_password_with_other_than_letters_and_digits_is_refused(tmp_path: Path, password: str) -> None:
    # It would become SQL.
    ended, _, told = run(tmp_path, APP_PASSWORD=password)
    assert ended.returncode == 1
    assert told == ""
    assert "the password of prod is not one that AWS has made" in ended.stderr


@BOTH
@pytest.mark.requirement("001-db-05")
def test_job_runs_where_only_administrators_read_secrets(unknown: bool) -> None:
    recording = recorded("servers", unknown)
    job = recording.one(JOB, "main-prod")
    assert job.inputs["metadata"]["namespace"] == "database-setup"
    (container,) = job.inputs["spec"]["template"]["spec"]["containers"]
    plain = {item["name"]: item["value"] for item in container["env"] if "value" in item}
    kept = {item["name"] for item in container["env"] if "valueFrom" in item}
    assert {"APP_USER": "prod", "APP_DATABASE": "prod_db", "MYSQL_PORT": "3306"}.items() <= plain.items()
    assert kept == {"MYSQL_MASTER", "MYSQL_PWD", "APP_PASSWORD"}
    assert container["image"] == "public.ecr.aws/docker/library/mysql:8.4.10"
    assert container["command"][2] == SCRIPT.read_text(encoding="utf-8")
    assert {"Secret", "NetworkPolicy"} <= {
        "Secret" if "ExternalSecret" in urn else "NetworkPolicy" if "NetworkPolicy" in urn else ""
        for urn in job.dependencies
    }


@BOTH
@pytest.mark.requirement("001-db-04", "001-db-06", "001-db-07", "001-db-08")
def test_server_is_mysql_8_4_in_two_zones_and_allows_nodes_only(unknown: bool) -> None:
    recording = recorded("servers", unknown)
    found = recording.inputs("aws:rds/instance:Instance")
    assert {
        key: found[key]
        for key in ("identifier", "engine", "engineVersion", "instanceClass", "dbName", "multiAz", "allocatedStorage")
    } == {
        "identifier": "plant-db-instance",
        "engine": "mysql",
        "engineVersion": "8.4",
        "instanceClass": "db.t3.micro",
        "dbName": "prod_db",
        "multiAz": True,
        "allocatedStorage": 20,
    }
    assert (found["storageEncrypted"], found["publiclyAccessible"], found["storageType"]) == (True, False, "gp3")
    assert found["maxAllocatedStorage"] == 100, "it can grow, up to a limit"
    rule = recording.inputs("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "database-main-from-nodes")
    assert (rule["fromPort"], rule["toPort"], "cidrIpv4" in rule) == (3306, 3306, False)

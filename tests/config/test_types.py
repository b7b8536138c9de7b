"""The domain types: values that AWS and Kubernetes accept, and values that they refuse."""
# ruff: noqa: E501, RUF001, one row a type, and some bad values are odd letters

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from config.types import arns, aws, databases, names, network, programs, quantities, storage, times
from tests.each import each

GOOD: dict[str, tuple[Any, list[str]]] = {
    "Cidr": (network.Cidr, ["10.0.0.0/16", "0.0.0.0/0", "192.168.4.16/28", "203.0.113.7/32"]),
    "Name": (names.Name, ["a", "cpu-workers", "a1", "x" * 40]),
    "DnsLabel": (names.DnsLabel, ["mlflow", "0", "a" * 63, "ml-platform"]),
    "DnsName": (names.DnsName, ["mlflow.mdpg.ai", "a.b.c.example.com", "xn--bcher-kva.example", "1.example.com"]),
    "ProjectName": (names.ProjectName, ["shop", "mdpg-mlops", "a" * 24]),
    "InstanceType": (
        aws.InstanceType,
        ["t3.medium", "g5.12xlarge", "p6-b200.48xlarge", "m7i-flex.large", "c7gn.metal", "m7i.metal-24xl", "u-6tb1.112xlarge"],
    ),
    "DatabaseClass": (databases.DatabaseClass, ["db.t4g.small", "db.m7g.2xlarge", "db.r6gd.16xlarge"]),
    "DatabaseIdentifier": (databases.DatabaseIdentifier, ["a", "shop-runs-db", "a" * 63]),
    "EngineVersion": (databases.EngineVersion, ["17", "17.7", "8.4.6"]),
    "DatabaseName": (databases.DatabaseName, ["mlflow", "Runs_2", "a" * 63]),
    "DatabaseUser": (databases.DatabaseUser, ["platform", "mlflow_user", "a" * 16, "administrator", "postgres"]),
    "SubnetGroupName": (databases.SubnetGroupName, ["mdpg-mlops-db-subnet", "default-one", "0"]),
    "SecurityGroupName": (network.SecurityGroupName, ["mdpg-mlops-rds-sg", "all of them (rds)", "sgs"]),
    "ClusterName": (aws.ClusterName, ["mdpg-mlops-eks", "A_1", "a" * 100]),
    "KubernetesVersion": (programs.KubernetesVersion, ["1.35", "1.40"]),
    "AmiRelease": (programs.AmiRelease, ["1.36.4-20260930", "1.58.0-c5c37032"]),
    "EnvironmentName": (names.EnvironmentName, ["production", "dev", "a" * 20]),
    "HostedZoneId": (network.HostedZoneId, ["Z0123456789ABCDEFGHIJ", "Z1"]),
    "TlsPolicy": (network.TlsPolicy, ["ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "ELBSecurityPolicy-TLS13-1-3-2021-06"]),
    "PackageVersion": (programs.PackageVersion, ["3.5.0", "v1.20", "9.55.0-rc.1", "v1.19.2-eksbuild.5", "1.2.3+build"]),
    "RoleName": (aws.RoleName, ["mlflow-s3-access", "a.b+c=d,e@f_g", "a" * 64]),
    "Region": (aws.Region, ["us-west-2", "ap-northeast-2", "eu-central-1"]),
    "AvailabilityZone": (aws.AvailabilityZone, ["us-west-2a", "us-gov-east-1c"]),
    "AccountId": (aws.AccountId, ["111122223333", "012345678901"]),
    "PrincipalArn": (
        arns.PrincipalArn,
        [
            "arn:aws:iam::111122223333:role/x",
            "arn:aws:iam::111122223333:user/team/x@example.com",
            "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/us-west-2/AWSReservedSSO_Admin_0123456789abcdef",
        ],
    ),
    "KmsKeyArn": (
        arns.KmsKeyArn,
        [
            "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:us-west-2:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
        ],
    ),
    "CertificateArn": (arns.CertificateArn, ["arn:aws:acm:us-west-2:111122223333:certificate/a"]),
    "SnapshotArn": (
        arns.SnapshotArn,
        [
            "arn:aws:rds:us-west-2:111122223333:snapshot:before-the-move",
            "arn:aws:rds:us-west-2:111122223333:snapshot:rds:runs-2026-11-21-03-05",
            "arn:aws:rds:us-west-2:111122223333:snapshot:awsbackup:job-1234abcd-12ab-34cd-56ef-1234567890ab",
        ],
    ),
    "Quantity": (quantities.Quantity, ["500m", "2", "0.5", "512Mi", "4Gi", "1k", "2T"]),
    "LabelKey": (names.LabelKey, ["workload", "nvidia.com/gpu", "a.b.example.com/A_b.c", "x" * 63]),
    "LabelValue": (names.LabelValue, ["", "cpu", "A_b.c-d", "0", "x" * 63]),
    "TagKey": (names.TagKey, ["Project", "cost center", "kubernetes.io/cluster/x", "Größe", "a" * 128]),
    "TagValue": (names.TagValue, ["", "MLOps Platform", "a@b+c=d", "서울", "a" * 256]),
    "Image": (
        programs.Image,
        [
            "ghcr.io/mlflow/mlflow:v3.17.2-full",
            "registry:5000/a/b:1",
            "vllm/vllm-openai:v0.33.0",
            "a/b@sha256:" + "0" * 64,
            "a/b:latest-cuda",
            "a/b:1@sha256:" + "f" * 64,
        ],
    ),
    "BucketName": (storage.BucketName, ["abc", "mdpg-mlops-artifacts", "0-0", "a" * 63]),
    "SecretName": (storage.SecretName, ["shop/token", "a_b+c=d.e@f", "hugging-face", "x-secrets", "abcdef"]),
    "EventBridgeSchedule": (
        times.EventBridgeSchedule,
        ["0 8 * * MON-FRI", "*/15 0-6 1,15 * *", "0 8 * jan-mar 1-5", "59 23 31 DEC *", "0 8 * * FRI-MON", "0 8 * * 0", "0 8 * * 7"],
    ),
    "TimeZone": (times.TimeZone, ["UTC", "Asia/Seoul", "America/Argentina/Buenos_Aires"]),
    "DailyWindow": (times.DailyWindow, ["03:00-04:00", "23:30-00:30"]),
    "WeeklyWindow": (times.WeeklyWindow, ["sun:04:00-sun:05:00", "sat:23:30-sun:00:30"]),
    "ServiceName": (network.ServiceName, ["ecr.api", "sts", "eks-auth"]),
}  # fmt: skip

BAD: dict[str, list[str]] = {
    "Cidr": ["10.0.0.0/33", "10.0.0.1/16", "10.0.0.0", "10.0.0.0/255.255.0.0", "10.0.0/16", "::/0", "256.0.0.0/8", "", "/", "１０.0.0.0/8", "10.0.0.0/16\n"],
    "Name": ["", "A", "1a", "a-", "-a", "a_b", "a.b", "x" * 41, "a\n"],
    "DnsLabel": ["", "A", "-a", "a-", "a.b", "a" * 64],
    "DnsName": ["example", "Example.com", "a..com", ".com", "example.com.", "*.example.com", "a_b.com", "10.0.0.1", ("a" * 60 + ".") * 4 + "abcdefghij.com"],
    "ProjectName": ["", "Shop", "a" * 25, "1shop", "shop-"],
    "InstanceType": ["t3", "t3.", ".large", "T3.large", "t3.huge", "db.t3.large", "t3.large "],
    "DatabaseClass": ["t4g.small", "db.t4g", "db.t4g.nano", "db.T4G.small"],
    "DatabaseIdentifier": ["", "a--b", "a-", "1a", "A", "a_b", "a" * 64],
    "EngineVersion": ["", "17.", "v17", "17.7.1.2", "17-beta", "17.99999", "١٧"],
    "DatabaseName": ["", "1a", "a-b", "_a", "a" * 64],
    "DatabaseUser": ["", "a" * 17, "1a", "a-b"],
    "SubnetGroupName": ["default", "", "A", "-a"],
    "SecurityGroupName": ["sg-1", "default", "", "a" * 201, "a|b"],
    "ClusterName": ["", "-a", "a" * 101, "a.b"],
    "AmiRelease": ["", "v20260930", "1.36-20260930", "1.36.4", "1.36.4-latest"],
    "KubernetesVersion": ["1.9", "1.350", "v1.35", "1.35.1", "2.35", "1.３５"],
    "EnvironmentName": ["", "Prod", "a" * 21],
    "HostedZoneId": ["z1", "A1", "Z", "/hostedzone/Z1"],
    "TlsPolicy": ["ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-0-2021-06", "ELBSecurityPolicy-TLS13-1-1-2021-06"],
    "PackageVersion": ["", "latest", "3", "x3.5.0", "3.5.0.1"],
    "RoleName": ["", "a b", "a/b", "a" * 65, "größe"],
    "Region": ["us-west", "us-west-2a", "US-WEST-2", "us_west_2", ""],
    "AvailabilityZone": ["us-west-2", "usw2-az1", "us-west-2A"],
    "AccountId": ["11112222333", "1111222233334", "1111-2222-3333", "１２３４５６７８９０１２"],
    "PrincipalArn": [
        "",
        "arn:aws:iam",
        "role/x",
        "arn:gcp:iam::111122223333:role/x",
        "arn:aws-cn:iam::111122223333:role/x",
        "arn:aws:iam:us-west-2:111122223333:role/x",
        "arn:aws:iam::1:role/x",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::111122223333:group/x",
        "arn:aws:iam::111122223333:policy/x",
        "arn:aws:iam::111122223333:instance-profile/x",
        "arn:aws:iam::111122223333:role/",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
        "arn:aws:sts::111122223333:assumed-role/x/session",
        "arn:aws:sts::111122223333:federated-user/x",
        "arn:aws:s3:::x",
    ],
    "KmsKeyArn": [
        "key/x",
        "arn:aws:kms:us-west-2:111122223333:alias/x",
        "arn:aws:kms::111122223333:key/x",
        "arn:aws:kms:us-west-2::key/x",
        "arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/x",
        "arn:aws:s3:us-west-2:111122223333:key/x",
    ],
    "CertificateArn": [
        "arn:aws:acm-pca:us-west-2:111122223333:certificate-authority/x",
        "arn:aws:iam::111122223333:server-certificate/x",
        "arn:aws:acm::111122223333:certificate/x",
    ],
    "SnapshotArn": [
        "arn:aws:rds:us-west-2:111122223333:db:x",
        "arn:aws:rds:us-west-2:111122223333:cluster-snapshot:x",
        "arn:aws:ec2:us-west-2:111122223333:snapshot/snap-1",
        "arn:aws:backup:us-west-2:111122223333:recovery-point:x",
    ],
    "Quantity": ["", "512MB", "-1", "1 Gi", ".5", "1e3", "Gi"],
    "LabelKey": ["", "-a", "a-", "/a", "a/b/c", "A.com/x", "x" * 64, "a b"],
    "LabelValue": ["-", "a ", "x" * 64, "a/b"],
    "TagKey": ["", "aws:x", "AWS:x", "a" * 129, "a|b"],
    "TagValue": ["a" * 257, "a|b", "a\nb"],
    "Image": ["mlflow", "mlflow:1", "a/b", "a/b:latest", "registry:5000/a/b", "A/b:1", "a/b@sha256:1", "a/b:", "a/b:1 "],
    "BucketName": ["ab", "a" * 64, "A-b", "a_b", "-ab", "ab-", "a.b.c", "10.0.0.1", "xn--abc", "sthree-a", "amzn-s3-demo-a", "abc-s3alias", "abc--ol-s3", "abc.mrap", "abc--x-s3"],
    "SecretName": ["", "a b", "shop/token-abc123", "api-secret", "ä"],
    "EventBridgeSchedule": ["", "0 8 * *", "0 8 * * * *", "60 8 * * *", "0 24 * * *", "0 8 0 * *", "0 8 32 * *", "0 8 * 13 *", "0 8 * * 8", "0 8 * * MOO", "0 8 1 * MON", "0 20-8 * * *", "0 8 * DEC-JAN *", "*/0 * * * *", "1- * * * *", "a b c d e", "² 8 * * *", "0 8 ? * MON", "@daily", "*/" + "9" * 5000 + " * * * *"],
    "TimeZone": ["", "Seoul", "Mars/Olympus", "America", "../UTC", "/etc/localtime", "UTC\0", "GMT+25"],
    "DailyWindow": ["3:00-4:00", "03:00", "24:00-01:00", "03:60-04:00", "03:00 - 04:00"],
    "WeeklyWindow": ["sun:04:00", "Sun:04:00-Sun:05:00", "sun:04:00-05:00", "0:04:00-0:05:00"],
    "ServiceName": ["", "ECR", "com amazonaws", "-a"],
}  # fmt: skip


def test_valid_and_invalid_tables_cover_the_same_types() -> None:
    assert set(BAD) == set(GOOD)


@each(("name", "value"), [(name, value) for name, (_, values) in GOOD.items() for value in values])
def test_valid_value_is_kept_as_written(name: str, value: str) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(GOOD[name][0])
    assert adapter.dump_python(adapter.validate_python(value, strict=True), mode="json") == value


@each(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_invalid_value_is_refused_with_the_valid_form(name: str, value: str) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(GOOD[name][0]).validate_python(value, strict=True)
    (error,) = refused.value.errors()
    assert len(error["msg"]) < 300
    assert error["type"] in ("value_error", "string_too_long")


@each("name", sorted(set(GOOD) - {"Cidr"}))
@each("value", [None, 5, 1.5, True, ["a"], {"a": "b"}])
def test_text_is_not_converted_to_numbers(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(GOOD[name][0]).validate_python(value, strict=True)
    assert refused.value.errors()[0]["type"] == "string_type"


@pytest.mark.parametrize("value", [None, 5, True, ["10.0.0.0/16"]])
def test_network_is_text(value: object) -> None:
    with pytest.raises(ValidationError, match="is not a network"):
        TypeAdapter(network.Cidr).validate_python(value, strict=True)


@each("days", times.RETENTION_DAYS)
def test_cloudwatch_retentions_are_valid(days: int) -> None:
    assert TypeAdapter(times.RetentionDays).validate_python(days, strict=True) == days


@pytest.mark.parametrize("days", [0, -1, 2, 31, 364, 3654])
def test_other_retentions_are_refused_with_those_of_cloudwatch(days: int) -> None:
    with pytest.raises(ValidationError, match="choose 1, 3, 5, 7, 14, 30, 60, 90"):
        TypeAdapter(times.RetentionDays).validate_python(days, strict=True)

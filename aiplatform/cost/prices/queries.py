"""Queries of the AWS Price List API for each row of the price table.

Service codes, attributes and usage types are those of GetProducts:
https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

_GB = 1024


class Query(NamedTuple):
    """The query for a row. If matching products have different prices, the row is not changed."""

    services: tuple[str, ...]
    """Service codes, queried in turn, because AWS moves products between them."""

    usage: str
    """Regular expression of the usage type without its region prefix."""

    attributes: tuple[tuple[str, str], ...] = ()
    region_attribute: str | None = "regionCode"
    """Attribute with the region; None for products with the same price in every region."""

    tier: int | None = None
    """Begin of the price tier in the API's unit; None for the first tier that is not free."""


def _simple(service: str, usage: str, **attributes: str) -> Query:
    return Query((service,), re.escape(usage), tuple(attributes.items()))


def _transfer_out(begin: int) -> Query:
    attributes = (("transferType", "AWS Outbound"),)
    return Query(("AWSDataTransfer",), "DataTransfer-Out-Bytes", attributes, "fromRegionCode", begin)


def _nat(usage: str) -> Query:
    return Query(("AmazonEC2", "AmazonVPC"), usage, (("productFamily", "NAT Gateway"),))


_STORAGE = "Database Storage"
_QUERIES: Mapping[str, Query] = MappingProxyType({
    "eks_control_plane_hour": _simple("AmazonEKS", "AmazonEKS-Hours:perCluster"),
    "nat_gateway_hour": _nat("NatGateway-Hours"),
    "nat_gateway_gb": _nat("NatGateway-Bytes"),
    "alb_hour": _simple("AWSELB", "LoadBalancerUsage", productFamily="Load Balancer-Application"),
    "alb_lcu_hour": _simple("AWSELB", "LCUUsage", productFamily="Load Balancer-Application"),
    "nlb_hour": _simple("AWSELB", "LoadBalancerUsage", productFamily="Load Balancer-Network"),
    "nlb_nlcu_hour": _simple("AWSELB", "LCUUsage", productFamily="Load Balancer-Network"),
    "public_ipv4_hour": _simple("AmazonVPC", "PublicIPv4:InUseAddress"),
    "vpc_endpoint_interface_hour": _simple("AmazonVPC", "VpcEndpoint-Hours", productFamily="VpcEndpoint"),
    "vpc_endpoint_interface_gb": _simple("AmazonVPC", "VpcEndpoint-Bytes", productFamily="VpcEndpoint"),
    "ebs_gp3_gb_month": _simple("AmazonEC2", "EBS:VolumeUsage.gp3", volumeApiName="gp3"),
    "ebs_gp2_gb_month": _simple("AmazonEC2", "EBS:VolumeUsage.gp2", volumeApiName="gp2"),
    "ebs_snapshot_gb_month": _simple("AmazonEC2", "EBS:SnapshotUsage", productFamily="Storage Snapshot"),
    "s3_standard_gb_month": _simple("AmazonS3", "TimedStorage-ByteHrs", productFamily="Storage"),
    "s3_standard_ia_gb_month": _simple("AmazonS3", "TimedStorage-SIA-ByteHrs", productFamily="Storage"),
    "s3_glacier_ir_gb_month": _simple("AmazonS3", "TimedStorage-GIR-ByteHrs", productFamily="Storage"),
    "s3_glacier_flexible_gb_month": _simple("AmazonS3", "TimedStorage-GlacierByteHrs", productFamily="Storage"),
    "efs_standard_gb_month": _simple("AmazonEFS", "TimedStorage-ByteHrs"),
    "efs_ia_gb_month": _simple("AmazonEFS", "IATimedStorage-ByteHrs"),
    "efs_ia_elastic_gb_month": _simple("AmazonEFS", "IATimedStorage-ET-ByteHrs"),
    "rds_storage_gp2_single_az_gb_month": _simple("AmazonRDS", "RDS:GP2-Storage", productFamily=_STORAGE),
    "rds_storage_gp2_multi_az_gb_month": _simple("AmazonRDS", "RDS:Multi-AZ-GP2-Storage", productFamily=_STORAGE),
    "rds_storage_gp3_single_az_gb_month": _simple("AmazonRDS", "RDS:GP3-Storage", productFamily=_STORAGE),
    "rds_storage_gp3_multi_az_gb_month": _simple("AmazonRDS", "RDS:Multi-AZ-GP3-Storage", productFamily=_STORAGE),
    "rds_extended_support_yr1_2_vcpu_hour": Query(
        ("AmazonRDS",),
        r"ExtendedSupport:Yr1-Yr2:(?:PostgreSQL|MySQL)[\d.]+",
        (("extendedSupportPricingYear", "Year 1, Year 2"),),
    ),
    "aurora_pg_serverless_v2_acu_hour": _simple(
        "AmazonRDS", "Aurora:ServerlessV2Usage", productFamily="ServerlessV2", databaseEngine="Aurora PostgreSQL"
    ),
    "aurora_pg_serverless_v2_io_optimized_acu_hour": _simple(
        "AmazonRDS",
        "Aurora:ServerlessV2IOOptimizedUsage",
        productFamily="ServerlessV2",
        databaseEngine="Aurora PostgreSQL",
    ),
    "aurora_storage_gb_month": _simple("AmazonRDS", "Aurora:StorageUsage", productFamily=_STORAGE),
    "aurora_io_optimized_storage_gb_month": _simple(
        "AmazonRDS", "Aurora:IO-OptimizedStorageUsage", productFamily=_STORAGE
    ),
    "aurora_io_million": _simple("AmazonRDS", "Aurora:StorageIOUsage", productFamily="System Operation"),
    "backup_rds_gb_month": _simple("AmazonRDS", "RDS:ChargedBackupUsage", productFamily="Storage Snapshot"),
    "backup_aurora_gb_month": _simple("AmazonRDS", "Aurora:BackupUsage", productFamily="Storage Snapshot"),
    "backup_elasticache_gb_month": _simple("AmazonElastiCache", "BackupUsage", productFamily="Storage Snapshot"),
    "secrets_manager_secret_month": _simple("AWSSecretsManager", "AWSSecretsManager-Secrets"),
    "kms_key_month": _simple("awskms", "KMS-Keys"),
    "cloudwatch_alarm_month": _simple("AmazonCloudWatch", "CW:AlarmMonitorUsage"),
    "cloudwatch_logs_ingest_gb": _simple("AmazonCloudWatch", "DataProcessing-Bytes"),
    "cloudwatch_logs_infrequent_ingest_gb": _simple("AmazonCloudWatch", "DataProcessingIA-Bytes"),
    "cloudwatch_logs_storage_gb_month": _simple("AmazonCloudWatch", "TimedStorage-ByteHrs"),
    "waf_web_acl_month": _simple("awswaf", "WebACLV2"),
    "waf_rule_month": _simple("awswaf", "RuleV2"),
    "waf_request_million": _simple("awswaf", "RequestV2-Tier1"),
    "route53_hosted_zone_month": Query(("AmazonRoute53",), "HostedZone", (), None),
    "ecr_storage_gb_month": _simple("AmazonECR", "TimedStorage-ByteHrs"),
    "lambda_request_million": _simple("AWSLambda", "Request"),
    "lambda_gb_second_x86": _simple("AWSLambda", "Lambda-GB-Second"),
    "lambda_gb_second_arm": _simple("AWSLambda", "Lambda-GB-Second-ARM"),
    "sqs_standard_million": Query(("AWSQueueService",), "Requests(?:-Tier1)?"),
    "sqs_fifo_million": _simple("AWSQueueService", "Requests-FIFO-Tier1"),
    "sns_publish_million": _simple("AmazonSNS", "Requests-Tier1"),
    "data_transfer_out_first_10tb_gb": _transfer_out(0),
    "data_transfer_out_next_40tb_gb": _transfer_out(10 * _GB),
    "data_transfer_out_next_100tb_gb": _transfer_out(50 * _GB),
    "data_transfer_out_over_150tb_gb": _transfer_out(150 * _GB),
    "data_transfer_cross_az_gb_each_direction": Query(
        ("AWSDataTransfer",), "DataTransfer-Regional-Bytes", (("transferType", "IntraRegion"),), "fromRegionCode"
    ),
    "fargate_x86_vcpu_hour": _simple("AmazonECS", "Fargate-vCPU-Hours:perCPU"),
    "fargate_x86_gb_hour": _simple("AmazonECS", "Fargate-GB-Hours"),
    "fargate_arm_vcpu_hour": _simple("AmazonECS", "Fargate-ARM-vCPU-Hours:perCPU"),
    "fargate_arm_gb_hour": _simple("AmazonECS", "Fargate-ARM-GB-Hours"),
})  # fmt: skip

_RDS = re.compile(r"rds_(postgres|mysql)_(single|multi)_az_(db\..+)")
_AURORA = re.compile(r"aurora_pg_(db\..+)")
_CACHE = re.compile(r"elasticache_(redis|valkey)_(cache\..+)")
_ENGINES = {"postgres": "PostgreSQL", "mysql": "MySQL", "redis": "Redis", "valkey": "Valkey"}
_DEPLOYMENTS = {"single": "Single-AZ", "multi": "Multi-AZ"}


def query_of(item: str) -> Query | None:
    """Return the query for an item of `services`; None if the API has no unique price for it."""
    if found := _RDS.fullmatch(item):
        engine, zones, class_ = found.groups()
        return _database(class_, _ENGINES[engine], _DEPLOYMENTS[zones], r"(?:Instance|Multi-AZ)Usage:db\..+")
    if found := _AURORA.fullmatch(item):
        return _database(found[1], "Aurora PostgreSQL", "Single-AZ", r"InstanceUsage:db\..+")
    if found := _CACHE.fullmatch(item):
        attributes = (("instanceType", found[2]), ("cacheEngine", _ENGINES[found[1]]))
        return Query(("AmazonElastiCache",), r"NodeUsage:cache\..+", attributes)
    return _QUERIES.get(item)


def _database(class_: str, engine: str, deployment: str, usage: str) -> Query:
    attributes = (("instanceType", class_), ("databaseEngine", engine), ("deploymentOption", deployment))
    return Query(("AmazonRDS",), usage, attributes)


def instance_query(instance_type: str) -> Query:
    """Return the query for the On-Demand price of an instance type with Linux and shared tenancy."""
    attributes = (
        ("instanceType", instance_type),
        ("operatingSystem", "Linux"),
        ("preInstalledSw", "NA"),
        ("tenancy", "Shared"),
        ("capacitystatus", "Used"),
    )
    return Query(("AmazonEC2",), rf"BoxUsage:{re.escape(instance_type)}", attributes)

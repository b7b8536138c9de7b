"""The services of the price table, apart from the table, which is read only where a bill is."""

from typing import Literal

Service = Literal[
    "alb",
    "aurora",
    "aws",
    "backup",
    "cloudwatch",
    "container",
    "data",
    "ebs",
    "ec2",
    "ecr",
    "efs",
    "eks",
    "elasticache",
    "fargate",
    "kms",
    "lambda",
    "nat",
    "nlb",
    "public",
    "rds",
    "route53",
    "s3",
    "secrets",
    "sns",
    "sqs",
    "vpc",
    "waf",
]
"""The services of the price table: the first words of the names of its items."""

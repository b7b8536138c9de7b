"""Domain types that the settings share. Each says in its error what is wrong and what to write instead."""

import re
from collections.abc import Callable
from functools import partial
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainSerializer, PlainValidator, WithJsonSchema


def _quoted(value: object) -> str:
    """A value in a message, cut where nobody would read on."""
    if isinstance(value, str):
        return repr(value if len(value) <= 100 else f"{value[:100]}...")
    return repr(value)[:100]


def matching(pattern: str, problem: str) -> AfterValidator:
    """Accept a string that matches `pattern` as a whole, else say `'<value>' <problem>`."""
    # Digits and letters of ASCII alone, as AWS and Kubernetes mean them; tags ask for more with (?u:...).
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"{_quoted(value)} {problem}")
        return value

    return AfterValidator(check)


def _parse_network(value: object) -> IPv4Network:
    if isinstance(value, IPv4Network):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[0-9.]+/[0-9]{1,2}", value):
        raise ValueError(f"{_quoted(value)} is not a network; write address/prefix, like 10.0.4.0/24")
    try:
        network = IPv4Network(value, strict=False)
    except (AddressValueError, NetmaskValueError, ValueError):
        raise ValueError(f"{value} is not a network; write address/prefix, like 10.0.4.0/24") from None
    address = IPv4Address(value.split("/")[0])
    if network.network_address != address:
        raise ValueError(f"{value} has host bits set; the network is {network}")
    return network


Cidr = Annotated[
    IPv4Network,
    PlainValidator(_parse_network),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^\d+\.\d+\.\d+\.\d+/\d+$", "examples": ["10.0.4.0/24"]}),
]
"""An IPv4 network in CIDR notation, without host bits."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"

Name = Annotated[
    str,
    matching(
        r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
        "is not a usable name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
    ),
]
"""The name of something in the stack file: it becomes part of AWS and Kubernetes names."""

NodeGroupName = Annotated[
    str,
    matching(
        r"[a-z](?:[a-z0-9_-]{0,38}[a-z0-9])?",
        "is no usable name of a node group; write 1-40 lower-case letters, digits, hyphens and underscores, beginning "
        "with a letter",
    ),
]
"""A `Name` that may hold underscores, as EKS takes them."""

DnsLabel = Annotated[
    str, matching(_LABEL, "is not a DNS label; write 1-63 lower-case letters, digits and hyphens (RFC 1123)")
]
"""A Kubernetes namespace, service account or Service name."""

DnsName = Annotated[
    str,
    Field(max_length=253),
    matching(
        rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?", "is not a DNS name; write it like mlflow.example.com"
    ),
]
"""A fully qualified lower-case host name or domain, without a trailing dot."""

ProjectName = Annotated[
    str,
    matching(
        r"(?!internal(?:-|$))[a-z](?:[a-z0-9-]{0,22}[a-z0-9])?",
        "is not a project name; write 1-24 lower-case letters, digits and hyphens, beginning with a letter "
        "(it prefixes names that AWS limits to 32 characters), and not with internal",
    ),
]

InstanceType = Annotated[
    str,
    matching(
        r"[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|metal|\d*xlarge|metal-\d+xl)",
        "is not an EC2 instance type; write it like t3.medium",
    ),
]

DatabaseClass = Annotated[
    str,
    matching(
        r"db\.[a-z][a-z0-9-]*\.(?:micro|small|medium|large|\d*xlarge)",
        "is not an RDS instance class; write it like db.t4g.small",
    ),
]


def check_database_identifier(value: str) -> str:
    """Refuse an identifier that RDS refuses."""
    if not re.fullmatch(r"[a-z](?!.*--)(?:[a-z0-9-]{0,61}[a-z0-9])?", value):
        raise ValueError(
            f"{_quoted(value)} is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, "
            "beginning with a letter"
        )
    return value


DatabaseIdentifier = Annotated[str, AfterValidator(check_database_identifier)]

EngineVersion = Annotated[
    str, matching(r"\d{1,4}(?:\.\d{1,4}){0,2}", "is not an engine version; write it in quotes like '17' or '8.4'")
]

DatabaseName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9_]{0,62}",
        "is not a database name; write at most 63 letters, digits and underscores, beginning with a letter",
    ),
]

DatabaseUser = Annotated[
    str,
    matching(
        r"(?!(?:rdsadmin|admin|postgres|root)$)[A-Za-z][A-Za-z0-9_]{0,15}",
        "is not a master user name that RDS takes; write at most 16 letters, digits and underscores, "
        "not admin, postgres, root or rdsadmin",
    ),
]

MysqlUserName = Annotated[
    str,
    matching(
        r"(?!(?:root|rdsadmin|mysql.*)$)[a-z][a-z0-9_]{0,31}",
        "is not a MySQL user of your own; write at most 32 lower-case letters, digits and underscores, not root, "
        "rdsadmin or mysql...",
    ),
]

SubnetGroupName = Annotated[
    str,
    matching(
        r"(?!default$)[a-z0-9][a-z0-9-]{0,254}",
        "is not a DB subnet group name; write lower-case letters, digits and hyphens, and not default",
    ),
]

SecurityGroupName = Annotated[
    str,
    matching(
        r"(?!sg-)(?!default$)[A-Za-z0-9 ._:/()#,@+=&;{}!$*-]{1,200}",
        "is not a security group name; write at most 200 letters, digits and hyphens, not beginning with sg-",
    ),
]

ClusterName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}",
        "is not an EKS cluster name; write at most 100 letters, digits, hyphens and underscores",
    ),
]

SchemaName = Annotated[
    str,
    matching(
        r"(?!(?:public|information_schema|postgres|rdsadmin)$)(?!pg_)[a-z_][a-z0-9_]{0,62}",
        "is not a schema of your own; write at most 63 lower-case letters, digits and underscores, not public, "
        "postgres or pg_...",
    ),
]

DatabaseRole = Annotated[
    str,
    matching(
        r"(?!(?:public|postgres|none|rdsadmin)$)(?!pg_|rds_)[a-z_][a-z0-9_]{0,62}",
        "is not a database user of your own; write at most 63 lower-case letters, digits and underscores, not "
        "postgres, rdsadmin or pg_...",
    ),
]

CacheNodeType = Annotated[
    str,
    matching(
        r"cache\.[a-z][a-z0-9]*\.(?:micro|small|medium|large|\d*xlarge)",
        "is not an ElastiCache node type; write it like cache.r7g.large",
    ),
]


def check_replication_group_id(value: str) -> str:
    """Refuse an identifier that ElastiCache refuses."""
    if not re.fullmatch(r"[a-z](?!.*--)(?:[a-z0-9-]{0,38}[a-z0-9])?", value):
        raise ValueError(
            f"{_quoted(value)} is not a replication group id; write 1-40 lower-case letters, digits and single "
            "hyphens, beginning with a letter"
        )
    return value


ReplicationGroupId = Annotated[str, AfterValidator(check_replication_group_id)]

Port = Annotated[int, Field(ge=1024, le=65535)]
"""Above 1023: an ordinary user cannot open the others."""

AbsolutePath = Annotated[
    str,
    matching(
        r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._-]+)+", "is not an absolute path; write it like /models or /var/lib/models"
    ),
]

UrlPath = Annotated[
    str, matching(r"/|(?:/[A-Za-z0-9._~-]+)+", "is not a path of a URL; write it like /health or /api/v1")
]

EnvironmentVariable = Annotated[
    str,
    matching(r"[A-Za-z_][A-Za-z0-9_]*", "is not the name of an environment variable; write it like LOG_LEVEL"),
]

MetricName = Annotated[
    str,
    matching(r"[a-zA-Z_:][a-zA-Z0-9_:]*", "is not a Prometheus metric name; write it like http_requests_total"),
]

LogGroupName = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_/.#-]{1,512}",
        "is no name of a log group; write at most 512 letters, digits and signs of _/.#- like /aws/application/shop",
    ),
]

PhoneNumber = Annotated[
    str, matching(r"\+[1-9]\d{6,14}", "is no phone number; write it in quotes with its country, like '+821012345678'")
]
"""E.164, as SNS takes it: https://docs.aws.amazon.com/sns/latest/dg/sms_sms-to-phone.html"""

TopicName = Annotated[
    str, matching(r"[A-Za-z0-9_-]{1,240}", "is no name of a topic; write at most 240 letters, digits, _ and -")
]
"""What SNS takes, and room for an ending: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html"""

EmailAddress = Annotated[
    str,
    Field(max_length=254),
    matching(
        r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}",
        "is no e-mail address; write it like you@example.com",
    ),
]

SlackChannel = Annotated[
    str, matching(r"#[a-z0-9_-]{1,79}", "is not a Slack channel; write it in quotes like '#alerts'")
]

GitRepository = Annotated[
    str,
    matching(
        r"https://[a-z0-9.-]+(?::\d+)?(?:/[A-Za-z0-9._-]+)+",
        "is not the HTTPS address of a Git repository; write it like https://github.com/you/releases",
    ),
]

KubernetesVersion = Annotated[str, matching(r"1\.\d{2}", "is not a Kubernetes version; write it in quotes like '1.35'")]

EnvironmentName = Annotated[
    str,
    matching(
        r"[a-z](?:[a-z0-9-]{0,18}[a-z0-9])?",
        "is not an environment; write 1-20 lower-case letters, digits and hyphens, like production",
    ),
]

HostedZoneId = Annotated[
    str, matching(r"Z[A-Z0-9]{1,31}", "is not a hosted zone id; write it like Z0123456789ABCDEFGHIJ")
]

TlsPolicy = Annotated[
    str,
    matching(
        r"ELBSecurityPolicy-TLS13-1-[23][A-Za-z0-9-]*",
        "is not a TLS policy of today; write one of ELBSecurityPolicy-TLS13-1-2-... or ELBSecurityPolicy-TLS13-1-3-...",
    ),
]

PackageVersion = Annotated[
    str, matching(r"v?\d+\.\d+(?:\.\d+)?(?:[-+][A-Za-z0-9.-]+)?", "is not a version; write it in quotes like '3.5.0'")
]

RoleName = Annotated[
    str, matching(r"[\w+=,.@-]{1,64}", "is not an IAM role name; write at most 64 letters, digits and +=,.@_-")
]

ManagedPolicyName = Annotated[
    str, matching(r"[\w+=,.@-]{1,128}", "is no name of an IAM policy; write at most 128 letters, digits and +=,.@_-")
]

PolicyName = Annotated[
    str,
    matching(
        r"(?:service-role/|job-function/)?[\w+=,.@-]{1,128}",
        "is not the name of an AWS managed policy; write it like AmazonEKSWorkerNodePolicy",
    ),
]

KeyPairName = Annotated[
    str, matching(r"[ -~]{1,255}", "is no name of a key pair; write at most 255 letters, digits and signs of ASCII")
]

Region = Annotated[
    str,
    matching(
        r"(?!cn-|us-gov-|us-iso|eu-isoe-)[a-z]{2}(?:-[a-z]+)+-\d",
        "is not an AWS region of the commercial partition; write it like us-west-2",
    ),
]

AvailabilityZone = Annotated[
    str, matching(r"[a-z]{2}(?:-[a-z]+)+-\d[a-z]", "is not an availability zone; write it like us-west-2a")
]

AccountId = Annotated[str, matching(r"\d{12}", "is not an AWS account id; write its 12 digits in quotes")]

Arn = Annotated[
    str,
    matching(
        r"arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:.+",
        "is not an ARN; write it like arn:aws:iam::111122223333:role/name",
    ),
]

Quantity = Annotated[
    str,
    matching(
        r"\d+(?:\.\d+)?(?:m|k|Ki|M|Mi|G|Gi|T|Ti)?",
        "is not a Kubernetes quantity; write it like 500m, 2, 512Mi or 4Gi",
    ),
]

QuotaResource = Annotated[
    str,
    matching(
        r"(?:(?:requests|limits)\.(?:cpu|memory|ephemeral-storage|nvidia\.com/gpu)|requests\.storage"
        r"|pods|services|persistentvolumeclaims|secrets|configmaps|count/[a-z0-9.-]+)",
        "is not a resource of a quota; write it like requests.cpu, requests.memory, requests.nvidia.com/gpu, pods, "
        "services or persistentvolumeclaims",
    ),
]

Duration = Annotated[
    str,
    matching(r"(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=[hms])", "is not a duration; write it like 30s, 5m, 1h or 720h"),
]
"""As Go writes it, and Kubernetes and Prometheus with it: hours, minutes and seconds."""

NodeAge = Annotated[
    str,
    matching(r"Never|(?:\d+h)?(?:\d+m)?(?:\d+s)?(?<=[hms])", "is not an age of nodes; write it like 720h, or Never"),
]

LabelKey = Annotated[
    str,
    matching(
        rf"(?:(?:{_LABEL}\.)*{_LABEL}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{{0,61}}[A-Za-z0-9])?",
        "is not a Kubernetes label key; write it like workload or example.com/workload",
    ),
]

LabelValue = Annotated[
    str,
    matching(
        r"(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?",
        "is not a Kubernetes label value; write at most 63 letters, digits, '-', '_' or '.'",
    ),
]

TagKey = Annotated[
    str,
    matching(
        r"(?!(?i:aws:))(?u:[\w .:/=+@-]{1,128})",
        "is not a tag key that AWS accepts; write 1-128 letters, digits, spaces or _.:/=+-@, not beginning with aws:",
    ),
]

TagValue = Annotated[
    str,
    matching(
        r"(?u:[\w .:/=+@-]{0,256})",
        "is not a tag value that AWS accepts; write at most 256 letters, digits, spaces or _.:/=+-@",
    ),
]

Image = Annotated[
    str,
    matching(
        r"[a-z0-9][a-z0-9.-]*(?::\d+)?(?:/[a-z0-9][a-z0-9._-]*)+(?::(?!latest$)[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?",
        "is not an image with registry and tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full, and never :latest",
    ),
    matching(r".+/.+(?::.+|@sha256:.+)", "has no tag; write one, like ghcr.io/mlflow/mlflow:v3.17.2-full"),
]


def check_bucket_name(value: str) -> str:
    """Refuse a bucket name that S3 refuses, and one with a dot."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value):
        raise ValueError(
            f"{_quoted(value)} is not an S3 bucket name; write 3-63 lower-case letters, digits and hyphens, "
            "beginning and ending with a letter or digit"
        )
    reserved = value.startswith(("xn--", "sthree-", "amzn-s3-demo-")) or value.endswith(
        ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
    )
    if reserved or re.fullmatch(r"\d+\.\d+\.\d+\.\d+", value):
        raise ValueError(f"{_quoted(value)} is a form that S3 reserves; choose another bucket name")
    if "." in value:
        raise ValueError(f"{_quoted(value)} has a dot, which breaks TLS to the bucket's host name; use hyphens")
    return value


def check_repository_name(value: str) -> str:
    """Refuse a repository name that ECR refuses:
    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html"""
    part = r"[a-z0-9]+(?:[._-][a-z0-9]+)*"
    if not re.fullmatch(rf"(?=.{{2,256}}\Z){part}(?:/{part})*", value):
        raise ValueError(
            f"{_quoted(value)} is not an ECR repository name; write 2-256 lower-case letters, digits and single "
            "dots, underscores and hyphens, with / between parts"
        )
    return value


BucketName = Annotated[str, AfterValidator(check_bucket_name)]
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; dots are refused because of TLS."""

SecretName = Annotated[
    str,
    matching(r"[A-Za-z0-9/_+=.@-]{1,200}", "is not a Secrets Manager name; write letters, digits and /_+=.@-"),
    matching(
        r".*(?<!-[A-Za-z0-9]{6})",
        "ends in a hyphen and six characters, which Secrets Manager takes for its own suffix; choose another name",
    ),
]

DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    ("day of the week", 0, 7, DAYS),
)


def _in_range(text: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    return text.upper() in names or (re.fullmatch("[0-9]{1,2}", text) is not None and low <= int(text) <= high)


def _valid_cron_item(item: str, low: int, high: int, names: tuple[str, ...]) -> bool:
    body, _, step = item.partition("/")
    if "/" in item and not re.fullmatch("[1-9][0-9]?", step):
        return False
    if body == "*":
        return True
    first, dash, last = body.partition("-")
    if not _in_range(first, low, high, names) or (dash and not _in_range(last, low, high, names)):
        return False
    # Weekdays go round: FRI-MON is a long weekend.
    return not dash or names is DAYS or _place(first, low, names) <= _place(last, low, names)


def _place(text: str, low: int, names: tuple[str, ...]) -> int:
    return int(text) if text.isdigit() else names.index(text.upper()) + low


def _check_cron(value: str) -> str:
    fields = value.split()
    if len(fields) != len(_FIELDS):
        raise ValueError(
            f"{_quoted(value)} is not a schedule; write five cron fields (minute hour day month weekday), "
            "like '0 8 * * MON-FRI'"
        )
    for field, (title, low, high, names) in zip(fields, _FIELDS, strict=True):
        if not all(_valid_cron_item(item, low, high, names) for item in field.split(",")):
            raise ValueError(
                f"{_quoted(value)} is not a schedule: {_quoted(field)} is no {title}; it takes {low}-{high}"
            )
    if fields[2] != "*" and fields[4] != "*":
        raise ValueError(
            f"{_quoted(value)} sets both a day of the month and a weekday; EventBridge takes only one, make the other *"
        )
    return value


Cron = Annotated[str, AfterValidator(_check_cron)]
"""Five fields, as Kubernetes and crontab write them."""


def _check_time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{_quoted(value)} is not a time zone; write an IANA name like Asia/Seoul or UTC") from None
    return value


TimeZone = Annotated[str, AfterValidator(_check_time_zone)]

_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d"

DailyWindow = Annotated[str, matching(rf"{_CLOCK}-{_CLOCK}", "is not a daily window; write it in UTC like 03:00-04:00")]
WeeklyWindow = Annotated[
    str,
    matching(
        rf"(?:mon|tue|wed|thu|fri|sat|sun):{_CLOCK}-(?:mon|tue|wed|thu|fri|sat|sun):{_CLOCK}",
        "is not a weekly window; write it in UTC like sun:04:00-sun:05:00",
    ),
]

RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""The retentions that CloudWatch Logs offers, in days: PutRetentionPolicy in its API reference."""


def _check_member(value: int, *, choices: tuple[int, ...], unit: str) -> int:
    if value not in choices:
        raise ValueError(f"{value} {unit} are not offered; choose one of {', '.join(map(str, choices))}")
    return value


def one_of(choices: tuple[int, ...], unit: str) -> Callable[[int], int]:
    """A check that a number is among `choices`, named with its `unit` in the error."""
    return partial(_check_member, choices=choices, unit=unit)


RetentionDays = Annotated[int, AfterValidator(one_of(RETENTION_DAYS, "days of retention"))]

ServiceName = Annotated[
    str, matching(r"[a-z0-9][a-z0-9.-]{0,62}", "is not the name of an AWS service; write it like ecr.api or sts")
]
"""What follows com.amazonaws.<region> in the name of a VPC endpoint's service."""

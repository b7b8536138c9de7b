"""ARNs: each type states the service, the resource and the location of what it accepts.

A value of the wrong service, resource type or partition is refused where it is read; rules compare region and account
with those of the platform (config/rules/arns.py).
"""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from config.types.text import quoted

PARTITION = "aws"
"""The commercial partition: project.region accepts no region of another."""

_PARTS = 6


@dataclass(frozen=True)
class ArnOf:
    """An ARN of this service and resource; rules find it with `marked`."""

    what: str
    """What it identifies, with its article."""

    service: str
    resource: str
    """Pattern of the part after the account."""

    example: str
    """The part after the account in examples."""

    elsewhere: str | None
    """What is needed for one of another account than the platform's; None if AWS refuses it."""

    regional: bool = True
    """Whether it is in a region, which must be the platform's; IAM's are not."""

    def shown(self) -> str:
        """Return an example."""
        region = "us-west-2" if self.regional else ""
        return f"arn:{PARTITION}:{self.service}:{region}:111122223333:{self.example}"

    def check(self, value: str) -> str:
        """Return the value.

        Raises:
            ValueError: it is not an ARN, or of another partition, service or resource type.
        """
        parts = value.split(":", _PARTS - 1)
        if len(parts) < _PARTS or parts[0] != "arn" or not parts[5] or not re.fullmatch(r"aws[a-z-]*", parts[1]):
            raise ValueError(f"{quoted(value)} is not an ARN; write it like {self.shown()}")
        _, partition, service, region, account, resource = parts
        if partition != PARTITION:
            raise ValueError(f"is in the partition {partition}; set an ARN of the partition {PARTITION}")
        session = re.fullmatch(r"assumed-role/([^/]+)/.*", resource)
        if session is not None and (self.service, service) == ("iam", "sts"):
            role = f"arn:{PARTITION}:iam::{account}:role/{session[1]}"
            raise ValueError(f"is the ARN of a session; set that of its role, {role} (with the role's path)")
        if service != self.service:
            raise ValueError(f"is the ARN of a resource of {service}; set the ARN of {self.what}, like {self.shown()}")
        if not re.fullmatch(r"\d{12}", account, re.ASCII):
            raise ValueError(f"has no account ID of 12 digits; write it like {self.shown()}")
        if self.regional != bool(region):
            raise ValueError(f"has {'no' if self.regional else 'a'} region; write it like {self.shown()}")
        if not re.fullmatch(self.resource, resource, re.ASCII):
            raise ValueError(f"{quoted(resource)} is not {self.what}; write it like {self.shown()}")
        return value


_KEY = ArnOf(
    "a KMS key",
    "kms",
    r"key/[\w-]+",
    "key/1234abcd-12ab-34cd-56ef-1234567890ab",
    elsewhere="its key policy must allow this account",
)
"""Not an alias: IAM policies grant the use of keys.
https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-ARN"""

_CERTIFICATE = ArnOf(
    "an ACM certificate",
    "acm",
    r"certificate/[\w-]+",
    "certificate/12345678-1234-1234-1234-123456789012",
    elsewhere=None,
)
"""A load balancer uses certificates of its region and account:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html"""

_SNAPSHOT = ArnOf(
    "a DB snapshot",
    "rds",
    r"snapshot:(?:awsbackup:|rds:)?[A-Za-z](?:-?[A-Za-z0-9])*",
    "snapshot:before-the-move",
    elsewhere="it must be shared with this account",
)
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Tagging.ARN.Constructing.html"""

_SECRET = ArnOf(
    "a secret",
    "secretsmanager",
    r"secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}",
    "secret:shared/database-a1B2c3",
    elsewhere="its policy and that of its key must allow this account",
)
"""https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html"""

_REPOSITORY = ArnOf(
    "an ECR repository",
    "ecr",
    r"repository/[a-z0-9]+(?:[._/-][a-z0-9]+)*",
    "repository/shared/app",
    elsewhere="its policy must allow this account to pull",
)
"""https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html"""

_PRINCIPAL = ArnOf(
    "an IAM role or user",
    "iam",
    r"(?:role/(?!aws-service-role/)|user/)(?:[!-~]+/)?[\w+=,.@-]{1,64}",
    "role/name",
    elsewhere="that account decides who has access to this cluster",
    regional=False,
)
"""https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns"""

_DEPLOYER = ArnOf(_PRINCIPAL.what, "iam", _PRINCIPAL.resource, "role/deploy", elsewhere=None, regional=False)

KmsKeyArn = Annotated[str, AfterValidator(_KEY.check), _KEY]
CertificateArn = Annotated[str, AfterValidator(_CERTIFICATE.check), _CERTIFICATE]
SnapshotArn = Annotated[str, AfterValidator(_SNAPSHOT.check), _SNAPSHOT]
SecretArn = Annotated[str, AfterValidator(_SECRET.check), _SECRET]
RepositoryArn = Annotated[str, AfterValidator(_REPOSITORY.check), _REPOSITORY]
PrincipalArn = Annotated[str, AfterValidator(_PRINCIPAL.check), _PRINCIPAL]
DeployerArn = Annotated[str, AfterValidator(_DEPLOYER.check), _DEPLOYER]

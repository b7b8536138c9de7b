"""Which Pulumi types a release must not replace: tables of the platform say it of AWS and of Kubernetes."""

from collections.abc import Mapping
from typing import Literal

from aiplatform.preview.charts import kinds
from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import Keeps

DATA: Literal["data"] = "data"
IDENTITY: Literal["identity"] = "identity"
ADDRESS: Literal["address"] = "address"

_OTHERS: Mapping[str, Keeps | None] = {
    "eks:index:Addon": Keeps(IDENTITY, "a cluster has one of a name; without it nodes lose network or disks"),
    "eks:index:Cluster": Keeps(DATA, "every object of Kubernetes"),
    "eks:index:ManagedNodeGroup": Keeps(IDENTITY, "every pod on its nodes"),
    "kubernetes:helm.sh/v3:Release": Keeps(IDENTITY, "its name is taken while the old one lives"),
    "kubernetes:kustomize/v2:Directory": Keeps(IDENTITY, "the parent of namespaces, definitions and claims"),
    "tls:index/privateKey:PrivateKey": Keeps(IDENTITY, "clients trust what it signs"),
    "tls:index/selfSignedCert:SelfSignedCert": Keeps(IDENTITY, "clients have a copy"),
    "tls:index/certRequest:CertRequest": None,
    "tls:index/locallySignedCert:LocallySignedCert": None,
    "pulumi:providers:tls": None,
    "pulumi:providers:aws": Keeps(IDENTITY, "what it made is compared with its region and account"),
    "pulumi:providers:kubernetes": Keeps(IDENTITY, "with another cluster identifier every object is replaced"),
    "pulumi:pulumi:Stack": Keeps(IDENTITY, "its project and name are part of every URN"),
}

_KNOWN = {
    **{token: type_.keeps for token, type_ in AWS_TYPES.items()},
    **{f"kubernetes:{kind}": known.keeps for kind, known in kinds().items()},
    **_OTHERS,
}

KEPT: Mapping[str, Keeps] = {token: keeps for token, keeps in _KNOWN.items() if keeps is not None}
"""What a resource has, and what is lost with it."""

MAY_BE_REPLACED = frozenset(_KNOWN) - KEPT.keys()

"""What is lost with a resource of each type."""

from collections.abc import Mapping

from aiplatform.preview.charts import kinds
from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import Keeps

_OTHERS: Mapping[str, Keeps | None] = {
    "eks:index:Addon": Keeps("identity", "a cluster has one of a name; without it nodes lose network or disks"),
    "eks:index:Cluster": Keeps("data", "every object of Kubernetes"),
    "eks:index:ManagedNodeGroup": Keeps("identity", "every pod on its nodes"),
    "kubernetes:helm.sh/v3:Release": Keeps("identity", "its name is taken while the old one lives"),
    "kubernetes:kustomize/v2:Directory": Keeps("identity", "the parent of namespaces, definitions and claims"),
    "tls:index/privateKey:PrivateKey": Keeps("identity", "clients trust what it signs"),
    "tls:index/selfSignedCert:SelfSignedCert": Keeps("identity", "clients have a copy"),
    "tls:index/certRequest:CertRequest": None,
    "tls:index/locallySignedCert:LocallySignedCert": None,
    "pulumi:providers:tls": None,
    "pulumi:providers:aws": Keeps("identity", "what it made is compared with its region and account"),
    "pulumi:providers:kubernetes": Keeps("identity", "with another cluster identifier every object is replaced"),
    "pulumi:pulumi:Stack": Keeps("identity", "its project and name are part of every URN"),
}

_KNOWN: Mapping[str, Keeps | None] = {
    **{token: type_.keeps for token, type_ in AWS_TYPES.items()},
    **{f"kubernetes:{kind}": known.keeps for kind, known in kinds().items()},
    **_OTHERS,
}

KEPT: Mapping[str, Keeps] = {token: keeps for token, keeps in _KNOWN.items() if keeps is not None}
"""What a resource has, and what is lost with it."""

MAY_BE_REPLACED = frozenset(_KNOWN) - KEPT.keys()
"""Types of which a release may replace every resource."""

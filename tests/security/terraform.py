"""A plan in the format of `terraform show -json`, which scanners read: the AWS provider is bridged from Terraform's.

Names follow from Pulumi's: `aws:s3/bucketPolicy:BucketPolicy` is `aws_s3_bucket_policy`, camelCase is snake_case, an
object is a block, and a list of blocks has the singular of its name. The tables have the names that do not.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from aiplatform.preview.outputs import Context, id_and_outputs
from aiplatform.preview.plan import Json, Plan
from tests.aws.remote import aws_resources

TYPES = {
    "aws:autoscaling/tag:Tag": "aws_autoscaling_group_tag",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:rds/instance:Instance": "aws_db_instance",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": (
        "aws_db_instance_automated_backups_replication"
    ),
    "aws:rds/parameterGroup:ParameterGroup": "aws_db_parameter_group",
    "aws:rds/subnetGroup:SubnetGroup": "aws_db_subnet_group",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig": "aws_s3_bucket_replication_configuration",
}
"""Types whose name in Terraform does not follow from Pulumi's."""

WITHOUT_SERVICE = frozenset({"ec2"})
"""Services whose types have no prefix: `aws_subnet`."""

PLURAL = frozenset({"block_device_mappings", "tag_specifications"})
"""Lists of blocks whose name is plural in Terraform, too."""

IRREGULAR = {"aliases": "alias", "client_id_lists": "client_id_list"}
"""Lists whose singular is not theirs without an s, or whose plain values have a singular name in Terraform."""

MAPS = frozenset({"labels", "tags", "tagsAll"})
"""Objects that are maps and not blocks."""

UNCHECKED: frozenset[str] = frozenset()
"""Types for which checkov has no check."""

IGNORED = frozenset({"overrideProvider"})
"""Inputs that Pulumi's provider has and Terraform's has not."""


IDENTIFIERS = frozenset({"id", "arn", "dnsName"})
"""Outputs that other resources have as references in Terraform."""


def terraform_type(type_: str) -> str:
    """Return the name of a type of AWS in Terraform."""
    if type_ in TYPES:
        return TYPES[type_]
    service, _, kind = type_.removeprefix("aws:").partition("/")
    name = snake(kind.rpartition(":")[2])
    return f"aws_{name}" if service in WITHOUT_SERVICE else f"aws_{service}_{name}"


def snake(name: str) -> str:
    """Return a name of Pulumi as Terraform writes it."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])", lambda found: f"_{found[0]}", name).lower()


def terraform_plan(plan: Plan) -> Json:
    """Return the plan of a first `apply`, in which identifiers of other resources are references.

    Raises:
        ValueError: two resources of a type have one name, which would be one address.
    """
    blocks = list(_blocks(plan))
    addresses = Counter(block.address for block in blocks)
    if twice := sorted(address for address, count in addresses.items() if count > 1):
        raise ValueError(f"duplicate addresses: {', '.join(twice)}")
    by_urn = {block.urn: block for block in blocks}
    resources = [{**block.head, "values": _with_references(block, by_urn)} for block in blocks]
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": resources}},
        "resource_changes": [
            {**one, "change": {"actions": ["create"], "before": None, "after": one["values"]}} for one in resources
        ],
    }


@dataclass(frozen=True)
class _Block:
    """A resource in Terraform's words."""

    urn: str
    type: str
    name: str
    values: dict[str, Json]
    identifiers: tuple[str, ...]
    """Outputs by which others refer to it."""
    refers_to: tuple[str, ...]
    """URNs of resources whose outputs are among its values."""

    @property
    def address(self) -> str:
        return f"{self.type}.{self.name}"

    @property
    def head(self) -> dict[str, str]:
        return {"address": self.address, "mode": "managed", "type": self.type, "name": self.name}


def _blocks(plan: Plan) -> Iterator[_Block]:
    by_urn = {resource.urn: resource for resource in plan.resources}
    by_name = {(resource.type, resource.name): resource for resource in plan.resources}
    made_by = {"aws:eks/cluster:Cluster": "eks:index:Cluster", "aws:eks/addon:Addon": "eks:index:Addon"}
    made_by["aws:eks/nodeGroup:NodeGroup"] = "eks:index:ManagedNodeGroup"
    for type_, name, inputs in aws_resources(iter(plan.resources)):
        resource = by_name[made_by.get(type_, type_), name]
        region = str(by_urn[resource.provider or ""].inputs["region"])
        identifier, outputs = id_and_outputs(type_, name, inputs, Context(region=region, urn=resource.urn))
        identifiers = tuple(value for name, value in {**outputs, "id": identifier}.items() if name in IDENTIFIERS)
        yield _Block(resource.urn, terraform_type(type_), name, _attributes(inputs), identifiers, resource.data)


def _with_references(block: _Block, by_urn: Mapping[str, _Block]) -> Json:
    """Return the values of a resource, with an address in place of each identifier of another resource."""
    others = [by_urn[urn] for urn in block.refers_to if urn in by_urn]
    known = {identifier: f"{other.address}.id" for other in others for identifier in other.identifiers}

    def replaced(value: Json) -> Json:
        match value:
            case str():
                return known.get(value, value)
            case list():
                return [replaced(item) for item in value]
            case dict():
                return {key: replaced(item) for key, item in value.items()}
            case _:
                return value

    return replaced(block.values)


def _attributes(inputs: Mapping[str, Json]) -> dict[str, Json]:
    return dict(_attribute(name, value) for name, value in inputs.items() if name not in IGNORED)


def _attribute(name: str, value: Json) -> tuple[str, Json]:
    written = snake(name)
    match value:
        case dict() if name in MAPS:
            return written, value
        case dict():
            return written, [_attributes(value)]
        case [dict(), *_]:
            return singular(written), [_attributes(one) for one in value]
        case _:
            return IRREGULAR.get(written, written), value


def singular(name: str) -> str:
    """Return the name of one block of a list."""
    return name if name in PLURAL else IRREGULAR.get(name) or re.sub("ies$", "y", name).removesuffix("s")

"""DNS and certificates. https://docs.aws.amazon.com/Route53/latest/APIReference/, .../acm/latest/APIReference/."""

from collections.abc import Mapping

from tests.aws.operations.said import one
from tests.aws.requests import ID, Call, Entry, Inputs, To

_SET = "ChangeBatch.Changes.ResourceRecordSet"


def _private(inputs: Inputs) -> Inputs:
    """Return a private zone with its VPC, in the region of the provider."""
    vpcs = inputs.get("vpcs")
    rest = {name: value for name, value in inputs.items() if name != "vpcs"}
    return {**rest, "VPC": {"VPCRegion": "us-west-2", **vpcs[0]}} if vpcs else rest


NAMES: Mapping[str, Entry] = {
    "aws:acm/certificate:Certificate": Entry((Call("acm", "RequestCertificate"),), taggable=True),
    "aws:acm/certificateValidation:CertificateValidation": Entry(
        (Call("acm", "DescribeCertificate"),),
        {"validationRecordFqdns": "compared with the records that the certificate asks for, before waiting for it"},
    ),
    "aws:route53/zone:Zone": Entry(
        (
            Call(
                "route53",
                "CreateHostedZone",
                {"comment": "HostedZoneConfig.Comment"},
                {"CallerReference": "terraform-20260101000000000000000000"},
            ),
            Call(
                "route53",
                "ChangeTagsForResource",
                {"tags": "AddTags"},
                {"ResourceType": "hostedzone", "ResourceId": ID},
            ),
        ),
        {"forceDestroy": "its records are deleted first"},
        taggable=True,
        before=_private,
    ),
    "aws:route53/record:Record": Entry(
        (
            Call(
                "route53",
                "ChangeResourceRecordSets",
                {
                    "zoneId": "HostedZoneId",
                    "name": f"{_SET}.Name",
                    "type": f"{_SET}.Type",
                    "ttl": f"{_SET}.TTL",
                    "records": To(f"{_SET}.ResourceRecords", one("Value")),
                    "aliases": To(f"{_SET}.AliasTarget", lambda aliases: aliases[0]),
                    "aliases.name": "DNSName",
                    "aliases.zoneId": "HostedZoneId",
                },
                {"ChangeBatch.Changes.Action": "UPSERT"},
            ),
        ),
        {"allowOverwrite": "UPSERT instead of CREATE"},
    ),
}

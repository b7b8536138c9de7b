"""The hosted zone, its delegation, and the certificate."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from functools import partial

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, unknown, wrong

TITLE, ORDER = "Domain and certificate", 60

WORLD = "us-east-1"
"""The region of Route 53's registered domains."""

ENDS = timedelta(days=30)
"""Time before its end from which a certificate is reported."""

HOSTED = "aws:route53/zone:Zone"
CERTIFICATE = "aws:acm/certificate:Certificate"


def questions(subject: Subject) -> Iterator[Question]:
    """Yield questions about the zone of the domain, and about a certificate of the stack file."""
    ingress = subject.settings.ingress
    if ingress is None or ingress.domain is None:
        return
    made = [str(one.inputs.get("name")) for one in subject.of(HOSTED) if not one.inputs.get("vpcs")]
    if ingress.zone.create and made:
        for name in made:
            yield Question(f"no hosted zone {name} yet", partial(_second, subject, name))
            yield Question(f"delegation of {name}", partial(_delegation, subject, name, None))
    else:
        zone = ingress.zone.id
        about = f"hosted zone {zone or ingress.domain}"
        yield Question(f"{about} exists", partial(_exists, subject, ingress.domain, zone))
        yield Question(f"delegation of {ingress.domain}", partial(_delegation, subject, ingress.domain, zone))
    if ingress.certificate_arn:
        hosts = sorted(
            {str(one.inputs["name"]) for one in subject.of("aws:route53/record:Record") if _is_host(one.inputs)}
        )
        about = f"certificate {ingress.certificate_arn.rpartition('/')[2]} for {listed(hosts) or ingress.domain}"
        yield Question(about, partial(_certificate, ingress.certificate_arn, hosts or [ingress.domain], subject.region))


def _is_host(inputs: object) -> bool:
    return isinstance(inputs, dict) and inputs.get("type") in {"A", "AAAA"} and isinstance(inputs.get("name"), str)


def _zones(subject: Subject, name: str, account: Account) -> list[str]:
    """Return the IDs of the public hosted zones of exactly this name."""
    found = account.call(subject.region, "route53", "list_hosted_zones_by_name", DNSName=f"{name}.", MaxItems="20")
    return [
        str(one["Id"]).rpartition("/")[2]
        for one in found["HostedZones"]
        if one["Name"].rstrip(".") == name and not one.get("Config", {}).get("PrivateZone")
    ]


def _second(subject: Subject, name: str, account: Account) -> Answer:
    found = _zones(subject, name, account)
    if not found:
        return fine("the stack creates it")
    zone = account.call(
        subject.region, "route53", "list_tags_for_resource", ResourceType="hostedzone", ResourceId=found[0]
    )
    tags = {one["Key"]: one["Value"] for one in zone["ResourceTagSet"]["Tags"]}
    if subject.owns(tags):
        return fine(f"{found[0]} exists, with the tags of this stack")
    return wrong(
        f"the account has {listed(found)}, and a second zone has other name servers",
        f"set ingress.zone to {{id: {found[0]}}}",
    )


def _exists(subject: Subject, name: str, zone: str | None, account: Account) -> Answer:
    if zone is None:
        found = [one for parent in _parents(name) for one in _zones(subject, parent, account)]
        if not found:
            return wrong(f"the account has no public zone of {name}", "set ingress.zone to {create: true}, or its id")
        return fine(found[0])
    found_ = account.found(subject.region, "route53", "get_hosted_zone", "NoSuchHostedZone", Id=zone)
    if found_ is None:
        return wrong("the account does not have it", "correct ingress.zone.id, or remove it to create one")
    is_of = found_["HostedZone"]["Name"].rstrip(".")
    if is_of not in _parents(name):
        return wrong(f"it is the zone of {is_of}, which does not contain {name}", "correct ingress.zone.id")
    return fine(f"the zone of {is_of}")


def _parents(name: str) -> list[str]:
    """Return a domain and those above it, without the top-level domain."""
    parts = name.split(".")
    return [".".join(parts[at:]) for at in range(len(parts) - 1)]


def _delegation(subject: Subject, name: str, zone: str | None, account: Account) -> Answer:
    """Return whether the zone above, or the registered domain, names the zone's servers, where this account has it."""
    zones = [zone] if zone else _zones(subject, name, account)
    if not zones:
        return unknown("the zone does not exist yet", "after the first up, delegate the domain to output name_servers")
    answer = account.call(subject.region, "route53", "get_hosted_zone", Id=zones[0])
    own = {one.rstrip(".") for one in answer.get("DelegationSet", {}).get("NameServers", ())}
    is_of = str(answer["HostedZone"]["Name"]).rstrip(".")
    above = _named_above(subject, is_of, account)
    servers = listed(sorted(own))
    if above is None:
        return unknown("the zone above is not in this account", f"`dig NS {is_of}` must name {servers}")
    if own and own != above:
        return wrong(f"{is_of} is delegated to {listed(sorted(above))}", f"delegate it to {servers}")
    return fine(f"to {servers}")


def _named_above(subject: Subject, name: str, account: Account) -> set[str] | None:
    """Return the name servers of a domain by the zone above it, or by its registration; None if both are elsewhere."""
    for parent in _parents(name)[1:]:
        for zone in _zones(subject, parent, account):
            found = account.call(
                subject.region,
                "route53",
                "list_resource_record_sets",
                HostedZoneId=zone,
                StartRecordName=f"{name}.",
                StartRecordType="NS",
                MaxItems="1",
            )["ResourceRecordSets"]
            records = [one for one in found if one["Name"].rstrip(".") == name and one["Type"] == "NS"]
            return {value["Value"].rstrip(".") for one in records for value in one["ResourceRecords"]}
    gone = ("InvalidInput", "DomainNotFound", "UnsupportedTLD", "AccessDeniedException")
    registered = account.found(WORLD, "route53domains", "get_domain_detail", *gone, DomainName=name)
    return {one["Name"].rstrip(".") for one in registered["Nameservers"]} if registered else None


def _certificate(arn: str, hosts: Sequence[str], region: str, account: Account) -> Answer:
    of_region = arn.split(":")[3]
    if of_region != region:
        return wrong(
            f"it is in {of_region}; a load balancer of {region} takes one of its region", f"request one in {region}"
        )
    found = account.found(region, "acm", "describe_certificate", "ResourceNotFoundException", CertificateArn=arn)
    if found is None:
        return wrong("the account does not have it", "correct ingress.certificateArn, or remove it to request one")
    one = found["Certificate"]
    if one["Status"] != "ISSUED":
        return wrong(f"its status is {one['Status']}", "create its validation records, or request another")
    names = [one["DomainName"], *one.get("SubjectAlternativeNames", ())]
    missing = [host for host in hosts if not any(_covers(name, host) for name in names)]
    if missing:
        return wrong(f"it is for {listed(names)}, and not for {listed(missing)}", "request one for all hosts")
    ends = one.get("NotAfter")
    if ends and one.get("RenewalEligibility") != "ELIGIBLE" and ends - datetime.now(UTC) < ENDS:
        return wrong(f"it ends at {ends:%Y-%m-%d}, and ACM does not renew it", "import a newer one")
    return fine("issued, and for all hosts")


def _covers(name: str, host: str) -> bool:
    """Return whether a name of a certificate is that of a host; a wildcard stands for one label."""
    return name == host or (name.startswith("*.") and fnmatchcase(host, name) and host.count(".") == name.count("."))

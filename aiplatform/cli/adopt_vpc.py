"""`aiplatform adopt vpc`: read a VPC, and describe it in a stack file."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from aiplatform.adopt.text import with_section
from aiplatform.adopt.vpc import TIERS, Subnet, Tier, Vpc, chosen, read_vpc, section
from aiplatform.cli.output import note, print_json, said
from aiplatform.errors import CallError, writing
from aiplatform.preview.project import project_folder
from aiplatform.verify.model import Cloud, Json
from catalog.reading.document import parse
from config.loader import load, read, stack_file
from config.project import Project
from config.settings import NAMESPACE

MADE = ("zones", "nat", "natInstance", "networkAcls", "dataSubnets", "controlPlaneSubnets")
"""Settings of a VPC that the stack creates, which are removed."""


def adopt_vpc(
    identifier: str, stack: str, *, wanted: Mapping[Tier, Sequence[str]], dry_run: bool, as_json: bool
) -> None:
    """Write the facts of a VPC into the section `network` of a stack file.

    Raises:
        AccessError: the VPC cannot be read.
        CallError: a subnet that is wanted does not exist.
        SettingsError: the VPC cannot have the platform; there is a line for each problem, and nothing is written.
    """
    folder = project_folder(Path.cwd())
    file = stack_file(folder, stack)
    before = read(folder, stack)
    held = before.sections.get("network")
    held = held if isinstance(held, Mapping) else {}
    project = _project(before.sections.get("project"), file.name)
    vpc = read_vpc(_connected(project), identifier, project.region, project.name)
    tiers = chosen(vpc, _wanted(vpc, wanted, held))
    text = file.read_text(encoding="utf-8")
    facts = section(vpc, tiers, held)
    stale = {"dnsSupport", "dnsHostnames", "tagSubnets", "secondaryCidrs"} - facts.keys()
    after = with_section(text, "network", facts, without={*MADE, *stale})
    load(parse(after, file.name, NAMESPACE), folder=folder)
    if not dry_run and after != text:
        with writing(file):
            file.write_text(after, encoding="utf-8", newline="\n")
    _show(vpc, tiers, file.name, "unchanged" if after == text else "not written" if dry_run else "written", as_json)


def _project(section: Json, file: str) -> Project:
    """Return the section `project`: the other sections may be incomplete."""
    try:
        return Project.model_validate_json(json.dumps(section))
    except (TypeError, ValidationError):
        raise CallError(f"{file}: project is invalid; correct what `aiplatform plan` shows first") from None


def _connected(project: Project) -> Cloud:
    from aiplatform.verify.cloud import connect  # noqa: PLC0415, its import takes time

    return connect(project.region, project.profile, project.assumed_role())


def _wanted(vpc: Vpc, wanted: Mapping[Tier, Sequence[str]], held: Mapping[str, Json]) -> dict[Tier, Sequence[str]]:
    """Return the subnets that are chosen for each tier: by the command, or else by the stack file for the same VPC."""
    unknown = [
        f"--{tier} {name}: {vpc.id} has no such subnet; it has {', '.join(one.id for one in vpc.subnets) or 'none'}"
        for tier, names in wanted.items()
        for name in names
        if not any(one.matches(name) for one in vpc.subnets)
    ]
    if unknown:
        raise CallError(unknown)
    listed = held.get("subnets") if held.get("vpcId") == vpc.id else None
    found: dict[Tier, Sequence[str]] = {
        tier: [str(one.get("id")) for one in listed.get(tier) or () if isinstance(one, Mapping)]
        for tier in TIERS
        if isinstance(listed, Mapping)
    }
    return found | {tier: names for tier, names in wanted.items() if names}


def _show(vpc: Vpc, tiers: Mapping[Tier, Sequence[Subnet]], file: str, what: str, as_json: bool) -> None:
    used = {one.id for subnets in tiers.values() for one in subnets}
    left = [one.id for one in vpc.subnets if one.id not in used]
    if as_json:
        subnets = {tier: [one.entry() for one in found] for tier, found in tiers.items()}
        print_json({"file": file, "result": what, "vpc": vpc.id, "subnets": subnets, "unused": left})
        return
    said(
        f"{vpc.id} {vpc.cidr} of account {vpc.owner}: {what} to {file}" if what != "unchanged" else f"{file}: unchanged"
    )
    for tier, found in tiers.items():
        for one in found:
            said(f"  {tier:12}  {one.id}  {one.cidr:18}  {one.zone}  {one.route}, {one.free:,} free addresses")
    for identifier, why in vpc.skipped.items():
        note(f"{identifier} is not used: {why}")
    for unused in left:
        note(f"{unused} is not used; --public, --private or --data with its ID or a tag KEY=VALUE adds it")

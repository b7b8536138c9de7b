"""The report: complete, equal to the plan, and safe for any value of a stack file."""

import json
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from ipaddress import IPv4Network

import pytest

from aiplatform.cost.bill import Bill, Sizes, cents
from aiplatform.cost.pricer import bill
from aiplatform.finding import Finding
from aiplatform.findings.checks import findings
from aiplatform.first_up import first_up
from aiplatform.preview.plan import Plan, Resource
from aiplatform.report.access import InboundRule, identities, inbound_rules
from aiplatform.report.page import page
from aiplatform.report.picture import Picture, picture
from catalog.prices import load_prices
from tests.components.base import SHIPPED, recorded

VOID = frozenset({"meta", "br", "rect"})


class _Reader(HTMLParser):
    """The text of a page, the tags that are open, and whatever it would fetch."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.anchors: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.fetched += [str(given[key]) for key in ("src", "xlink:href", "action") if key in given]
        if "href" in given:
            self.anchors.append(str(given["href"]))
        self.ids += [str(given["id"])] if "id" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def _bill(stack: str) -> Bill:
    recording = recorded(stack)
    return bill(recording.plan, recording.settings.costs, load_prices(), today=date(2026, 11, 21))


def _page(stack: str, *, plan: Plan | None = None, found: tuple[Finding, ...] | None = None) -> str:
    recording, costs = recorded(stack), _bill(stack)
    told = findings(recording.plan, recording.settings, costs) if found is None else found
    shown = plan or recording.plan
    return page(shown, recording.settings, costs, told, first_up(shown))


@pytest.mark.parametrize("stack", SHIPPED)
def test_page_is_self_contained(stack: str) -> None:
    reader = _read(_page(stack))
    assert reader.fetched == []
    assert not {"script", "link", "iframe", "img"} & set(reader.tags)
    inside = {anchor.removeprefix("#") for anchor in reader.anchors if not anchor.startswith("https://")}
    assert inside
    assert inside <= set(reader.ids)


@pytest.mark.parametrize("stack", SHIPPED)
def test_page_has_the_bill_and_findings_of_its_plan(stack: str) -> None:
    text = " ".join(_read(_page(stack)).text)
    costs = _bill(stack)
    assert f"{cents(costs.total.expected):,} USD" in text
    recording = recorded(stack)
    for finding in findings(recording.plan, recording.settings, costs):
        assert finding.message in text
        assert finding.fix in text
    for name in recording.plan.outputs:
        assert name in text


def test_same_plan_gives_the_same_bytes() -> None:
    assert _page("dev") == _page("dev")


def test_values_are_escaped() -> None:
    evil = "<script>alert(1)</script>"
    plan = recorded("dev").plan
    found = (Finding("rule", "error", f"urn::{evil}", evil, evil),)
    html = _page("dev", plan=replace(plan, outputs={**plan.outputs, evil: evil}), found=found)
    assert evil not in html
    assert "".join(_read(html).text).count(evil) == 5


def test_output_of_several_values_is_shown_as_json() -> None:
    value = {"who": "R&D's <team>", "where": "Zürich"}
    html = _page("dev", plan=replace(recorded("dev").plan, outputs={"about": value}))
    assert """{"who": "R&D's <team>", "where": "Zürich"}""" in _read(html).text


def test_long_rate_has_the_digits_of_cost_json() -> None:
    recording, whole = recorded("prod"), _bill("prod")
    first, *others = whole.lines
    third = Decimal(1) / 3
    costs = replace(whole, lines=(replace(first, rate=Sizes(third, third, third)), *others))
    shown = _read(page(recording.plan, recording.settings, costs, (), first_up(recording.plan))).text
    assert "0.333333" in shown
    assert [text for text in shown if re.fullmatch(r"\d+\.\d{7,}|\dE\+\d+", text)] == []


def test_page_without_findings_has_a_note() -> None:
    assert "Nothing was found." in " ".join(_read(_page("dev", found=())).text)


def test_inbound_table_of_prod_has_the_load_balancer_and_the_api() -> None:
    recording = recorded("prod")
    assert inbound_rules(recording.plan, IPv4Network("10.20.0.0/16")) == (
        InboundRule("Kubernetes API of ai-prod-eks", "tcp 443", "203.0.113.0/24", "kubectl"),
        InboundRule("ai-prod-alb-sg", "tcp 443", "0.0.0.0/0", "Clients"),
        InboundRule("ai-prod-alb-sg", "tcp 80", "0.0.0.0/0", "Clients"),
    )


@pytest.mark.parametrize(
    ("inputs", "ports", "network"),
    [
        ({"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}, "all", "0.0.0.0/0"),
        ({"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv6": "::/0"}, "tcp 22", "::/0"),
        ({"ipProtocol": "udp", "fromPort": 1, "toPort": 9, "prefixListId": "pl-1"}, "udp 1-9", "pl-1"),
        ({"ipProtocol": "tcp", "fromPort": 80, "toPort": 80, "cidrIpv4": "[unknown]"}, "tcp 80", "[unknown]"),
    ],
)
def test_every_external_network_is_in_the_inbound_table(inputs: dict[str, object], ports: str, network: str) -> None:
    group = _resource("aws:ec2/securityGroup:SecurityGroup", "group", {"name": "door"})
    rule = _resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", inputs, [group.urn])
    (door,) = inbound_rules(Plan("project", "stack", (group, rule), {}), IPv4Network("10.0.0.0/16"))
    assert (door.to, door.ports, door.network) == ("door", ports, network)
    assert door.for_everybody() == network.endswith("/0")


def test_network_within_the_vpc_is_not_in_the_inbound_table() -> None:
    inputs = {"ipProtocol": "tcp", "fromPort": 80, "toPort": 80, "cidrIpv4": "10.0.3.0/24"}
    rule = _resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "rule", inputs)
    assert inbound_rules(Plan("project", "stack", (rule,), {}), IPv4Network("10.0.0.0/16")) == ()


def _resource(type_: str, name: str, inputs: dict[str, object], after: list[str] | None = None) -> Resource:
    return Resource(f"urn:{type_}::{name}", type_, name, None, None, tuple(after or ()), inputs)


def test_role_is_shown_with_its_principals_and_permissions() -> None:
    told = {one.role: one for one in identities(recorded("prod").plan)}
    autoscaler = told["ai-prod-cluster-autoscaler"]
    assert autoscaler.assumed_by == "kube-system:cluster-autoscaler"
    assert autoscaler.managed == ()
    assert autoscaler.statements
    node = told["ai-prod-eks-node"]
    assert node.assumed_by == "ec2.amazonaws.com"
    assert "AmazonEKSWorkerNodePolicy" in node.managed
    assert told["ai-prod-access-operator"].statements == ("WriteKubeconfig",)


def test_unknown_policy_does_not_stop_the_page() -> None:
    role = _resource("aws:iam/role:Role", "role", {"name": "role", "assumeRolePolicy": "[unknown]"})
    (one,) = identities(Plan("project", "stack", (role,), {}))
    assert (one.role, one.assumed_by, one.statements) == ("role", "", ())


@pytest.mark.parametrize("stack", SHIPPED)
def test_diagram_has_every_subnet_without_overlap(stack: str) -> None:
    recording = recorded(stack)
    drawn = picture(recording.settings, has_ingress=True)
    cidrs = [one.inputs["cidrBlock"] for one in recording.plan.resources if one.type == "aws:ec2/subnet:Subnet"]
    shown = " ".join(box.text for box in drawn.boxes if box.kind == "subnet")
    assert [cidr for cidr in cidrs if cidr not in shown] == []
    for box in drawn.boxes:
        assert 0 <= box.x < box.x + box.width <= drawn.width
        assert 0 <= box.y < box.y + box.height <= drawn.height
    _apart(drawn)


def _apart(drawn: Picture) -> None:
    for kinds in ({"zone"}, {"subnet"}, {"balancer", "nat", "nodes", "server", "store"}):
        layer = [box for box in drawn.boxes if box.kind in kinds]
        for number, one in enumerate(layer):
            for other in layer[number + 1 :]:
                beside = one.x + one.width <= other.x or other.x + other.width <= one.x
                assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y, (one, other)


def test_diagram_has_every_node_group_nat_gateway_and_store() -> None:
    recording = recorded("prod")
    drawn = picture(recording.settings, has_ingress=True)
    kinds = [box.kind for box in drawn.boxes]
    assert kinds.count("nat") == sum(one.type == "aws:ec2/natGateway:NatGateway" for one in recording.plan.resources)
    for key in recording.settings.node_groups:
        assert any(box.text.startswith(f"{key}: ") for box in drawn.boxes if box.kind == "nodes")
    assert [box.text for box in drawn.boxes if box.text.startswith("metadata")] == ["metadata: postgres 17, Multi-AZ"]
    assert "balancer" in kinds
    assert "balancer" not in [box.kind for box in picture(recording.settings, has_ingress=False).boxes]


def test_page_holds_no_secret_of_the_plan() -> None:
    plan = recorded("prod").plan
    masked = json.dumps([one.inputs for one in plan.resources if one.type.endswith("SecretVersion")])
    assert "[secret]" in masked
    assert "secretString" not in _page("prod")


@pytest.mark.parametrize("stack", SHIPPED)
def test_diagram_shows_the_load_balancer_of_the_plan(stack: str) -> None:
    recording = recorded(stack)
    balancers = [one for one in recording.plan.resources if one.type == "aws:lb/loadBalancer:LoadBalancer"]
    entrances = [one for one in balancers if one.inputs["loadBalancerType"] == "application"]
    said = {
        box.text for box in picture(recording.settings, has_ingress=bool(entrances)).boxes if box.kind == "balancer"
    }
    assert said == {f"load balancer, {'internal' if one.inputs['internal'] else 'public'}" for one in entrances}

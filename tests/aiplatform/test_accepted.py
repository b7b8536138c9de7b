"""Findings that a stack file says are meant to be so."""

from aiplatform.finding import Finding
from aiplatform.findings.accepted import weighed
from aiplatform.preview.plan import Plan, Resource
from config.findings import Accepted, Findings

OPEN = Finding(
    "open-port", "error", "urn:pulumi:dev::p::aws:vpc/rule:Rule::bastion-ssh-0", "tcp 22 is open", "close it"
)
OTHER = Finding(
    "open-port", "error", "urn:pulumi:dev::p::aws:vpc/rule:Rule::database-5432", "tcp 5432 is open", "close it"
)
REASON = "a class of sixteen logs in from anywhere"


EMPTY = Plan("ai-platform", "dev", (), {})


def _accepting(rule: str, resource: str) -> Findings:
    return Findings(accepted=(Accepted(rule=rule, resource=resource, reason=REASON),))


def test_an_accepted_finding_is_no_failure_any_more_and_stays_with_its_reason() -> None:
    (found,) = weighed([OPEN], _accepting("open-port", "bastion-ssh-*"), EMPTY)
    assert (found.severity, found.message) == ("info", OPEN.message)
    assert REASON in found.fix


def test_only_the_named_resource_is_accepted_so_that_a_second_hole_is_still_seen() -> None:
    assert OTHER in weighed([OTHER], _accepting("open-port", "bastion-*"), EMPTY)


def test_only_the_named_rule_is_accepted() -> None:
    assert OPEN in weighed([OPEN], _accepting("trust", "*"), EMPTY)


def test_an_acceptance_that_nothing_needs_is_told_so_that_it_does_not_wait_for_a_hole_to_come() -> None:
    (found,) = weighed([], _accepting("open-prot", "bastion-*"), EMPTY)
    assert (found.rule, found.severity) == ("accepted-nothing", "info")
    assert "open-prot" in found.message
    assert "bastion-*" in found.message


def test_without_acceptances_nothing_changes() -> None:
    assert list(weighed([OPEN, OTHER], Findings(), EMPTY)) == [OPEN, OTHER]


def test_what_a_provider_makes_of_a_directory_is_no_needless_acceptance_though_no_plan_shows_it() -> None:
    kind = "kubernetes:kustomize/v2:Directory"
    directory = Resource(f"urn:{kind}::istio", kind, "istio", None, None, (), {}, custom=False, remote=True)
    plan = Plan("ai-platform", "lab", (directory,), {})
    assert list(weighed([], _accepting("node-access", "istio:kube-system/*"), plan)) == []
    assert [one.rule for one in weighed([], _accepting("node-access", "other:*"), plan)] == ["accepted-nothing"]

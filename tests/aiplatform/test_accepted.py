"""Findings that a stack file accepts."""

from aiplatform.finding import Finding
from aiplatform.findings.accepted import with_accepted
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


def test_accepted_finding_is_no_failure_and_has_its_reason() -> None:
    (found,) = with_accepted([OPEN], _accepting("open-port", "bastion-ssh-*"), EMPTY)
    assert (found.severity, found.message) == ("info", OPEN.message)
    assert REASON in found.fix


def test_acceptance_applies_to_the_named_resource_only() -> None:
    assert OTHER in with_accepted([OTHER], _accepting("open-port", "bastion-*"), EMPTY)


def test_acceptance_applies_to_the_named_rule_only() -> None:
    assert OPEN in with_accepted([OPEN], _accepting("trust", "*"), EMPTY)


def test_unused_acceptance_is_a_finding() -> None:
    (found,) = with_accepted([], _accepting("open-prot", "bastion-*"), EMPTY)
    assert (found.rule, found.severity) == ("accepted-nothing", "info")
    assert "open-prot" in found.message
    assert "bastion-*" in found.message


def test_findings_without_acceptances_are_unchanged() -> None:
    assert list(with_accepted([OPEN, OTHER], Findings(), EMPTY)) == [OPEN, OTHER]


def test_acceptance_of_an_object_of_a_kustomize_directory_is_not_unused() -> None:
    # A plan does not show these objects.
    kind = "kubernetes:kustomize/v2:Directory"
    directory = Resource(f"urn:{kind}::istio", kind, "istio", None, None, (), {}, custom=False, remote=True)
    plan = Plan("ai-platform", "lab", (directory,), {})
    assert list(with_accepted([], _accepting("node-access", "istio:kube-system/*"), plan)) == []
    assert [one.rule for one in with_accepted([], _accepting("node-access", "other:*"), plan)] == ["accepted-nothing"]

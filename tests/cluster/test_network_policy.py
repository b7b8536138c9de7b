"""Connectivity of every stack: the product's result, which cyclonus confirms, equals a reviewed table."""

import copy
import functools
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from aiplatform.preview.write import described
from aiplatform.reach.connectivity import Way
from aiplatform.reach.context import context_of
from aiplatform.reach.objects import SYSTEM, rules
from aiplatform.reach.peers import ConnectivityContext
from tests.cluster.connectivity import reviewed as module
from tests.cluster.connectivity.analyzer import AnalyzerError, Connectivity, NotDecidedError, connectivity
from tests.cluster.connectivity.reviewed import TableError, difference, draft, reviewed, table_of
from tests.cluster.deployment import Deployed
from tests.components.base import SHIPPED, recorded, settings_of
from tests.parts.counts import proven
from tests.parts.go import program
from tests.parts.place import MissingPartError, absent

EVERY_STACK = pytest.mark.parametrize("stack", SHIPPED)


@pytest.fixture(autouse=True, scope="module")
def _cyclonus() -> None:
    try:
        program("cyclonus")
    except MissingPartError as missing:
        absent(missing)


def objects_of(stack: str) -> list[dict[str, Any]]:
    """The Kubernetes objects of a stack."""
    found = recorded(stack).all("kubernetes:")
    return [dict(resource.inputs) for resource in found if "kind" in resource.inputs]


@functools.cache
def surroundings_of(stack: str) -> ConnectivityContext:
    """A stack's addresses, as its plan gives them."""
    return context_of([described(one) for one in recorded(stack).plan.resources])


@functools.cache
def computed(stack: str) -> Connectivity:
    """What cyclonus says of a stack as it is."""
    return connectivity(objects_of(stack), surroundings_of(stack))


@EVERY_STACK
def test_allowed_connections_are_exactly_the_reviewed_ones(stack: str) -> None:
    found = computed(stack)
    assert table_of(stack).exists(), f"review this, with a reason for each:\n{draft(found.allowed)}"
    unlike = difference(found.allowed, reviewed(stack))
    assert not unlike, f"\n{unlike}"
    proven("connections decided by cyclonus", found.decided)


def test_objects_of_the_api_server_allow_the_same_connections_as_the_plan(deployed: Deployed) -> None:
    """With all that it defaults and drops: an empty list of rules, for one."""
    kept = [
        {"apiVersion": item["apiVersion"], "kind": item["kind"], **deployed.api.call("GET", deployed.api.path_of(item))}
        for item in deployed.manifests
    ]
    found = connectivity(kept, surroundings_of(deployed.stack))
    unlike = difference(found.allowed, reviewed(deployed.stack))
    assert not unlike, f"\n{unlike}"
    proven("connections decided by cyclonus", found.decided)


def test_every_table_belongs_to_a_shipped_stack() -> None:
    assert {path.stem for path in table_of("any").parent.glob("*.yaml")} == set(SHIPPED)


# --- what holds on every platform, by the analyzer's word ---


def ours(stack: str) -> set[str]:
    return {peer.name for peer in computed(stack).peers if peer.ours}


@EVERY_STACK
def test_every_workload_and_namespace_of_the_platform_is_probed(stack: str) -> None:
    objects = objects_of(stack)
    made = {
        f"{item['kind'].lower()} {item['metadata']['namespace']}/{item['metadata']['name']}"
        for item in objects
        if item["kind"] in {"Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"}
        and item["metadata"]["namespace"] not in SYSTEM
    }
    closed = {f"other pods of {item['metadata']['name']}" for item in objects if item["kind"] == "Namespace"}
    assert made | closed <= ours(stack)
    assert made


@EVERY_STACK
def test_no_pod_reaches_instance_metadata(stack: str) -> None:
    assert not {str(way) for way in computed(stack).allowed if way.target == "instance metadata"}


@pytest.mark.parametrize("stack", [stack for stack in SHIPPED if len(settings_of(stack).environments) > 1])
def test_environments_are_isolated_from_each_other(stack: str) -> None:
    settings = settings_of(stack)
    spaces = {settings.namespace(environment) for environment in settings.environments}

    def space(peer: str) -> str | None:
        """The environment of `deployment dev/user-service` or `other pods of dev`."""
        found = peer.partition("/")[0].rpartition(" ")[2]
        return found if found in spaces else None

    ways = [(space(way.source), space(way.target), way) for way in computed(stack).allowed]
    assert {source for source, _, _ in ways} >= spaces, "each speaks to somebody"
    assert [str(way) for source, target, way in ways if None not in (source, target) and source != target] == []


@EVERY_STACK
def test_every_pod_resolves_names_over_udp_and_tcp(stack: str) -> None:
    wanted = {Way(name, "cluster DNS", port) for name in ours(stack) for port in ("UDP 53", "TCP 53")}
    assert not {str(way) for way in wanted - computed(stack).allowed}


@pytest.mark.parametrize("stack", [stack for stack in SHIPPED if settings_of(stack).workloads.mlflow])
def test_mlflow_port_allows_load_balancer_subnets_and_named_clients_only(stack: str) -> None:
    found = computed(stack)
    balancer = surroundings_of(stack).balancer
    addresses = {peer.name: [IPv4Network(address) for address in peer.addresses] for peer in found.peers}
    ingress = {way for way in found.allowed if way.target.endswith("/mlflow") and way.port == "TCP 5000"}
    assert Way("load balancer", next(iter(ingress)).target, "TCP 5000") in ingress
    for way in ingress:
        known = way.source.endswith("/mlflow-users") or way.source.endswith("ai-platform/mlflow-client=true")
        from_there = all(any(one.subnet_of(subnet) for subnet in balancer) for one in addresses[way.source])
        assert known or from_there, str(way)


@EVERY_STACK
def test_nothing_reaches_the_job_that_has_the_master_password(stack: str) -> None:
    assert not {str(way) for way in computed(stack).allowed if way.target.startswith("job database-setup/")}


@EVERY_STACK
def test_workloads_reach_the_internet_over_https_only(stack: str) -> None:
    calls = {way for way in computed(stack).allowed if way.target.partition(" at ")[0] == "internet"}
    assert {way.port for way in calls} == {"TCP 443"}


# --- the tables fail when a policy changes ---

MUTATED = "mlflow"
"""Its load balancer has subnets of its own: where it shares the pods', some changes open nothing that was closed."""

Policy = dict[str, Any]
Rule = dict[str, Any]


def side_of(rule: Rule) -> list[dict[str, Any]]:
    side: list[dict[str, Any]] = rule["from" if "from" in rule else "to"]
    return side


def every_port(rule: Rule) -> None:
    rule.pop("ports")


def more_ports(rule: Rule) -> None:
    rule["ports"].append({"protocol": "TCP", "port": 22, "endPort": 2048})


def one_port_less(rule: Rule) -> None:
    rule["ports"].pop()
    rule["ports"] = rule["ports"] or [{"protocol": "TCP", "port": 22}]


def every_peer(rule: Rule) -> None:
    rule.pop("from" if "from" in rule else "to")


def one_peer_less(rule: Rule) -> None:
    side_of(rule)[0] = {"podSelector": {"matchLabels": {"nobody": "has-this"}}}


def a_foreign_network(rule: Rule) -> None:
    side_of(rule).append({"ipBlock": {"cidr": "192.168.7.0/24"}})


def instance_metadata(rule: Rule) -> None:
    for peer in side_of(rule):
        peer.get("ipBlock", {}).pop("except", None)
    side_of(rule).append({"ipBlock": {"cidr": "169.254.169.254/32"}})


def every_namespace(rule: Rule) -> None:
    for peer in side_of(rule):
        if "ipBlock" not in peer:
            peer["namespaceSelector"] = {}


RULE_MUTATIONS = (
    every_port,
    more_ports,
    one_port_less,
    every_peer,
    one_peer_less,
    a_foreign_network,
    instance_metadata,
    every_namespace,
)


def inside(namespace: str) -> list[Policy]:
    """A namespace of the stack with all that is in it."""
    return [
        item
        for item in objects_of(MUTATED)
        if item["metadata"].get("namespace") == namespace
        or (item["kind"], item["metadata"]["name"]) == ("Namespace", namespace)
    ]


def policies_alone() -> Iterator[tuple[list[Policy], int, Policy]]:
    """Each policy with its place among the objects of its namespace: a change of it moves nothing elsewhere."""
    objects = objects_of(MUTATED)
    for namespace in sorted({item["metadata"]["namespace"] for item in objects if item["kind"] == "NetworkPolicy"}):
        within = inside(namespace)
        for number, item in enumerate(within):
            if item["kind"] == "NetworkPolicy":
                yield within, number, item


@functools.cache
def computed_within(namespace: str) -> Connectivity:
    return connectivity(inside(namespace), surroundings_of(MUTATED))


def noticed(within: list[Policy], number: int, *instead: Policy) -> bool:
    """Whether ways open or close where other policies stand in a policy's place."""
    changed = connectivity([*within[:number], *instead, *within[number + 1 :]], surroundings_of(MUTATED))
    return changed.allowed != computed_within(within[number]["metadata"]["namespace"]).allowed


def moved(objects: list[Policy], stack: str) -> frozenset[Way]:
    """The ways of a whole stack that open or close."""
    return connectivity(objects, surroundings_of(stack)).allowed ^ computed(stack).allowed


HELD_BACK = {
    # The server lets in what its own policy names, whatever the Job may call.
    ("every_port", "mlflow-users to 0"),
    ("more_ports", "mlflow-users to 0"),
}


@pytest.mark.parametrize("change", RULE_MUTATIONS, ids=lambda change: change.__name__)
def test_changed_rule_is_detected(change: Callable[[Rule], None]) -> None:
    unnoticed = set()
    for within, number, policy in policies_alone():
        for place in range(len(list(rules(policy)))):
            changed = copy.deepcopy(policy)
            side, rule = list(rules(changed))[place]
            change(cast("Rule", rule))
            if changed == policy:
                continue
            if noticed(within, number, changed):
                proven("changes of network policies noticed")
            else:
                unnoticed.add((change.__name__, f"{policy['metadata']['name']} {side} {place}"))
    assert unnoticed == {held for held in HELD_BACK if held[0] == change.__name__}


def test_missing_policy_is_detected() -> None:
    for within, number, policy in policies_alone():
        assert noticed(within, number), policy["metadata"]
        proven("changes of network policies noticed")


@pytest.mark.parametrize("selector", [{}, {"matchLabels": {"nobody": "has-this"}}], ids=["every pod", "no pod"])
def test_policy_for_other_pods_is_detected(selector: dict[str, Any]) -> None:
    unnoticed = set()
    for within, number, policy in policies_alone():
        changed = {**policy, "spec": {**policy["spec"], "podSelector": selector}}
        if changed == policy:
            continue
        if noticed(within, number, changed):
            proven("changes of network policies noticed")
        else:
            unnoticed.add(policy["metadata"]["name"])
    # The server lets this Job's pods in alone, whoever else may call.
    assert unnoticed == (set() if selector else {"mlflow-users"})


@EVERY_STACK
def test_namespace_without_default_deny_is_detected(stack: str) -> None:
    objects = objects_of(stack)
    left = [item for item in objects if (item["kind"], item["metadata"]["name"]) != ("NetworkPolicy", "default-deny")]
    found = moved(left, stack)
    closed = {
        item["metadata"]["namespace"]
        for item in left
        if item["kind"] == "NetworkPolicy" and not item["spec"]["podSelector"]
    }
    for item in objects:
        # An environment's other policies close it to all its pods, too.
        if item["kind"] == "Namespace" and item["metadata"]["name"] not in closed:
            name = f"other pods of {item['metadata']['name']}"
            assert any(name in (way.source, way.target) for way in found), name


@EVERY_STACK
def test_new_workload_without_any_connection_is_detected(stack: str) -> None:
    job = next(item for item in objects_of(stack) if item["kind"] == "Job")
    new = copy.deepcopy(job)
    new["metadata"]["name"] = "new"
    assert {way.source for way in moved([*objects_of(stack), new], stack)} == {
        f"job {new['metadata']['namespace']}/new"
    }


# --- the ways to be wrong about it ---


def test_host_network_pod_counts_as_its_node() -> None:
    # No network policy applies to it.
    objects = copy.deepcopy(objects_of(MUTATED))
    server = next(item for item in objects if item["kind"] == "Deployment")
    server["spec"]["template"]["spec"]["hostNetwork"] = True
    name = f"deployment {server['metadata']['namespace']}/{server['metadata']['name']}"
    assert Way(name, "internet", "TCP other") in moved(objects, MUTATED)


def test_selector_that_cyclonus_misreads_is_refused() -> None:
    objects = copy.deepcopy(objects_of(MUTATED))
    policy = next(item for item in objects if item["kind"] == "NetworkPolicy")
    policy["spec"]["podSelector"] = {"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["b"]}]}
    with pytest.raises(NotDecidedError, match="NotIn"):
        moved(objects, MUTATED)


def test_output_that_cyclonus_cannot_parse_is_an_error() -> None:
    objects = copy.deepcopy(objects_of(MUTATED))
    policy = next(item for item in objects if item["kind"] == "NetworkPolicy")
    policy["spec"]["policyTypes"] = []
    with pytest.raises(AnalyzerError, match="policyTypes"):
        moved(objects, MUTATED)


WAY = {"why": "it must", "from": "a", "to": ["b", "c"], "ports": "TCP 1"}


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [([{**WAY, "why": ""}], "has no reason"), ([WAY, {**WAY, "to": "c"}], "twice: a -> c: TCP 1")],
)
def test_table_gives_one_reason_for_each_connection(
    entries: list[dict[str, Any]], complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "any.yaml").write_text(yaml.safe_dump({"allowed": entries}))
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(TableError, match=complaint):
        reviewed("any")


def test_draft_lists_allowed_connections_without_reasons() -> None:
    ways = {Way("a", "b", "TCP 1"), Way("a", "c", "TCP 1"), Way("d", "c", "UDP 2")}
    assert yaml.safe_load(draft(ways))["allowed"] == [
        {"why": "", "from": ["a"], "to": ["b", "c"], "ports": ["TCP 1"]},
        {"why": "", "from": ["d"], "to": ["c"], "ports": ["UDP 2"]},
    ]


WAYS_TO_MODELS = """\
deployment counted/agent -> deployment litellm/litellm: TCP 4000
deployment helpers-staging/agent -> deployment vllm/chat: TCP 8002
deployment litellm/litellm -> deployment vllm/chat: TCP 8002
deployment litellm/litellm -> deployment vllm/code-helper: TCP 8002
deployment open-webui/open-webui -> deployment litellm/litellm: TCP 4000
deployment production/agent -> deployment vllm/chat: TCP 8002
deployment production/agent -> deployment vllm/code-helper: TCP 8002
job litellm/litellm-callers -> deployment litellm/litellm: TCP 4000
load balancer -> deployment litellm/litellm: TCP 4000
other pods of counted -> deployment litellm/litellm: TCP 4000
other pods of helpers-staging -> deployment vllm/chat: TCP 8002
other pods of production -> deployment vllm/chat: TCP 8002
other pods of production -> deployment vllm/code-helper: TCP 8002
pods of monitoring -> deployment litellm/litellm: TCP 4001
"""


def test_models_and_their_gateway_allow_the_named_clients_only() -> None:
    ways = sorted(computed("assistants").allowed)
    found = [way for way in ways if way.target.startswith(("deployment vllm/", "deployment litellm/"))]
    assert "".join(f"{way}\n" for way in found) == WAYS_TO_MODELS

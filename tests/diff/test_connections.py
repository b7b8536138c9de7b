"""Who can newly reach whom, worked out by hand."""

from typing import Any

from aiplatform.diff.line import Line
from aiplatform.diff.sections.reach import lines
from tests.diff.changed import Resources, changed, side, side_with, told

RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy"


def _difference(stack: str, change: Any) -> list[str]:
    return told(lines(side(stack), changed(stack, change)))


def test_equal_stacks_have_no_difference() -> None:
    assert lines(side("mlflow"), side("mlflow")) == []
    assert lines(None, side("mlflow")) == lines(side("mlflow"), None) == []


def test_security_group_rule_for_the_internet_is_an_error() -> None:
    def change(found: Resources) -> None:
        rule = found[f"{RULE} database-mlflow-from-nodes"]
        rule["inputs"].pop("referencedSecurityGroupId")
        rule["inputs"]["cidrIpv4"] = "0.0.0.0/0"

    assert _difference("mlflow", change) == [
        "error: security group mdpg-mlops-rds-sg: newly open to the internet: tcp 5432 from 0.0.0.0/0",
        "info: security group mdpg-mlops-rds-sg: no longer allows tcp 5432 from security group mdpg-mlops-eks-node-sg",
    ]


def test_half_of_the_internet_and_ipv6_are_the_internet() -> None:
    for network in ("128.0.0.0/1", "::/0"):

        def change(found: Resources, network: str = network) -> None:
            rule = found[f"{RULE} database-mlflow-from-nodes"]
            new = {**rule, "name": "new", "urn": f"{rule['urn']}-new", "inputs": {**rule["inputs"]}}
            new["inputs"].pop("referencedSecurityGroupId")
            new["inputs"]["cidrIpv6" if ":" in network else "cidrIpv4"] = network
            found["new"] = new

        (line,) = _difference("mlflow", change)
        assert line.startswith("error: security group mdpg-mlops-rds-sg: newly open to the internet: tcp 5432")


def test_wider_ports_and_networks_are_reported_and_narrower_ones_are_closed() -> None:
    def wider(found: Resources) -> None:
        rule = found[f"{RULE} database-mlflow-from-nodes"]["inputs"]
        rule["fromPort"], rule["toPort"] = 5000, 6000

    subject = "security group mdpg-mlops-rds-sg"
    source = "security group mdpg-mlops-eks-node-sg"
    assert _difference("mlflow", wider) == [f"warning: {subject}: newly allows tcp 5000-6000 from {source}"]
    closed = told(lines(changed("mlflow", wider), side("mlflow")))
    assert closed == [f"info: {subject}: no longer allows tcp 5000-6000 from {source}"]


def test_public_networks_of_the_kubernetes_api_are_reported() -> None:
    def wider(found: Resources) -> None:
        found["eks:index:Cluster cluster"]["inputs"]["publicAccessCidrs"] = ["203.0.0.0/16"]

    def world(found: Resources) -> None:
        found["eks:index:Cluster cluster"]["inputs"].pop("publicAccessCidrs")

    api = "Kubernetes API of mdpg-mlops-eks"
    assert _difference("mlflow", wider) == [f"warning: {api}: newly allows tcp 443 from 203.0.0.0/16"]
    assert _difference("mlflow", world) == [f"error: {api}: newly open to the internet: tcp 443 from 0.0.0.0/0"]


def test_public_resources_are_errors() -> None:
    def change(found: Resources) -> None:
        found["aws:rds/instance:Instance database-mlflow"]["inputs"]["publiclyAccessible"] = True
        block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock bucket-mlflow-artifacts"
        found[block]["inputs"]["blockPublicPolicy"] = False
        found["aws:s3/bucketPolicy:BucketPolicy bucket-mlflow-artifacts"]["inputs"]["policy"] = (
            '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]}'
        )

    assert _difference("mlflow", change) == [
        "error: BucketPolicy bucket-mlflow-artifacts: newly allows every AWS account s3:GetObject",
        "error: BucketPublicAccessBlock bucket-mlflow-artifacts: newly can be public: blockPublicPolicy is not true",
        "error: Instance database-mlflow: newly has a public address (publiclyAccessible)",
    ]


def test_internet_facing_load_balancer_is_an_error() -> None:
    def change(found: Resources) -> None:
        found["aws:lb/loadBalancer:LoadBalancer ingress-alb"]["inputs"]["internal"] = False

    assert "error: LoadBalancer ingress-alb: newly is internet-facing" in _difference("dev", change)


def test_opened_network_policy_groups_applications_and_names_the_store() -> None:
    def closed(found: Resources) -> None:
        for one in found.values():
            if one["type"] == POLICY and one["inputs"]["metadata"]["namespace"] == "dev":
                for rule in one["inputs"]["spec"].get("egress") or ():
                    rule["ports"] = [port for port in rule.get("ports", ()) if port["port"] != 6379] or rule.get(
                        "ports"
                    )

    assert told(lines(changed("pingvas", closed), side("pingvas"))) == [
        "warning: namespace dev: 6 workloads (generation-service, generation-worker, payment-service and 3 more) can "
        "newly reach cache pingvas-shared-redis (6379)"
    ]


def test_policy_without_ports_opens_all_ports() -> None:
    def change(found: Resources) -> None:
        one = next(one for one in found.values() if one["type"] == POLICY)
        spec = {"podSelector": {}, "policyTypes": ["Egress"], "egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]}
        inputs = {**one["inputs"], "metadata": {"name": "opened", "namespace": "dev"}, "spec": spec}
        found["opened"] = {**one, "name": "opened", "urn": f"{one['urn']}-opened", "inputs": inputs}

    (line,) = _difference("pingvas", change)
    assert line.startswith("warning: namespace dev: 6 workloads (")
    assert "instance metadata, internet, nodes (all ports)" in line


def test_missing_default_deny_opens_a_namespace_and_its_return_closes_it() -> None:
    def change(found: Resources) -> None:
        for key, one in list(found.items()):
            if one["type"] == POLICY and one["inputs"]["metadata"]["namespace"] == "ml-platform":
                del found[key]

    opened = _difference("mlflow", change)
    assert any(
        line.startswith("warning: namespace ml-platform: ") and "internet, nodes (all ports)" in line for line in opened
    )
    closed = told(lines(changed("mlflow", change), side("mlflow")))
    assert len(closed) == len(opened)
    assert all(line.startswith("info: ") and "can no longer reach" in line for line in closed)


def test_new_tenant_reaches_its_own_namespace_and_shared_services() -> None:
    found = lines(side("dev"), side_with("dev", {("tenants", "range", "last"): 3}))
    assert {line.severity for line in found} == {"info"}, told(found)
    server = next(line for line in found if line.text.startswith("deployment mlflow-server can newly reach"))
    assert server.subject == "namespace team03"
    for target in (
        "(mlflow-server, other pods) in its namespace (all ports)",
        "deployment chat in namespace vllm (8000)",
    ):
        assert target in server.text
    assert "statefulset postgres in namespace mlflow-system (5432)" in server.text
    assert "team01" not in server.text


def test_order_of_rules_makes_no_difference() -> None:
    def change(found: Resources) -> None:
        for one in found.values():
            if one["type"] == POLICY:
                for key in ("ingress", "egress"):
                    if one["inputs"]["spec"].get(key):
                        one["inputs"]["spec"][key].reverse()

    assert _difference("pingvas", change) == []


def test_lines_are_ordered_by_severity() -> None:
    def change(found: Resources) -> None:
        found["eks:index:Cluster cluster"]["inputs"]["publicAccessCidrs"] = ["0.0.0.0/0"]
        found[f"{RULE} database-mlflow-from-nodes"]["inputs"]["toPort"] = 6000

    order: list[Line] = lines(side("mlflow"), changed("mlflow", change))
    assert [line.severity for line in order] == ["error", "warning"]

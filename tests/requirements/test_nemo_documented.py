"""001: the document's values that the stack nemo has by a setting."""

import pytest

from tests.requirements.query import Planned

NODES = "nemo_EKS_kluster-node-sg"
CONTROLLER = "nemo-alb-ingress-controller"


@pytest.mark.deviates("001-sto-07")
def test_gp2_is_a_setting(documented: Planned) -> None:
    database = documented.one("aws:rds/instance:Instance").inputs
    assert (database["storageType"], database["allocatedStorage"], database["maxAllocatedStorage"]) == ("gp2", 20, 100)
    assert "iops" not in database


@pytest.mark.deviates("001-scy-08", "001-net-14", "001-net-15")
def test_nodes_open_to_the_vpc_and_a_network_without_endpoints_are_settings(documented: Planned) -> None:
    group = documented.tagged("aws:ec2/securityGroup:SecurityGroup", NODES)
    ingress = documented.openings(group, "in")
    assert {("tcp", 1, 65535, "10.0.0.0/16"), ("udp", 1, 65535, "10.0.0.0/16")} <= ingress
    assert {("tcp", 443, 443, "nemo-alb-sg"), ("tcp", 30000, 32767, "nemo-ai-prod-sg")} <= ingress
    assert documented.openings(group, "out") == {("-1", None, None, "0.0.0.0/0")}
    # Nothing is nearer than the default routes: NAT for pods, the internet gateway for the AI servers.
    assert documented.all("aws:ec2/vpcEndpoint:VpcEndpoint") == []
    routes = {one.inputs["destinationCidrBlock"] for one in documented.all("aws:ec2/route:Route")}
    assert routes == {"0.0.0.0/0"}


@pytest.mark.deviates("001-iam-05")
def test_controller_that_owns_load_balancers_has_the_statements_to_create_them(documented: Planned) -> None:
    assert documented.attached(CONTROLLER) == ["arn:aws:iam::084375578827:policy/AWSLoadBalancerControllerIAMPolicy"]
    allowed = {action for item in documented.statements(CONTROLLER) for action in item["Action"]}
    assert {
        "elasticloadbalancing:CreateLoadBalancer",
        "elasticloadbalancing:CreateListener",
        "elasticloadbalancing:CreateTargetGroup",
        "ec2:CreateSecurityGroup",
    } <= allowed
    hosts = {one["spec"]["rules"][0]["host"] for one in documented.manifests("Ingress")}
    assert hosts == {"www.onurivit01.store"}

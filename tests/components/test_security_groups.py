"""Security groups and roles with the names and rules of a design."""

from tests.components.base import BOTH, Found, recorded

GROUP, TEMPLATE = "aws:ec2/securityGroup:SecurityGroup", "aws:ec2/launchTemplate:LaunchTemplate"
IN, OUT = (
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
)
ROLE, ATTACHMENT = "aws:iam/role:Role", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"

NAMES = {
    "cluster-security-groups-control-plane": "plain-eks-control-plane-sg",
    "cluster-security-groups-nodes": "plain-eks-worker-sg",
    "ingress-alb": "plain-alb-sg",
}


def ports(found: Found, kind: str, name: str) -> tuple[str, int | None, int | None, str]:
    """Protocol, first and last port, and whom a rule is about."""
    inputs = found.inputs(kind, name)
    other = inputs.get("cidrIpv4") or inputs["referencedSecurityGroupId"]
    return inputs["ipProtocol"], inputs.get("fromPort"), inputs.get("toPort"), other


def group_of(found: Found, kind: str, name: str) -> str:
    """The security group that a rule belongs to."""
    return str(found.inputs(kind, name)["securityGroupId"])


@BOTH
def test_groups_have_the_names_of_the_design(unknown: bool) -> None:
    found = recorded("named", unknown)
    for logical, name in NAMES.items():
        inputs = found.inputs(GROUP, logical)
        assert (inputs["name"], inputs["tags"]["Name"]) == (name, name)
        assert "namePrefix" not in inputs


@BOTH
def test_groups_without_a_name_have_a_name_prefix(unknown: bool) -> None:
    # A replacement is created before the old one is deleted.
    found = recorded("mlflow", unknown)
    for logical in NAMES:
        inputs = found.inputs(GROUP, logical)
        assert "name" not in inputs
        assert inputs["namePrefix"].endswith("-")


def test_control_plane_egress_to_anywhere_exists_only_where_set() -> None:
    found = recorded("named")
    assert ports(found, OUT, "cluster-security-groups-control-plane-to-anywhere") == ("-1", None, None, "0.0.0.0/0")
    plane = group_of(found, IN, "cluster-security-groups-control-plane-from-nodes")
    to = [item.inputs for item in found.all(OUT) if item.inputs["securityGroupId"] == plane]
    assert len(to) == 1
    plain = recorded("mlflow")
    assert not any(item.name.endswith("control-plane-to-anywhere") for item in plain.all(OUT))


def test_node_inbound_rules_are_those_of_the_design() -> None:
    found = recorded("named")
    balancer = group_of(found, IN, "ingress-alb-443-0.0.0.0-0")
    nodes = group_of(found, IN, "cluster-security-groups-nodes-from-nodes")
    bastion = group_of(found, IN, "instances-bastion-22-198.51.100.7-32")
    assert ports(found, IN, "ingress-80-from-load-balancer") == ("tcp", 80, 80, balancer)
    assert ports(found, OUT, "ingress-80-to-pods") == ("tcp", 80, 80, nodes)
    assert ports(found, IN, "ingress-30000-32767-from-load-balancer") == ("tcp", 30000, 32767, balancer)
    assert ports(found, OUT, "ingress-30000-32767-to-pods") == ("tcp", 30000, 32767, nodes)
    assert ports(found, IN, "instances-bastion-to-nodes-9100-9101") == ("tcp", 9100, 9101, bastion)
    networks = "cluster-security-groups-nodes-53-udp-from-10.91.128.0-24"
    assert ports(found, IN, networks) == ("udp", 53, 53, "10.91.128.0/24")


@BOTH
def test_nodes_have_the_eks_group_as_well_where_set(unknown: bool) -> None:
    found = recorded("named", unknown)
    groups = found.inputs(TEMPLATE)["vpcSecurityGroupIds"]
    assert len(groups) == 2
    if not unknown:
        assert groups[0] == group_of(found, IN, "cluster-security-groups-nodes-from-nodes")
        assert groups[1] not in {item.inputs["securityGroupId"] for item in found.all(IN)}, "EKS made it"
    for template in recorded("mlflow", unknown).all(TEMPLATE):
        assert len(template.inputs["vpcSecurityGroupIds"]) == 1


@BOTH
def test_roles_have_names_and_policies_of_the_design_and_session_manager(unknown: bool) -> None:
    found = recorded("named", unknown)
    assert found.inputs(ROLE, "cluster")["name"] == "plain-eks-service-role"
    assert found.inputs(ROLE, "node-role")["name"] == "plain-eks-nodegroup-role"
    attached = {item.inputs["policyArn"] for item in found.all(ATTACHMENT) if item.name.startswith("node-role-")}
    assert attached == {
        f"arn:aws:iam::aws:policy/{policy}"
        for policy in (
            "AmazonEKSWorkerNodePolicy",
            "AmazonEKS_CNI_Policy",
            "AmazonEC2ContainerRegistryReadOnly",
            "AmazonSSMManagedInstanceCore",
        )
    }


# --- the load balancer asks nodes instead of pods ---

SERVICE, BINDING = "kubernetes:core/v1:Service", "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
TARGETS = "aws:lb/targetGroup:TargetGroup"


@BOTH
def test_requests_use_a_node_port_and_the_pods_of_the_same_service(unknown: bool) -> None:
    found = recorded("named", unknown)
    assert found.inputs(TARGETS)["targetType"] == "instance"
    spec = found.inputs(BINDING)["spec"]
    assert (spec["targetType"], spec["serviceRef"]) == ("instance", {"name": "mlflow-node-port", "port": 5000})
    ports, plain = found.inputs(SERVICE, "mlflow-node-port")["spec"], found.inputs(SERVICE, "mlflow-server")["spec"]
    assert ports["type"] == "NodePort"
    assert ports["selector"] == plain["selector"]
    assert ports["ports"] == [{"name": "http", "port": 5000, "targetPort": 5000}]
    assert plain.get("type") is None, "pods go on using the cluster's own address"
    assert found.one(SERVICE, "mlflow-node-port").urn in found.one(BINDING).dependencies


def test_node_port_keeps_traffic_local() -> None:
    # Network policies then see the load balancer address.
    found = recorded("named")
    assert found.inputs(SERVICE, "mlflow-node-port")["spec"]["externalTrafficPolicy"] == "Local"
    network = found.settings.network
    (policy,) = [
        item.inputs["spec"]
        for item in found.all("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        if item.inputs["metadata"]["name"] == "mlflow-server"
    ]
    sources = {peer["ipBlock"]["cidr"] for rule in policy["ingress"] for peer in rule["from"] if "ipBlock" in peer}
    assert set(network.public_cidrs()) <= sources


def test_load_balancer_reaches_node_ports_of_the_design_and_no_pod_ports() -> None:
    found = recorded("named")
    balancer = group_of(found, IN, "ingress-alb-443-0.0.0.0-0")
    out = [ports(found, OUT, item.name)[1:3] for item in found.all(OUT) if item.inputs["securityGroupId"] == balancer]
    assert sorted(out) == [(80, 80), (30000, 32767)]
    let_in = [item.inputs for item in found.all(IN) if item.inputs.get("referencedSecurityGroupId") == balancer]
    assert sorted((item["fromPort"], item["toPort"]) for item in let_in) == [(80, 80), (30000, 32767)]


@BOTH
def test_private_endpoint_is_open_to_its_networks_on_port_443(unknown: bool) -> None:
    found = recorded("inside", unknown)
    name = "cluster-security-groups-control-plane-from-10.200.0.0-24"
    assert ports(found, IN, name) == ("tcp", 443, 443, "10.200.0.0/24")
    assert group_of(found, IN, name) == group_of(found, IN, "cluster-security-groups-control-plane-from-nodes")

"""Ingress: the load balancer of Pulumi or of the controller, with a domain or internal."""

import json

import pytest

from aiplatform.preview.plan import UNKNOWN
from tests.components.base import BOTH, recorded

BALANCER, LISTENER, RULE = (
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/listener:Listener",
    "aws:lb/listenerRule:ListenerRule",
)
GROUP, RECORD, ZONE = "aws:lb/targetGroup:TargetGroup", "aws:route53/record:Record", "aws:route53/zone:Zone"
BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding"
INGRESS = "kubernetes:networking.k8s.io/v1:Ingress"
IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
CERTIFICATE = "aws:acm/certificate:Certificate"
WITH_DOMAIN = ["mlflow", "prod", "data"]
INSIDE = ["dev", "offline", "long"]
PREFIX = "alb.ingress.kubernetes.io"


@pytest.mark.parametrize("stack", WITH_DOMAIN)
@BOTH
def test_load_balancer_with_a_domain_serves_https_and_redirects_80(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    https, http = recording.inputs(LISTENER, "ingress-alb-443"), recording.inputs(LISTENER, "ingress-alb-80")
    assert (https["port"], https["protocol"]) == (443, "HTTPS")
    assert https["sslPolicy"].startswith("ELBSecurityPolicy-TLS13-1-")
    assert https["certificateArn"]
    (action,) = http["defaultActions"]
    assert action == {"type": "redirect", "redirect": {"port": "443", "protocol": "HTTPS", "statusCode": "HTTP_301"}}
    assert recording.one(LISTENER, "ingress-alb-443").urn in recording.one(RULE).dependencies
    assert recording.inputs(BALANCER)["internal"] is False
    assert recording.plan.outputs["mlflow_url"] == f"https://{recording.settings.workloads.mlflow.host}/"


@pytest.mark.parametrize("stack", INSIDE)
@BOTH
def test_load_balancer_without_a_domain_is_internal_and_open_to_the_vpc_only(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    balancer = recording.one(BALANCER)
    assert balancer.inputs["internal"] is True
    subnets = {recording.by_urn[u].name for u in balancer.dependencies if recording.by_urn[u].type.endswith(":Subnet")}
    assert subnets
    assert all(name.startswith("network-private-") for name in subnets)
    (listener,) = recording.all(LISTENER)
    assert (listener.inputs["port"], listener.inputs["protocol"]) == (80, "HTTP")
    (rule,) = (item for item in recording.all(IN) if item.name.startswith("ingress-alb-"))
    assert (rule.inputs["cidrIpv4"], rule.inputs["fromPort"]) == (str(recording.settings.network.cidr), 80)
    assert recording.all(CERTIFICATE) == recording.all(ZONE) == recording.all(RECORD) == []


@pytest.mark.parametrize("stack", [*WITH_DOMAIN, *INSIDE])
@BOTH
def test_request_without_a_rule_gets_404(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    name = "ingress-alb-443" if stack in WITH_DOMAIN else "ingress-alb-80"
    (action,) = recording.inputs(LISTENER, name)["defaultActions"]
    assert action["fixedResponse"]["statusCode"] == "404"
    balancer = recording.inputs(BALANCER)
    assert balancer["dropInvalidHeaderFields"] is True
    assert balancer["idleTimeout"] == recording.settings.ingress.idle_timeout_seconds
    assert balancer["enableDeletionProtection"] == recording.settings.ingress.deletion_protection


@pytest.mark.parametrize("stack", [*WITH_DOMAIN, *INSIDE])
@BOTH
def test_target_group_binds_pods_by_ip_and_has_a_listener(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    binding, rule, group = recording.one(BINDING), recording.one(RULE), recording.one(GROUP)
    spec = binding.inputs["spec"]
    assert spec["serviceRef"] == {"name": "mlflow", "port": 5000}
    assert (spec["targetType"], spec["ipAddressType"]) == ("ip", "ipv4")
    assert "networking" not in spec, "the rules of the security groups are ours, and in the preview"
    assert {rule.urn, group.urn} <= set(binding.dependencies)
    assert group.inputs["targetType"] == "ip"
    assert group.inputs["healthCheck"]["path"] == "/health"
    assert group.inputs["tags"]["ai-platform/cluster"] == recording.settings.cluster_name()
    service = recording.one("kubernetes:core/v1:Service", "mlflow-server")
    assert service.urn in recording.before(binding)


@pytest.mark.parametrize("stack", [*WITH_DOMAIN, *INSIDE])
@BOTH
def test_security_group_allows_the_load_balancer_to_pod_ports_only(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    (out,) = (item for item in recording.all(OUT) if item.name == "mlflow-to-pods")
    assert (out.inputs["fromPort"], out.inputs["toPort"], out.inputs["ipProtocol"]) == (5000, 5000, "tcp")
    opened = recording.inputs(IN, "mlflow-from-load-balancer")
    assert (opened["fromPort"], opened["toPort"]) == (5000, 5000)
    assert "cidrIpv4" not in opened
    assert [item.name for item in recording.all(OUT) if item.name.startswith("ingress-alb")] == []


def test_rule_matches_the_host_or_every_path_without_one() -> None:
    assert recorded("mlflow").inputs(RULE)["conditions"] == [{"hostHeader": {"values": ["mlflow.mdpg.ai"]}}]
    assert recorded("dev").inputs(RULE)["conditions"] == [{"pathPattern": {"values": ["/*"]}}]


@pytest.mark.parametrize("stack", ["mlflow", "prod"])
@BOTH
def test_certificate_is_validated_before_the_listener_uses_it(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    host = recording.settings.workloads.mlflow.host
    assert recording.inputs(CERTIFICATE)["domainName"] == host
    assert recording.inputs(CERTIFICATE)["validationMethod"] == "DNS"
    record = recording.one(RECORD, f"ingress-certificate-{host}")
    assert record.inputs["type"] == "CNAME"
    validation = recording.one("aws:acm/certificateValidation:CertificateValidation")
    assert record.urn in validation.dependencies
    assert validation.urn in recording.one(LISTENER, "ingress-alb-443").dependencies
    if unknown:
        assert record.inputs["name"] == record.inputs["records"][0] == UNKNOWN
    else:
        assert record.inputs["name"].endswith(f".{host}.")


@pytest.mark.parametrize("stack", WITH_DOMAIN)
@BOTH
def test_host_record_is_an_alias_of_the_load_balancer(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    record = recording.inputs(RECORD, "mlflow")
    assert (record["type"], record["name"]) == ("A", recording.settings.workloads.mlflow.host)
    (alias,) = record["aliases"]
    assert alias["evaluateTargetHealth"] is True
    assert recording.one(BALANCER).urn in recording.one(RECORD, "mlflow").dependencies


def test_zone_is_created_looked_up_or_given() -> None:
    made = recorded("mlflow")
    assert made.inputs(ZONE)["name"] == "mdpg.ai"
    assert len(made.plan.outputs["name_servers"]) == 4
    looked_up, given = recorded("data"), recorded("controller")
    assert looked_up.all(ZONE) == given.all(ZONE) == []
    assert "aws:route53/getZone:getZone" in {token for token, _ in looked_up.invokes}
    assert looked_up.inputs(RECORD, "mlflow")["zoneId"].startswith("Z")
    assert given.inputs(RECORD, "mlflow")["zoneId"] == "Z0123456789ABCDEFGHIJ"
    assert "name_servers" not in given.plan.outputs


@BOTH
def test_given_certificate_is_used_and_none_is_created(unknown: bool) -> None:
    recording = recorded("data", unknown)
    assert recording.all(CERTIFICATE) == []
    arn = recording.inputs(LISTENER, "ingress-alb-443")["certificateArn"]
    assert arn == "arn:aws:acm:us-east-1:111122223333:certificate/1"


def test_inbound_cidrs_of_the_settings_apply_to_both_ports() -> None:
    rules = {
        (item.inputs["cidrIpv4"], item.inputs["fromPort"])
        for item in recorded("data").all(IN)
        if item.name.startswith("ingress-alb-")
    }
    assert rules == {(cidr, port) for cidr in ("198.51.100.0/24", "203.0.113.0/24") for port in (80, 443)}


# --- the controller's load balancer ---


@pytest.mark.parametrize("stack", ["controller", "inside"])
@BOTH
def test_controller_ownership_creates_no_load_balancer_in_pulumi(stack: str, unknown: bool) -> None:
    recording = recorded(stack, unknown)
    for type_ in (BALANCER, LISTENER, RULE, GROUP, BINDING):
        assert recording.all(type_) == [], type_
    values = recording.inputs("kubernetes:helm.sh/v3:Release", "load-balancer-controller")["values"]
    assert values["createIngressClassResource"] is True
    assert recording.inputs(INGRESS)["spec"]["ingressClassName"] == "alb"


@BOTH
def test_controller_ingress_overrides_every_open_or_outdated_default(unknown: bool) -> None:
    recording = recorded("controller", unknown)
    annotations = recording.inputs(INGRESS)["metadata"]["annotations"]
    assert annotations[f"{PREFIX}/target-type"] == "ip"
    assert annotations[f"{PREFIX}/ssl-policy"].startswith("ELBSecurityPolicy-TLS13-1-")
    assert annotations[f"{PREFIX}/inbound-cidrs"] == "198.51.100.0/24"
    assert annotations[f"{PREFIX}/scheme"] == "internet-facing"
    assert json.loads(annotations[f"{PREFIX}/listen-ports"]) == [{"HTTP": 80}, {"HTTPS": 443}]
    assert annotations[f"{PREFIX}/ssl-redirect"] == "443"
    assert annotations[f"{PREFIX}/healthcheck-path"] == "/health"
    attributes = dict(part.split("=") for part in annotations[f"{PREFIX}/load-balancer-attributes"].split(","))
    assert {key: value for key, value in attributes.items() if "_logs." not in key} == {
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "idle_timeout.timeout_seconds": "120",
        "deletion_protection.enabled": "true",
    }
    if unknown:
        assert annotations[f"{PREFIX}/subnets"] == annotations[f"{PREFIX}/certificate-arn"] == UNKNOWN
    else:
        assert len(annotations[f"{PREFIX}/subnets"].split(",")) == 2


@BOTH
def test_controller_load_balancer_without_a_domain_is_internal_and_http(unknown: bool) -> None:
    recording = recorded("inside", unknown)
    annotations = recording.inputs(INGRESS)["metadata"]["annotations"]
    assert annotations[f"{PREFIX}/scheme"] == "internal"
    assert json.loads(annotations[f"{PREFIX}/listen-ports"]) == [{"HTTP": 80}]
    assert annotations[f"{PREFIX}/inbound-cidrs"] == "10.70.0.0/20,100.64.0.0/16"
    assert f"{PREFIX}/certificate-arn" not in annotations
    private = [subnet.id for subnet in recording.settings.network.tiers().private]
    if not unknown:
        assert annotations[f"{PREFIX}/subnets"] == ",".join(map(str, private))

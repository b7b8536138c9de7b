"""Load balancers. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/."""

from collections.abc import Mapping

from tests.aws.operations.said import attribute, choice, logged
from tests.aws.requests import HERE, ID, Call, Entry, To

_SERVICE = "elbv2"
_ACTIONS = {"fixedResponse": "FixedResponseConfig", "redirect": "RedirectConfig"}

BALANCING: Mapping[str, Entry] = {
    "aws:lb/loadBalancer:LoadBalancer": Entry(
        (
            Call(
                _SERVICE,
                "CreateLoadBalancer",
                {
                    "loadBalancerType": "Type",
                    "internal": choice("Scheme", {True: "internal", False: "internet-facing"}),
                },
            ),
            Call(
                _SERVICE,
                "ModifyLoadBalancerAttributes",
                {"enableDeletionProtection": attribute("deletion_protection.enabled")},
                {"LoadBalancerArn": ID},
            ),
            Call(
                _SERVICE,
                "ModifyLoadBalancerAttributes",
                {"dropInvalidHeaderFields": attribute("routing.http.drop_invalid_header_fields.enabled")},
                {"LoadBalancerArn": ID},
            ),
            Call(
                _SERVICE,
                "ModifyLoadBalancerAttributes",
                {"idleTimeout": attribute("idle_timeout.timeout_seconds")},
                {"LoadBalancerArn": ID},
            ),
            Call(
                _SERVICE,
                "ModifyLoadBalancerAttributes",
                {"enableCrossZoneLoadBalancing": attribute("load_balancing.cross_zone.enabled")},
                {"LoadBalancerArn": ID},
            ),
            *(
                Call(
                    _SERVICE,
                    "ModifyLoadBalancerAttributes",
                    {name: To("Attributes", logged(prefix))},
                    {"LoadBalancerArn": ID},
                )
                for name, prefix in (("accessLogs", "access_logs"), ("connectionLogs", "connection_logs"))
            ),
        ),
        taggable=True,
    ),
    "aws:lb/targetGroup:TargetGroup": Entry(
        (
            Call(
                _SERVICE,
                "CreateTargetGroup",
                {
                    "healthCheck": HERE,
                    "healthCheck.interval": "HealthCheckIntervalSeconds",
                    "healthCheck.matcher": "Matcher.HttpCode",
                    "healthCheck.path": "HealthCheckPath",
                    "healthCheck.port": "HealthCheckPort",
                    "healthCheck.protocol": "HealthCheckProtocol",
                    "healthCheck.timeout": "HealthCheckTimeoutSeconds",
                },
            ),
            Call(
                _SERVICE,
                "ModifyTargetGroupAttributes",
                {"deregistrationDelay": attribute("deregistration_delay.timeout_seconds")},
                {"TargetGroupArn": ID},
            ),
            Call(
                _SERVICE,
                "ModifyTargetGroupAttributes",
                {"preserveClientIp": attribute("preserve_client_ip.enabled")},
                {"TargetGroupArn": ID},
            ),
        ),
        taggable=True,
    ),
    "aws:lb/listener:Listener": Entry(
        (
            Call(
                _SERVICE,
                "CreateListener",
                {
                    "certificateArn": To("Certificates.CertificateArn"),
                    **{f"defaultActions.{name}": member for name, member in _ACTIONS.items()},
                },
            ),
            Call(
                _SERVICE,
                "ModifyListenerAttributes",
                {"tcpIdleTimeoutSeconds": attribute("tcp.idle_timeout.seconds")},
                {"ListenerArn": ID},
            ),
        ),
        taggable=True,
    ),
    "aws:lb/listenerRule:ListenerRule": Entry(
        (
            Call(
                _SERVICE,
                "CreateRule",
                {
                    "conditions.hostHeader": "HostHeaderConfig",
                    "conditions.pathPattern": "PathPatternConfig",
                },
            ),
        ),
        taggable=True,
    ),
}

"""A route by an Ingress, if the controller owns the load balancer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws
import pulumi_kubernetes as kubernetes

from components.base.component import UNREPORTED, Component
from components.base.log_target import BALANCERS, LogTarget
from components.ingress.destination import Destination
from config.ingress import Ingress as IngressSettings

PREFIX = "alb.ingress.kubernetes.io"


class IngressObject(Component):
    """An Ingress with explicit annotations instead of the controller's defaults, and the DNS record of the host.

    All routes share one load balancer through their IngressGroup. The controller creates it, so no preview shows it.
    """

    TOKEN: ClassVar[str] = "ai-platform:ingress:IngressObject"

    def __init__(
        self,
        name: str,
        settings: IngressSettings,
        *,
        project: str,
        destination: Destination,
        host: str | None,
        vpc_cidrs: Sequence[str],
        subnet_ids: Sequence[pulumi.Input[str]],
        certificate_arn: pulumi.Input[str] | None,
        zone_id: pulumi.Input[str] | None,
        order: int,
        logs: LogTarget | None = None,
        web_acl_arn: pulumi.Input[str] | None = None,
        path: str = "/",
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        cidrs = [str(cidr) for cidr in settings.inbound_cidrs] or list(vpc_cidrs)
        annotations: dict[str, pulumi.Input[str]] = {
            f"{PREFIX}/group.name": project,
            f"{PREFIX}/group.order": str(order),
            f"{PREFIX}/scheme": "internet-facing" if settings.internet_facing else "internal",
            f"{PREFIX}/target-type": "ip",
            f"{PREFIX}/subnets": pulumi.Output.all(*subnet_ids).apply(lambda ids: ",".join(map(str, ids))),
            f"{PREFIX}/inbound-cidrs": ",".join(cidrs),
            f"{PREFIX}/healthcheck-path": destination.health_path,
            **_health_port(destination),
            f"{PREFIX}/success-codes": "200",
            f"{PREFIX}/target-group-attributes": (
                f"deregistration_delay.timeout_seconds={destination.timeouts.deregistration_delay}"
            ),
            f"{PREFIX}/load-balancer-attributes": _attributes(settings, logs),
            **({f"{PREFIX}/wafv2-acl-arn": web_acl_arn} if web_acl_arn is not None else {}),
            **_tls(settings, certificate_arn),
        }
        ingress = kubernetes.networking.v1.Ingress(
            name,
            metadata=kubernetes.meta.v1.ObjectMetaArgs(
                name=destination.service,
                namespace=destination.namespace,
                labels=dict(destination.labels),
                annotations=annotations,
            ),
            spec=kubernetes.networking.v1.IngressSpecArgs(
                ingress_class_name="alb", rules=[_rule(host, path, destination)]
            ),
            opts=self.child(depends_on=[logs.policy] if logs else []),
        )
        self.own_name: pulumi.Output[str] = ingress.status.apply(_host_name)
        if host is not None and zone_id is not None:
            aws.route53.Record(
                name, zone_id=zone_id, name=host, type="CNAME", ttl=300, records=[self.own_name], opts=self.child()
            )
        scheme = "https" if certificate_arn is not None else "http"
        self.url: pulumi.Output[str] = pulumi.Output.format("{0}://{1}{2}", scheme, host or self.own_name, path)
        self.finish(url=self.url)


def _attributes(settings: IngressSettings, logs: LogTarget | None) -> pulumi.Input[str]:
    attributes: list[pulumi.Input[str]] = [
        "routing.http.drop_invalid_header_fields.enabled=true",
        f"idle_timeout.timeout_seconds={settings.idle_timeout_seconds}",
        f"deletion_protection.enabled={str(settings.deletion_protection).lower()}",
    ]
    for kind in ("access_logs", "connection_logs") if logs else ():
        attributes += [f"{kind}.s3.enabled=true", f"{kind}.s3.prefix={BALANCERS}"]
        attributes.append(pulumi.Output.format("{0}.s3.bucket={1}", kind, logs.bucket_name if logs else ""))
    return pulumi.Output.all(*attributes).apply(",".join)


def _tls(settings: IngressSettings, certificate_arn: pulumi.Input[str] | None) -> dict[str, pulumi.Input[str]]:
    if certificate_arn is None:
        return {f"{PREFIX}/listen-ports": json.dumps([{"HTTP": 80}])}
    return {
        f"{PREFIX}/listen-ports": json.dumps([{"HTTP": 80}, {"HTTPS": 443}]),
        f"{PREFIX}/ssl-redirect": "443",
        f"{PREFIX}/certificate-arn": certificate_arn,
        f"{PREFIX}/ssl-policy": settings.tls_policy,
    }


def _health_port(destination: Destination) -> dict[str, pulumi.Input[str]]:
    if destination.health_port is None:
        return {}
    return {f"{PREFIX}/healthcheck-port": str(destination.health_port)}


def _rule(host: str | None, path: str, destination: Destination) -> kubernetes.networking.v1.IngressRuleArgs:
    backend = kubernetes.networking.v1.IngressBackendArgs(
        service=kubernetes.networking.v1.IngressServiceBackendArgs(
            name=destination.service,
            port=kubernetes.networking.v1.ServiceBackendPortArgs(number=destination.port),
        )
    )
    found = kubernetes.networking.v1.HTTPIngressPathArgs(path=path, path_type="Prefix", backend=backend)
    return kubernetes.networking.v1.IngressRuleArgs(
        host=host, http=kubernetes.networking.v1.HTTPIngressRuleValueArgs(paths=[found])
    )


def _host_name(status: Any) -> str:  # noqa: ANN401, the status is an object of the SDK, or nothing yet
    balancer = getattr(status, "load_balancer", None)
    found = getattr(balancer, "ingress", None) or []
    return (getattr(found[0], "hostname", None) if found else None) or UNREPORTED

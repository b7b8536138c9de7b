"""The TLS certificate of the domain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import UNREPORTED, Component, named
from config.ingress import COMMON_NAME_LIMIT


class Certificate(Component):
    """An ACM certificate for the hosts, validated through DNS."""

    TOKEN: ClassVar[str] = "ai-platform:ingress:Certificate"

    def __init__(
        self,
        name: str,
        *,
        hosts: Sequence[str],
        zone_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(name, opts)
        # The others may be longer: https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
        main = next((host for host in hosts if len(host) <= COMMON_NAME_LIMIT), hosts[0])
        certificate = aws.acm.Certificate(
            name,
            domain_name=main,
            subject_alternative_names=[host for host in hosts if host != main] or None,
            validation_method="DNS",
            key_algorithm="EC_prime256v1",
            tags=named(main),
            opts=self.child(),
        )
        records = [
            aws.route53.Record(
                f"{name}-{host}",
                zone_id=zone_id,
                name=_option(certificate, host, "resource_record_name"),
                type="CNAME",
                ttl=300,
                records=[_option(certificate, host, "resource_record_value")],
                allow_overwrite=True,
                opts=self.child(),
            )
            for host in hosts
        ]
        validation = aws.acm.CertificateValidation(
            name,
            certificate_arn=certificate.arn,
            validation_record_fqdns=[record.fqdn for record in records],
            opts=self.child(),
        )
        self.arn: pulumi.Output[str] = validation.certificate_arn
        self.finish(arn=self.arn)


def _option(certificate: aws.acm.Certificate, host: str, field: str) -> pulumi.Output[str]:
    """Return one field of the validation option of `host`. ACM returns the options in no defined order."""

    def pick(options: Sequence[Any] | None) -> Any:  # noqa: ANN401, an output or a string
        for option in options or ():
            if option.domain_name == host:
                return getattr(option, field) or UNREPORTED
        return UNREPORTED

    return certificate.domain_validation_options.apply(pick)

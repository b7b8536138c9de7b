"""The Route 53 zone of the domain."""

from typing import ClassVar

import pulumi
import pulumi_aws as aws

from components.base.component import Component, named
from config.ingress import Zone as ZoneSettings


class Zone(Component):
    """A hosted zone that is created here, looked up by its name, or given by its ID."""

    TOKEN: ClassVar[str] = "ai-platform:ingress:Zone"

    def __init__(
        self, name: str, settings: ZoneSettings, *, domain: str, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, opts)
        self.name_servers: pulumi.Output[list[str]] | None = None
        if settings.id is not None:
            self.zone_id = pulumi.Output.from_input(settings.id)
        elif settings.lookup:
            found = aws.route53.get_zone_output(name=domain, private_zone=False, opts=pulumi.InvokeOptions(parent=self))
            self.zone_id = found.zone_id
        else:
            made = aws.route53.Zone(
                name, name=domain, comment="Made by the platform", tags=named(domain), opts=self.child()
            )
            self.zone_id = made.zone_id
            self.name_servers = made.name_servers.apply(lambda servers: list(servers or ()))
        self.finish(zone_id=self.zone_id)

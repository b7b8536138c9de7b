"""The time limits of a connection: load balancer, server, and the end of a pod. No other code computes one of them.

    idle timeout < keep-alive of the server, which otherwise closes a connection that the load balancer still uses: 502
    response <= idle timeout, because a response without streaming sends nothing before it is complete: 504
    pod deleted: preStop | SIGTERM, responses in progress | exit <= terminationGracePeriodSeconds
    deregistration delay >= preStop + response, after which the load balancer closes the connection

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
"""

from dataclasses import dataclass

RESPONSE_SECONDS = 60
"""Longest response of a server that sets no other: pages, and APIs that answer at once."""

PRE_STOP_SECONDS = 20
"""Seconds in which a pod serves after its deletion, longer than it takes to deregister it from the load balancer."""

KEEP_ALIVE_MARGIN = 15
"""Seconds that a server keeps an idle connection longer than the load balancer."""

EXIT_SECONDS = 10
"""Seconds in which a program exits after its last response."""

LONGEST_DEREGISTRATION = 3600
"""Maximum deregistration delay of a target group, in seconds."""

LONGEST_RESPONSE = LONGEST_DEREGISTRATION - PRE_STOP_SECONDS
"""Longest response that the load balancer can wait for while a pod ends, in seconds."""


LONGEST_GRACE_PERIOD = PRE_STOP_SECONDS + LONGEST_RESPONSE + EXIT_SECONDS
"""Longest time from the deletion of a pod to SIGKILL, in seconds."""


@dataclass(frozen=True)
class Timeouts:
    """The time limits of a server."""

    response: int = RESPONSE_SECONDS
    """The longest response in seconds, streams included: how long a program may work after SIGTERM."""

    idle: int = 0
    """Idle timeout of the load balancer in seconds."""

    @property
    def keep_alive(self) -> int:
        """Return the seconds for which a server keeps an idle connection open."""
        return self.idle + KEEP_ALIVE_MARGIN

    @property
    def drain(self) -> int:
        """Return the seconds after SIGTERM until the program ends responses in progress."""
        return min(self.response, LONGEST_RESPONSE)

    @property
    def grace_period(self) -> int:
        """Return the seconds from the deletion of a pod to SIGKILL."""
        return PRE_STOP_SECONDS + self.drain + EXIT_SECONDS

    @property
    def deregistration_delay(self) -> int:
        """Return the seconds for which the load balancer keeps connections to a pod that ends."""
        return PRE_STOP_SECONDS + self.drain

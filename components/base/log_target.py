"""The bucket that access logs are written to."""

from typing import NamedTuple

import pulumi

BALANCERS = "load-balancers"
"""Prefix of the keys of load balancers' logs; AWS adds `/AWSLogs/<account>/`."""


class LogTarget(NamedTuple):
    """A bucket for access logs."""

    bucket_name: pulumi.Output[str]
    policy: pulumi.Resource
    """The bucket policy. AWS tests it when access logs are enabled, so that it has to exist before."""

"""What the platform knows of each type of AWS resource. A new type is a row in the table of its group."""

from collections.abc import Mapping

from catalog.aws.alarms import ALARMS
from catalog.aws.aws_type import AwsType
from catalog.aws.compute import COMPUTE
from catalog.aws.data import DATA
from catalog.aws.firewall import FIREWALL
from catalog.aws.identity import IDENTITY
from catalog.aws.network import NETWORK

AWS_TYPES: Mapping[str, AwsType] = {**NETWORK, **IDENTITY, **DATA, **COMPUTE, **ALARMS, **FIREWALL}
"""By the token of Pulumi."""

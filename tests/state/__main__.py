"""Add what the shipped stacks keep today to the lists: `python -m tests.state`."""

import sys

from tests.components.base import SHIPPED, recorded
from tests.state.urns import add, kept

for stack in SHIPPED:
    new = add(stack, kept(recorded(stack).plan.resources))
    sys.stdout.write(f"{stack}: {new} new URNs\n")

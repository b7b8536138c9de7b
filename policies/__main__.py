"""Entry point for the engine: `pulumi up --policy-pack policies`."""

from policies.pack import pack

pack()

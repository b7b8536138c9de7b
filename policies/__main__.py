"""What the engine starts: `pulumi up --policy-pack policies`."""

from policies.pack import pack

pack()

"""The priority classes of the platform's own pods."""

SYSTEM_CLASS = "ai-platform-system"
"""Of controllers, add-ons and operations: a node that is full of workloads still runs what heals them."""

PLATFORM_CLASS = "ai-platform"
"""Of workloads and of the platform's parts for tenants and databases."""

PRIORITIES = {SYSTEM_CLASS: 900_000_000, PLATFORM_CLASS: 800_000_000}
"""Below Kubernetes' own classes, which begin at 2,000,000,000, and above every class of a stack file."""

HIGHEST = min(PRIORITIES.values()) - 1
"""The highest value of a class of a stack file."""

"""Invalid values of the connections of an environment: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

ENVIRONMENT = """\
  ai-platform:priorityClasses:
    usual: {value: 1, description: All}
  ai-platform:instances:
    closed: {instanceType: t3.small, zones: [us-west-2a]}
  ai-platform:environments:
    live:
      quota: {pods: "1"}
      priorityClasses: [usual]
      connections: CONNECTIONS
"""


def _with(connections: str) -> tuple[tuple[str, str], ...]:
    return (("", ENVIRONMENT.replace("CONNECTIONS", connections)),)


# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "connections: an unknown database": (
        _with("{databases: [run]}"),
        ("35: environments.live.connections.databases[0]: unknown database 'run'; did you mean runs?",),
    ),
    "connections: a database without users": (
        _with("{databases: [runs]}"),
        (
            "35: environments.live.connections.databases[0]: runs has no users; add some to databases.runs.users, or set database, so that the environment has its own schema",
        ),
    ),
    "connections: an unknown instance": (
        _with("{instances: [close]}"),
        ("35: environments.live.connections.instances[0]: unknown instance 'close'; did you mean closed?",),
    ),
    "connections: models where there are none": (
        _with("{models: [chat]}"),
        ("35: environments.live.connections.models[0]: unknown model 'chat'; add it to workloads.vllm.models",),
    ),
    "connections: a caller of a gateway that is not there": (
        _with("{gateway: shop}"),
        (
            "35: environments.live.connections.gateway: unknown virtual key 'shop'; add it to workloads.litellm.virtualKeys",
        ),
    ),
    "connections: an instance that answers nobody": (
        _with("{instances: [closed]}"),
        (
            "35: environments.live.connections.instances[0]: closed has no inbound rule for pods; set nodes: true for a port in instances.closed.allowFrom",
        ),
    ),
}

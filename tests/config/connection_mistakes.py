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
        ("35: environments.live.connections.databases[0]: 'run' is no name in databases; did you mean runs?",),
    ),
    "connections: a database without users": (
        _with("{databases: [runs]}"),
        (
            "35: environments.live.connections.databases[0]: runs has no users to log in as; name some in databases.runs.users, or give the environment a schema of its own with database",
        ),
    ),
    "connections: an unknown instance": (
        _with("{instances: [close]}"),
        ("35: environments.live.connections.instances[0]: 'close' is no name in instances; did you mean closed?",),
    ),
    "connections: models where there are none": (
        _with("{models: [chat]}"),
        (
            "35: environments.live.connections.models[0]: 'chat' is no name in workloads.vllm.models; workloads.vllm.models holds none, add it there",
        ),
    ),
    "connections: a caller of a gateway that is not there": (
        _with("{gateway: shop}"),
        (
            "35: environments.live.connections.gateway: 'shop' is no name in workloads.litellm.callers; workloads.litellm.callers holds none, add it there",
        ),
    ),
    "connections: an instance that answers nobody": (
        _with("{instances: [closed]}"),
        (
            "35: environments.live.connections.instances[0]: closed opens no port to pods; write nodes: true beside a port of instances.closed.allowFrom",
        ),
    ),
}

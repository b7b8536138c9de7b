"""What a person can get wrong about variables that name others: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

API = "api: {image: ghcr.io/shop/api:v1, port: 8080}"
LAST = "and Kubernetes leaves a reference to a later variable as it is; remove one of them"


def _application(more: str) -> tuple[tuple[str, str], ...]:
    return shared((API, f"{API[:-1]}, {more}}}"))


def _live(variable: str) -> tuple[tuple[str, str], ...]:
    return shared(
        (API, f"{API[:-1]}, environment: {{PLATFORM_BASE: 'http://a'}}}}"),
        ("services: {api: {}}", f"services: {{api: {{environment: {{{variable}}}}}}}"),
    )


def _container(variable: str) -> tuple[tuple[str, str], ...]:
    run = f"containers: {{app: {{image: ghcr.io/shop/app:v1, environment: {{{variable}}}}}}}"
    return (("", f"  ai-platform:instances:\n    one: {{instanceType: t3.small, zones: [us-west-2a], {run}}}\n"),)


def _mlflow(variables: str) -> tuple[tuple[str, str], ...]:
    return (("      bucket: artifacts\n", f"      bucket: artifacts\n      environment: {{{variables}}}\n"),)


# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "warning: variables: a name that nothing has": (
        _application("environment: {BILLING_URL: $(PLATFORM_BSE)/billing, PLATFORM_BASE: 'http://a'}"),
        (
            "39: applications.api.environment.BILLING_URL: no variable PLATFORM_BSE, so that $(PLATFORM_BSE) stays as it is; did you mean $(PLATFORM_BASE)?",
        ),
    ),
    "warning: variables: a name that is like no other": (
        _application("environment: {BILLING_URL: $(QQQQ)/billing}"),
        (
            "39: applications.api.environment.BILLING_URL: no variable QQQQ, so that $(QQQQ) stays as it is; for the text itself write $$(QQQQ)",
        ),
    ),
    "warning: variables: a name that nothing has in an argument": (
        _application("arguments: ['--queue=$(QUEUE)', '$(date)', '$$(NOT_ONE)', '$(REDIS_HOST)']"),
        (
            "39: applications.api.arguments[0]: no variable QUEUE, so that $(QUEUE) stays as it is; for the text itself write $$(QUEUE)",
        ),
    ),
    "warning: variables: what a service of one environment lacks": (
        _live("BILLING_URL: $(PLATFORM_BASS)/billing"),
        (
            "46: environments.dev.services.api.environment.BILLING_URL: no variable PLATFORM_BASS, so that $(PLATFORM_BASS) stays as it is; did you mean $(PLATFORM_BASE)?",
        ),
    ),
    "warning: variables: what an application has in one environment alone": (
        shared(
            (API, f"{API[:-1]}, environment: {{DSN: $(PGHOST)}}}}"),
            ("      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n", ""),
        ),
        (
            "39: applications.api.environment.DSN: no variable PGHOST in dev, so that $(PGHOST) stays as it is; for the text itself write $$(PGHOST)",
        ),
    ),
    "variables: one that refers to itself": (
        _application("environment: {LIBRARY_PATH: '$(LIBRARY_PATH):/opt'}"),
        (f"39: applications.api.environment.LIBRARY_PATH: LIBRARY_PATH refers to itself, {LAST}",),
    ),
    "variables: three in a cycle": (
        _application("environment: {A: $(B), B: $(C), C: $(A)}"),
        (f"39: applications.api.environment.A: A -> B -> C -> A is a cycle, {LAST}",),
    ),
    "variables: a cycle by way of an environment's own": (
        _live("PLATFORM_BASE: $(OTHER), OTHER: $(PLATFORM_BASE)"),
        (f"46: environments.dev.services.api.environment.OTHER: OTHER -> PLATFORM_BASE -> OTHER is a cycle, {LAST}",),
    ),
    "variables: a cycle of a workload": (
        _mlflow("A_URL: $(B_URL), B_URL: $(A_URL)"),
        (f"27: workloads.mlflow.environment.A_URL: A_URL -> B_URL -> A_URL is a cycle, {LAST}",),
    ),
    "warning: variables: a reference that Docker does not know": (
        _container("URL: $(HOST)/x"),
        (
            "28: instances.one.containers.app.environment.URL: Docker, unlike Kubernetes, leaves $(HOST) as it is; write the value, or use secrets",
        ),
    ),
    "variables: a secret of an application twice": (
        _application("environment: {KEY: a}, secrets: {KEY: {secret: slack}}"),
        ("39: applications.api.secrets.KEY: KEY is in environment too; keep one of them",),
    ),
    "variables: a secret of an application that an environment sets": (
        shared(
            (API, f"{API[:-1]}, secrets: {{KEY: {{secret: slack}}}}}}"),
            ("services: {api: {}}", "services: {api: {environment: {KEY: a}}}"),
        ),
        (
            "46: environments.dev.services.api.environment.KEY: KEY is in applications.api.secrets too; keep one of them",
        ),
    ),
}

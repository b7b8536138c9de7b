"""Settings that are used twice, for purposes that exclude each other."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.base import shared
from tests.config.model_mistakes import POOL, QWEN
from tests.config.refused.case import Case

_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html"
_ALIAS = "https://docs.litellm.ai/docs/proxy/load_balancing"
_PROFILE = "https://www.kubeflow.org/docs/components/central-dash/profiles/"
_TENANTS = "quota: {cpu: 10m, memory: 16Mi, pods: 1, storage: 1Gi}"
_GATEWAY = """\
    vllm:
      models:
        chat: {MODEL}
        other: {OTHER}
    litellm:
      database: runs
      cache: counters
      MODELS
"""


def tenants(settings: str) -> tuple[tuple[str, str], ...]:
    """Tenants of small quotas."""
    return (("", f"  ai-platform:tenants: {{{_TENANTS}, {settings}}}\n"),)


def dumps(*edits: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """An environment whose dumps are in the bucket of artifacts, or another."""
    backup = "schemaName: dev_shop, user: dev_user, backup: {bucket: artifacts}}"
    return (
        (
            "    artifacts: {}\n",
            "    artifacts: {lifecycle: {expireDays: 30}}\n    files: {lifecycle: {expireDays: 30}}\n",
        ),
        *shared(("schemaName: dev_shop, user: dev_user}", backup)),
        *edits,
    )


def gateway(models: str, model: str = QWEN, other: str = QWEN) -> tuple[tuple[str, str], ...]:
    """Two models of the platform, and the gateway."""
    text = _GATEWAY.replace("MODELS", models).replace("{MODEL}", f"{{{model}}}").replace("{OTHER}", f"{{{other}}}")
    stores = '  ai-platform:caches: {counters: {engineVersion: "8.1", nodeType: cache.t4g.small}}\n  ai-platform:secrets: {openai: {description: A key}}\n'
    return (("  ai-platform:databases:\n", f"{stores}{POOL}  ai-platform:databases:\n"), ("", text))


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "a number that is instructor and student": Case(
        tenants('range: {first: 1, last: 3}, members: {"02": {instructor: true}}'),
        (
            "27: tenants.members.02: 02 is an instructor and one of the students of the range, 1 to 3; choose a number outside the range",
        ),
        _PROFILE,
    ),
    "the first of a range as instructor": Case(
        tenants('range: {first: 1, last: 3}, members: {"01": {instructor: true}}'),
        (
            "27: tenants.members.01: 01 is an instructor and one of the students of the range, 1 to 3; choose a number outside the range",
        ),
        _PROFILE,
    ),
    "a number with other digits than the range": Case(
        tenants('range: {first: 1, last: 3}, members: {"002": {}}'),
        ("27: tenants.members.002: 002 is the same number as 02, and a second tenant; write 02",),
        _PROFILE,
    ),
    "a number twice among the members": Case(
        tenants('members: {"07": {}, "007": {instructor: true}}'),
        ("27: tenants.members.07: 07 is the same number as 007, and a second tenant; write 007",),
        _PROFILE,
    ),
    "dumps among artifacts": Case(
        dumps(),
        (
            "27: workloads.mlflow.bucket: artifacts is the bucket of dumps, which deletes artifacts after 30 days, too; choose another bucket",
        ),
        _S3,
    ),
    "dumps among files of services": Case(
        dumps(
            ("backup: {bucket: artifacts}", "backup: {bucket: files}"),
            (
                "      services: {api: {}}\n    prod",
                "      buckets: {files: readWrite}\n      services: {api: {}}\n    prod",
            ),
        ),
        (
            "47: environments.dev.buckets.files: files is the bucket of dumps, which deletes files of services after 30 days, too; choose another bucket",
        ),
        _S3,
    ),
    "two models of one name": Case(
        gateway("replicas: {min: 1, max: 2}", f"{QWEN}, servedName: qwen", f"{QWEN}, servedName: qwen"),
        (
            "37: workloads.vllm.models.other.servedName: requests for qwen already reach the model chat; choose another name",
        ),
        _ALIAS,
    ),
    "a hosted model with the name of an own one": Case(
        gateway(
            "providers: {openai: {kind: openai, key: {secret: openai}}}\n      models: {chat: {provider: openai, model: gpt-5-mini}}"
        ),
        (
            "42: workloads.litellm.models.chat: chat is the name of workloads.vllm.models.chat in requests, which no client of the gateway could use; choose another name",
        ),
        _ALIAS,
    ),
    "a route to one model with the name of another": Case(
        gateway("models: {chat: {vllm: other}}"),
        (
            "41: workloads.litellm.models.chat: chat is the name of workloads.vllm.models.chat in requests, which no client of the gateway could use; choose another name",
        ),
        _ALIAS,
    ),
}

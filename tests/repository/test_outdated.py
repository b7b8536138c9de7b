"""`make outdated`: what it asks, and what it says about a registry that does not answer."""

from collections.abc import Sequence

import pytest

from catalog import versions
from tests.outdated import SAME_RELEASE, Pin, line, newest, pins

PIP = "vllm (0.34.0)\nAvailable versions: 0.35.0rc1, 0.34.0, 0.33.0\n"
GO = "k8s.io/kubernetes v1.35.9 v1.35.10 v1.36.0 v1.36.5 v1.37.0-rc.1\n"
NPM = '["6.0.0", "7.1.0", "8.0.0-dev.1"]'


@pytest.mark.parametrize(
    ("pin", "answer", "expected"),
    [
        (Pin("VLLM_IMAGE", "v0.33.0", "pip", "vllm"), PIP, "outdated: 0.34.0"),
        (Pin("VLLM_IMAGE", "v0.34.0", "pip", "vllm"), PIP, "current"),
        (Pin("MLFLOW_IMAGE", "v0.34.0-full", "pip", "mlflow"), PIP, "current"),
        (Pin("KUBECTL", "v1.35.9", "go", "k8s.io/kubernetes", r"^v1\.35\.(?P<patch>\d+)$"), GO, "outdated: v1.35.10"),
        (Pin("KUBECTL", "v1.36.5", "go", "k8s.io/kubernetes"), GO, "current"),
        (Pin("prisma", "6.0.0", "npm", "prisma"), NPM, "outdated: 7.1.0"),
        (Pin("prisma", "6.0.0", "npm", "prisma"), None, "unknown: no registry in reach"),
        (Pin("vllm", "0.33.0", "pip", "vllm"), None, "unknown: no registry in reach"),
        (Pin("KUBECTL", "v1.36.5", "go", "k8s.io/kubernetes"), None, "unknown: no registry in reach"),
        (Pin("KUBECTL", "v1.36.5", "go", "k8s.io/kubernetes"), "k8s.io/kubernetes\n", "unknown: no registry in reach"),
        (Pin("KUBECTL", "v1.38.0", "go", "k8s.io/kubernetes"), GO, "unknown: the registry shows v1.36.5"),
        (Pin("REDIS_IMAGE", "8.10.1-alpine"), PIP, "unknown: its registry has no client here"),
    ],
)
def test_version_is_compared_with_what_the_registry_shows(pin: Pin, answer: str | None, expected: str) -> None:
    def ask(command: Sequence[str]) -> str | None:
        assert pin.package in command
        return answer

    assert line(pin, newest(pin, ask)).endswith(f" {expected}")


def test_every_constant_of_the_versions_module_is_listed() -> None:
    listed = {pin.name: pin.version for pin in pins()}
    assert {name for name in vars(versions) if name.isupper()} <= set(listed)
    assert set(SAME_RELEASE) <= set(listed)
    assert {"pulumi", "pydantic", "pytest", "EKS 1.36 kube-proxy"} <= set(listed)

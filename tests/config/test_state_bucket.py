"""A bucket that holds the Pulumi state is no resource of the stack: a destroy would take it."""

from pathlib import Path

import pytest

from config.rules.backend import ADVICE, state_bucket
from tests.config.base import BASE, ROOT, mistakes

# https://www.pulumi.com/docs/iac/concepts/state-and-backends/#aws-s3
URLS = {
    "s3://shop-artifacts": "shop-artifacts",
    "s3://shop-artifacts?region=us-west-2&awssdk=v2": "shop-artifacts",
    "s3://shop-artifacts/platform/prod?region=us-west-2": "shop-artifacts",
    "s3://another": "another",
    "file://~/shop-artifacts": None,
    "gs://shop-artifacts": None,
    "azblob://shop-artifacts": None,
    "https://api.pulumi.com": None,
    "s3://": None,
    "": None,
}


@pytest.fixture(autouse=True)
def _without_login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)


def project(folder: Path, url: str) -> None:
    (folder / "Pulumi.yaml").write_text(f'name: shop\nruntime: python\nbackend: {{url: "{url}"}}\n')


@pytest.mark.parametrize(("url", "bucket"), URLS.items())
def test_state_bucket_is_the_bucket_of_the_backend(url: str, bucket: str | None, tmp_path: Path) -> None:
    project(tmp_path, url)
    assert state_bucket(tmp_path) == (bucket and (bucket, "backend.url in Pulumi.yaml"))


@pytest.mark.parametrize(
    "text", ["", "name: shop", "backend:", "backend: {url: [1]}", "[", "backend: s3://shop-artifacts"]
)
def test_project_without_a_backend_has_no_state_bucket(text: str, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(text)
    assert state_bucket(tmp_path) is None
    assert mistakes(tmp_path, BASE) == ()


@pytest.mark.parametrize(
    ("bucket", "held", "place"),
    [
        # By its default name, by its own name, as a replica with either.
        ("{}", "shop-artifacts", "22: buckets.artifacts.name"),
        ("{name: company-state}", "company-state", "22: buckets.artifacts.name"),
        ("{replicateTo: us-east-1}", "shop-artifacts-us-east-1", "22: buckets.artifacts.replicaName"),
        ("{replicateTo: us-east-1, replicaName: far-state}", "far-state", "22: buckets.artifacts.replicaName"),
    ],
)
def test_bucket_with_the_state_of_the_stack_is_refused(bucket: str, held: str, place: str, tmp_path: Path) -> None:
    text = BASE.replace("artifacts: {}", f"artifacts: {bucket}")
    project(tmp_path, "s3://elsewhere")
    assert mistakes(tmp_path, text) == ()
    project(tmp_path, f"s3://{held}/shop?region=us-west-2")
    assert mistakes(tmp_path, text) == (
        f"{place}: {held} holds the Pulumi state (backend.url in Pulumi.yaml): {ADVICE}",
    )


def test_backend_is_the_variable_then_the_project_then_the_login(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home/credentials.json").write_text('{"current": "s3://of-login"}')
    assert state_bucket(tmp_path) == ("of-login", "pulumi login")
    project(tmp_path, "s3://of-project")
    assert state_bucket(tmp_path) == ("of-project", "backend.url in Pulumi.yaml")
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://shop-artifacts/shop")
    assert state_bucket(tmp_path) == ("shop-artifacts", "PULUMI_BACKEND_URL")
    place = "22: buckets.artifacts.name"
    assert mistakes(tmp_path, BASE) == (
        f"{place}: shop-artifacts holds the Pulumi state (PULUMI_BACKEND_URL): {ADVICE}",
    )


def test_page_of_the_advice_creates_the_bucket() -> None:
    page = (ROOT / "docs/operate.md").read_text(encoding="utf-8")
    assert "docs/operate.md" in ADVICE
    assert "aws s3api create-bucket --bucket" in page.split("## State\n")[1].split("\n## ")[0]

"""A plan is written to disk as a whole or not at all."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from aiplatform.errors import CallError
from aiplatform.preview.manifests import dump, manifests
from aiplatform.preview.plan import Plan, Resource
from aiplatform.preview.record import record_function
from aiplatform.preview.write import NotAPlanError, write
from tests.each import each


def _plan(*objects: Mapping[str, object], stack: str = "lab") -> Plan:
    resources = [
        Resource(f"urn:{number}", f"kubernetes:{item['apiVersion']}:{item['kind']}", str(number), None, None, (), item)
        for number, item in enumerate(objects)
    ]
    return Plan("ai-platform", stack, tuple(resources), {"answer": 42})


def _object(kind: str, name: str, namespace: str | None = None, version: str = "v1") -> dict[str, object]:
    metadata = {"name": name} | ({"namespace": namespace} if namespace else {})
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def _files(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_document_has_the_documented_keys_in_order(platform: Callable[[], None], tmp_path: Path) -> None:
    write(record_function(platform), tmp_path / "plan")
    document = json.loads((tmp_path / "plan" / "plan.json").read_text())
    assert list(document) == ["project", "stack", "resources", "outputs", "knownAfterUp"]
    keys = [
        "urn",
        "type",
        "name",
        "parent",
        "aliases",
        "protect",
        "retainOnDelete",
        "provider",
        "dependencies",
        "references",
        "answers",
        "inputs",
    ]
    assert all(list(resource) == keys for resource in document["resources"])
    urns = [resource["urn"] for resource in document["resources"]]
    assert urns == sorted(urns)


def test_object_file_is_named_by_kind_namespace_and_name(platform: Callable[[], None], tmp_path: Path) -> None:
    write(record_function(platform), tmp_path)
    assert _files(tmp_path) == [
        "manifests/configmap-mlflow-start.yaml",
        "manifests/namespace-mlflow.yaml",
        "manifests/secret-mlflow-login.yaml",
        "plan.json",
    ]
    text = (tmp_path / "manifests/configmap-mlflow-start.yaml").read_text()
    assert text == (
        "apiVersion: v1\n"
        "kind: ConfigMap\n"
        "metadata:\n"
        "  name: start\n"
        "  namespace: mlflow\n"
        "data:\n"
        "  budget: '1e3'\n"
        "  enabled: 'y'\n"
        "  start.sh: |\n"
        "    #!/bin/sh\n"
        "    exec mlflow server\n"
    )


@each(
    "text",
    [
        "y",
        "N",
        "on",
        "yes",
        "null",
        "~",
        "1e3",
        "0o17",
        "017",
        "1_000",
        "1.5",
        "true",
        "2026-01-01",
        "",
        "=",
        "[secret]",
    ],
)
def test_ambiguous_text_is_quoted(text: str) -> None:
    line = dump({"value": text})
    assert line.strip() in {f"value: '{text}'", f'value: "{text}"'}
    assert yaml.safe_load(line) == {"value": text}


def test_equal_parts_are_written_without_yaml_anchors() -> None:
    labels = {"app": "server"}
    assert "&" not in dump({"metadata": {"labels": labels}, "spec": {"selector": labels}})


def test_objects_of_one_kind_in_two_api_groups_have_separate_files() -> None:
    plan = _plan(
        _object("Service", "server", "mlflow"), _object("Service", "server", "mlflow", "serving.knative.dev/v1")
    )
    assert [name for name, _ in manifests(plan)] == [
        "service-mlflow-server.yaml",
        "service.serving.knative.dev-mlflow-server.yaml",
    ]


def test_names_that_differ_by_hyphens_have_separate_files() -> None:
    plan = _plan(_object("ConfigMap", "b-c", "a"), _object("ConfigMap", "c", "a-b"))
    assert [name for name, _ in manifests(plan)] == ["configmap-a-b-c.yaml", "configmap-a-b-c-2.yaml"]


def test_characters_that_file_systems_refuse_are_replaced() -> None:
    (name,) = (name for name, _ in manifests(_plan(_object("ClusterRole", "system:node"))))
    assert name == "clusterrole-system_node.yaml"


def test_charts_are_not_written_as_manifests() -> None:
    release = Resource("urn", "kubernetes:helm.sh/v3:Release", "r", None, None, (), {"apiVersion": "v1", "kind": "x"})
    chart = Resource("urn", "kubernetes:helm.sh/v4:Chart", "c", None, None, (), {"apiVersion": "v1", "kind": "x"})
    assert list(manifests(Plan("p", "s", (release, chart), {}))) == []


def test_previous_plan_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    write(_plan(_object("Namespace", "old")), target, {"cost.json": "{}"})
    write(_plan(_object("Namespace", "new")), target)
    assert _files(target) == ["manifests/namespace-new.yaml", "plan.json"]
    assert list(tmp_path.iterdir()) == [target], "nothing is left beside it"


def test_other_files_are_replaced_together_with_the_plan(tmp_path: Path) -> None:
    write(_plan(), tmp_path / "deep" / "plan", {"report.html": "<p>ü</p>\n"})
    assert (tmp_path / "deep/plan/report.html").read_bytes() == "<p>ü</p>\n".encode()


@pytest.mark.parametrize("step", ["aiplatform.preview.write.manifests", "aiplatform.preview.write.plan_json"])
def test_interrupted_write_keeps_the_previous_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    target = tmp_path / "plan"
    write(_plan(stack="old"), target)

    def interrupt(_: Plan) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(step, interrupt)
    with pytest.raises(KeyboardInterrupt):
        write(_plan(stack="new"), target)
    assert json.loads((target / "plan.json").read_text())["stack"] == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_failed_swap_restores_the_previous_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "plan"
    write(_plan(stack="old"), target)
    rename = Path.rename

    def fail(self: Path, to: Path) -> Path:
        if self.name.endswith(".new"):
            raise OSError("no space left")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(CallError, match="plan: cannot be written: no space left"):
        write(_plan(stack="new"), target)
    assert json.loads((target / "plan.json").read_text())["stack"] == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_folder_with_other_content_is_never_deleted(tmp_path: Path) -> None:
    precious = tmp_path / "thesis.tex"
    precious.write_text("years of work")
    with pytest.raises(NotAPlanError, match=r"holds files but no plan\.json"):
        write(_plan(), tmp_path)
    assert precious.read_text() == "years of work"
    assert list(tmp_path.iterdir()) == [precious]


def test_file_is_never_replaced_by_a_plan(tmp_path: Path) -> None:
    file = tmp_path / "plan"
    file.write_text("mine")
    with pytest.raises(NotAPlanError, match="is a file"):
        write(_plan(), file)
    assert file.read_text() == "mine"


def test_empty_folder_can_become_a_plan(tmp_path: Path) -> None:
    target = tmp_path / "plan"
    target.mkdir()
    write(_plan(), target)
    assert _files(target) == ["plan.json"]


def test_link_to_a_plan_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "latest", tmp_path / "plan"
    write(_plan(stack="old"), target)
    link.symlink_to(target)
    write(_plan(stack="new"), link)
    assert link.is_symlink()
    assert json.loads((target / "plan.json").read_text())["stack"] == "new"

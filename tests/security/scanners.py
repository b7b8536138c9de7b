"""What checkov and kube-score find in plans, and the exceptions from it."""

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.parts import checkov, go

EXCEPTIONS = Path(__file__).with_name("exceptions.yaml")
FRAMEWORKS = ("terraform_plan", "kubernetes")
LOWEST = 5
"""kube-score's grade of a warning. 1 is critical, and above 5 there is nothing to do."""


class Finding(NamedTuple):
    """A check that failed."""

    stack: str
    scanner: str
    check: str
    resource: str
    """`aws_s3_bucket.models`, or kind, namespace and name of an object: `Deployment.mlflow.mlflow`."""

    title: str


class Exempt(NamedTuple):
    """A check that is not applied to some resources."""

    stack: str
    """`all`, or the name of a stack."""

    scanner: str
    check: str
    resources: str
    """`all`, or a pattern of their names."""

    reason: str

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding is excepted."""
        same = (self.scanner, self.check) == (finding.scanner, finding.check) and self.stack in ("all", finding.stack)
        return same and (self.resources == "all" or fnmatchcase(finding.resource, self.resources))


def exceptions() -> list[Exempt]:
    """Return the exceptions, one for each stack, check and pattern."""
    rows = yaml.safe_load(EXCEPTIONS.read_text(encoding="utf-8"))
    return [
        Exempt(stack, row["scanner"], check, resources, row["reason"])
        for row in rows
        for check in row["checks"]
        for stack in row.get("stacks", ["all"])
        for resources in ([row["resources"]] if isinstance(row["resources"], str) else row["resources"])
    ]


@dataclass(frozen=True)
class Scan:
    """The results of both scanners over Terraform plans and Kubernetes objects, by stack."""

    folder: Path
    plans: Mapping[str, Any]
    objects: Mapping[str, str]

    @cached_property
    def findings(self) -> list[Finding]:
        """Return every check that failed."""
        return [*self._checkov_findings(), *self._kube_score_findings()]

    @cached_property
    def checkov(self) -> dict[str, Any]:
        """Return the result of each framework of checkov."""
        for stack, plan in self.plans.items():
            (self.folder / f"{stack}.json").write_text(json.dumps(plan), encoding="utf-8")
            (self.folder / f"{stack}.yaml").write_text(self.objects[stack], encoding="utf-8")
        command = [checkov.program(), "--directory", self.folder, "--framework", *FRAMEWORKS]
        # It asks its vendor for nothing without a key.
        answer = _json(command, "--output", "json", "--compact", "--quiet", "--skip-download")
        # A single framework with results is no list.
        return {one["check_type"]: one for one in (answer if isinstance(answer, list) else [answer])}

    def _checkov_findings(self) -> Iterator[Finding]:
        for result in self.checkov.values():
            for one in result["results"]["failed_checks"]:
                stack = Path(one["file_path"]).stem
                yield Finding(stack, "checkov", one["check_id"], one["resource"], one["check_name"])

    @cached_property
    def kube_score(self) -> dict[str, Any]:
        """Return the scored objects of each stack."""
        version = go.KUBERNETES_VERSION.rpartition(".")[0]
        command = [go.program("kube-score"), "score", "--output-format", "json", "--kubernetes-version", version, "-"]
        return {stack: _json(command, text=text) for stack, text in self.objects.items()}

    def _kube_score_findings(self) -> Iterator[Finding]:
        for stack, objects in self.kube_score.items():
            for item in objects:
                metadata = item["object_meta"]
                name = ".".join((item["type_meta"]["kind"], metadata.get("namespace", "default"), metadata["name"]))
                for one in item["checks"]:
                    if one["grade"] <= LOWEST and not one["skipped"]:
                        yield Finding(stack, "kube-score", one["check"]["id"], name, one["check"]["comment"])


def checkov_types() -> frozenset[str]:
    """Return the types of AWS for which checkov has a check."""
    listed = subprocess.run(
        [checkov.program(), "--list", "--framework", "terraform"], capture_output=True, text=True, check=True
    )
    return frozenset(re.findall(r"\| (aws_\w+) +\|", listed.stdout))


def _json(command: list[Any], *more: str, text: str | None = None) -> Any:
    """Return what a scanner prints. Its status is 1 with findings, too."""
    finished = subprocess.run([*command, *more], input=text, capture_output=True, text=True, check=False)
    assert finished.returncode in (0, 1), finished.stderr[-2000:]
    return json.loads(finished.stdout)

"""Each object, namespace and output that a command of the documents names is in the plan of a shipped stack."""

import re

from aiplatform.preview.plan import Plan
from aiplatform.preview.record import record_function
from catalog.reading.document import parse
from components.platform import Platform
from config.loader import load
from config.settings import NAMESPACE
from tests.components.base import SHIPPED, recorded
from tests.config.base import TODAY
from tests.config.test_example import EXAMPLES
from tests.repository.test_commands import commands

KINDS = {
    "cronjob": "CronJob",
    "deploy": "Deployment",
    "deployment": "Deployment",
    "secret": "Secret",
    "service": "Service",
    "svc": "Service",
}
INSIDE = re.compile(r"(?:-n|--namespace)[ =]([a-z][\w-]*)")
OBJECT = re.compile(rf"\b({'|'.join(KINDS)})(?:/| )([a-z][\w-]*)\b")


def example() -> Plan:
    settings = load(parse(EXAMPLES[0].read_text(encoding="utf-8"), EXAMPLES[0].name, NAMESPACE), today=TODAY).settings

    def build() -> None:
        Platform("example", settings)

    return record_function(build, stack="example")


def known() -> tuple[set[str], set[tuple[str, str, str]], set[str], set[str]]:
    """Namespaces, objects, the namespaces whose objects a chart or Kubeflow's manifests create, and outputs."""
    namespaces, others, outputs = {"kube-system"}, set[str](), set[str]()
    objects = set[tuple[str, str, str]]()
    for plan in (example(), *(recorded(stack).plan for stack in SHIPPED)):
        outputs |= plan.outputs.keys()
        for one in plan.resources:
            if not one.type.startswith("kubernetes:"):
                continue
            metadata = one.inputs.get("metadata", {})
            kind, namespace = one.type.rpartition(":")[2], metadata.get("namespace", "")
            objects.add((namespace, kind, metadata.get("name", "")))
            if kind == "Namespace":
                namespaces.add(metadata["name"])
            elif kind == "Release":
                others.add(one.inputs["namespace"])
            elif kind == "Directory":
                others.add("kubeflow")
            elif kind == "ExternalSecret":
                objects.add((namespace, "Secret", one.inputs["spec"]["target"]["name"]))
            elif kind == "Profile":
                namespaces.add(metadata["name"])
        # The EKS add-on for Container Insights creates its namespace.
        others |= {"amazon-cloudwatch"} if any(one.type == "eks:index:Addon" for one in plan.resources) else set()
    return namespaces | others, objects, others, outputs


def unknown(command: str, found: tuple[set[str], set[tuple[str, str, str]], set[str], set[str]]) -> list[str]:
    """What a command of kubectl names that no plan has."""
    namespaces, objects, others, _ = found
    named = INSIDE.search(command)
    if named is None:
        return []
    if named[1] not in namespaces:
        return [f"namespace {named[1]}"]
    return [
        f"{kind} {name} in {named[1]}"
        for kind, name in OBJECT.findall(command)
        if named[1] not in others and (named[1], KINDS[kind], name) not in objects
    ]


def test_documents_name_objects_that_a_shipped_stack_has() -> None:
    found = known()
    told = [(file, command) for file, command in commands("kubectl") if "<" not in command]
    assert {place: wrong for place in told if (wrong := unknown(place[1], found))} == {}
    assert sum(bool(OBJECT.search(command)) for _, command in told) >= 10


def test_documents_name_outputs_that_a_shipped_stack_has() -> None:
    named = {
        re.split(r"[^\w]", command.removeprefix("stack output "))[0]
        for _, command in commands("pulumi")
        if command.startswith("stack output ")
    }
    assert named - known()[3] == set()
    assert len(named) >= 6


def test_objects_that_do_not_exist_are_found() -> None:
    found = ({"mlflow", "argocd"}, {("mlflow", "CronJob", "mlflow-gc")}, {"argocd"}, {"url"})
    assert unknown("-n mlflow create job --from=cronjob/mlflow-gc gc-now", found) == []
    assert unknown("-n mlflow create job --from=cronjob/gc gc-now", found) == ["cronjob gc in mlflow"]
    assert unknown("-n argocd logs deploy/any", found) == []
    assert unknown("-n mlfow get pods", found) == ["namespace mlfow"]

"""Ask cyclonus for each connection that the product decides, in one run, and refuse a difference."""

import itertools
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from aiplatform.reach import connectivity as product
from aiplatform.reach.connectivity import Way
from aiplatform.reach.objects import ANY_OTHER, Object, Port, named_ports, policies, workloads
from aiplatform.reach.peers import ConnectivityContext, Peer
from tests.parts.go import program

TIMEOUT_SECONDS = 300

ANSWER = re.compile(
    r"^Traffic:\n.*?^\| *(?P<port>\d+) \([^|]*\| *source *\| *(?P<source>[\d.]+) *\|"
    r".*?\| *destination *\| *(?P<target>[\d.]*) *\|"
    r".*?^Is traffic allowed\?\n.*?\| *IS ALLOWED\? *\| *(?P<allowed>TRUE|FALSE)\b",
    re.MULTILINE | re.DOTALL,
)
"""A result of `--mode query-traffic`. A cell with the value of the cell above is empty."""


class AnalyzerError(Exception):
    """Cyclonus failed, or its output is not one result for each query."""


class NotDecidedError(Exception):
    """Cyclonus's result would differ from Kubernetes."""


@dataclass(frozen=True)
class Connectivity(product.Connectivity):
    """The product's result for a stack, which cyclonus confirms."""

    decided: int
    """Number of different queries that cyclonus answered."""


class _End(NamedTuple):
    """An address of a peer, with its attributes for cyclonus."""

    address: str
    described: str


class _Question(NamedTuple):
    """A query; equal for all peers that policies cannot distinguish."""

    source: _End
    target: _End
    port: Port
    called: str
    """Name of the target's port."""

    def as_traffic(self) -> str:
        """Return the query in the format of `--traffic-path`."""
        return (
            f'{{"Source":{self.source.described},"Destination":{self.target.described},'
            f'"Protocol":"{self.port.protocol}","ResolvedPort":{self.port.number},"ResolvedPortName":"{self.called}"}}'
        )


def connectivity(objects: Sequence[Object], around: ConnectivityContext) -> Connectivity:
    """Return the connectivity between the platform's pods and all peers, in both directions.

    Raises:
        MissingPartError: cyclonus is not installed.
        AnalyzerError: cyclonus failed, or decides otherwise.
        NotDecidedError: cyclonus 0.5.6 treats a pod without the key as excluded by NotIn.
    """
    found = product.connectivity(objects, around)
    wanted = _questions(found.peers, _named(objects))
    asked = list(dict.fromkeys(question for questions in wanted.values() for question in questions))
    answers = dict(zip(asked, _ask(_sent(objects), asked), strict=True))
    unlike = found.allowed ^ frozenset(_ways(wanted, answers))
    if unlike:
        raise AnalyzerError("cyclonus decides otherwise: " + "; ".join(map(str, sorted(unlike)[:5])))
    return Connectivity(found.peers, found.allowed, len(asked))


def _sent(objects: Sequence[Object]) -> list[Object]:
    """Return every NetworkPolicy, without the fields that an API server adds."""
    for item in (found := policies(objects)):
        if "NotIn" in str(item["spec"]):
            raise NotDecidedError(f"cyclonus misreads NotIn in NetworkPolicy {item['metadata']['name']}")
    return [
        {
            "apiVersion": item["apiVersion"],
            "kind": item["kind"],
            "metadata": {key: item["metadata"][key] for key in ("name", "namespace")},
            "spec": item["spec"],
        }
        for item in found
    ]


def _named(objects: Sequence[Object]) -> Mapping[str, frozenset[Port]]:
    opened = workloads(objects)
    found: dict[str, frozenset[Port]] = {}
    for policy in policies(objects):
        namespace = policy["metadata"]["namespace"]
        found[namespace] = found.get(namespace, frozenset()) | set(named_ports(policy, opened))
    return found


def _questions(peers: Sequence[Peer], named: Mapping[str, frozenset[Port]]) -> dict[Way, list[_Question]]:
    """Return queries by connection. Only policies of both namespaces decide; ports that none names are equivalent."""

    def names(peer: Peer) -> frozenset[Port]:
        return named.get(peer.pod.namespace, frozenset()) if peer.pod else frozenset()

    wanted: dict[Way, list[_Question]] = {}
    ends = {id(peer): _ends(peer) for peer in peers}
    for source, target in itertools.product(peers, repeat=2):
        if not source.asks or not (source.ours or target.ours):
            continue
        serves = frozenset(target.serves)
        for port in serves if target.serves_alone else serves | names(source) | names(target) | ANY_OTHER:
            # Peers with the same name are one peer in the table.
            questions = wanted.setdefault(Way(source.name, target.name, str(port)), [])
            for one, other in itertools.product(ends[id(source)], ends[id(target)]):
                questions.append(_Question(one, other, port, target.serves.get(port, "")))
    return wanted


def _ends(peer: Peer) -> list[_End]:
    known: dict[str, Any] = {}
    if peer.pod is not None:
        pod = peer.pod
        known = {"Namespace": pod.namespace, "NamespaceLabels": pod.namespace_labels, "PodLabels": pod.labels}
    internal = {"Internal": known} if known else {}
    return [_End(address, json.dumps({"IP": address, **internal})) for address in peer.addresses]


def _ask(found: Sequence[Object], asked: Sequence[_Question]) -> list[bool]:
    with tempfile.TemporaryDirectory() as folder:
        applied, traffic, said = (Path(folder, name) for name in ("policies.json", "traffic.json", "said.txt"))
        kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicyList"}
        applied.write_text(json.dumps({**kind, "items": found}))
        traffic.write_text(f"[{','.join(question.as_traffic() for question in asked)}]")
        # Without simplification, so that the policies are evaluated as they are written.
        command: list[str | Path] = [program("cyclonus"), "analyze", "--mode", "query-traffic"]
        command += ["--simplify-policies=false", "--policy-path", applied, "--traffic-path", traffic]
        # Output goes to a file: cyclonus prints many small pieces, and a pipe would wake this process for each of them.
        with said.open("w") as out:
            finished = subprocess.run(
                command, stdout=out, stderr=subprocess.PIPE, text=True, check=False, timeout=TIMEOUT_SECONDS
            )
        printed = said.read_text()
    if finished.returncode:
        raise AnalyzerError(finished.stderr[-2000:])
    return _read(printed, asked)


def _read(printed: str, asked: Sequence[_Question]) -> list[bool]:
    answers = list(ANSWER.finditer(printed))
    if len(answers) != len(asked) or printed.count("Traffic:\n") != len(asked):
        raise AnalyzerError(f"{len(answers)} answers to {len(asked)} questions")
    for answer, question in zip(answers, asked, strict=True):
        about = (answer["source"], answer["target"] or answer["source"], int(answer["port"]))
        if about != (question.source.address, question.target.address, question.port.number):
            raise AnalyzerError(f"the answer to {question.as_traffic()} is out of order")
    return [answer["allowed"] == "TRUE" for answer in answers]


def _ways(wanted: Mapping[Way, Sequence[_Question]], answers: Mapping[_Question, bool]) -> Iterator[Way]:
    for way, questions in wanted.items():
        allowed = [question for question in questions if answers[question]]
        if len(allowed) == len(questions):
            yield way
            continue
        many_sources, many_targets = (len({question[side] for question in questions}) > 1 for side in (0, 1))
        for question in allowed:
            yield Way(
                f"{way.source} at {question.source.address}" if many_sources else way.source,
                f"{way.target} at {question.target.address}" if many_targets else way.target,
                way.port,
            )

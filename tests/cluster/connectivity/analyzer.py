"""The question who reaches whom, put to cyclonus once for a whole stack."""

import itertools
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.cluster.connectivity.objects import ANY_OTHER, Object, Port, named_ports, policies, workloads
from tests.cluster.connectivity.peers import Peer, Surroundings, peers_of
from tests.parts.go import program

TIMEOUT_SECONDS = 300

ANSWER = re.compile(
    r"^Traffic:\n.*?^\| *(?P<port>\d+) \([^|]*\| *source *\| *(?P<source>[\d.]+) *\|"
    r".*?\| *destination *\| *(?P<target>[\d.]*) *\|"
    r".*?^Is traffic allowed\?\n.*?\| *IS ALLOWED\? *\| *(?P<allowed>TRUE|FALSE)\b",
    re.MULTILINE | re.DOTALL,
)
"""One answer of `--mode query-traffic`. A cell that repeats the one above it is left empty."""


class AnalyzerError(Exception):
    """Cyclonus failed, or said something other than one answer to each question."""


class Way(NamedTuple):
    """From one peer to a port of another."""

    source: str
    target: str
    port: str

    def __str__(self) -> str:
        return f"{self.source} -> {self.target}: {self.port}"


@dataclass(frozen=True)
class Connectivity:
    """What cyclonus said of a stack."""

    peers: tuple[Peer, ...]
    allowed: frozenset[Way]
    """All else is denied. Where not all addresses of a peer are allowed, the way names those that are."""

    decided: int
    """How many different questions cyclonus answered."""


class _Question(NamedTuple):
    source: Peer
    source_address: str
    target: Peer
    target_address: str
    port: Port

    def narrow_way(self) -> Way:
        """The way between these two addresses alone."""
        ends = ((self.source, self.source_address), (self.target, self.target_address))
        source, target = (
            peer.name if len(peer.addresses) == 1 else f"{peer.name} at {address}" for peer, address in ends
        )
        return Way(source, target, str(self.port))

    def as_traffic(self) -> dict[str, Any]:
        return {
            "Source": _end(self.source, self.source_address),
            "Destination": _end(self.target, self.target_address),
            "Protocol": self.port.protocol,
            "ResolvedPort": self.port.number,
            "ResolvedPortName": self.target.serves.get(self.port, ""),
        }


def connectivity(objects: Sequence[Object], around: Surroundings) -> Connectivity:
    """Ask about every way that begins or ends at the platform's pods.

    Raises:
        MissingPartError: cyclonus is not on this machine.
        AnalyzerError: cyclonus failed.
    """
    peers = tuple(peers_of(objects, around))
    questions = [(json.dumps(question.as_traffic()), question) for question in _questions(peers, _named(objects))]
    asked = dict(questions)
    answers = dict(zip(asked, _ask(policies(objects), asked), strict=True))
    said = [(question, answers[traffic]) for traffic, question in questions]
    return Connectivity(peers, frozenset(_ways(said)), len(answers))


def _named(objects: Sequence[Object]) -> Mapping[str, frozenset[Port]]:
    opened = workloads(objects)
    found: dict[str, frozenset[Port]] = {}
    for policy in policies(objects):
        namespace = policy["metadata"]["namespace"]
        found[namespace] = found.get(namespace, frozenset()) | set(named_ports(policy, opened))
    return found


def _questions(peers: Sequence[Peer], named: Mapping[str, frozenset[Port]]) -> Iterator[_Question]:
    """Only policies of the two namespaces decide; a port that none of them names is as good as any other."""

    def names(peer: Peer) -> frozenset[Port]:
        return named.get(peer.pod.namespace, frozenset()) if peer.pod else frozenset()

    for source, target in itertools.product(peers, repeat=2):
        if not source.asks or not (source.ours or target.ours):
            continue
        serves = frozenset(target.serves)
        ports = serves if target.serves_alone else serves | names(source) | names(target) | ANY_OTHER
        for port in sorted(ports):
            for one, other in itertools.product(source.addresses, target.addresses):
                yield _Question(source, one, target, other, port)


def _end(peer: Peer, address: str) -> dict[str, Any]:
    if peer.pod is None:
        return {"IP": address}
    pod = peer.pod
    seen = {"Namespace": pod.namespace, "NamespaceLabels": pod.namespace_labels, "PodLabels": pod.labels}
    return {"IP": address, "Internal": seen}


def _ask(found: Sequence[Object], asked: Mapping[str, _Question]) -> list[bool]:
    with tempfile.TemporaryDirectory() as folder:
        applied, traffic = Path(folder, "policies.json"), Path(folder, "traffic.json")
        kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicyList"}
        applied.write_text(json.dumps({**kind, "items": found}))
        traffic.write_text(f"[{','.join(asked)}]")
        # Unsimplified: the policies decide as they are written.
        command: list[str | Path] = [program("cyclonus"), "analyze", "--mode", "query-traffic"]
        command += ["--simplify-policies=false", "--policy-path", applied, "--traffic-path", traffic]
        finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUT_SECONDS)
    if finished.returncode:
        raise AnalyzerError(finished.stderr[-2000:])
    return _read(finished.stdout, list(asked.values()))


def _read(printed: str, questions: Sequence[_Question]) -> list[bool]:
    answers = list(ANSWER.finditer(printed))
    if len(answers) != len(questions) or printed.count("Traffic:\n") != len(questions):
        raise AnalyzerError(f"{len(answers)} answers to {len(questions)} questions")
    for answer, question in zip(answers, questions, strict=True):
        target = answer["target"] or answer["source"]
        if (answer["source"], target, int(answer["port"])) != (
            question.source_address,
            question.target_address,
            question.port.number,
        ):
            raise AnalyzerError(f"an answer about {question.source.name} to {question.target.name} is out of order")
    return [answer["allowed"] == "TRUE" for answer in answers]


def _ways(said: Sequence[tuple[_Question, bool]]) -> Iterator[Way]:
    answers: dict[Way, list[tuple[_Question, bool]]] = {}
    for question, allowed in said:
        way = Way(question.source.name, question.target.name, str(question.port))
        answers.setdefault(way, []).append((question, allowed))
    for way, given in answers.items():
        if all(allowed for _, allowed in given):
            yield way
        else:
            yield from (question.narrow_way() for question, allowed in given if allowed)

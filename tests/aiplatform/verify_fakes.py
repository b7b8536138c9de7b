"""A cluster and a cloud that answer as a test says, and what `aiplatform verify` made of it."""

import threading
import time
from collections.abc import Iterable, Mapping
from typing import Any

from aiplatform.verify.model import Cluster, Outcome, Result
from aiplatform.verify.problem import RefusedError


class Waiting:
    """A wait of `seconds` in each request, and the most requests that waited at once."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.most, self._waiting = seconds, 0, 0
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            self._waiting += 1
            self.most = max(self.most, self._waiting)
        time.sleep(self.seconds)
        with self._lock:
            self._waiting -= 1


class FakeCluster:
    """A cluster with these objects by path; a path may also hold a refusal."""

    def __init__(self, objects: Mapping[str, Any], *, seconds: float = 0) -> None:
        self.objects, self.waiting = dict(objects), Waiting(seconds)
        self.asked: list[str] = []
        self.ran: list[tuple[str, ...]] = []
        self.answer: tuple[int, str] | RefusedError = (0, "3\n")

    def get(self, path: str, **query: str) -> Any:
        self.asked.append(path)
        self.waiting.wait()
        found = self.objects.get(path + "".join(f"?{value}" for value in query.values()), self.objects.get(path))
        if isinstance(found, Exception):
            raise found
        return found

    def names(self, path: str) -> list[str] | None:
        found = self.get(path)
        return None if found is None else [item["metadata"]["name"] for item in found["items"]]

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        self.asked.append(path)
        self.waiting.wait()
        found = self.objects.get(path, {"status": {"allowed": False}})
        if isinstance(found, Exception):
            raise found
        assert body["apiVersion"].endswith("/v1")
        return found

    def impersonate(self, user: str, *groups: str) -> Cluster:
        self.asked.append(f"as {user} of {', '.join(groups)}")
        return self

    def run(self, namespace: str, pod: str, container: str, command: Iterable[str]) -> tuple[int, str]:
        self.ran.append((namespace, pod, container, *command))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class FakeCloud:
    """AWS with these answers by operation."""

    def __init__(self, answers: Mapping[str, Any] | None = None, *, seconds: float = 0) -> None:
        self.answers, self.waiting = dict(answers or {}), Waiting(seconds)

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        assert service, arguments
        self.waiting.wait()
        found = self.answers.get(operation, {"ResponseMetadata": {"HTTPHeaders": {}}, "KeyCount": 1})
        if isinstance(found, Exception):
            raise found
        return found(arguments) if callable(found) else found


def outcomes(result: Result) -> dict[int, Outcome]:
    return {check.number: outcome for check, outcome in result.checked}


def wrong(result: Result) -> dict[int, str]:
    return {number: one.detail for number, one in outcomes(result).items() if one.verdict != "passed"}

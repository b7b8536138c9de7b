"""A client of the API server that returns what tests check: status, warnings, and results for other users.

The kubernetes package hides the Warning headers, and cannot impersonate a user for one request.
"""

import functools
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.response import BaseHTTPResponse

from tests.parts.control_plane import ControlPlane

Object = dict[str, Any]
APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
_DISCOVERY = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
_WARNING = re.compile(r'\d{3} \S+ "((?:[^"\\]|\\.)*)"')


class RefusedError(Exception):
    """The API server rejected a request; `status` is the HTTP status."""

    def __init__(self, method: str, path: str, answer: BaseHTTPResponse) -> None:
        self.status = answer.status
        try:
            self.message = str(json.loads(answer.data).get("message", ""))
        except ValueError:
            self.message = answer.data.decode(errors="replace")
        super().__init__(f"{method} {path}: {self.status} {self.message}")


@dataclass(frozen=True)
class Kind:
    """A kind of object that the API server serves."""

    api_version: str
    name: str
    plural: str
    namespaced: bool
    verbs: frozenset[str]

    @property
    def group(self) -> str:
        """Return its API group; empty for the core group."""
        return self.api_version.rpartition("/")[0]

    def path(self, namespace: str | None = None, name: str | None = None) -> str:
        """Return the path of its objects, or of one of them."""
        root = f"/apis/{self.api_version}" if self.group else f"/api/{self.api_version}"
        place = f"/namespaces/{namespace}" if self.namespaced and namespace else ""
        return f"{root}{place}/{self.plural}{f'/{name}' if name else ''}"


@dataclass(frozen=True)
class Applied:
    """The current object, and the warnings of the API server."""

    object: Object
    warnings: tuple[str, ...]


class Api:
    """The API with the permissions of a user: the administrator, or an impersonated user."""

    def __init__(self, control_plane: ControlPlane, *, user: str = "", groups: tuple[str, ...] = ()) -> None:
        self.control_plane = control_plane
        self._pool = urllib3.PoolManager(ca_certs=str(control_plane.certificates.authority), retries=False)
        self._headers = [("Authorization", f"Bearer {control_plane.admin_token}")]
        if user:
            self._headers.append(("Impersonate-User", user))
            self._headers.extend(("Impersonate-Group", group) for group in ("system:authenticated", *groups))

    def as_user(self, user: str, *groups: str) -> "Api":
        """Return the API with the permissions of another user."""
        return Api(self.control_plane, user=user, groups=groups)

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        query: Mapping[str, str] | None = None,
        content_type: str = "application/json",
        accept: str = "application/json",
    ) -> BaseHTTPResponse:
        """Send a request and return its response with any status."""
        headers = urllib3.HTTPHeaderDict([*self._headers, ("Accept", accept), ("Content-Type", content_type)])
        return self._pool.request(
            method,
            self.control_plane.url + path + (f"?{urlencode(query)}" if query else ""),
            body=None if body is None else json.dumps(body),
            headers=headers,
            timeout=60,
        )

    def call(self, method: str, path: str, body: object = None, **more: Any) -> Object:
        """Send a request and return the object in its response.

        Raises:
            RefusedError: the status is not 2xx.
        """
        answer = self.send(method, path, body, **more)
        if not 200 <= answer.status < 300:
            raise RefusedError(method, path, answer)
        found: Object = json.loads(answer.data)
        return found

    @functools.cached_property
    def _kinds(self) -> dict[tuple[str, str], Kind]:
        found: dict[tuple[str, str], Kind] = {}
        for root in ("/api", "/apis"):
            for group in self.call("GET", root, accept=_DISCOVERY)["items"]:
                for version in group["versions"]:
                    for kind in _kinds(group["metadata"].get("name", ""), version):
                        found[kind.api_version, kind.name] = kind
        return found

    def forget_kinds(self) -> None:
        """Discard the list of kinds, after definitions were added."""
        self.__dict__.pop("_kinds", None)

    def kinds(self) -> list[Kind]:
        """Return all kinds that the API server serves."""
        return list(self._kinds.values())

    def kind(self, api_version: str, name: str) -> Kind:
        """Return a kind; KeyError if it is not served."""
        return self._kinds[api_version, name]

    def path_of(self, item: Mapping[str, Any]) -> str:
        """Return the path of an object; one without a namespace is in `default`."""
        metadata = item["metadata"]
        return self.kind(item["apiVersion"], item["kind"]).path(metadata.get("namespace", "default"), metadata["name"])

    def apply(self, item: Mapping[str, Any], *, dry_run: bool = False) -> Applied:
        """Apply an object server-side with strict validation, as the Pulumi provider does.

        Raises:
            RefusedError: the object is invalid, or not allowed.
        """
        path = self.path_of(item)
        query = {"fieldManager": "tests", "force": "true", "fieldValidation": "Strict"}
        if dry_run:
            query["dryRun"] = "All"
        answer = self.send("PATCH", path, item, query=query, content_type=APPLY)
        if not 200 <= answer.status < 300:
            raise RefusedError("PATCH", path, answer)
        warnings = tuple(_WARNING.findall(", ".join(answer.headers.getlist("Warning"))))
        return Applied(json.loads(answer.data), warnings)

    def get(self, api_version: str, kind: str, namespace: str | None, name: str) -> Object:
        """Return an object."""
        return self.call("GET", self.kind(api_version, kind).path(namespace, name))

    def list(self, api_version: str, kind: str, namespace: str | None = None, **selectors: str) -> list[Object]:
        """Return the objects of a kind, in one namespace or in all."""
        answer = self.call("GET", self.kind(api_version, kind).path(namespace), query=selectors)
        # The items of a list have neither apiVersion nor kind.
        return [{"apiVersion": api_version, "kind": kind, **item} for item in answer["items"]]

    def delete(self, item: Mapping[str, Any]) -> None:
        """Delete an object; no error if it does not exist."""
        answer = self.send("DELETE", self.path_of(item), {"propagationPolicy": "Background"})
        if answer.status not in (200, 202, 404):
            raise RefusedError("DELETE", self.path_of(item), answer)

    def exists(self, item: Mapping[str, Any]) -> bool:
        """Return whether the object exists, even if it is being deleted."""
        return self.send("GET", self.path_of(item)).status == 200


def _kinds(group: str, version: Mapping[str, Any]) -> Iterator[Kind]:
    api_version = f"{group}/{version['version']}" if group else version["version"]
    for resource in version["resources"]:
        yield Kind(
            api_version,
            resource["responseKind"]["kind"],
            resource["resource"],
            resource["scope"] == "Namespaced",
            frozenset(resource["verbs"]),
        )


def eventually(check: Callable[[], bool], what: str, *, seconds: float = 60) -> None:
    """Return once the check is true; AssertionError with `what` after the timeout in seconds."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, f"not after {seconds:g} s: {what}"
        time.sleep(0.1)


def until_none(left: Callable[[], Sequence[str]], what: str, *, seconds: float = 60) -> None:
    """Return once the list is empty; AssertionError with its items after the timeout in seconds."""
    until = time.monotonic() + seconds
    while still := left():
        assert time.monotonic() < until, f"{what}: not after {seconds:g} s: {', '.join(still[:10])}"
        time.sleep(0.1)

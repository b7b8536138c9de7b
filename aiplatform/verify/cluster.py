"""The Kubernetes API through the official client."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import urllib3
from kubernetes import client
from kubernetes.stream import stream

from aiplatform.verify.kubeconfig import configuration
from aiplatform.verify.model import Cluster, Json
from aiplatform.verify.problem import UNREACHABLE, RefusedError
from config.settings import Settings

CONNECTIONS = 64
TIMEOUT = (5, 20)
"""Timeouts of connection and response in seconds."""

_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"


class KubernetesApi:
    """A cluster with the credentials of a kubeconfig, or as a user that they impersonate."""

    def __init__(self, api: Any, user: str = "", groups: Sequence[str] = ()) -> None:  # noqa: ANN401, it has no types
        self._api = api
        self._user, self._groups = user, tuple(groups)

    @property
    def url(self) -> str:
        """Return the URL of its API."""
        return str(self._api.configuration.host)

    def impersonate(self, user: str, *groups: str) -> "KubernetesApi":
        """Return the API with the permissions of another user."""
        return KubernetesApi(self._api, user, groups)

    def get(self, path: str, **query: str) -> Json | None:
        """Return the object or list at a path; None if it does not exist."""
        return self._call("GET", f"{path}?{urlencode(query)}" if query else path)

    def names(self, path: str) -> list[str] | None:
        """Return the names of the objects at a path, without their content."""
        found = self._call("GET", path, accept=_METADATA)
        return None if found is None else [item["metadata"]["name"] for item in found["items"]]

    def post(self, path: str, body: Mapping[str, Json]) -> Json:
        """Send a request with a body, and return the response."""
        return self._call("POST", path, body)

    def run(self, namespace: str, pod: str, container: str, command: Iterable[str]) -> tuple[int, str]:
        """Return the exit status and the output of a command in a container."""
        # The stream function changes its client while it runs, so that it gets a separate one.
        api = client.CoreV1Api(client.ApiClient(self._api.configuration))
        try:
            answer = stream(
                api.connect_get_namespaced_pod_exec,
                pod,
                namespace,
                container=container,
                command=list(command),
                stdout=True,
                stderr=True,
                _request_timeout=TIMEOUT[1],
                _preload_content=False,
            )
            answer.run_forever(timeout=TIMEOUT[1])
            output = f"{answer.read_stdout(timeout=1)}{answer.read_stderr(timeout=1)}"
            return int(answer.returncode if answer.returncode is not None else 1), output
        except client.ApiException as error:
            raise RefusedError(str(error.status or UNREACHABLE), str(error.reason)) from error
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise RefusedError(UNREACHABLE, str(error)) from error

    def _call(
        self, method: str, path: str, body: Mapping[str, Json] | None = None, accept: str = "application/json"
    ) -> Json | None:
        headers = {"Accept": accept, "Content-Type": "application/json"}
        verb, url, known, *rest = self._api.param_serialize(
            method, path, header_params=headers, body=body, auth_settings=["BearerToken"]
        )
        try:
            answer = self._api.call_api(verb, url, self._impersonating(known), *rest, _request_timeout=TIMEOUT)
            answer.read()
        except client.ApiException as error:
            raise RefusedError(UNREACHABLE, str(error.reason)) from error
        except (OSError, urllib3.exceptions.HTTPError) as error:
            raise RefusedError(UNREACHABLE, _cause(error)) from error
        if answer.status == 404:
            return None
        try:
            found = json.loads(answer.data)
        except ValueError as error:
            raise RefusedError(str(answer.status), "the answer is none of a Kubernetes API") from error
        if not 200 <= answer.status < 300:
            raise RefusedError(str(answer.status), str(found.get("message", "")))
        return found

    def _impersonating(self, headers: Mapping[str, str]) -> urllib3.HTTPHeaderDict:
        """Return headers with a line for each group, because a dict would keep only one."""
        found = urllib3.HTTPHeaderDict(headers)
        if self._user:
            found.add("Impersonate-User", self._user)
            for group in self._groups:
                found.add("Impersonate-Group", group)
        return found


def _cause(error: Exception) -> str:
    """Return the text of an error without the connection at its beginning."""
    return re.sub(r"^(<.*?>|\w+\(.*?\)): ", "", str(getattr(error, "reason", None) or error))


def connect(settings: Settings, context: str | None, profile: str | None = None, role: str | None = None) -> Cluster:
    """Return the cluster of a stack by the kubeconfig; it raises what `kubeconfig.configuration` raises."""
    found = configuration(settings, context, profile, role)
    found.retries = 1
    found.connection_pool_maxsize = CONNECTIONS
    return KubernetesApi(client.ApiClient(found))

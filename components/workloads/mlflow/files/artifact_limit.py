"""A plugin of MLflow's server (entry points `mlflow.app`): which files go through it, and how large they may be.

The server copies each file to its scratch disk, and the kubelet evicts a pod whose files exceed that. So an upload
above ARTIFACT_LIMIT_BYTES gets 413 before a byte is written, and no file of the process can become larger: uploads
without a length get 413 as well, downloads an error. ARTIFACT_SIGNED_URLS=false offers no URLs of the bucket.

https://mlflow.org/docs/latest/ml/plugins/
"""

import errno
import importlib
import os
import resource
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from mlflow.server import handlers
from starlette.responses import JSONResponse

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

LIMIT = int(os.environ.get("ARTIFACT_LIMIT_BYTES", "0"))
SIGNED = os.environ.get("ARTIFACT_SIGNED_URLS", "true") == "true"
ARTIFACTS = "/mlflow-artifacts/artifacts/"
MESSAGE = f"The file is larger than {LIMIT} bytes, the limit of files that go through the server. " + (
    "Upload it with signed URLs: do not set MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD to false, and set "
    f"MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE to {LIMIT} or less."
    if SIGNED
    else "Split it, or ask for a higher limit (workloads.mlflow.artifactLimit)."
)
# The client raises its text, and does not retry this status.
BODY = {"error_code": "INVALID_PARAMETER_VALUE", "message": MESSAGE}
TOO_LARGE = 413


class _None:
    """No repository is an instance."""


class Limited:
    """The server, without uploads that announce more than the limit. The rest of their bodies is not read."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["method"] == "PUT" and ARTIFACTS in scope["path"]:
            length = dict(scope["headers"]).get(b"content-length", b"0")
            if int(length) > LIMIT:
                await JSONResponse(BODY, status_code=TOO_LARGE)(scope, receive, send)
                return
        await self.app(scope, receive, send)


async def refused(_request: object, error: OSError) -> JSONResponse:
    """The answer to an upload whose file grew above the limit."""
    if error.errno != errno.EFBIG:
        raise error
    return JSONResponse(BODY, status_code=TOO_LARGE)


def limited(app: Any) -> Any:  # noqa: ANN401, MLflow's app of FastAPI
    """The server with both settings."""
    if not SIGNED:
        for kind in ("MultipartUploadMixin", "MultipartDownloadMixin", "PresignedUploadMixin"):
            setattr(handlers, kind, _None)
    if not LIMIT:
        return app
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
    app.add_exception_handler(OSError, refused)
    return Limited(app)


def create_app() -> Any:  # noqa: ANN401, an app
    """A server without login."""
    return limited(importlib.import_module("mlflow.server.fastapi_app").app)


def create_auth_app() -> Any:  # noqa: ANN401, an app
    """A server with MLflow's own login."""
    return limited(importlib.import_module("mlflow.server.auth").create_app())

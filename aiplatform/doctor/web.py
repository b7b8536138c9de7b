"""Requests to registries and the Hub that download nothing."""

import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping

from catalog.images import full_name

SECONDS = 8
FOUND, MISSING = 200, 404
DENIED = frozenset({401, 403})

ACCEPT = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
"""https://distribution.github.io/distribution/spec/manifest-v2-2/"""

_HOSTS = {"docker.io": "registry-1.docker.io"}


def status(url: str, headers: Mapping[str, str], method: str = "HEAD") -> int | None:
    """Return the HTTP status of a request; None without an answer."""
    answer = _asked(url, headers, method)
    return answer[0] if answer else None


def _asked(url: str, headers: Mapping[str, str], method: str) -> tuple[int, Mapping[str, str], bytes] | None:
    if not url.startswith("https://"):
        return None
    request = urllib.request.Request(url, headers=dict(headers), method=method)  # noqa: S310, https alone
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310, as above
            return answer.status, dict(answer.headers), answer.read(65536) if method == "GET" else b""
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), b""
    except OSError:
        return None


def manifest(image: str) -> int | None:
    """Return the status of an image's manifest, with an anonymous token where the registry asks for one."""
    name, _, digest = full_name(image).partition("@")
    host, _, rest = name.partition("/")
    repository, _, tag = rest.partition(":")
    url = f"https://{_HOSTS.get(host, host)}/v2/{repository}/manifests/{digest or tag or 'latest'}"
    first = _asked(url, {"Accept": ACCEPT}, "HEAD")
    if first is None or first[0] not in DENIED:
        return first[0] if first else None
    token = _token({name.lower(): value for name, value in first[1].items()}.get("www-authenticate", ""))
    return status(url, {"Accept": ACCEPT, "Authorization": f"Bearer {token}"}) if token else first[0]


def _token(challenge: str) -> str | None:
    """Return an anonymous token: https://distribution.github.io/distribution/spec/auth/token/"""
    asked = dict(re.findall(r'(\w+)="([^"]*)"', challenge))
    realm = asked.pop("realm", None)
    if realm is None:
        return None
    query = urllib.parse.urlencode({key: asked[key] for key in ("service", "scope") if key in asked})
    answer = _asked(f"{realm}?{query}", {}, "GET")
    try:
        found = json.loads(answer[2]) if answer and answer[0] == FOUND else {}
    except ValueError:
        return None
    return found.get("token") or found.get("access_token")

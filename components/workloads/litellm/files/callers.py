"""Gives each caller of a LiteLLM gateway its key, its budget and its limits. Safe to run again.

Reads CALLERS (JSON: the name of a caller -> what /key/generate takes) and one key file a caller in KEYS. The key of one
that is no longer there is deleted, and so is one that has been replaced. Works with the standard library alone and
prints no key.
"""

import hashlib
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

SERVER = os.environ["LITELLM_URL"].rstrip("/")
MASTER = os.environ["LITELLM_MASTER_KEY"]
PATIENCE_SECONDS = float(os.environ.get("PATIENCE_SECONDS", "300"))
OURS = {"made_by": "stack"}
"""The metadata of keys that this program made, and may delete."""


class RefusedError(Exception):
    """LiteLLM answered with something else than expected."""


def request(method: str, call: str, body: dict[str, Any] | None = None) -> tuple[int, str]:
    """One call; the status and the text of the answer."""
    made = urllib.request.Request(
        f"{SERVER}{call}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {MASTER}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(made, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def patiently(method: str, call: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """One call, made again while the gateway cannot be reached or fails; what it answered."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            status, text = request(method, call, body)
            problem = f"HTTP {status}"
        except OSError as error:
            status, text, problem = 0, "", str(error)
        if status == 200:
            answer: dict[str, Any] = json.loads(text)
            return answer
        if 0 < status < 500:
            raise RefusedError(f"{call.partition('?')[0]}: HTTP {status}")
        if time.monotonic() > end:
            raise RefusedError(f"no answer from {SERVER}: {problem}")
        print(f"waiting for {SERVER}: {problem}", flush=True)
        time.sleep(3)


def made_before() -> dict[str, str]:
    """The keys that this program made: the digest of each, by its caller."""
    found: dict[str, str] = {}
    page, pages = 1, 1
    while page <= pages:
        query = urllib.parse.urlencode({"page": page, "size": 100, "return_full_object": "true"})
        answer = patiently("GET", f"/key/list?{query}")
        for key in answer["keys"]:
            if (key.get("metadata") or {}).get("made_by") == OURS["made_by"]:
                found[key["key_alias"]] = key["token"]
        pages = answer["total_pages"]
        page += 1
    return found


def main() -> int:
    """Bring all keys into their state; 1 where one could not be."""
    callers: dict[str, dict[str, Any]] = json.loads(os.environ["CALLERS"])
    folder = pathlib.Path(os.environ["KEYS"])
    try:
        keys = {name: (folder / name).read_text(encoding="utf-8").strip() for name in callers}
        before = made_before()
        for name, digest in before.items():
            if name not in keys or hashlib.sha256(keys[name].encode()).hexdigest() != digest:
                patiently("POST", "/key/delete", {"keys": [digest]})
                print(f"{name}: old key deleted", flush=True)
        for name, limits in callers.items():
            known = before.get(name) == hashlib.sha256(keys[name].encode()).hexdigest()
            call = "/key/update" if known else "/key/generate"
            patiently("POST", call, {"key": keys[name], "key_alias": name, "metadata": OURS, **limits})
            print(f"{name}: {'limits set' if known else 'key made'}", flush=True)
    except (RefusedError, OSError, KeyError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

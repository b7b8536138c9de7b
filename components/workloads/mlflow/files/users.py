"""Creates the users of an MLflow server and sets their passwords and rights. Safe to run again.

Reads USERS (JSON: the name of a user -> {"admin": true or false}) and one password file a user in PASSWORDS. Works with
the standard library alone and prints no password: MLflow's answer to a double creation holds a hash of one.
"""

import base64
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

SERVER = os.environ["MLFLOW_TRACKING_URI"].rstrip("/")
ADMIN = (os.environ["MLFLOW_TRACKING_USERNAME"], os.environ["MLFLOW_TRACKING_PASSWORD"])
PATIENCE_SECONDS = float(os.environ.get("PATIENCE_SECONDS", "300"))
API = f"{SERVER}/api/2.0/mlflow/users"
Credentials = tuple[str, str]


class RefusedError(Exception):
    """MLflow answered with something else than expected."""


def request(method: str, call: str, credentials: Credentials, body: dict[str, object] | None = None) -> tuple[int, str]:
    """One call; the status and the text of the answer."""
    token = base64.b64encode(":".join(credentials).encode()).decode()
    made = urllib.request.Request(
        f"{API}/{call}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Basic {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(made, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def patiently(
    method: str, call: str, credentials: Credentials, body: dict[str, object] | None = None
) -> tuple[int, str]:
    """One call, made again while the server cannot be reached or fails."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            status, text = request(method, call, credentials, body)
            problem = f"HTTP {status}"
        except OSError as error:
            status, text, problem = 0, "", str(error)
        if 0 < status < 500:
            return status, text
        if time.monotonic() > end:
            raise RefusedError(f"no answer from {SERVER}: {problem}")
        print(f"waiting for {SERVER}: {problem}", flush=True)
        time.sleep(3)


def expect(status: int, what: str) -> None:
    """Stop where a call was not taken."""
    if status != 200:
        raise RefusedError(f"{what}: HTTP {status}")


def ensure(name: str, password: str, *, admin: bool) -> list[str]:
    """Bring one user into its state; what was done for it."""
    done = []
    query = urllib.parse.urlencode({"username": name})
    status, text = patiently("GET", f"get?{query}", ADMIN)
    if status == 404:
        # Another run may have created the user in the meantime, which is as good.
        patiently("POST", "create", ADMIN, {"username": name, "password": password})
        status, text = patiently("GET", f"get?{query}", ADMIN)
        done.append("created")
    expect(status, f"user {name}")
    # The user's own login tells whether the password is right already.
    if patiently("GET", "current", (name, password))[0] != 200:
        status, _ = patiently("PATCH", "update-password", ADMIN, {"username": name, "password": password})
        expect(status, f"password of {name}")
        done.append("password set")
    if bool(json.loads(text)["user"]["is_admin"]) != admin:
        status, _ = patiently("PATCH", "update-admin", ADMIN, {"username": name, "is_admin": admin})
        expect(status, f"rights of {name}")
        done.append("administrator" if admin else "no administrator")
    return done


def main() -> int:
    """Bring all users into their state; 1 where one could not be."""
    try:
        expect(patiently("GET", "current", ADMIN)[0], f"login of the administrator {ADMIN[0]}")
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    failed = 0
    passwords = pathlib.Path(os.environ["PASSWORDS"])
    for name, user in json.loads(os.environ["USERS"]).items():
        try:
            password = (passwords / name).read_text(encoding="utf-8").strip()
            print(f"{name}: {', '.join(ensure(name, password, admin=user['admin'])) or 'unchanged'}", flush=True)
        except (RefusedError, OSError, KeyError, ValueError) as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Creates the users and workspaces of an MLflow server and sets passwords and permissions. Safe to run again.

Reads USERS (JSON: the name of a user -> {"admin": true or false}), one password file a user in PASSWORDS, and
WORKSPACES (JSON: the name of a workspace -> {"description": ..., "user": [names], "admin": [names]}). Works with the
standard library alone and prints no password: MLflow's answer to a double creation holds a hash of one.

In these workspaces the users have the roles that are listed, and no other of the two. It changes neither further roles
nor further users, whom administrators manage in MLflow.
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
API = f"{SERVER}/api"
USERS, WORKSPACES, ROLES = "2.0/mlflow/users", "3.0/mlflow/workspaces", "3.0/mlflow/roles"
PERMISSIONS = {"user": "USE", "admin": "MANAGE"}
"""What each role has for its whole workspace; MLflow creates both roles with a workspace, except with `default`."""

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
    status, text = patiently("GET", f"{USERS}/get?{query}", ADMIN)
    if status == 404:
        # Another run may have created the user in the meantime, which is as good.
        patiently("POST", f"{USERS}/create", ADMIN, {"username": name, "password": password})
        status, text = patiently("GET", f"{USERS}/get?{query}", ADMIN)
        done.append("created")
    expect(status, f"user {name}")
    # The user's own login tells whether the password is right already.
    if patiently("GET", f"{USERS}/current", (name, password))[0] != 200:
        status, _ = patiently("PATCH", f"{USERS}/update-password", ADMIN, {"username": name, "password": password})
        expect(status, f"password of {name}")
        done.append("password set")
    if bool(json.loads(text)["user"]["is_admin"]) != admin:
        status, _ = patiently("PATCH", f"{USERS}/update-admin", ADMIN, {"username": name, "is_admin": admin})
        expect(status, f"rights of {name}")
        done.append("administrator" if admin else "no administrator")
    return done


def ensure_workspace(name: str, description: str) -> dict[str, int]:
    """Create a workspace where it is missing; the number of each of its two roles."""
    if patiently("GET", f"{WORKSPACES}/{name}", ADMIN)[0] == 404:
        patiently("POST", WORKSPACES, ADMIN, {"name": name, "description": description})
        print(f"workspace {name}: created", flush=True)
    status, text = patiently("GET", f"{ROLES}/list?workspace={name}", ADMIN)
    expect(status, f"roles of workspace {name}")
    found = {role["name"]: role for role in json.loads(text)["roles"]}
    for role in PERMISSIONS.keys() - found.keys():
        status, text = patiently("POST", f"{ROLES}/create", ADMIN, {"name": role, "workspace": name})
        expect(status, f"role {role} of workspace {name}")
        found[role] = json.loads(text)["role"]
    for role, permission in PERMISSIONS.items():
        number = found[role]["id"]
        if permission not in [one["permission"] for one in found[role]["permissions"]]:
            grant = {"resource_type": "workspace", "resource_pattern": "*", "permission": permission}
            status, _ = patiently("POST", f"{ROLES}/permissions/add", ADMIN, {"role_id": number, **grant})
            expect(status, f"permission of role {role} of workspace {name}")
    return {role: found[role]["id"] for role in PERMISSIONS}


def ensure_roles(name: str, wanted: dict[int, str], managed: set[int]) -> list[str]:
    """Give one user the roles that are wanted, and take the others that are managed; what was done."""
    query = urllib.parse.urlencode({"username": name})
    status, text = patiently("GET", f"{USERS.replace('2.0', '3.0')}/roles/list?{query}", ADMIN)
    expect(status, f"roles of {name}")
    held = {role["id"]: f"{role['name']} of {role['workspace']}" for role in json.loads(text)["roles"]}
    done = []
    for number in wanted.keys() - held.keys():
        status, _ = patiently("POST", f"{ROLES}/assign", ADMIN, {"username": name, "role_id": number})
        expect(status, f"role {wanted[number]} of {name}")
        done.append(wanted[number])
    for number in managed & held.keys() - wanted.keys():
        status, _ = patiently("DELETE", f"{ROLES}/unassign", ADMIN, {"username": name, "role_id": number})
        expect(status, f"removal of role {held[number]} from {name}")
        done.append(f"no {held[number]}")
    return done


def main() -> int:
    """Bring all users and workspaces into their state; 1 where one could not be."""
    try:
        expect(patiently("GET", f"{USERS}/current", ADMIN)[0], f"login of the administrator {ADMIN[0]}")
    except RefusedError as error:
        print(error, file=sys.stderr)
        return 1
    failed = 0
    workspaces = json.loads(os.environ.get("WORKSPACES", "{}"))
    numbers: dict[str, dict[str, int]] = {}
    for name, workspace in workspaces.items():
        try:
            numbers[name] = ensure_workspace(name, workspace["description"])
        except (RefusedError, KeyError, ValueError) as error:
            failed += 1
            print(f"workspace {name}: {error}", file=sys.stderr, flush=True)
    managed = {number for roles in numbers.values() for number in roles.values()}
    passwords = pathlib.Path(os.environ["PASSWORDS"])
    for name, user in json.loads(os.environ["USERS"]).items():
        try:
            password = (passwords / name).read_text(encoding="utf-8").strip()
            done = ensure(name, password, admin=user["admin"])
            if managed:
                wanted = {
                    number: f"{role} of {workspace}"
                    for workspace, roles in numbers.items()
                    for role, number in roles.items()
                    if name in workspaces[workspace][role]
                }
                done += ensure_roles(name, wanted, managed)
            print(f"{name}: {', '.join(done) or 'unchanged'}", flush=True)
        except (RefusedError, OSError, KeyError, ValueError) as error:
            failed += 1
            print(f"{name}: {error}", file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""MLflow: host names of its server, members of workspaces, and what garbage collection frees."""

from collections.abc import Iterator

from catalog.quantities import DISK, MIB, amount
from catalog.reading.problems import Path, Problem, did_you_mean
from config.rules.stack import Rule, Stack
from config.tenants import TenantMlflow
from config.workloads.mlflow import Mlflow


def host(stack: Stack) -> Iterator[Problem]:
    """The host names of MLflow are known, because it rejects requests to others."""
    mlflow, by_controller = stack.settings.workloads.mlflow, stack.settings.ingress.owner == "controller"
    if mlflow is not None and mlflow.host is None and by_controller and not mlflow.extra_hosts:
        yield Problem(
            ("workloads", "mlflow", "host"),
            "is missing, and the host name of a controller's load balancer is not known before it exists; "
            "set host, or extraHosts",
            because=(("ingress", "owner"),),
        )


def workspaces(stack: Stack) -> Iterator[Problem]:
    """A workspace has users, who exist and are listed once, and each user has a workspace."""
    mlflow = stack.settings.workloads.mlflow
    if mlflow is None:
        return
    seen: set[str] = set()
    for name, workspace in mlflow.workspaces.items():
        path: Path = ("workloads", "mlflow", "workspaces", name)
        if not workspace.users and not workspace.admins:
            yield Problem(path, "has no users; set users or admins, or remove it")
        listed: set[str] = set()
        for key, users in (("users", workspace.users), ("admins", workspace.admins)):
            for index, user in enumerate(users):
                if user not in mlflow.users:
                    yield Problem((*path, key, index), f"unknown user {user!r}{did_you_mean(user, mlflow.users)}")
                elif user in listed:
                    yield Problem((*path, key, index), f"duplicate user {user}; admins can do all that users can")
                listed.add(user)
        seen |= listed
    for name, account in mlflow.users.items():
        if mlflow.workspaces and name not in seen and not account.admin:
            yield Problem(
                ("workloads", "mlflow", "users", name),
                "is in no workspace and can open none; add the user to workspaces.default or to another one",
                severity="warning",
                because=(("workloads", "mlflow", "workspaces"),),
            )


def collected(stack: Stack) -> Iterator[Problem]:
    """Artifacts that garbage collection deletes leave the bucket: noncurrent versions expire."""
    mlflow = stack.settings.workloads.mlflow
    if mlflow is None or mlflow.gc is None or mlflow.bucket not in stack.settings.buckets:
        return
    bucket = stack.settings.buckets[mlflow.bucket]
    if bucket.versioning and bucket.lifecycle.noncurrent_days is None:
        yield Problem(
            ("buckets", mlflow.bucket, "lifecycle", "noncurrentDays"),
            "keeps every deleted artifact as a noncurrent version, so workloads.mlflow.gc frees no storage; "
            "set the days, or versioning: false",
            severity="warning",
            because=(("workloads", "mlflow", "gc"),),
        )


SMALLEST_LIMIT = 16 * MIB
"""The server's own files on its scratch disk are smaller: counters, caches of packages."""

MULTIPART_BYTES = 500 * MIB
"""Default of MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE of clients:
https://mlflow.org/docs/latest/api_reference/python_api/mlflow.environment_variables.html"""


def artifacts(stack: Stack) -> Iterator[Problem]:
    """The largest file that goes through a server fits its scratch disk, and clients upload larger ones to S3."""
    servers: list[tuple[Path, Mlflow | TenantMlflow | None]] = [
        (("workloads", "mlflow"), stack.settings.workloads.mlflow),
        (("tenants", "mlflow"), stack.settings.tenants.mlflow if stack.settings.tenants else None),
    ]
    for path, server in servers:
        if server is None or server.artifact_limit is None:
            continue
        limit, here = amount(DISK, server.artifact_limit), (*path, "artifactLimit")
        if limit < SMALLEST_LIMIT:
            yield Problem(here, f"{server.artifact_limit} is less than 16Mi, which the server's own files need")
        elif limit > amount(DISK, server.scratch):
            yield Problem(
                here,
                f"{server.artifact_limit} is above scratch, {server.scratch}, to which the server copies a file; "
                "decrease it, or increase scratch",
                because=((*path, "scratch"),),
            )
        elif server.signed_urls and limit < MULTIPART_BYTES:
            yield Problem(
                here,
                f"{server.artifact_limit} is below 500Mi, from which clients upload to S3 with signed URLs: files "
                f"between the two get 413; clients need MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE={limit}",
                severity="warning",
            )


RULES: tuple[Rule, ...] = (host, workspaces, collected, artifacts)

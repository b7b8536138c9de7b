"""Settings of MLflow that its server refuses, ignores, or that lose files and pods."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

_USERS = "      users: {ann: {}, bob: {admin: true}}\n"
_AUTH = "https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/"
_WORKSPACES = "https://mlflow.org/docs/latest/self-hosting/workspaces/"

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "MLflow: a permission that is not a default": Case(
        (("", "      defaultPermission: DENY\n"),),
        ("27: workloads.mlflow.defaultPermission: 'DENY' is not one of NO_PERMISSIONS, READ, USE, EDIT, MANAGE",),
        "https://github.com/ministryofjustice/analytical-platform/issues/4614",
    ),
    "MLflow: a permission in lower case": Case(
        (("", "      defaultPermission: read\n"),),
        (
            "27: workloads.mlflow.defaultPermission: 'read' is not one of NO_PERMISSIONS, READ, USE, EDIT, MANAGE; did you mean READ?",
        ),
        _AUTH,
    ),
    "MLflow: a workspace for an unknown user": Case(
        (("", f"{_USERS}      workspaces: {{research: {{users: [anne]}}}}\n"),),
        ("28: workloads.mlflow.workspaces.research.users[0]: unknown user 'anne'; did you mean ann?",),
        _WORKSPACES,
    ),
    "MLflow: a workspace for nobody": Case(
        (("", f"{_USERS}      workspaces: {{research: {{users: [ann]}}, empty: {{description: Later}}}}\n"),),
        ("28: workloads.mlflow.workspaces.empty: has no users; set users or admins, or remove it",),
        "https://github.com/mlflow/mlflow/pull/22941",
    ),
    "MLflow: a user and admin of a workspace": Case(
        (("", f"{_USERS}      workspaces: {{research: {{users: [ann], admins: [ann]}}}}\n"),),
        ("28: workloads.mlflow.workspaces.research.admins[0]: duplicate user ann; admins can do all that users can",),
        _WORKSPACES,
    ),
    "warning: MLflow: a user without a workspace": Case(
        (("", "      users: {ann: {}, eve: {}}\n      workspaces: {research: {users: [ann]}}\n"),),
        (
            "27: workloads.mlflow.users.eve: is in no workspace and can open none; add the user to workspaces.default or to another one",
        ),
        "https://github.com/mlflow-oidc/mlflow-oidc-auth/issues/240",
    ),
    "MLflow: a reserved name of a workspace": Case(
        (("", f"{_USERS}      workspaces: {{api: {{users: [ann]}}}}\n"),),
        (
            "28: workloads.mlflow.workspaces.api: 'api' is not a workspace name; write 2-63 lower-case letters, digits and hyphens, and not workspaces, api, ajax-api or static-files",
        ),
        "https://github.com/mlflow/mlflow/pull/19778",
    ),
    "MLflow: a workspace's name of one letter": Case(
        (("", f"{_USERS}      workspaces: {{a: {{users: [ann]}}}}\n"),),
        (
            "28: workloads.mlflow.workspaces.a: 'a' is not a workspace name; write 2-63 lower-case letters, digits and hyphens, and not workspaces, api, ajax-api or static-files",
        ),
        "https://github.com/mlflow/mlflow/pull/19778",
    ),
    "MLflow: workspaces by a variable": Case(
        (("", "      environment: {MLFLOW_ENABLE_WORKSPACES: 'true'}\n"),),
        (
            "27: workloads.mlflow.environment.MLFLOW_ENABLE_WORKSPACES: the environment variable MLFLOW_ENABLE_WORKSPACES cannot be overridden: use workspaces",
        ),
        _WORKSPACES,
    ),
    "MLflow: the client's workspace on the server": Case(
        (("", "      environment: {MLFLOW_WORKSPACE: research}\n"),),
        (
            "27: workloads.mlflow.environment.MLFLOW_WORKSPACE: the environment variable MLFLOW_WORKSPACE cannot be overridden: use workspaces",
        ),
        _WORKSPACES,
    ),
    "MLflow: workspaces by an argument": Case(
        (("", "      arguments: [--disable-workspaces]\n"),),
        ("27: workloads.mlflow.arguments[0]: the argument --disable-workspaces cannot be overridden: use workspaces",),
        _WORKSPACES,
    ),
    "MLflow: garbage collection of what was deleted a moment ago": Case(
        (("", "      gc: {olderThanDays: 0}\n"),),
        ("27: workloads.mlflow.gc.olderThanDays: 0 is too small; the minimum is 1",),
        "https://github.com/mlflow/mlflow/issues/2152",
    ),
    "MLflow: garbage collection on a Sunday numbered 7": Case(
        (("", "      gc: {schedule: 0 3 * * 7}\n"),),
        (
            "27: workloads.mlflow.gc.schedule: '0 3 * * 7' is not a schedule of a CronJob; set five fields (minute hour day month weekday, with Sunday = 0, without L, W and #) such as '0 2 * * *', or a macro such as @daily",
        ),
        "https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format",
    ),
    "warning: MLflow: garbage that stays as noncurrent versions": Case(
        (("artifacts: {}", "artifacts: {lifecycle: {noncurrentDays: null}}"), ("", "      gc: {}\n")),
        (
            "22: buckets.artifacts.lifecycle.noncurrentDays: keeps every deleted artifact as a noncurrent version, so workloads.mlflow.gc frees no storage; set the days, or versioning: false",
        ),
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html",
    ),
    "MLflow: a toleration of no taint": Case(
        (("", "      tolerations: [{key: spot, value: 'true'}]\n"),),
        ("27: workloads.mlflow.tolerations[0]: matches no taint of a node group or pool; remove it",),
        "https://github.com/artifacthub/hub/pull/4603",
    ),
    "MLflow of tenants: a toleration of another value": Case(
        (
            (
                "max: 3}",
                "max: 3}\n    ml: {instanceTypes: [m7i.large], scaling: {min: 0, desired: 0, max: 3}, taints: [{key: team, value: ml}]}",
            ),
            (
                "",
                "  ai-platform:tenants: {range: {last: 2}, quota: {cpu: '2', memory: 2Gi}, mlflow: {tolerations: [{key: team, value: mi}]}}\n",
            ),
        ),
        (
            "28: tenants.mlflow.tolerations[0]: matches no taint of a node group or pool; set {key: team, value: 'ml', effect: NoSchedule}",
        ),
        "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
    ),
    "MLflow of tenants: a quota for the server alone": Case(
        (("", "  ai-platform:tenants: {range: {last: 2}, quota: {cpu: '1', memory: 1Gi}, mlflow: {gc: {}}}\n"),),
        (
            "27: tenants.quota.cpu: is less than the 1500m CPU of the tenant's MLflow server and garbage collection; increase it",
            "27: tenants.quota.memory: is less than the 1664Mi memory of the tenant's MLflow server and garbage collection; increase it",
        ),
        "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    ),
    "MLflow: a larger limit than its disk": Case(
        (("", "      artifactLimit: 6Gi\n"),),
        (
            "27: workloads.mlflow.artifactLimit: 6Gi is above scratch, 5Gi, to which the server copies a file; decrease it, or increase scratch",
        ),
        "https://github.com/mlflow/mlflow/issues/7564",
    ),
    "MLflow of tenants: a larger limit than its disk": Case(
        (
            (
                "",
                "  ai-platform:tenants: {range: {last: 2}, quota: {cpu: '2', memory: 2Gi}, mlflow: {artifactLimit: 2Gi, scratch: 1Gi}}\n",
            ),
        ),
        (
            "27: tenants.mlflow.artifactLimit: 2Gi is above scratch, 1Gi, to which the server copies a file; decrease it, or increase scratch",
        ),
        "https://github.com/mlflow/mlflow/issues/8539",
    ),
    "MLflow: a limit below the server's own files": Case(
        (("", "      artifactLimit: 1Mi\n"),),
        ("27: workloads.mlflow.artifactLimit: 1Mi is less than 16Mi, which the server's own files need",),
        "https://man7.org/linux/man-pages/man2/getrlimit.2.html",
    ),
    "warning: MLflow: files between the limit and signed URLs": Case(
        (("", "      artifactLimit: 100Mi\n"),),
        (
            "27: workloads.mlflow.artifactLimit: 100Mi is below 500Mi, from which clients upload to S3 with signed URLs: files between the two get 413; clients need MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE=104857600",
        ),
        "https://github.com/mlflow/mlflow/issues/19731",
    ),
}
# fmt: on

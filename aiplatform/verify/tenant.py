"""Checks of a tenant's objects in the cluster."""

from aiplatform.verify.ask import APPS, CORE, condition, is_ready, pods_outcome, quota_outcome, ready_pods, some
from aiplatform.verify.model import Outcome, Subject, failed, passed, warned
from aiplatform.verify.problem import FORBIDDEN, RefusedError
from catalog.quantities import CPU, MEMORY
from components.sharing.tenants.kubeflow_names import ACCESS_MLFLOW, ACCESS_PIPELINES
from components.sharing.tenants.names import EDITOR, OWNER_BINDING, QUOTA, VIEWER, group
from components.sharing.tenants.postgresql_names import MLFLOW_APP as SERVER
from components.sharing.tenants.postgresql_names import SERVER_APP as POSTGRES
from config.kubeflow import Kubeflow
from config.settings import Settings
from config.workloads.mlflow import PORT

_ASK = "ask the instructor to apply the stack again: `pulumi up`"


def kubeflow(settings: Settings) -> bool:
    """Return whether tenants have Profiles."""
    return settings.tenants is not None and settings.tenants.profiles


def mlflow(settings: Settings) -> bool:
    """Return whether tenants have tracking servers."""
    return settings.tenants is not None and settings.tenants.mlflow is not None


def namespace(subject: Subject) -> Outcome:
    """Check that the namespace exists."""
    name = subject.tenant.namespace
    try:
        found = subject.cluster.get(f"{CORE}/{name}")
    except RefusedError as error:
        if error.code != "403":
            raise
        who = subject.caller.user
        return failed(f"{name} is closed to you; the cluster knows you as {who}", "is this your number?")
    if found is None:
        return failed(f"there is no namespace {name}", f"is this your number? Else {_ASK}")
    phase = found.get("status", {}).get("phase", "")
    return passed(f"{name} is {phase}") if phase == "Active" else failed(f"{name} is {phase}", _ASK)


def profile(subject: Subject) -> Outcome:
    """Check that the Profile exists and its owner is the tenant's e-mail address."""
    tenant = subject.tenant
    found = subject.cluster.get(f"/apis/kubeflow.org/v1/profiles/{tenant.profile}")
    if found is None:
        return failed(f"there is no Profile {tenant.profile}", _ASK)
    owner = found.get("spec", {}).get("owner", {}).get("name", "")
    if owner != tenant.email:
        return failed(
            f"{tenant.profile} belongs to {owner or 'no user'}, not to {tenant.email}",
            "the instructor makes the Profile anew (`pulumi up --replace`): patching spec.owner.name leaves the old "
            "owner on the namespace, its namespaceAdmin binding and its AuthorizationPolicy",
        )
    return passed(f"{tenant.profile} belongs to {owner}")


def service_accounts(subject: Subject) -> Outcome:
    """Check that both service accounts exist."""
    place = f"{CORE}/{subject.tenant.namespace}/serviceaccounts"
    absent = [name for name in (EDITOR, VIEWER) if subject.cluster.get(f"{place}/{name}") is None]
    if absent:
        return failed(f"there is no service account {' and no '.join(absent)}", _ASK)
    return passed(f"{EDITOR} and {VIEWER} are there")


def quota(subject: Subject) -> Outcome:
    """Check that the quota exists and has the values of the settings."""
    tenant = subject.tenant
    found = subject.cluster.get(f"{CORE}/{tenant.namespace}/resourcequotas/{QUOTA}")
    amounts = {CPU: tenant.quota.cpu, MEMORY: tenant.quota.memory}
    wanted = {f"{kind}.{name}": allowed for name, allowed in amounts.items() for kind in ("requests", "limits")}
    return quota_outcome(found, QUOTA, tenant.namespace, wanted, hint=_ASK)


def role_binding(subject: Subject) -> Outcome:
    """Check that the tenant's group is bound to a role in the namespace."""
    tenant = subject.tenant
    found = subject.cluster.get(
        f"/apis/rbac.authorization.k8s.io/v1/namespaces/{tenant.namespace}/rolebindings/{OWNER_BINDING}"
    )
    if found is None:
        return failed(f"there is no RoleBinding {OWNER_BINDING}", _ASK)
    bound = {(one["kind"], one["name"]) for one in found.get("subjects") or ()}
    if not bound & {("Group", group(tenant.name)), ("User", tenant.email)}:
        return failed(f"{OWNER_BINDING} does not bind {group(tenant.name)}", _ASK)
    return passed(f"{OWNER_BINDING} gives {group(tenant.name)} the role {found['roleRef']['name']}")


def pod_defaults(subject: Subject) -> Outcome:
    """Check that both PodDefaults exist."""
    wanted = [ACCESS_MLFLOW] if mlflow(subject.settings) else []
    if _kubeflow(subject).has("pipelines"):
        wanted.append(ACCESS_PIPELINES)
    place = f"/apis/kubeflow.org/v1alpha1/namespaces/{subject.tenant.namespace}/poddefaults"
    absent = [name for name in wanted if subject.cluster.get(f"{place}/{name}") is None]
    if absent:
        return failed(f"there is no PodDefault {' and no '.join(absent)}", _ASK)
    return passed(f"{' and '.join(sorted(wanted))} are there" if wanted else "none is needed")


def mlflow_pod_default(subject: Subject) -> Outcome:
    """Check that the PodDefault sets the URI of the tenant's MLflow server."""
    place = subject.tenant.namespace
    found = subject.cluster.get(f"/apis/kubeflow.org/v1alpha1/namespaces/{place}/poddefaults/{ACCESS_MLFLOW}")
    if found is None:
        return failed(f"there is no PodDefault {ACCESS_MLFLOW}", _ASK)
    spec = found.get("spec", {})
    region = subject.settings.project.region
    wanted = {
        "MLFLOW_TRACKING_URI": f"http://{SERVER}.{place}.svc.cluster.local:{PORT}",
        "MLFLOW_S3_ENDPOINT_URL": f"https://s3.{region}.amazonaws.com",
        "AWS_DEFAULT_REGION": region,
    }
    said = {one["name"]: one.get("value", "") for one in spec.get("env") or ()}
    for name, value in wanted.items():
        if said.get(name) != value:
            return failed(f"{ACCESS_MLFLOW} sets {name} to {said.get(name) or 'nothing'}, not to {value}", _ASK)
    if not spec.get("selector", {}).get("matchLabels"):
        return failed(f"{ACCESS_MLFLOW} selects no label, so no pod can choose it", _ASK)
    return passed(f"{ACCESS_MLFLOW} leads to {wanted['MLFLOW_TRACKING_URI']}")


def resources(subject: Subject) -> Outcome:
    """Count pods, Services and claims, and check that they are ready."""
    place = f"{CORE}/{subject.tenant.namespace}"
    items = {
        kind: (subject.cluster.get(f"{place}/{kind}") or {}).get("items", [])
        for kind in ("pods", "services", "persistentvolumeclaims")
    }
    counted = (
        f"{len(items['pods'])} pods, {len(items['services'])} services, {len(items['persistentvolumeclaims'])} PVCs"
    )
    bad = [
        one["metadata"]["name"]
        for one in items["pods"]
        if one.get("status", {}).get("phase") != "Succeeded" and not is_ready(one)
    ]
    bad += [
        one["metadata"]["name"]
        for one in items["persistentvolumeclaims"]
        if one.get("status", {}).get("phase") == "Lost"
    ]
    if bad:
        return warned(f"{counted}; not well: {some(bad)}", f"kubectl -n {subject.tenant.namespace} get events")
    return passed(counted)


def mlflow_server(subject: Subject) -> Outcome:
    """Check that the tenant's server and the shared PostgreSQL are ready."""
    tenant, cluster = subject.tenant, subject.cluster
    shared = subject.settings.tenants.mlflow if subject.settings.tenants else None
    if shared is None:
        raise LookupError("the stack has no tracking servers")
    logs = f"kubectl -n {tenant.namespace} logs -l app={SERVER}"
    service = cluster.get(f"{CORE}/{tenant.namespace}/services/{SERVER}")
    if service is None:
        return failed(f"there is no Service {SERVER} in {tenant.namespace}", _ASK)
    ports = [one.get("port") for one in service.get("spec", {}).get("ports") or ()]
    if PORT not in ports:
        return failed(f"Service {SERVER} has the port {', '.join(map(str, ports))}, not {PORT}", _ASK)
    database = pods_outcome(
        cluster, shared.namespace, f"app={POSTGRES}", hint=f"kubectl -n {shared.namespace} get pods -l app={POSTGRES}"
    )
    if tenant.suspended:
        pods, _ = ready_pods(cluster, tenant.namespace, f"app={SERVER}")
        if pods:
            return warned(f"{tenant.name} is suspended, yet {len(pods)} servers run", _ASK)
        return passed(f"{tenant.name} is suspended: no server, as it should be") if _well(database) else database
    server = pods_outcome(cluster, tenant.namespace, f"app={SERVER}", hint=logs)
    if not _well(server):
        return server
    return passed(f"{SERVER}:{PORT} and {POSTGRES} are ready") if _well(database) else database


def _well(outcome: Outcome) -> bool:
    return outcome.verdict == "passed"


EMPTY = "kubeflow-system"
"""A namespace of every installation, for parts that the platform does not install."""


def _kubeflow(subject: Subject) -> Kubeflow:
    settings = subject.settings.kubeflow
    if settings is None:
        raise LookupError("the stack has no Kubeflow")
    return settings


def system(subject: Subject) -> Outcome:
    """Check that the Deployments of Kubeflow are available."""
    ready = 0
    for place in _kubeflow(subject).namespaces():
        try:
            found = (subject.cluster.get(f"{APPS}/{place}/deployments") or {}).get("items", [])
        except RefusedError as error:
            if error.code not in FORBIDDEN:
                raise
            return failed(f"you may not look into {place}", _ASK)
        if not found and place != EMPTY:
            return failed(f"nothing is installed in {place}", _ASK)
        bad = [one["metadata"]["name"] for one in found if not condition(one, "Available")]
        if bad:
            return failed(f"not available in {place}: {some(bad)}", f"kubectl -n {place} get pods")
        ready += len(found)
    return passed(f"{ready} Deployments are available")


def verdict(subject: Subject) -> Outcome:
    """Check by the previous results whether the lab can start."""
    if any(one.verdict == "failed" for one in subject.earlier):
        return failed("the lab cannot start yet", "mend what failed above, or ask the instructor")
    return passed("the lab can start")

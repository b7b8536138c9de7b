"""Checks of a trainee's computer: tools, credentials, access to the cluster, and variables."""

import json
import re

from aiplatform.verify.ask import CORE
from aiplatform.verify.model import Outcome, Subject, failed, passed, tenant_roles, warned
from config.settings import Settings
from config.tenants import Tenant

AWS = "`brew install awscli`, or on Windows the installer of https://aws.amazon.com/cli/"
KUBECTL = "`brew install kubectl`, or on Windows `choco install kubernetes-cli`"
GIT = "`brew install git`, or on Windows https://git-scm.com/"
"""How to install each tool."""

SKEW = 1
"""Supported difference of minor versions between kubectl and cluster:
https://kubernetes.io/releases/version-skew-policy/
"""


def aws_cli(subject: Subject) -> Outcome:
    """Check that the AWS CLI has version 2: version 1 supports neither SSO nor current logins to EKS."""
    return _of_major(subject, "AWS CLI", ("aws", "--version"), r"aws-cli/((\d+)\.[\d.]+)", AWS)


def git(subject: Subject) -> Outcome:
    """Check that Git has version 2."""
    return _of_major(subject, "Git", ("git", "--version"), r"git version ((\d+)\.[\d.]*\d)", GIT)


def _of_major(subject: Subject, name: str, command: tuple[str, ...], pattern: str, install: str) -> Outcome:
    """Check that a tool is installed and has version 2."""
    said = subject.machine.run(*command)
    if said is None:
        return failed(f"{name} is missing", install)
    found = re.search(pattern, said)
    if found is None:
        return failed(f"`{' '.join(command)}` says {said.strip()[:80]!r}, which names no version", install)
    return passed(f"{name} {found[1]}") if found[2] == "2" else failed(f"{name} {found[1]} is not version 2", install)


def kubectl(subject: Subject) -> Outcome:
    """Check that kubectl differs from the cluster by at most one minor version."""
    said = subject.machine.run("kubectl", "version", "--client", "--output=json")
    if said is None:
        return failed("kubectl is missing", KUBECTL)
    wanted = subject.settings.cluster.version
    try:
        version = str(json.loads(said)["clientVersion"]["gitVersion"])
        major, minor = (int(number) for number in version.removeprefix("v").split(".")[:2])
    except (ValueError, KeyError, TypeError):
        return failed("`kubectl version --client` names no version", KUBECTL)
    ours = tuple(int(number) for number in wanted.split("."))
    if major != ours[0] or abs(minor - ours[1]) > SKEW:
        return failed(f"kubectl {version} is more than one minor version from the cluster's {wanted}", KUBECTL)
    return passed(f"kubectl {version}; the cluster has {wanted}")


def login(subject: Subject) -> Outcome:
    """Check that the caller uses the IAM role of the tenant with the number in USER_NUM."""
    said, settings = subject.cloud.call("sts", "get_caller_identity"), subject.settings
    arn, account, wanted = str(said["Arn"]), str(said["Account"]), settings.project.account_id
    if wanted is not None and account != wanted:
        return failed(
            f"{arn} belongs to another account than {wanted}", "set another profile with AWS_PROFILE or --profile"
        )
    tenant = _by_number(subject)
    roles = tenant_roles(settings, _tenants(settings))
    if tenant is None or subject.caller.has_role_of(tenant, roles):
        return passed(f"AWS knows you as {arn}")
    for other in _tenants(settings):
        if subject.caller.has_role_of(other, roles):
            return failed(
                f"AWS knows you as {other.name}, and USER_NUM is the number of {tenant.name}",
                "set USER_NUM to your number",
            )
    role = tenant.principal_arn or roles[tenant.name]
    return warned(
        f"AWS knows you as {arn}, which is not {tenant.name}",
        f"set the profile that assumes {role} with AWS_PROFILE or --profile",
    )


def cluster(subject: Subject) -> Outcome:
    """Check that the control plane accepts the caller, and that `kubectl cluster-info` can read its information."""
    name = subject.settings.cluster_name()
    if subject.cluster.get(f"{CORE}/kube-system/services/kube-dns") is None:
        return failed(f"{name} answers and has no Service kube-dns", "ask the operator to check the add-on coredns")
    return passed(f"{name} knows you as {subject.caller.user}, and CoreDNS is there")


def variables(subject: Subject) -> Outcome:
    """Check the variables of the course: the tenant's number, and the values derived from it."""
    tenant, region = _by_number(subject), subject.settings.project.region
    if tenant is None:
        first = _tenants(subject.settings)[0]
        said = subject.machine.variable("USER_NUM")
        wrong = f"USER_NUM is {said}, which is the number of no tenant" if said else "USER_NUM is not set"
        return failed(wrong, _set({"USER_NUM": first.number}))
    wanted = {
        "USER_NUM": tenant.number,
        "NAMESPACE": tenant.namespace,
        "S3_BUCKET": tenant.bucket,
        "AWS_REGION": region,
    }
    other = {name: value for name, value in wanted.items() if subject.machine.variable(name) != value}
    if other:
        name, value = next(iter(other.items()))
        said = subject.machine.variable(name)
        return failed(f"{name} is {said or 'not set'}; for {tenant.name} it is {value}", _set(other))
    return passed(", ".join(f"{name}={value}" for name, value in wanted.items()))


def _set(values: dict[str, str]) -> str:
    """Return commands that set variables, for a shell and for PowerShell."""
    shell = " ".join(f"{name}={value}" for name, value in values.items())
    windows = "; ".join(f'$env:{name} = "{value}"' for name, value in values.items())
    return f"export {shell}\nin PowerShell: {windows}"


def repository(subject: Subject) -> Outcome:
    """Check that the course material is a Git clone, which `git pull` updates."""
    said = subject.machine.run("git", "rev-parse", "--show-toplevel")
    if said is None:
        return warned("this folder is no clone, so `git pull` brings it no corrections", "clone it with `git clone`")
    return passed(f"{said.strip()} is a clone")


def _tenants(settings: Settings) -> tuple[Tenant, ...]:
    return settings.tenants.all(settings.project.name) if settings.tenants else ()


def _by_number(subject: Subject) -> Tenant | None:
    """Return the tenant with the number in USER_NUM; None if there is none."""
    number = subject.machine.variable("USER_NUM")
    return next((one for one in _tenants(subject.settings) if one.number == number), None)

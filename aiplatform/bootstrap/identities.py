"""GitHub's identity provider, the permissions boundary, and the roles with their policies."""

import json
from collections.abc import Generator, Iterator, Mapping
from typing import Any

from aiplatform.bootstrap.step import Change, Kept, Step, found, request
from aiplatform.bootstrap.wanted import AUDIENCE, PROVIDER, TAGS, Document, Role, Wanted
from aiplatform.errors import AccessError
from aiplatform.iam.permissions import POLICIES, VERSION
from aiplatform.verify.model import Cloud, Json

VERSIONS = 5
"""Versions of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""

INLINE = "state-key"

_ABSENT = frozenset({"NoSuchEntity"})
_TAGS = [{"Key": name, "Value": value} for name, value in TAGS.items()]
_SUBJECT, _FOR = f"{PROVIDER}:sub", f"{PROVIDER}:aud"


def _compact(document: Document) -> str:
    return json.dumps(document, separators=(",", ":"))


def provider_steps(aws: Cloud, wanted: Wanted) -> Iterator[Step]:
    """Yield what GitHub's identity provider lacks; an account can have one."""
    now = found(aws, "iam", "get_open_id_connect_provider", _ABSENT, OpenIDConnectProviderArn=wanted.provider)
    if now is None:
        create = request(
            aws,
            "iam",
            "create_open_id_connect_provider",
            Url=f"https://{PROVIDER}",
            ClientIDList=[AUDIENCE],
            Tags=_TAGS,
        )
        yield Change("create", f"the identity provider {PROVIDER}", create)
    elif AUDIENCE not in now["ClientIDList"]:
        add = request(
            aws,
            "iam",
            "add_client_id_to_open_id_connect_provider",
            OpenIDConnectProviderArn=wanted.provider,
            ClientID=AUDIENCE,
        )
        yield Change("add", f"the audience {AUDIENCE} of the identity provider {PROVIDER}", add)


def is_ours(tags: Any) -> bool:  # noqa: ANN401, JSON
    """Return whether a resource of IAM has the tags of bootstrap."""
    return all(one in (tags or ()) for one in _TAGS)


def boundary_steps(aws: Cloud, wanted: Wanted) -> Iterator[Step]:
    """Yield the boundary, unless it is a policy of AWS or of the company, which stays as it is."""
    account = wanted.boundary.split(":")[4]
    if account != wanted.account:
        return
    now = found(aws, "iam", "get_policy", _ABSENT, PolicyArn=wanted.boundary)
    if now is not None and not is_ours(now["Policy"].get("Tags")):
        same = _document(aws, wanted.boundary, now["Policy"]["DefaultVersionId"]) == wanted.boundary_document
        differs = "" if same else "; it differs from what `aiplatform permissions` writes"
        yield Kept(f"adopted: the permissions boundary {_name(wanted.boundary)}, as it is{differs}")
        return
    yield from _policy(aws, wanted.boundary, wanted.boundary_document)


def _document(aws: Cloud, arn: str, version: str) -> Json:
    return aws.call("iam", "get_policy_version", PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _policy(aws: Cloud, arn: str, document: Document) -> Iterator[Step]:
    """Yield a managed policy, or a new version of it."""
    now = found(aws, "iam", "get_policy", _ABSENT, PolicyArn=arn)
    if now is None:
        path = f"/{arn.partition(':policy/')[2].removesuffix(_name(arn))}"
        create = request(
            aws,
            "iam",
            "create_policy",
            PolicyName=_name(arn),
            Path=path,
            PolicyDocument=_compact(document),
            Tags=_TAGS,
        )
        yield Change("create", f"the policy {_name(arn)}", create)
        return
    if _document(aws, arn, now["Policy"]["DefaultVersionId"]) == document:
        return
    versions = aws.call("iam", "list_policy_versions", PolicyArn=arn)["Versions"]
    if len(versions) >= VERSIONS:
        oldest = min((one for one in versions if not one["IsDefaultVersion"]), key=lambda one: one["CreateDate"])
        number = oldest["VersionId"]
        delete = request(aws, "iam", "delete_policy_version", PolicyArn=arn, VersionId=number)
        yield Change("delete", f"the version {number} of the policy {_name(arn)}", delete)
    create = request(
        aws, "iam", "create_policy_version", PolicyArn=arn, PolicyDocument=_compact(document), SetAsDefault=True
    )
    yield Change("set", f"the document of the policy {_name(arn)}", create)


def role_steps(aws: Cloud, wanted: Wanted, role: Role, keys: tuple[str, ...]) -> Iterator[Step]:
    """Yield what a role and its policies lack. `keys` are those of the state.

    Raises:
        AccessError: the role trusts another repository, or has too many policies.
    """
    now = found(aws, "iam", "get_role", _ABSENT, RoleName=role.name)
    yield from _trust(aws, wanted, role, now)
    attached = set(_attached(aws, role.name)) if now else set()
    stale = {one for one in attached if _is_numbered(one, role.family)} - _arns(wanted, role).keys()
    others = len(attached - stale - _arns(wanted, role).keys())
    if others + len(role.policies) > POLICIES:
        raise AccessError(
            f"the role {role.name} has {others} other policies, and needs {len(role.policies)} of at most {POLICIES}; "
            "detach some, or request more: aws service-quotas request-service-quota-increase --region us-east-1 "
            "--service-code iam --quota-code L-0DA4ABF3 --desired-value 20"
        )
    for arn in sorted(stale):
        yield from _removed(aws, role.name, arn)
    for arn, document in _arns(wanted, role).items():
        yield from _policy(aws, arn, document)
        if arn not in attached:
            attach = request(aws, "iam", "attach_role_policy", RoleName=role.name, PolicyArn=arn)
            yield Change("attach", f"the policy {_name(arn)} to the role {role.name}", attach)
    yield from _key_policy(aws, role, keys, there=now is not None)


def _arns(wanted: Wanted, role: Role) -> dict[str, Document]:
    return {f"arn:aws:iam::{wanted.account}:policy/{name}": one for name, one in role.policies.items()}


def _is_numbered(arn: str, family: str) -> bool:
    name = _name(arn)
    return name.startswith(family) and name.removeprefix(family).isdecimal()


def _attached(aws: Cloud, role: str) -> list[str]:
    found_ = aws.call("iam", "list_attached_role_policies", RoleName=role, MaxItems=100)["AttachedPolicies"]
    return [str(one["PolicyArn"]) for one in found_]


def _trust(aws: Cloud, wanted: Wanted, role: Role, now: Json | None) -> Iterator[Step]:
    """Yield the role, or its trust in GitHub; who else assumes it stays."""
    own = {
        "Effect": "Allow",
        "Principal": {"Federated": wanted.provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                _FOR: AUDIENCE,
                _SUBJECT: role.subjects[0] if len(role.subjects) == 1 else [*role.subjects],
            }
        },
    }
    if now is None:
        create = request(
            aws,
            "iam",
            "create_role",
            RoleName=role.name,
            Path=role.path,
            AssumeRolePolicyDocument=_compact({"Version": VERSION, "Statement": [own]}),
            Description=f"GitHub Actions of {wanted.repository}",
            Tags=_TAGS,
        )
        yield Change("create", f"the role {role.name}, which trusts {', '.join(role.subjects)}", create)
        return
    if now["Role"]["Arn"] != role.arn:
        raise AccessError(f"the role {role.name} is {now['Role']['Arn']}; set project.deployer to this ARN")
    statements = _listed(now["Role"]["AssumeRolePolicyDocument"].get("Statement"))
    github = [one for one in statements if trusts_github(one)]
    others = [one for one in statements if not trusts_github(one)]
    if github != [own]:
        subjects = [one for statement in github for one in _subjects(statement)]
        strangers = [one for one in subjects if not one.startswith(f"repo:{wanted.repository}:") and _names_one(one)]
        if strangers:
            raise AccessError(
                f"the role {role.name} trusts {strangers[0]}, which is another repository than {wanted.repository}; "
                "choose another role: --preview-role, or project.deployer in the stack file"
            )
        trust = _compact({"Version": VERSION, "Statement": [*others, own]})
        update = request(aws, "iam", "update_assume_role_policy", RoleName=role.name, PolicyDocument=trust)
        before = f" (before: {', '.join(subjects) or 'any workflow of GitHub'})" if github else ""
        yield Change("set", f"the trust of the role {role.name} in {', '.join(role.subjects)}{before}", update)
    for one in others:
        yield Kept(f"adopted: the role {role.name}, which {json.dumps(one.get('Principal'))} can still assume")


def _listed(value: Any) -> list[Any]:  # noqa: ANN401, JSON
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]


def trusts_github(statement: Mapping[str, Any]) -> bool:
    """Return whether a statement of a trust policy trusts GitHub's identity provider."""
    principal = statement.get("Principal")
    federated = _listed(principal.get("Federated")) if isinstance(principal, Mapping) else []
    return any(str(one).endswith(f"oidc-provider/{PROVIDER}") for one in federated)


def _subjects(statement: Mapping[str, Any]) -> list[str]:
    return [str(one) for keys in statement.get("Condition", {}).values() for one in _listed(keys.get(_SUBJECT))]


def _names_one(subject: str) -> bool:
    """Return whether a pattern of `sub` names one repository, and not any of an owner."""
    return "*" not in subject.split(":")[1] if ":" in subject else False


def _key_policy(aws: Cloud, role: Role, keys: tuple[str, ...], *, there: bool) -> Iterator[Step]:
    statement = {"Sid": "KeyOfTheState", "Effect": "Allow", "Action": [*role.state], "Resource": [*keys]}
    document = {"Version": VERSION, "Statement": [statement]}
    now = found(aws, "iam", "get_role_policy", _ABSENT, RoleName=role.name, PolicyName=INLINE) if there else None
    if now is None or now["PolicyDocument"] != document:
        put = request(
            aws, "iam", "put_role_policy", RoleName=role.name, PolicyName=INLINE, PolicyDocument=_compact(document)
        )
        yield Change("set", f"the use of the key of the state by the role {role.name}", put)


def _removed(aws: Cloud, role: str, arn: str) -> Iterator[Step]:
    """Yield the end of a managed policy of bootstrap."""
    detach = request(aws, "iam", "detach_role_policy", RoleName=role, PolicyArn=arn)
    yield Change("detach", f"the policy {_name(arn)} from the role {role}", detach)
    yield from policy_removal(aws, arn, but=role)


def policy_removal(aws: Cloud, arn: str, *, but: str = "") -> Iterator[Step]:
    """Yield the deletion of a policy of bootstrap that nothing uses, but a role from which it is detached."""
    now = found(aws, "iam", "get_policy", _ABSENT, PolicyArn=arn)
    if now is None or not is_ours(now["Policy"].get("Tags")):
        return
    used = aws.call("iam", "list_entities_for_policy", PolicyArn=arn)
    bound = aws.call("iam", "list_entities_for_policy", PolicyArn=arn, PolicyUsageFilter="PermissionsBoundary")
    users = [one["RoleName"] for answer in (used, bound) for one in answer.get("PolicyRoles", ())]
    users = [one for one in users if one != but]
    if users:
        yield Kept(f"left: the policy {_name(arn)}, which {', '.join(sorted(set(users))[:5])} use; run pulumi destroy")
        return
    for version in aws.call("iam", "list_policy_versions", PolicyArn=arn)["Versions"]:
        if not version["IsDefaultVersion"]:
            number = version["VersionId"]
            delete = request(aws, "iam", "delete_policy_version", PolicyArn=arn, VersionId=number)
            yield Change("delete", f"the version {number} of the policy {_name(arn)}", delete)
    yield Change("delete", f"the policy {_name(arn)}", request(aws, "iam", "delete_policy", PolicyArn=arn))


def role_removal(aws: Cloud, role: Role) -> Iterator[Step]:
    """Yield the deletion of a role of bootstrap, unless other stacks use it."""
    now = found(aws, "iam", "get_role", _ABSENT, RoleName=role.name)
    if now is None:
        return
    attached = _attached(aws, role.name)
    own = [one for one in attached if _is_numbered(one, role.family)]
    for arn in own:
        yield from _removed(aws, role.name, arn)
    others = [_name(one) for one in attached if one not in own]
    if others or not is_ours(now["Role"].get("Tags")):
        why = f"has {', '.join(others)}" if others else "was not created by bootstrap"
        yield Kept(f"left: the role {role.name}, which {why}")
        return
    if found(aws, "iam", "get_role_policy", _ABSENT, RoleName=role.name, PolicyName=INLINE) is not None:
        delete = request(aws, "iam", "delete_role_policy", RoleName=role.name, PolicyName=INLINE)
        yield Change("delete", f"the use of the key of the state by the role {role.name}", delete)
    yield Change("delete", f"the role {role.name}", request(aws, "iam", "delete_role", RoleName=role.name))


def provider_removal(aws: Cloud, wanted: Wanted, gone: frozenset[str]) -> Generator[Step, None, list[str]]:
    """Yield the deletion of the identity provider if no role trusts it, and return the roles that do.

    `gone` are roles that a dry run would delete.
    """
    users = [
        str(one["RoleName"])
        for one in _roles(aws)
        if one["RoleName"] not in gone
        and any(map(trusts_github, _listed(one["AssumeRolePolicyDocument"].get("Statement"))))
    ]
    now = found(aws, "iam", "get_open_id_connect_provider", _ABSENT, OpenIDConnectProviderArn=wanted.provider)
    if now is None:
        return users
    if users or not is_ours(now.get("Tags")):
        why = f"{', '.join(users[:5])} trust" if users else "bootstrap did not create"
        yield Kept(f"left: the identity provider {PROVIDER}, which {why}")
        return users
    delete = request(aws, "iam", "delete_open_id_connect_provider", OpenIDConnectProviderArn=wanted.provider)
    yield Change("delete", f"the identity provider {PROVIDER}", delete)
    return users


def _roles(aws: Cloud) -> Iterator[Json]:
    page = aws.call("iam", "list_roles", MaxItems=1000)
    yield from page["Roles"]
    while page.get("IsTruncated"):
        page = aws.call("iam", "list_roles", MaxItems=1000, Marker=page["Marker"])
        yield from page["Roles"]

"""What a deployer, or whoever has its credentials, must not be able to do."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"
OTHER = "other"


class Attack(NamedTuple):
    """One question to IAM whose answer has to be no."""

    what: str
    action: str
    resource: str
    context: Mapping[str, str | list[str]]


def attacks(values: Mapping[str, str]) -> Iterator[Attack]:
    """Yield the attacks against an account with a second project, and a third whose name begins with this one's."""
    yield from _on_identities(values)
    yield from _on_data(values)
    yield from _on_machines(values)
    yield from _on_the_rest(values)


def _theirs(values: Mapping[str, str], **more: str) -> dict[str, str | list[str]]:
    """The context of another project's resource, where the attacker chooses the tags of the request."""
    keys = {f"iam:{key}": value for key, value in more.items()}
    region = {"aws:RequestedRegion": values["region"], "aws:RequestTag/Project": values["tag"]}
    return {"aws:ResourceTag/Project": OTHER, **region, **keys}


def _ours(values: Mapping[str, str], **more: str) -> dict[str, str | list[str]]:
    return {**_theirs(values, **more), "aws:ResourceTag/Project": values["tag"]}


def _new(values: Mapping[str, str], **more: str) -> dict[str, str | list[str]]:
    context = _ours(values, **more)
    del context["aws:ResourceTag/Project"]
    return context


def _on_identities(values: Mapping[str, str]) -> Iterator[Attack]:
    iam, bound = f"arn:aws:iam::{values['account']}", values["boundary"]
    role = f"{values['role']}/{values['project']}-new"
    theirs, near = f"{iam}:role/other-app", f"{iam}:role/{values['project']}-two-app"
    wide = {"PermissionsBoundary": ADMINISTRATOR}
    within = {"PermissionsBoundary": bound}
    yield Attack("role without boundary", "iam:CreateRole", role, _new(values))
    yield Attack("role with a boundary that allows all", "iam:CreateRole", role, _new(values, **wide))
    yield Attack("role of another name", "iam:CreateRole", theirs, _new(values, **within))
    yield Attack("role with no tag", "iam:CreateRole", role, {"iam:PermissionsBoundary": bound})
    yield Attack(
        "AdministratorAccess for an own role",
        "iam:AttachRolePolicy",
        role,
        _ours(values, **within, PolicyARN=ADMINISTRATOR),
    )
    yield Attack(
        "AdministratorAccess for a role without boundary",
        "iam:AttachRolePolicy",
        role,
        _ours(values, PolicyARN=ADMINISTRATOR),
    )
    yield Attack(
        "a policy of a colleague",
        "iam:AttachRolePolicy",
        role,
        _ours(values, **within, PolicyARN=f"{iam}:policy/other-admin"),
    )
    yield Attack("inline policy without boundary", "iam:PutRolePolicy", role, _ours(values))
    yield Attack("inline policy of another role", "iam:PutRolePolicy", theirs, _theirs(values))
    yield Attack("inline policy of another bounded role", "iam:PutRolePolicy", near, _theirs(values, **within))
    yield Attack("lift a boundary", "iam:DeleteRolePermissionsBoundary", role, _ours(values, **within))
    yield Attack("replace a boundary", "iam:PutRolePermissionsBoundary", role, _ours(values, **wide))
    yield Attack("bound a colleague's role", "iam:PutRolePermissionsBoundary", theirs, _theirs(values, **within))
    for action in ("CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "SetDefaultPolicyVersion"):
        yield Attack(f"boundary: {action}", f"iam:{action}", bound, _ours(values))
        yield Attack(
            f"own permissions: {action}", f"iam:{action}", f"{iam}:policy/{values['project']}-deployer-1", _ours(values)
        )
    yield Attack("claim the boundary by tag", "iam:TagPolicy", bound, _new(values))
    deployer = f"{iam}:role/{values['project']}-deployer"
    yield Attack("own trust", "iam:UpdateAssumeRolePolicy", deployer, _ours(values))
    yield Attack("own inline policy", "iam:PutRolePolicy", deployer, _ours(values, **within))
    yield Attack("trust of a colleague's role", "iam:UpdateAssumeRolePolicy", theirs, _theirs(values))
    yield Attack("trust of a role of a neighbour", "iam:UpdateAssumeRolePolicy", near, _theirs(values))
    yield Attack("delete a colleague's role", "iam:DeleteRole", theirs, _theirs(values))
    yield Attack("delete a neighbour's role", "iam:DeleteRole", near, _theirs(values))
    yield Attack("claim a neighbour's role", "iam:TagRole", near, _theirs(values))
    yield Attack(
        "policy of a neighbour", "iam:CreatePolicyVersion", f"{iam}:policy/{values['project']}-two", _theirs(values)
    )
    for service in ("lambda", "ec2", "eks", "ecs-tasks", "glue"):
        to = {"PassedToService": f"{service}.amazonaws.com"}
        yield Attack(f"pass a colleague's role to {service}", "iam:PassRole", theirs, _theirs(values, **to))
        yield Attack(f"pass a neighbour's role to {service}", "iam:PassRole", near, _ours(values, **to))
    yield Attack("pass the own role", "iam:PassRole", deployer, _ours(values, PassedToService="ec2.amazonaws.com"))
    yield Attack("pass a new role", "iam:PassRole", role, _ours(values, PassedToService="lambda.amazonaws.com"))
    yield Attack("user", "iam:CreateUser", f"{iam}:user/{values['project']}-admin", _new(values))
    yield Attack("access key", "iam:CreateAccessKey", f"{iam}:user/root-admin", _ours(values))
    yield Attack("login", "iam:CreateLoginProfile", f"{iam}:user/root-admin", _ours(values))
    yield Attack("policy of a user", "iam:AttachUserPolicy", f"{iam}:user/me", _ours(values, PolicyARN=ADMINISTRATOR))
    yield Attack("group", "iam:AddUserToGroup", f"{iam}:group/admins", _ours(values))
    yield Attack("become another role", "sts:AssumeRole", theirs, _theirs(values))
    provider = f"{iam}:oidc-provider/oidc.eks.{values['region']}.amazonaws.com/id/THEIRS"
    yield Attack("OIDC provider of another cluster", "iam:DeleteOpenIDConnectProvider", provider, _theirs(values))
    hub = f"{iam}:oidc-provider/token.actions.githubusercontent.com"
    yield Attack("OIDC provider of GitHub", "iam:CreateOpenIDConnectProvider", hub, _new(values))
    yield Attack("SAML provider", "iam:UpdateSAMLProvider", f"{iam}:saml-provider/company", _ours(values))
    linked = f"{iam}:role/aws-service-role/organizations.amazonaws.com/x"
    yield Attack(
        "service-linked role of another service",
        "iam:CreateServiceLinkedRole",
        linked,
        _new(values, AWSServiceName="organizations.amazonaws.com"),
    )


def _on_data(values: Mapping[str, str]) -> Iterator[Attack]:
    here, project = f"{values['region']}:{values['account']}", values["project"]
    theirs = _theirs(values)
    key = f"arn:aws:kms:{here}:key/theirs"
    for action in ("ScheduleKeyDeletion", "PutKeyPolicy", "DisableKey", "Decrypt", "CreateGrant", "TagResource"):
        yield Attack(f"another's key: {action}", f"kms:{action}", key, {**theirs, "kms:GrantIsForAWSResource": "true"})
    grant = {**_ours(values), "kms:GrantIsForAWSResource": "false"}
    yield Attack("grant of the own key to a stranger", "kms:CreateGrant", key, grant)
    yield Attack("another's alias", "kms:DeleteAlias", f"arn:aws:kms:{here}:alias/other-data", theirs)
    secret = f"arn:aws:secretsmanager:{here}:secret"
    master = {**_new(values), "secretsmanager:ResourceTag/aws:rds:primaryDBInstanceArn": "theirs"}
    yield Attack("another's master password", "secretsmanager:GetSecretValue", f"{secret}:rds!db-theirs-a1b2c3", master)
    yield Attack("another's secret", "secretsmanager:GetSecretValue", f"{secret}:other/api-a1b2c3", theirs)
    yield Attack("a neighbour's secret", "secretsmanager:GetSecretValue", f"{secret}:{project}-two/x-a1b2c3", theirs)
    yield Attack("delete another's secret", "secretsmanager:DeleteSecret", f"{secret}:other/api-a1b2c3", theirs)
    yield Attack("open another's secret", "secretsmanager:PutResourcePolicy", f"{secret}:other/api-a1b2c3", theirs)
    yield Attack("claim another's secret", "secretsmanager:TagResource", f"{secret}:{project}/x-a1b2c3", theirs)
    yield Attack("all secrets at once", "secretsmanager:BatchGetSecretValue", "*", _new(values))
    rds = f"arn:aws:rds:{here}"
    yield Attack("delete another's database", "rds:DeleteDBInstance", f"{rds}:db:other-db", theirs)
    yield Attack("delete a neighbour's database", "rds:DeleteDBInstance", f"{rds}:db:{project}-two-db", theirs)
    yield Attack("password of another's database", "rds:ModifyDBInstance", f"{rds}:db:other-db", theirs)
    yield Attack("share another's snapshot", "rds:ModifyDBSnapshotAttribute", f"{rds}:snapshot:other-1", theirs)
    yield Attack(
        "share the own snapshot", "rds:ModifyDBSnapshotAttribute", f"{rds}:snapshot:{project}-1", _ours(values)
    )
    yield Attack("restore another's snapshot", "rds:RestoreDBInstanceFromDBSnapshot", f"{rds}:snapshot:other-1", theirs)
    yield Attack("copy another's snapshot", "rds:CopyDBSnapshot", f"{rds}:snapshot:other-1", theirs)
    yield Attack("export a snapshot", "rds:StartExportTask", "*", _new(values))
    yield Attack("claim another's database", "rds:AddTagsToResource", f"{rds}:db:{project}-two-db", theirs)
    for action in ("DeleteBucket", "PutBucketPolicy", "ListBucket", "PutBucketAcl"):
        yield Attack(f"another's bucket: {action}", f"s3:{action}", "arn:aws:s3:::other-data", theirs)
        yield Attack(f"a neighbour's bucket: {action}", f"s3:{action}", f"arn:aws:s3:::{project}-two-data", theirs)
    yield Attack("another's objects", "s3:GetObject", "arn:aws:s3:::other-data/x", theirs)
    state = f"arn:aws:s3:::{values['stateBucket']}/.pulumi/stacks/ai-platform"
    yield Attack("state of another stack", "s3:GetObject", f"{state}/{values['stack']}2.json", theirs)
    yield Attack("overwrite state of another stack", "s3:PutObject", f"{state}/secret.json", theirs)
    yield Attack("open the state bucket", "s3:PutBucketPolicy", f"arn:aws:s3:::{values['stateBucket']}", theirs)
    cache = f"arn:aws:elasticache:{here}:replicationgroup"
    yield Attack("another's cache", "elasticache:DeleteReplicationGroup", f"{cache}:{project}-two", theirs)
    files = f"arn:aws:elasticfilesystem:{here}:file-system/theirs"
    for action in ("DeleteFileSystem", "PutFileSystemPolicy", "TagResource", "CreateMountTarget"):
        yield Attack(f"another's files: {action}", f"elasticfilesystem:{action}", files, theirs)
    vault = f"arn:aws:backup:{here}:backup-vault"
    yield Attack("another's backups", "backup:DeleteBackupVault", f"{vault}:{project}-two-vault", theirs)
    yield Attack("a backup of the own", "backup:DeleteRecoveryPoint", f"{vault}:{project}-backups", _ours(values))
    images = f"arn:aws:ecr:{here}:repository/other/app"
    yield Attack("another's images", "ecr:DeleteRepository", images, theirs)
    yield Attack("poison another's image", "ecr:PutImage", images, theirs)


def _on_machines(values: Mapping[str, str]) -> Iterator[Attack]:
    ec2 = f"arn:aws:ec2:{values['region']}:{values['account']}"
    theirs = _theirs(values)
    for action in ("StopInstances", "TerminateInstances", "ModifyInstanceAttribute"):
        yield Attack(f"another's instance: {action}", f"ec2:{action}", f"{ec2}:instance/i-theirs", theirs)
    for what, name in (("vpc/vpc", "DeleteVpc"), ("subnet/subnet", "DeleteSubnet"), ("volume/vol", "DeleteVolume")):
        yield Attack(f"another's {what}", f"ec2:{name}", f"{ec2}:{what}-theirs", theirs)
    group = f"{ec2}:security-group/sg-theirs"
    yield Attack("open another's security group", "ec2:AuthorizeSecurityGroupIngress", group, theirs)
    claimed = {**theirs, "ec2:CreateAction": "CreateVpc"}
    del claimed["ec2:CreateAction"]
    for kind in ("instance/i", "security-group/sg", "subnet/subnet", "vpc/vpc"):
        yield Attack(f"claim another's {kind}", "ec2:CreateTags", f"{ec2}:{kind}-theirs", claimed)
        if kind != "security-group/sg":
            yield Attack(f"claim an untagged {kind}", "ec2:CreateTags", f"{ec2}:{kind}-nobody", _new(values))
    subnet = f"{ec2}:subnet/subnet-theirs"
    without = {key: value for key, value in theirs.items() if "RequestTag" not in key}
    yield Attack("run in another's subnet", "ec2:RunInstances", subnet, without)
    yield Attack("route another's traffic", "ec2:ReplaceRoute", f"{ec2}:route-table/rtb-theirs", theirs)
    yield Attack("snapshot of another's volume", "ec2:CreateSnapshot", f"{ec2}:volume/vol-theirs", without)
    snapshot = f"arn:aws:ec2:{values['region']}::snapshot/snap-theirs"
    yield Attack("share another's snapshot", "ec2:ModifySnapshotAttribute", snapshot, theirs)
    yield Attack("peer with another VPC", "ec2:CreateVpcPeeringConnection", f"{ec2}:vpc/vpc-theirs", theirs)
    yield Attack("password of a machine", "ec2:GetPasswordData", f"{ec2}:instance/i-theirs", theirs)
    yield Attack("shell on a machine", "ssm:StartSession", f"{ec2}:instance/i-theirs", theirs)
    yield Attack("command on machines", "ssm:SendCommand", f"{ec2}:instance/i-theirs", theirs)
    eks = f"arn:aws:eks:{values['region']}:{values['account']}"
    yield Attack("administrator of another cluster", "eks:CreateAccessEntry", f"{eks}:cluster/other-eks", theirs)
    entry = f"{eks}:access-entry/other-eks/role/{values['account']}/admin/x"
    yield Attack("access entry of another cluster", "eks:AssociateAccessPolicy", entry, theirs)
    yield Attack("delete another cluster", "eks:DeleteCluster", f"{eks}:cluster/other-eks", theirs)
    near = f"{eks}:nodegroup/other-eks/{values['cluster']}/x"
    yield Attack("node group of another cluster, named as ours", "eks:DeleteNodegroup", near, theirs)
    scaling = (
        f"arn:aws:autoscaling:{values['region']}:{values['account']}:autoScalingGroup:x:autoScalingGroupName/eks-x"
    )
    their_group = {**theirs, "aws:ResourceTag/eks:cluster-name": "other-eks"}
    yield Attack("nodes of another cluster", "autoscaling:DeleteTags", scaling, their_group)


def _on_the_rest(values: Mapping[str, str]) -> Iterator[Attack]:
    here, project = f"{values['region']}:{values['account']}", values["project"]
    theirs = _theirs(values)
    balancing = f"arn:aws:elasticloadbalancing:{here}"
    for what, action in (
        ("loadbalancer/app/other/x", "DeleteLoadBalancer"),
        ("listener/app/other/x/y", "ModifyListener"),
        ("targetgroup/other/x", "RegisterTargets"),
        ("loadbalancer/app/other/x", "AddTags"),
        ("loadbalancer/app/other/x", "SetWebAcl"),
    ):
        yield Attack(f"another's balancer: {action}", f"elasticloadbalancing:{action}", f"{balancing}:{what}", theirs)
    acl = f"arn:aws:wafv2:{here}:regional/webacl/other/x"
    for action in ("DeleteWebACL", "UpdateWebACL", "DeleteLoggingConfiguration"):
        yield Attack(f"another's web ACL: {action}", f"wafv2:{action}", acl, theirs)
    balancer = f"{balancing}:loadbalancer/app/other/x"
    yield Attack("no web ACL for another's balancer", "wafv2:DisassociateWebACL", balancer, theirs)
    certificate = f"arn:aws:acm:{here}:certificate/theirs"
    for action in ("DeleteCertificate", "ExportCertificate", "AddTagsToCertificate"):
        yield Attack(f"another's certificate: {action}", f"acm:{action}", certificate, theirs)
    names = {"route53:ChangeResourceRecordSetsNormalizedRecordNames": ["www.company.example"]}
    zone = "arn:aws:route53:::hostedzone/Z1"
    yield Attack("another's name", "route53:ChangeResourceRecordSets", zone, {**theirs, **names})
    yield Attack("no name", "route53:ChangeResourceRecordSets", zone, theirs)
    function = f"arn:aws:lambda:{here}:function"
    yield Attack("code of another's function", "lambda:UpdateFunctionCode", f"{function}:other-app", theirs)
    yield Attack("code of a neighbour's function", "lambda:UpdateFunctionCode", f"{function}:{project}-two-f", theirs)
    yield Attack("open the own function", "lambda:AddPermission", f"{function}:{project}-f", _ours(values))
    logs = f"arn:aws:logs:{here}:log-group"
    yield Attack("another's logs", "logs:DeleteLogGroup", f"{logs}:/aws/eks/other-eks/cluster", theirs)
    yield Attack("a neighbour's logs", "logs:DeleteLogGroup", f"{logs}:/aws/eks/{project}-two-eks/cluster", theirs)
    yield Attack("read another's logs", "logs:GetLogEvents", f"{logs}:/aws/eks/other-eks/cluster", theirs)
    queue = f"arn:aws:sqs:{here}:{project}-two-jobs"
    yield Attack("a neighbour's queue", "sqs:DeleteQueue", queue, theirs)
    yield Attack("another's schedule", "scheduler:DeleteSchedule", f"arn:aws:scheduler:{here}:schedule/other/x", theirs)
    yield Attack("another's topic", "sns:DeleteTopic", f"arn:aws:sns:{here}:other-alarms", theirs)
    yield Attack("stop the audit", "cloudtrail:StopLogging", f"arn:aws:cloudtrail:{here}:trail/audit", theirs)
    yield Attack("leave the organization", "organizations:LeaveOrganization", "*", {})
    yield Attack("close the account", "account:CloseAccount", "*", {})

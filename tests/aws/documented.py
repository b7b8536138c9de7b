"""Limits that AWS documents only as text, not in the descriptions of its APIs."""

import ipaddress
import json
import re
from collections.abc import Callable, Iterator, Mapping

from aiplatform.preview.plan import Json

Values = Mapping[str, Json]
Check = Callable[[Values], Iterator[str]]

_RETENTION = frozenset(
    {1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
)
_GROUP_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{0,255}")
_DATABASE = re.compile(r"(?!.*--)[a-z][a-z0-9-]{0,62}(?<!-)")
_BUCKET = re.compile(r"(?!.*\.\.)(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?<!-s3alias)")
_GROUP_NAME = re.compile(r"(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?")
_WINDOW = re.compile(r"\d\d:\d\d-\d\d:\d\d")


def tags(values: Values) -> Iterator[str]:
    """Yield violations of the rule: at most 50 tags, each key once, with at most 128 and 256 characters, without the
    prefix `aws:`.

    https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
    """
    for found in _tags_in(values):
        keys = [key for key, _ in found]
        if len(keys) > 50:
            yield f"{len(keys)} tags; AWS takes 50"
        for key in {key for key in keys if keys.count(key) > 1}:
            yield f"tag {key} twice"
        for key, text in found:
            if key.lower().startswith("aws:"):
                yield f"tag {key}: the prefix is AWS's own"
            if not 1 <= len(key) <= 128 or len(text) > 256:
                yield f"tag {key}: a key has 1 to 128 characters, a value at most 256"


def _tags_in(values: Json) -> Iterator[list[tuple[str, str]]]:
    if isinstance(values, Mapping):
        for name, item in values.items():
            if name.lower() in {"tags", "addtags", "tagset"}:
                yield [*item.items()] if isinstance(item, Mapping) else [_pair(tag) for tag in item]
            else:
                yield from _tags_in(item)
    elif isinstance(values, list):
        for item in values:
            yield from _tags_in(item)


def _pair(tag: Values) -> tuple[str, str]:
    return str(tag.get("Key", tag.get("TagKey"))), str(tag.get("Value", tag.get("TagValue", "")))


def group_name(values: Values) -> Iterator[str]:
    """Yield violations for load balancers and target groups: at most 32 letters, digits and hyphens, no hyphen at the
    ends, and no prefix `internal-`.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    """
    if not _GROUP_NAME.fullmatch(values["Name"]):
        yield f"Name: {values['Name']!r} is not at most 32 letters, digits and inner hyphens"


def health_check(values: Values) -> Iterator[str]:
    """Yield violations of the rule: the timeout of a health check is shorter than its interval.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
    """
    timeout, interval = values.get("HealthCheckTimeoutSeconds", 5), values.get("HealthCheckIntervalSeconds", 30)
    if timeout >= interval:
        yield f"the health check waits {timeout} s and asks every {interval} s"


def listener(values: Values) -> Iterator[str]:
    """Yield violations of the rule: HTTPS has exactly one default certificate, HTTP none.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
    """
    wanted, count = int(values["Protocol"] == "HTTPS"), len(values.get("Certificates", []))
    if count != wanted:
        yield f"{count} certificates for {values['Protocol']}"


def security_group(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a name has at most 255 characters of a limited set, and does not begin with `sg-`.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
    """
    for member in ("GroupName", "Description"):
        if not _GROUP_TEXT.fullmatch(values[member]):
            yield f"{member}: {values[member]!r} has a character that EC2 refuses, or more than 255"
    if values["GroupName"].startswith("sg-"):
        yield "GroupName begins with sg-"


def permissions(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a rule has a source, ports in order, no ports for all protocols, and a description
    as of groups.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
    """
    for permission in values["IpPermissions"]:
        kinds = ("IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds")
        sources = [source for kind in kinds for source in permission.get(kind, [])]
        if len(sources) != 1:
            yield f"{len(sources)} sources in a rule of one"
        for source in sources:
            if not _GROUP_TEXT.fullmatch(source.get("Description", "")):
                yield f"Description: {source['Description']!r} has a character that EC2 refuses"
            if "CidrIp" in source:
                yield from _network("CidrIp", source["CidrIp"])
        low, high = permission.get("FromPort"), permission.get("ToPort")
        if permission["IpProtocol"] != "-1" and (low is None or high is None or not 0 <= low <= high <= 65535):
            yield f"ports {low} to {high}"


def networks(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a VPC or subnet is /16 to /28, with the first address of the network.

    https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
    """
    yield from _network("CidrBlock", values["CidrBlock"], 16, 28)


def _network(member: str, text: str, widest: int = 0, narrowest: int = 32) -> Iterator[str]:
    try:
        length = ipaddress.IPv4Network(text).prefixlen
    except ValueError as error:
        yield f"{member}: {error}"
    else:
        if not widest <= length <= narrowest:
            yield f"{member}: {text} is not /{widest} to /{narrowest}"


def database(values: Values) -> Iterator[str]:
    """Yield violations of the rule: identifiers have up to 63 lower-case letters, digits and single hyphens; windows of
    a day do not overlap.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
    """
    if not _DATABASE.fullmatch(values["DBInstanceIdentifier"]):
        yield f"DBInstanceIdentifier: {values['DBInstanceIdentifier']!r}"
    if not re.fullmatch(r"[a-z]\w{0,62}", values.get("DBName", "a")):
        yield f"DBName: {values['DBName']!r}"
    if not 0 <= values.get("BackupRetentionPeriod", 1) <= 35:
        yield f"BackupRetentionPeriod: {values['BackupRetentionPeriod']} is not 0 to 35 days"
    if "MaxAllocatedStorage" in values and values["MaxAllocatedStorage"] <= values["AllocatedStorage"]:
        yield f"MaxAllocatedStorage: {values['MaxAllocatedStorage']} is not above {values['AllocatedStorage']}"
    if values.get("ManageMasterUserPassword") and "MasterUserPassword" in values:
        yield "MasterUserPassword next to ManageMasterUserPassword"
    if not _WINDOW.fullmatch(values.get("PreferredBackupWindow", "00:00-00:30")):
        yield f"PreferredBackupWindow: {values['PreferredBackupWindow']}"


def final_snapshot(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a final snapshot has a name of at most 255 letters, digits and single hyphens;
    without a snapshot there is no name.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html
    """
    name, skipped = values.get("FinalDBSnapshotIdentifier"), values.get("SkipFinalSnapshot", False)
    if skipped == (name is not None):
        yield f"SkipFinalSnapshot is {skipped} and the snapshot is named {name}"
    if name is not None and not re.fullmatch(r"(?!.*--)[A-Za-z][A-Za-z0-9-]{0,254}(?<!-)", name):
        yield f"FinalDBSnapshotIdentifier: {name!r}"


def aurora(values: Values) -> Iterator[str]:
    """Yield violations of the rule: clusters have names as instances, backups of at least one day, and ACUs in steps of
    0.5 up to 256.

    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html,
    https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html
    """
    if not _DATABASE.fullmatch(values["DBClusterIdentifier"]):
        yield f"DBClusterIdentifier: {values['DBClusterIdentifier']!r}"
    if not 1 <= values.get("BackupRetentionPeriod", 1) <= 35:
        yield f"BackupRetentionPeriod: {values['BackupRetentionPeriod']} is not 1 to 35 days"
    scaling = values.get("ServerlessV2ScalingConfiguration", {})
    least, most = scaling.get("MinCapacity", 0.5), scaling.get("MaxCapacity", 1)
    if not 0 <= least <= most <= 256 or most < 1 or least * 2 % 1 or most * 2 % 1:
        yield f"ServerlessV2ScalingConfiguration: {least} to {most} ACU"
    if "SecondsUntilAutoPause" in scaling and not (least == 0 and 300 <= scaling["SecondsUntilAutoPause"] <= 86400):
        yield f"SecondsUntilAutoPause: {scaling['SecondsUntilAutoPause']} with at least {least} ACU"


def cache(values: Values) -> Iterator[str]:
    """Yield violations of the rule: failover requires a replica, Multi-AZ requires failover, and user groups require
    TLS.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html
    """
    if not re.fullmatch(r"(?!.*--)[a-z][a-z0-9-]{0,39}(?<!-)", values["ReplicationGroupId"]):
        yield f"ReplicationGroupId: {values['ReplicationGroupId']!r}"
    failover = values.get("AutomaticFailoverEnabled", False)
    if failover and values["NumCacheClusters"] < 2:
        yield "AutomaticFailoverEnabled with one node"
    if values.get("MultiAZEnabled", False) and not failover:
        yield "MultiAZEnabled without AutomaticFailoverEnabled"
    if "UserGroupIds" in values and not values.get("TransitEncryptionEnabled", False):
        yield "UserGroupIds without TransitEncryptionEnabled"
    if values.get("MultiAZEnabled", False) and "SnapshottingClusterId" in values:
        yield "SnapshottingClusterId beside MultiAZEnabled"


def cache_user(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a user is `on` or `off`, has a password or requires none, and has an id of at most
    40 characters.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    """
    if not re.fullmatch(r"(?!.*--)[a-zA-Z][a-zA-Z0-9-]{0,39}(?<!-)", values["UserId"]):
        yield f"UserId: {values['UserId']!r}"
    rules = values["AccessString"].split()
    if rules[0] not in {"on", "off"} or "reset" in rules or any(rule.startswith((">", "<", "#")) for rule in rules):
        yield f"AccessString: {values['AccessString']!r}"
    if values.get("NoPasswordRequired", False) == bool(values.get("Passwords")):
        yield "NoPasswordRequired beside Passwords, or neither"


def cache_users(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a group has at least one user, and an id of at most 40 characters.

    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
    """
    if not re.fullmatch(r"(?!.*--)[a-zA-Z][a-zA-Z0-9-]{0,39}(?<!-)", values["UserGroupId"]):
        yield f"UserGroupId: {values['UserGroupId']!r}"
    if not values.get("UserIds"):
        yield "a user group without users"


def retention(values: Values) -> Iterator[str]:
    """Yield violations of the rule: the retention of CloudWatch Logs is one of 22 periods.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
    """
    if values["retentionInDays"] not in _RETENTION:
        yield f"retentionInDays: {values['retentionInDays']} is none of CloudWatch's periods"


def bucket(values: Values) -> Iterator[str]:
    """Yield violations of the rule: 3 to 63 lower-case letters, digits, dots and hyphens, and not an IP address.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
    """
    if not _BUCKET.fullmatch(values["Bucket"]) or re.fullmatch(r"\d+(\.\d+){3}", values["Bucket"]):
        yield f"Bucket: {values['Bucket']!r}"


def lifecycle(values: Values) -> Iterator[str]:
    """Yield violations of the rule: rules have unique ids; transitions to Standard-IA are after 30 days or later;
    expiration is after transitions.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
    """
    rules = values["LifecycleConfiguration"]["Rules"]
    if len({rule["ID"] for rule in rules}) != len(rules):
        yield "two lifecycle rules of one ID"
    for rule in rules:
        expires = rule.get("Expiration", {}).get("Days")
        for move in rule.get("Transitions", []):
            if move["StorageClass"] in {"STANDARD_IA", "ONEZONE_IA"} and move["Days"] < 30:
                yield f"{rule['ID']}: {move['StorageClass']} after {move['Days']} days"
            if expires is not None and expires <= move["Days"]:
                yield f"{rule['ID']}: moved after {move['Days']} days and gone after {expires}"
        gone = rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays")
        for move in rule.get("NoncurrentVersionTransitions", []):
            if move["StorageClass"] in {"STANDARD_IA", "ONEZONE_IA"} and move["NoncurrentDays"] < 30:
                yield f"{rule['ID']}: {move['StorageClass']} after {move['NoncurrentDays']} days"
            if gone is not None and gone <= move["NoncurrentDays"]:
                yield f"{rule['ID']}: old versions moved after {move['NoncurrentDays']} days and gone after {gone}"


def inline_policy(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a role's inline policies have at most 10,240 characters in all, without white
    space.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    yield from _policy(values["PolicyDocument"], 10240)


def managed_policy(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a managed policy has at most 6,144 characters, without white space.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    yield from _policy(values["PolicyDocument"], 6144)


def trust(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a trust policy has at most 2,048 characters, without white space.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    """
    yield from _policy(values["AssumeRolePolicyDocument"], 2048)


def bucket_policy(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a bucket policy has at most 20 KB.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
    """
    yield from _policy(values["Policy"], 20480)


def _policy(text: str, most: int) -> Iterator[str]:
    try:
        document = json.loads(text)
    except ValueError as error:
        yield f"the policy is not JSON: {error}"
        return
    size = len(re.sub(r"\s", "", text))
    if size > most:
        yield f"the policy has {size} characters of at most {most}"
    names = [statement["Sid"] for statement in document["Statement"] if "Sid" in statement]
    if len(set(names)) != len(names):
        yield "two statements of one Sid"


def node_group(values: Values) -> Iterator[str]:
    """Yield violations of the rule: sizes are in order; no setting is in both the launch template and the node group;
    names have up to 63 characters.

    https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
    """
    sizes = values["scalingConfig"]
    if not sizes["minSize"] <= sizes["desiredSize"] <= sizes["maxSize"]:
        yield f"scalingConfig: {sizes}"
    if not re.fullmatch(r"[A-Za-z0-9][\w-]{0,62}", values["nodegroupName"]):
        yield f"nodegroupName: {values['nodegroupName']!r}"
    if "launchTemplate" in values and {"diskSize", "remoteAccess"} & values.keys():
        yield "diskSize or remoteAccess next to a launch template"
    if len(values.get("taints", [])) > 50:
        yield "more than 50 taints"


def key_alias(values: Values) -> Iterator[str]:
    """Yield violations of the rule: an alias begins with `alias/` and not with `alias/aws/`.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html
    """
    if not re.fullmatch(r"alias/(?!aws/)[a-zA-Z0-9/_-]+", values["AliasName"]):
        yield f"AliasName: {values['AliasName']!r}"


def key_deletion(values: Values) -> Iterator[str]:
    """Yield violations of the rule: the waiting period of a key deletion is 7 to 30 days.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html
    """
    if not 7 <= values["PendingWindowInDays"] <= 30:
        yield f"PendingWindowInDays: {values['PendingWindowInDays']}"


def secret_deletion(values: Values) -> Iterator[str]:
    """Yield violations of the rule: the recovery window of a secret is 7 to 30 days; in the provider, 0 deletes it
    immediately.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
    """
    if values["RecoveryWindowInDays"] not in {0, *range(7, 31)}:
        yield f"RecoveryWindowInDays: {values['RecoveryWindowInDays']}"


def secret_name(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a name has letters, digits and /_+=.@- only.

    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    """
    if not re.fullmatch(r"[\w/+=.@-]+", values["Name"]):
        yield f"Name: {values['Name']!r}"


def schedule(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a cron expression of EventBridge has six fields, and `?` for the day of the month
    or of the week.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    found = re.fullmatch(r"cron\((.*)\)", values["ScheduleExpression"])
    fields = found[1].split() if found else []
    if len(fields) != 6 or (fields[2] == "?") == (fields[4] == "?"):
        yield f"ScheduleExpression: {values['ScheduleExpression']!r}"


def record(values: Values) -> Iterator[str]:
    """Yield violations of the rule: a record has either values and a TTL, or an alias of an AWS resource.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html
    """
    for change in values["ChangeBatch"]["Changes"]:
        wanted = change["ResourceRecordSet"]
        own = {"TTL", "ResourceRecords"} & wanted.keys()
        if ("AliasTarget" in wanted) == bool(own) or len(own) == 1:
            yield f"{wanted['Name']}: {sorted(wanted)}"


def backup_plan(values: Values) -> Iterator[str]:
    """Yield violations of the rule: the start window of a backup is an hour or more, and the completion at least an
    hour later.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/plan-options-and-configuration.html
    """
    for rule in values["BackupPlan"]["Rules"]:
        start, completion = rule.get("StartWindowMinutes", 480), rule.get("CompletionWindowMinutes", 10080)
        if start < 60 or completion < start + 60:
            yield f"{rule['RuleName']}: begins within {start} minutes and ends within {completion}"


DOCUMENTED: Mapping[str, tuple[Check, ...]] = {
    "backup:CreateBackupPlan": (backup_plan,),
    "ec2:AuthorizeSecurityGroupEgress": (permissions,),
    "ec2:AuthorizeSecurityGroupIngress": (permissions,),
    "ec2:CreateSecurityGroup": (security_group,),
    "ec2:CreateSubnet": (networks,),
    "ec2:CreateVpc": (networks,),
    "eks:CreateNodegroup": (node_group,),
    "elbv2:CreateListener": (listener,),
    "elbv2:CreateLoadBalancer": (group_name,),
    "elbv2:CreateTargetGroup": (group_name, health_check),
    "elasticache:CreateReplicationGroup": (cache,),
    "elasticache:CreateUser": (cache_user,),
    "elasticache:CreateUserGroup": (cache_users,),
    "iam:CreatePolicy": (managed_policy,),
    "iam:CreateRole": (trust,),
    "iam:PutRolePolicy": (inline_policy,),
    "kms:CreateAlias": (key_alias,),
    "kms:ScheduleKeyDeletion": (key_deletion,),
    "logs:PutRetentionPolicy": (retention,),
    "rds:CreateDBCluster": (aurora,),
    "rds:CreateDBInstance": (database,),
    "rds:DeleteDBCluster": (final_snapshot,),
    "rds:DeleteDBInstance": (final_snapshot,),
    "route53:ChangeResourceRecordSets": (record,),
    "s3:CreateBucket": (bucket,),
    "s3:PutBucketLifecycleConfiguration": (lifecycle,),
    "s3:PutBucketPolicy": (bucket_policy,),
    "scheduler:CreateSchedule": (schedule,),
    "secretsmanager:CreateSecret": (secret_name,),
    "secretsmanager:DeleteSecret": (secret_deletion,),
}


def refused(api: str, values: Values) -> list[str]:
    """Return every documented reason why AWS would reject the request."""
    return [*tags(values), *(problem for check in DOCUMENTED.get(api, ()) for problem in check(values))]

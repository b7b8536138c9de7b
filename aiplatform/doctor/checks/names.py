"""Names that others can have: buckets, the cluster, databases, and those of the project's other stacks."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, listed, wrong
from aiplatform.preview.project import stack_names
from aiplatform.quotas.need import known
from aiplatform.verify.problem import FORBIDDEN, RefusedError
from catalog.reading.problems import SettingsError
from config.loader import load_file

TITLE, ORDER = "Names", 50


def questions(subject: Subject) -> Iterator[Question]:
    """Yield a question for each bucket, the cluster and each database, and one about the project's stacks."""
    for one in subject.of("aws:s3/bucket:Bucket"):
        if known(name := one.inputs.get("bucket")):
            region = subject.index.region(one) or subject.region
            yield Question(f"bucket {name}", partial(_bucket, subject, region, str(name)))
    if any(subject.of("eks:index:Cluster")):
        cluster = subject.settings.cluster_name()
        yield Question(f"cluster {cluster} in {subject.region}", partial(_cluster, subject, cluster))
    for one in subject.of("aws:rds/instance:Instance"):
        if known(name := one.inputs.get("identifier")):
            region = subject.index.region(one) or subject.region
            yield Question(f"database {name} in {region}", partial(_database, subject, region, str(name)))
    yield Question(f"stacks of this folder with another name than {subject.stack}", partial(_others, subject))


def _bucket(subject: Subject, region: str, name: str, account: Account) -> Answer:
    try:
        account.call(region, "s3", "head_bucket", Bucket=name, ExpectedBucketOwner=account.number)
    except RefusedError as error:
        if error.code in {"404", "NoSuchBucket"}:
            return fine("free")
        if error.code in FORBIDDEN:
            return wrong("taken by another account, or denied to you", "set another name in buckets.*.name")
        raise
    found = account.found(region, "s3", "get_bucket_tagging", "NoSuchTagSet", Bucket=name)
    tags = {one["Key"]: one["Value"] for one in (found or {}).get("TagSet", ())}
    return _owned(subject, tags, "set another name in buckets.*.name, or delete it")


def _cluster(subject: Subject, name: str, account: Account) -> Answer:
    found = account.found(subject.region, "eks", "describe_cluster", "ResourceNotFoundException", name=name)
    if found is None:
        return fine("free")
    return _owned(subject, found["cluster"].get("tags", {}), "set cluster.name or project.name to another name")


def _database(subject: Subject, region: str, name: str, account: Account) -> Answer:
    gone = ("DBInstanceNotFound", "DBInstanceNotFoundFault")
    found = account.found(region, "rds", "describe_db_instances", *gone, DBInstanceIdentifier=name)
    if found is None or not found["DBInstances"]:
        return fine("free")
    tags = {one["Key"]: one["Value"] for one in found["DBInstances"][0].get("TagList", ())}
    return _owned(subject, tags, "set another name in databases.*.name")


def _owned(subject: Subject, tags: Mapping[str, str], fix: str) -> Answer:
    """Return whether what exists has the tags of this stack."""
    if subject.owns(tags):
        return fine("exists, with the tags of this stack")
    found = ", ".join(f"{name}={tags[name]}" for name in subject.tags if name in tags)
    return wrong(f"exists, and belongs to another stack ({found or 'no tag Project'})", fix)


def _others(subject: Subject, account: Account) -> Answer:
    """Return whether another stack file of the folder makes a cluster of the same name in the region and account."""
    own: Any = (subject.settings.cluster_name(), subject.region)
    alike = []
    for name in stack_names(subject.folder):
        if name != subject.stack:
            try:
                other = load_file(subject.folder, name).settings
            except SettingsError:
                continue
            places = {None, account.number}
            if (other.cluster_name(), other.project.region) == own and other.project.account_id in places:
                alike.append(name)
    if alike:
        names = f"the cluster {own[0]} in {own[1]}"
        return wrong(f"{listed(alike)} makes {names}, too", "give one of them another project.name, region or account")
    return fine("no other makes a cluster of this name and region")

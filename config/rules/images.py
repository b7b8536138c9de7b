"""Images of workloads: variants without what the platform needs, versions before it, and tags that move."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from catalog import versions
from catalog.images import name_and_tag
from catalog.reading.problems import Path, Problem
from config.rules.stack import Rule, Stack
from config.types.programs import ImageName
from config.walk import marked

_VERSION = re.compile(r"(?:^|[a-z]-?)v?(\d+)\.(\d+)")


class Unfit(NamedTuple):
    """Images that cannot run as a workload."""

    image: str
    """Pattern of the repository and tag, without the registry."""

    why: str


UNFIT = (
    # https://github.com/mlflow/mlflow/blob/master/docker/Dockerfile
    Unfit(r"mlflow/mlflow:(?!.*-full$).*", "has neither psycopg2 nor boto3; use a tag that ends in -full"),
    Unfit(r"(?:.*/)?litellm:.*", "has no engine of the database; use litellm-database"),
    Unfit(r"(?:.*/)?kafka-native:.*", "has no start scripts; use confluentinc/cp-kafka or apache/kafka"),
    Unfit(r"strimzi/.*", "starts only as the operator does; use confluentinc/cp-kafka or apache/kafka"),
    Unfit(r"bitnami(?:legacy)?/.*", "is no longer maintained and has other start scripts; remove it for the default"),
)

LEAST: Mapping[str, tuple[tuple[int, int], str]] = {
    "redis": ((6, 2), "Sentinels find servers by host names since 6.2"),
    "cp-kafka": ((7, 4), "KRaft is for production since Kafka 3.3"),
    "mlflow": ((3, 5), "its server is uvicorn, with allowed hosts, since 3.5"),
}
"""Versions that the platform requires, by the name of the repository.

https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/#ip-addresses-and-dns-names
https://docs.confluent.io/platform/current/release-notes/index.html
https://github.com/mlflow/mlflow/releases/tag/v3.5.0
"""

PINNED: Mapping[str, str] = {
    name_and_tag(value)[0]: value
    for key, value in vars(versions).items()
    if isinstance(value, str) and key.endswith("_IMAGE") and "ZOOKEEPER" not in key
}
"""Images that the platform installs, by the name of the repository."""


def _numbers(image: str) -> tuple[int, int] | None:
    found = _VERSION.search(name_and_tag(image)[1])
    return (int(found[1]), int(found[2])) if found else None


def of_workloads(stack: Stack) -> Iterator[Problem]:
    """An image has what the platform needs, in a version that it knows, under a tag that stays."""
    for path, image, _ in marked(stack.settings, ImageName):
        if path[0] not in ("workloads", "tenants") or image in PINNED.values():
            continue
        short = image.partition("@")[0].partition("/")[2]
        unfit = next((one for one in UNFIT if re.fullmatch(one.image, short)), None)
        # rules/kafka.py reports its own.
        if unfit is not None and not ("bitnami" in short and path[1] == "kafka"):
            yield Problem(path, f"{image} {unfit.why}")
        elif unfit is None:
            yield from _version(path, image, zookeeper=_with_zookeeper(stack, path))


def _with_zookeeper(stack: Stack, path: Path) -> bool:
    kafka = stack.settings.workloads.kafka
    return path[1] == "kafka" and kafka is not None and kafka.controllers == "zookeeper"


def _version(path: Path, image: str, *, zookeeper: bool) -> Iterator[Problem]:
    name = name_and_tag(image)[0]
    pinned, given = PINNED.get(name), _numbers(image)
    if pinned is None or zookeeper:
        return
    installed = _numbers(pinned)
    least, why = LEAST.get(name, ((0, 0), ""))
    if given is None:
        if "@sha256:" not in image:
            yield Problem(
                path,
                f"{image} is a tag that moves: replicas can run different versions; use {pinned}",
                severity="warning",
            )
    elif given < least:
        yield Problem(path, f"{image} is too old: {why}; use {pinned}")
    elif installed is not None and given < installed:
        yield Problem(
            path,
            f"{image} is older than {pinned}, whose options and variables the platform sets; check that it has them",
            severity="warning",
        )


def slim_pages(stack: Stack) -> Iterator[Problem]:
    """The image of Open WebUI contains the model of embeddings, unless a model of the gateway is used."""
    pages = stack.settings.workloads.open_webui
    if pages is not None and pages.embeddings is None and pages.image.endswith("-slim"):
        yield Problem(
            ("workloads", "openWebui", "image"),
            f"{pages.image} has no model for embeddings, so that uploads of documents fail; set embeddings, or use "
            f"{pages.image.removesuffix('-slim')}",
        )


RULES: tuple[Rule, ...] = (of_workloads, slim_pages)

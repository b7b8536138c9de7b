"""The smallest useful stack file, and a way to spoil it."""

import shutil
from datetime import date
from pathlib import Path

from catalog.reading.problems import SettingsError
from config.loader import Loaded, load_file

ROOT = Path(__file__).parents[2]
STACK_FILES = ROOT / "tests" / "stacks"
"""Copies of the stack files as they are shipped: a user changes, adds and deletes those at the top."""

TODAY = date(2026, 11, 21)

BASE = """\
config:
  ai-platform:project:
    name: shop
    environment: test
    region: us-west-2
  ai-platform:network:
    cidr: 10.0.0.0/16
    zones: [us-west-2a, us-west-2b]
  ai-platform:cluster:
    endpoint: {public: false}
  ai-platform:nodeGroups:
    cpu:
      instanceTypes: [t3.large]
      scaling: {min: 1, desired: 2, max: 3}
  ai-platform:databases:
    runs:
      engine: postgres
      engineVersion: "17"
      instanceClass: db.t4g.small
      databaseName: mlflow
  ai-platform:buckets:
    artifacts: {}
  ai-platform:workloads:
    mlflow:
      database: runs
      bucket: artifacts
"""


def shipped_project(folder: Path) -> Path:
    """Return a folder that becomes a project: the program, and the stack files as they are shipped."""
    for file in (ROOT / "Pulumi.yaml", ROOT / "__main__.py", *STACK_FILES.glob("Pulumi.*.yaml")):
        shutil.copy(file, folder)
    return folder


def edited(*edits: tuple[str, str]) -> str:
    """The base with each text replaced; every one has to be there once, "" stands for the end of the file."""
    text = BASE
    for old, new in edits:
        if not old:
            text += new
            continue
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the base"
        text = text.replace(old, new)
    return text


def load(folder: Path, text: str | bytes, *, today: date = TODAY) -> Loaded:
    """Load a stack file of this content."""
    content = text.encode() if isinstance(text, str) else text
    (folder / "Pulumi.bad.yaml").write_bytes(content)
    return load_file(folder, "bad", today=today)


def mistakes(folder: Path, text: str | bytes, *, today: date = TODAY) -> tuple[str, ...]:
    """The lines of the error, or of the warnings where there is none, without the file's name."""
    try:
        return told(load(folder, text, today=today))
    except SettingsError as error:
        return told(error)


def told(answer: Loaded | SettingsError) -> tuple[str, ...]:
    """The lines of an answer, without the file's name."""
    lines = answer.lines if isinstance(answer, SettingsError) else answer.warnings
    assert all(line.startswith("Pulumi.bad.yaml:") for line in lines)
    return tuple(line.removeprefix("Pulumi.bad.yaml:") for line in lines)


SHARED = """\
  ai-platform:auroraClusters:
    shared: {engineVersion: "17", databaseName: shop}
  ai-platform:caches:
    shared: {engineVersion: "8.1", nodeType: cache.t4g.small}
  ai-platform:fileSystems:
    models: {accessPoints: {models: {path: /models}}}
  ai-platform:secrets:
    slack: {description: Slack}
  ai-platform:ingress: {domain: shop.dev, public: false}
  ai-platform:priorityClasses:
    low: {value: 100, description: Waits}
  ai-platform:applications:
    api: {image: ghcr.io/shop/api:v1, port: 8080}
  ai-platform:environments:
    dev:
      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}
      priorityClasses: [low]
      database: {cluster: shared, schemaName: dev_shop, user: dev_user}
      cache: {cache: shared, index: 0}
      services: {api: {}}
    prod:
      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}
      priorityClasses: [low]
      database: {cluster: shared, schemaName: prod_shop, user: prod_user}
      cache: {cache: shared, index: 1}
      services: {api: {host: api.shop.dev}}
  ai-platform:monitoring:
    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}
    defaultReceiver: chat
  ai-platform:gitops:
    repository: https://github.com/shop/releases
"""
"""Sections for the end of the base: two environments that share a cluster."""


def shared(*edits: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    """The edit of the base that appends these sections, each text replaced; every one has to be there once."""
    text = SHARED
    for old, new in edits:
        assert not old or text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the shared sections"
        text = text.replace(old, new) if old else text + new
    return (("", text),)


SUBNETS = """\
    subnets:
      public: [{cidr: 10.0.1.0/24, zone: us-west-2a}, {cidr: 10.0.2.0/24, zone: us-west-2b}]
      private: [{cidr: 10.0.4.0/24, zone: us-west-2a}, {cidr: 10.0.5.0/24, zone: us-west-2b}]
"""

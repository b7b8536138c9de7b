"""Real parts for all tests of this folder; a test whose part is missing is skipped."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.parts import clients, debian, kafka, litellm, mlflow, open_webui, postgresql, redis, router
from tests.parts.object_store import ObjectStore, running_object_store
from tests.parts.place import MissingPartError, absent


@pytest.fixture(scope="session")
def mlflow_programs() -> Path:
    """Return the folder with MLflow's programs."""
    try:
        return mlflow.programs()
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def litellm_programs() -> Path:
    """Return the folder with LiteLLM's programs."""
    try:
        return litellm.programs()
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def open_webui_programs() -> Path:
    """Return the folder with the programs of Open WebUI's environment."""
    try:
        return open_webui.programs()
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def redis_programs() -> Path:
    """Return the folder with Redis's programs."""
    try:
        return redis.programs()
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def router_programs() -> Path:
    """Return the folder with the router's Python."""
    try:
        return router.programs()
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def kafka_jars() -> Mapping[str, Path]:
    """Return the folders with the jars of Kafka, by minor version."""
    try:
        return {version: kafka.jars(version) for version in kafka.VERSIONS}
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def postgresql_programs() -> Path:
    """Return the folder with PostgreSQL's programs."""
    try:
        return postgresql.programs(postgresql.packaged())
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def promtool() -> Path:
    """Return promtool, which runs Prometheus's unit tests for rules."""
    try:
        return debian.program("promtool")
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def amtool() -> Path:
    """Return amtool, which validates the configuration of Alertmanager."""
    try:
        return debian.program("amtool")
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def client_programs() -> Path:
    """Return the folder with the AWS CLI and alembic."""
    try:
        return clients.programs()
    except MissingPartError as error:
        absent(error)


@pytest.fixture(scope="session")
def object_store() -> Iterator[ObjectStore]:
    """Yield an S3 for all stacks, whose buckets have different names."""
    with running_object_store() as store:
        yield store

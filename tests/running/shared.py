"""A database that environments share, with its Jobs and CronJobs."""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from aiplatform.preview.plan import Resource
from catalog.versions import POSTGRES_CLIENT_IMAGE
from tests.parts.counts import proven
from tests.parts.postgresql import Server, running_postgresql
from tests.running.platform import host_of
from tests.running.pods import CRON_JOB, JOB, Place, Pod, Stack

STACK = "pingvas"
CLUSTER = "aws:rds/cluster:Cluster"
PARAMETERS = "aws:rds/clusterParameterGroup:ClusterParameterGroup"
SCHEMAS = {"dev": "dev_pingvas", "prod": "prod_pingvas"}
USERS = {"dev": "dev_user", "prod": "prod_user"}
SCRATCH = "restore_prod_pingvas"


@dataclass
class Shared:
    """The server, and a stack's Jobs for it."""

    stack: Stack
    server: Server
    database: str
    place: Place
    folder: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def pod(self, resource: Resource, *, place: Place | None = None) -> Pod:
        """Return a new pod of a Job or CronJob."""
        folder = self.folder / f"{resource.name}-{next(self.numbers)}"
        return Pod(self.stack, resource, replace(place or self.place, folder=folder))

    @property
    def bootstrap(self) -> Resource:
        """Return the Job that creates users and schemas."""
        return self.job("shared-schemas")

    def job(self, name: str) -> Resource:
        """Return a Job by its name in the cluster."""
        return self._named(JOB, name)

    def cron_job(self, name: str) -> Resource:
        """Return a CronJob by its name in the cluster."""
        return self._named(CRON_JOB, name)

    def _named(self, type_: str, name: str) -> Resource:
        (found,) = (one for one in self.stack.recording.all(type_) if one.inputs["metadata"]["name"] == name)
        return found

    def set_up(self) -> str:
        """Run the Job that creates users and schemas, and return its output."""
        printed = self.pod(self.bootstrap).run()
        proven("runs of the schemas' Job")
        return printed

    def password(self, environment: str) -> str:
        """Return the password in the environment's pods."""
        return self.stack.secret(environment, "db-credentials")["PGPASSWORD"]

    def login(self, environment: str, database: str | None = None) -> dict[str, str]:
        """Return the login of an environment's user."""
        return self.server.environment(USERS[environment], self.password(environment), database or self.database)

    @property
    def master(self) -> dict[str, str]:
        """Return the master user's login."""
        return self.server.as_master(self.database)


@contextlib.contextmanager
def shared_database(stack: Stack, postgresql: Path, folder: Path) -> Iterator[Shared]:
    """Yield a server with the parameters of the stack's Aurora cluster, before any Job has run."""
    cluster = stack.recording.one(CLUSTER).inputs
    parameters = stack.recording.one(PARAMETERS).inputs["parameters"]
    with running_postgresql(
        postgresql,
        master=cluster["masterUsername"],
        database=cluster["databaseName"],
        parameters={item["name"]: item["value"] for item in parameters},
    ) as server:
        stack.master_is(server.master, server.master_password)
        shared = Shared(stack, server, cluster["databaseName"], Place(Path(), [], {}), folder)
        host, port = host_of(shared.bootstrap), str(cluster["port"])
        assert host
        shared.place = Place(
            Path(),
            [],
            {f"{host}:{port}": f"127.0.0.1:{server.port}", host: "127.0.0.1"},
            {port: str(server.port)},
            images={POSTGRES_CLIENT_IMAGE: [server.programs]},
        )
        yield shared

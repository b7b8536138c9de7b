"""The location of an environment's dumps, and the parts shared by its backup and its restore test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pulumi
import pulumi_kubernetes as kubernetes

from catalog.versions import AWS_CLI_IMAGE, POSTGRES_CLIENT_IMAGE
from components.data.bucket import Bucket
from components.database_setup.database_user import POSTGRES_USER_ID
from components.identity.access import bucket_statements
from components.identity.policy import Statement
from components.kubernetes.eviction import UNDISTURBED
from components.kubernetes.jobs import SMALL, UNMESHED, Step, cron_job
from components.kubernetes.pods import environment, mount, resources, volume
from config.environments import Backup
from config.workloads.resources import Amounts, Resources

FOLDER = Path(__file__).parent / "scripts"
SCRIPTS = {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.iterdir()) if file.suffix}
EXECUTABLE = 0o755

COPYING = Resources(requests=Amounts(cpu="100m", memory="256Mi"), limits=Amounts(memory="512Mi"))
"""The AWS CLI holds several parts of 8 MB in memory at the same time."""

RETRIES = 2
DEADLINE_SECONDS = 4 * 3600
START_WITHIN_SECONDS = 3600
"""Starting deadline, in seconds. A run that is later than this is skipped.

Without a deadline a CronJob that missed more than 100 runs never starts again:
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#job-creation
"""

WITHOUT_ROLE = "eks.amazonaws.com/skip-containers"
"""The annotation that lists containers without the role's token:
https://github.com/aws/amazon-eks-pod-identity-webhook#amazon-eks-pod-identity-webhook
"""

CRON_JOB_LIMIT = 52
"""Maximum length of a CronJob's name:
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#cronjob-limitations
"""


@dataclass(frozen=True)
class Dumps:
    """An environment, the secret of its schema, and the folder of the bucket that stores its dumps."""

    environment: str
    namespace: str
    region: str
    settings: Backup
    bucket: Bucket
    secret_name: pulumi.Input[str]
    """The Kubernetes secret with PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD and DB_SCHEMA."""

    labels: Mapping[str, str] = field(default_factory=dict)
    """Labels by which network policies allow the pods to connect to the database and to AWS."""

    annotations: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    priority_class: str | None = None

    @property
    def prefix(self) -> str:
        """Return the folder, with a trailing slash."""
        return self.settings.folder(self.environment)

    def statements(self, reads: bool) -> list[Statement]:
        """Return the statements to read dumps, or to write them.

        Neither includes the other, and neither allows deletion.
        """
        return bucket_statements("Dumps", (self.bucket.objects.below(self.prefix), "read" if reads else "add"))

    def cron_job(
        self,
        name: str,
        *,
        labels: Mapping[str, str],
        schedule: str,
        suspended: bool = False,
        steps: Sequence[Step],
        database_step: str,
        scripts: str,
        opts: pulumi.ResourceOptions,
    ) -> kubernetes.batch.v1.CronJob:
        """Create a CronJob that runs under the service account of the same name.

        The step that connects to the database gets no token of the role. `scripts` is the name of the ConfigMap with
        the scripts. `labels` take precedence over the labels of all dumps.
        """
        return cron_job(
            name,
            namespace=self.namespace,
            labels={**self.labels, **labels, **UNMESHED},
            schedule=schedule,
            time_zone=self.settings.time_zone,
            suspended=suspended,
            steps=steps,
            user=POSTGRES_USER_ID,
            service_account=name,
            priority_class=self.priority_class,
            retries=RETRIES,
            deadline_seconds=DEADLINE_SECONDS,
            start_within_seconds=START_WITHIN_SECONDS,
            volumes=self._volumes(scripts),
            annotations={**UNDISTURBED, WITHOUT_ROLE: database_step, **self.annotations},
            opts=opts,
        )

    def with_database(self, name: str, script: str, *, database: str | None = None) -> Step:
        """Return a step with PostgreSQL's client programs, for the environment's database or another one."""
        keys = ["PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "DB_SCHEMA", *([] if database else ["PGDATABASE"])]
        plain = {
            "ENVIRONMENT": self.environment,
            "PGSSLMODE": "require",
            **({"PGDATABASE": database} if database else {}),
        }
        login = [
            kubernetes.core.v1.EnvVarArgs(
                name=key,
                value_from=kubernetes.core.v1.EnvVarSourceArgs(
                    secret_key_ref=kubernetes.core.v1.SecretKeySelectorArgs(name=self.secret_name, key=key)
                ),
            )
            for key in keys
        ]
        return self._step(name, script, POSTGRES_CLIENT_IMAGE, [*environment(plain), *login], SMALL)

    def with_bucket(self, name: str, script: str) -> Step:
        """Return a step with the AWS CLI."""
        plain: dict[str, pulumi.Input[str]] = {
            "ENVIRONMENT": self.environment,
            "BUCKET": self.bucket.bucket_name,
            "PREFIX": self.prefix,
            "AWS_REGION": self.region,
        }
        return self._step(name, script, AWS_CLI_IMAGE, environment(plain), COPYING)

    def _step(
        self, name: str, script: str, image: str, env: Sequence[kubernetes.core.v1.EnvVarArgs], size: Resources
    ) -> Step:
        mounts = [mount("backup", "/backup"), mount("scripts", "/scripts", read_only=True)]
        return Step(name, image, [f"/scripts/{script}"], env, resources(size, scratch=self.settings.scratch), mounts)

    def _volumes(self, scripts: str) -> list[kubernetes.core.v1.VolumeArgs]:
        """Return the ephemeral volume for one dump, and the ConfigMap with the scripts."""
        disk = kubernetes.core.v1.EmptyDirVolumeSourceArgs(size_limit=self.settings.scratch)
        files = kubernetes.core.v1.ConfigMapVolumeSourceArgs(name=scripts, default_mode=EXECUTABLE)
        return [volume("backup", empty_dir=disk), volume("scripts", config_map=files)]

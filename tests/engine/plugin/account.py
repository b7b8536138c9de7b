"""Responses of the account: each call is checked by AWS's rules, and executed or rejected."""

import json
import random
import secrets
import string
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from aiplatform.preview.outputs import Context, answer_invoke, id_and_outputs
from aiplatform.preview.plan import Json
from tests.aws.refusals import judge
from tests.engine.plugin.cloud import Cloud, Thing, store, things
from tests.engine.plugin.rules import AGAIN, BEFORE_CREATION, taken, untimely
from tests.engine.plugin.uses import unmet, users

MOST_ATTEMPTS = 25
"""Number of attempts of the provider for a call: https://registry.terraform.io/providers/hashicorp/aws#max_retries"""

ACCOUNT = "123456789012"
_ANSWERS = {
    "throttle": "StatusCode: 400, api error ThrottlingException: Rate exceeded",
    "error": "StatusCode: 500, api error InternalFailure: We encountered an internal error. Please try again.",
}
_CLUSTER, _SECRET = "aws:eks/cluster:Cluster", "aws:secretsmanager/secret:Secret"
_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
_RANDOM = "aws:secretsmanager/getRandomPassword:getRandomPassword"


_GLOBAL = ("aws:iam/", "aws:route53/", "aws:s3/", "aws:budgets/", "aws:costexplorer/")
"""Global resources of an account; names of buckets are even unique in the world."""


class RefusedError(Exception):
    """AWS rejects the call."""


class Account:
    """A region of the account in a process of the plugin."""

    def __init__(self, folder: Path) -> None:
        self.cloud = Cloud(folder)
        self.region = "us-west-2"
        self.account = ACCOUNT
        self.default_tags: Mapping[str, str] = {}

    def configure(self, settings: Mapping[str, Json]) -> None:
        """Set the provider's settings."""
        tags, accounts = settings.get("defaultTags"), settings.get("allowedAccountIds")
        tags = json.loads(tags) if isinstance(tags, str) else tags
        accounts = json.loads(accounts) if isinstance(accounts, str) else accounts
        self.region = settings.get("region", self.region)
        self.default_tags = (tags or {}).get("tags", {})
        self.account = accounts[0] if accounts else ACCOUNT

    def invented(
        self, type_: str, urn: str, inputs: Mapping[str, Json], number: int = 0
    ) -> tuple[str, dict[str, Json]]:
        """Return id and outputs of a new resource; `number` distinguishes resources with the same name in the
        program.
        """
        # AWS generates different values for each resource, including one that replaces another.
        context = Context(self.account, self.region, f"{urn}#{number}" if number else urn)
        identifier, computed = id_and_outputs(type_, urn.rpartition("::")[2], inputs, context)
        outputs = {**inputs, **{name: value for name, value in computed.items() if value is not None}}
        outputs |= {"id": identifier, "region": inputs.get("region") or self.region}
        if "tags" in inputs or self.default_tags:
            outputs["tagsAll"] = {**self.default_tags, **inputs.get("tags", {})}
        if type_ == _CLUSTER:
            outputs |= json.loads((self.cloud.folder / "control-plane.json").read_text())
        return identifier, outputs

    def _place(self, type_: str, inputs: Mapping[str, Json]) -> str:
        """Return the region in which a name is unique; empty for global names."""
        return "" if type_.startswith(_GLOBAL) else str(inputs.get("region") or self.region)

    def create(self, type_: str, urn: str, inputs: Mapping[str, Json]) -> Thing:
        """Create a resource.

        Raises:
            RefusedError: AWS would reject it.
        """
        identifier, _ = self.invented(type_, urn, inputs)
        asked = self._judge("creating", type_, urn, inputs, identifier)
        while True:
            with self.cloud.changing() as database:
                if not self.cloud.is_held(database):
                    living = things(database)
                    self._allow(type_, inputs, living)
                    self._still_there(type_, inputs, database.execute("SELECT name FROM deleted_secrets").fetchall())
                    thing = self._new(type_, urn, inputs, living)
                    store(database, thing)
                    break
            time.sleep(0.1)
        self.cloud.note("create", type=type_, urn=urn, id=thing.id, inputs=dict(inputs))
        if self.cloud.fault(f"answer of {asked[0]}"):
            raise RefusedError(f"creating {type_} ({thing.id}): RequestError: send request failed: connection reset")
        return thing

    def _new(self, type_: str, urn: str, inputs: Mapping[str, Json], living: list[Thing]) -> Thing:
        place = self._place(type_, inputs)
        taken = {thing.id: thing for thing in living if (thing.type, thing.region) == (type_, place)}
        # A version is never created twice, even if the previous one was deleted.
        for number in [secrets.randbelow(1 << 30) + 1] if type_ == _VERSION else range(100):
            identifier, outputs = self.invented(type_, urn, inputs, number)
            if identifier not in taken or type_ in AGAIN:
                return Thing(type_, identifier, urn, inputs, outputs, place)
            if number and identifier == self.invented(type_, urn, inputs)[0]:
                break
        raise RefusedError(f"creating {type_} ({identifier}): EntityAlreadyExists: {identifier} already exists")

    def _allow(self, type_: str, inputs: Mapping[str, Json], living: list[Thing]) -> None:
        before, place = BEFORE_CREATION.get(type_), self._place(type_, inputs)
        beside = [thing for thing in living if thing.region in (place, "")]
        problems = [
            *unmet(type_, inputs, living),
            *taken(type_, inputs, beside),
            *(before(inputs, beside) if before else ()),
        ]
        if problems:
            raise RefusedError(f"creating {type_}: {'; '.join(problems)}")

    def _still_there(self, type_: str, inputs: Mapping[str, Json], deleted: list[tuple[str]]) -> None:
        if type_ == _SECRET and (inputs.get("name"),) in deleted:
            raise RefusedError(
                f"creating Secrets Manager Secret ({inputs['name']}): InvalidRequestException: You can't create this "
                "secret because a secret with this name is already scheduled for deletion."
            )

    def update(self, type_: str, identifier: str, inputs: Mapping[str, Json]) -> Thing:
        """Update an existing resource.

        Raises:
            RefusedError: AWS would reject it, or it does not exist.
        """
        thing = self.find(type_, identifier)
        if thing is None:
            raise RefusedError(f"updating {type_} ({identifier}): NotFound")
        self._judge("updating", thing.type, thing.urn, inputs, thing.id)
        outputs = _still_said(thing.inputs, thing.outputs, inputs)
        if "tags" in inputs or self.default_tags:
            outputs["tagsAll"] = {**self.default_tags, **inputs.get("tags", {})}
        if thing.type == "aws:ec2/launchTemplate:LaunchTemplate":
            outputs["latestVersion"] = thing.outputs["latestVersion"] + 1
            outputs["defaultVersion"] = outputs["latestVersion"]
        changed = Thing(thing.type, thing.id, thing.urn, inputs, outputs, thing.region)
        with self.cloud.changing() as database:
            problems = list(unmet(thing.type, inputs, things(database)))
            if problems:
                raise RefusedError(f"updating {thing.type} ({thing.id}): {'; '.join(problems)}")
            store(database, changed)
        self.cloud.note("update", type=thing.type, urn=thing.urn, id=thing.id)
        return changed

    def delete(self, type_: str, identifier: str, urn: str) -> None:
        """Delete a resource; no error if it does not exist.

        Raises:
            RefusedError: an existing resource depends on it, or it is protected.
        """
        self._call("deleting", type_, _deletion(type_))
        while True:
            with self.cloud.changing() as database:
                if not self.cloud.is_held(database):
                    living = things(database)
                    found = self._nearest([thing for thing in living if (thing.type, thing.id) == (type_, identifier)])
                    others = [thing for thing in living if thing is not found]
                    problems = [*users(found, others), *untimely(found, others)] if found else []
                    if not problems:
                        database.execute(
                            "DELETE FROM living WHERE type = ? AND id = ? AND region = ?",
                            (type_, identifier, found.region if found else ""),
                        )
                        if found and type_ == _SECRET and found.inputs.get("recoveryWindowInDays") != 0:
                            name = found.inputs["name"]
                            database.execute("INSERT OR IGNORE INTO deleted_secrets VALUES (?)", (name,))
                    break
            time.sleep(0.1)
        if problems:
            self.cloud.note("refused", type=type_, urn=urn, id=identifier, problems=problems)
            raise RefusedError(f"deleting {type_} ({identifier}): {'; '.join(problems)}")
        self.cloud.note("delete", type=type_, urn=urn, id=identifier)

    def find(self, type_: str, identifier: str) -> Thing | None:
        """Return the resource with that id."""
        return self._nearest([thing for thing in self.cloud.living(type_) if thing.id == identifier])

    def _nearest(self, candidates: Sequence[Thing]) -> Thing | None:
        """Return the resource in this provider's region from several with the same id."""
        return next((thing for thing in candidates if thing.region == self.region), next(iter(candidates), None))

    def answer(self, token: str, arguments: Mapping[str, Json]) -> dict[str, Json]:
        """Return the result of a data source."""
        service, _, _ = token.removeprefix("aws:").partition("/")
        self._call("reading", token, f"{service}:{token.rpartition(':')[2]}")
        answer = answer_invoke(token, arguments, Context(self.account, self.region))
        if token == _RANDOM:
            letters = string.ascii_letters + string.digits
            password = "".join(secrets.choice(letters) for _ in range(arguments.get("passwordLength", 32)))
            self.cloud.remember_password(password)
            answer = {**answer, "id": "password", "randomPassword": password}
        return {name: value for name, value in answer.items() if value is not None}

    def _judge(self, doing: str, type_: str, urn: str, inputs: Mapping[str, Json], identifier: str) -> Sequence[str]:
        judged = judge(type_, urn.rpartition("::")[2], inputs, identifier=identifier, default_tags=self.default_tags)
        for operation in judged.asked:
            self._call(doing, type_, operation)
        if judged.refusals:
            self.cloud.note("invalid", type=type_, urn=urn, problems=list(judged.refusals))
            raise RefusedError(f"{doing} {type_}: StatusCode: 400, ValidationException: {'; '.join(judged.refusals)}")
        self.cloud.note("judged", type=type_, urn=urn, operations=list(judged.asked))
        return judged.asked

    def _call(self, doing: str, type_: str, operation: str) -> None:
        """Execute a call with the retries of AWS's SDK."""
        for attempt in range(MOST_ATTEMPTS):
            fault = self.cloud.fault(operation)
            if fault is None:
                return
            self.cloud.note("fault", operation=operation, kind=fault, attempt=attempt + 1)
            time.sleep(random.uniform(0, 0.05))  # noqa: S311 - jitter
        service, _, name = operation.partition(":")
        raise RefusedError(
            f"{doing} {type_}: operation error {service.upper()}: {name}, exceeded maximum number of attempts, "
            f"{MOST_ATTEMPTS}, https response error {_ANSWERS[fault or 'error']}"
        )


def _still_said(before: Mapping[str, Json], outputs: Mapping[str, Json], after: Mapping[str, Json]) -> dict[str, Json]:
    """Return the new inputs with the outputs that AWS generated beside the old inputs, also inside structures."""
    said = {name: value for name, value in outputs.items() if name not in before}
    nested = {
        name: _still_said(before[name], outputs[name], value)
        for name, value in after.items()
        if all(isinstance(each, Mapping) for each in (value, before.get(name), outputs.get(name)))
    }
    return {**said, **after, **nested}


def _deletion(type_: str) -> str:
    _, place, kind = type_.split(":")
    return f"{place.split('/')[0]}:Delete{kind}"

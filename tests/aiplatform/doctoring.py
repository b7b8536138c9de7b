"""An account that answers as a test says, and a stack of a few resources to ask about."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore import xform_name

from aiplatform.doctor.checks import CHECKS
from aiplatform.doctor.engine import Line, answered, asked
from aiplatform.doctor.question import Account, Subject
from aiplatform.preview.plan import Plan, Resource
from aiplatform.verify.problem import RefusedError
from config.settings import Settings
from tests.aws.model import _session, mistakes

NUMBER = "123456789012"
CALLER = f"arn:aws:sts::{NUMBER}:assumed-role/ci/session"

Answers = Mapping[str, Any]


class Api:
    """A region: the answers of operations. Each request is one that AWS's description of the service allows."""

    def __init__(self, region: str, answers: Answers) -> None:
        self.region, self.answers = region, answers

    def call(self, service: str, operation: str, **arguments: Any) -> Any:
        names = {xform_name(one): one for one in _session().get_service_model(service).operation_names}
        assert mistakes(service, names[operation], arguments) == []
        found = self.answers.get(f"{operation} {self.region}", self.answers.get(operation))
        assert found is not None, f"{service} {operation} {arguments}"
        answer = found(**arguments) if callable(found) else found
        if isinstance(answer, Exception):
            raise answer
        return answer


def account(answers: Answers, arn: str = CALLER) -> Account:
    return Account(arn, lambda region: Api(region, answers))


def refused(code: str, message: str = "no") -> RefusedError:
    return RefusedError(code, message)


def subject(settings: Settings, folder: Path, *resources: tuple[str, dict[str, Any]]) -> Subject:
    """A stack with these resources, each of which depends on all before it."""
    made = [
        Resource(f"urn:{n}", type_, f"one-{n}", None, None, tuple(f"urn:{before}" for before in range(n)), inputs)
        for n, (type_, inputs) in enumerate(resources)
    ]
    return Subject("small", folder, settings, Plan("ai-platform", "small", tuple(made), {}))


def ask(stack: Subject, check: str, about: str, answers: Answers, arn: str = CALLER) -> Line:
    """The only line of a check with a text."""
    (key,) = [one.key for one in CHECKS if one.key == check]
    questions = [one for one in asked(stack) if one.check.key == key and about in one.question.about]
    assert len(questions) == 1, [one.question.about for one in questions]
    (line,) = answered(questions, account(answers, arn))
    return line

"""The checks, found by being there: each module has TITLE, ORDER and `questions(subject)`."""

import pkgutil
from importlib import import_module
from typing import NamedTuple

from aiplatform.doctor.question import Questions


class Check(NamedTuple):
    """A check."""

    key: str
    title: str
    order: int
    questions: Questions


def _check(name: str) -> Check:
    module = import_module(f"{__name__}.{name}")
    return Check(name, module.TITLE, module.ORDER, module.questions)


CHECKS = tuple(sorted((_check(one.name) for one in pkgutil.iter_modules(__path__)), key=lambda one: one.order))

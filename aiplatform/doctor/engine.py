"""Ask all questions in parallel, within a minute."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from concurrent.futures import TimeoutError as LateError
from typing import NamedTuple

from aiplatform.doctor.checks import CHECKS, Check
from aiplatform.doctor.question import Account, Answer, Question, Subject, unknown
from aiplatform.errors import EXPIRED, EXPIRED_KEYS, THROTTLED, AccessError
from aiplatform.verify.problem import FORBIDDEN, UNREACHABLE, RefusedError

SECONDS = 60
"""Seconds after which an answer counts as unknown."""

PARALLEL = 16


class Asked(NamedTuple):
    """A question of a check."""

    check: Check
    question: Question


class Line(NamedTuple):
    """A question with its answer."""

    check: Check
    about: str
    answer: Answer


def asked(subject: Subject) -> list[Asked]:
    """Return the questions of all checks about a stack; resources that need the same share a question."""
    found = (Asked(check, question) for check in CHECKS for question in check.questions(subject))
    return list({(one.check.key, one.question.about): one for one in found}.values())


def answered(
    questions: Sequence[Asked], account: Account, heard: Callable[[int], None] | None = None, seconds: float = SECONDS
) -> list[Line]:
    """Return all answers in the order of the questions. `heard` gets the number of answers.

    Raises:
        AccessError: the credentials expire.
    """
    until = time.monotonic() + seconds
    pool = ThreadPoolExecutor(PARALLEL)
    jobs: dict[Future[Answer], int] = {
        pool.submit(_answer, one.question, account): number for number, one in enumerate(questions)
    }
    answers: dict[int, Answer] = {}
    try:
        for job in as_completed(jobs, timeout=max(until - time.monotonic(), 0)):
            answers[jobs[job]] = job.result()
            if heard:
                heard(len(answers))
    except LateError:
        pass
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    late = unknown(f"no answer within {seconds:g} seconds; run the command again")._replace(refused=True)
    return [Line(one.check, one.question.about, answers.get(number, late)) for number, one in enumerate(questions)]


def _answer(question: Question, account: Account) -> Answer:
    try:
        return question.ask(account)
    except RefusedError as error:
        if error.code in EXPIRED:
            raise AccessError(EXPIRED_KEYS.format(code=error.code)) from error
        return unknown(_why(error))._replace(refused=True)
    except AccessError as error:
        return unknown(str(error))._replace(refused=True)
    except Exception as error:
        return unknown(f"the answer was not understood ({type(error).__name__}: {error})")


def _why(error: RefusedError) -> str:
    if error.code in THROTTLED:
        return f"AWS throttles the requests ({error.code}); run the command again later"
    if error.code in FORBIDDEN:
        return f"not allowed ({error.code}): {error.message}"
    if error.code == UNREACHABLE:
        return f"no answer: {error.message}"
    return f"refused ({error.code}): {error.message}"

"""Error messages of types: what is wrong, and what to write instead."""

import re

from pydantic import AfterValidator


def quoted(value: object) -> str:
    """Quote a value for a message, cut to a readable length."""
    if isinstance(value, str):
        return repr(value if len(value) <= 100 else f"{value[:100]}...")
    return repr(value)[:100]


def matching(pattern: str, problem: str) -> AfterValidator:
    """Accept a string that matches `pattern` as a whole; the error is `'<value>' <problem>`."""
    # Digits and letters of ASCII alone, as AWS and Kubernetes mean them; tags ask for more with (?u:...).
    compiled = re.compile(pattern, re.ASCII)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise ValueError(f"{quoted(value)} {problem}")
        return value

    return AfterValidator(check)

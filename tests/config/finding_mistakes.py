"""Invalid values of accepted findings: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]


def _accepted(text: str) -> tuple[tuple[str, str], ...]:
    """One acceptance at line 27."""
    return (("", f"  ai-platform:findings: {{accepted: [{{{text}}}]}}\n"),)


MISTAKES: dict[str, Row] = {
    "findings: accepted without a reason": (
        _accepted("rule: open-port"),
        ('27: findings.accepted[0].reason: is missing; write it like reason: "a trial, whose bucket may go with it"',),
    ),
    "findings: a reason that says nothing": (
        _accepted("rule: open-port, reason: ''"),
        ("27: findings.accepted[0].reason: is empty; set a value",),
    ),
    "findings: a rule by a sentence": (
        _accepted("rule: Open port, reason: everybody may come in"),
        (
            "27: findings.accepted[0].rule: 'Open port' is not the name of a rule; write it as in `findings.json`, like open-port",
        ),
    ),
}

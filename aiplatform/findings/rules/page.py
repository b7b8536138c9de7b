"""`docs/rules.md`: every rule with its reason, so that nobody has to run something to read them."""

from urllib.parse import urlsplit

from aiplatform.findings.rules import rules
from aiplatform.findings.rules.rule import Rule

_HEAD = """# What every resource must keep to

`aiplatform plan` asks these of what it records, and the policy pack asks the same of Pulumi's engine before it creates
or changes anything:

```console
$ pulumi up --policy-pack policies
```

An error stops the engine and fails `aiplatform plan`; a warning is said; an info stands in `findings.json`. When a run
begins the pack also asks for all else that `aiplatform plan` finds: pods without a place, a budget that does not hold,
names against the rule. What is meant to be so is accepted in the stack file, with a reason:

```yaml
  ai-platform:findings:
    accepted:
      - rule: open-port
        resource: bastion-*     # the resource's name in Pulumi; * stands for any signs
        reason: the class logs in from anywhere
```

A rule is a function in a module of [aiplatform/findings/rules](../aiplatform/findings/rules/), which is found by being
there, and a case in [tests/aiplatform/findings/rules/cases.py](../tests/aiplatform/findings/rules/cases.py). This page
is written by `aiplatform rules --out docs/rules.md`.

| rule | severity | what is asked | source |
|---|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(map(_row, rules()))


def _row(rule: Rule) -> str:
    text, source = rule.description, urlsplit(rule.source)
    return f"| `{rule.name}` | {rule.severity} | {text} | [{source.hostname}]({rule.source}) |\n"

"""Configuration values of EKS add-ons: EKS refuses what the schema of the add-on does not have."""

from collections.abc import Iterator

from catalog.addon_configuration import AS_OF, EKS_NAMES, KEYS
from catalog.reading.problems import Path, Problem, nearest
from config.rules.stack import Rule, Stack


def keys(stack: Stack) -> Iterator[Problem]:
    """The schema of the add-on has the first key of each value."""
    for _, key, addon in stack.settings.addons.each():
        for name in addon.values if key in KEYS else ():
            if name in KEYS[key]:
                continue
            similar = nearest(str(name), sorted(KEYS[key]))
            hint = f"did you mean {similar}? Check with" if similar else "check with"
            yield Problem(
                ("addons", key, "values", name),
                f"is not in the configuration of {EKS_NAMES[key]} of {AS_OF}, and EKS refuses unknown keys; {hint} "
                f"`aws eks describe-addon-configuration --addon-name {EKS_NAMES[key]} --addon-version ...`",
                "warning",
            )


def environment(stack: Stack) -> Iterator[Problem]:
    """Variables of the VPC CNI are strings: its schema refuses numbers and booleans."""
    given = stack.settings.addons.vpc_cni.values.get("env")
    for name, value in given.items() if isinstance(given, dict) else ():
        if not isinstance(value, str):
            path: Path = ("addons", "vpcCni", "values", "env", name)
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield Problem(path, f"{text} is not a string, which EKS requires; write it in quotes: '{text}'")


RULES: tuple[Rule, ...] = (keys, environment)

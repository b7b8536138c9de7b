"""Versions of EKS add-ons have the form that EKS accepts."""

import re
from collections.abc import Iterator

from catalog.reading.problems import Problem
from config.rules.stack import Rule, Stack

FORM = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+")
ASK = "`aws eks describe-addon-versions --kubernetes-version"


def forms(stack: Stack) -> Iterator[Problem]:
    """The version of an EKS add-on has the form that EKS accepts: v1.35.0-eksbuild.2."""
    for _, key, addon in stack.settings.addons.each():
        if addon.version is not None and not addon.CHARTS and not FORM.fullmatch(addon.version):
            yield Problem(
                ("addons", key, "version"),
                f"{addon.version} is not a version of an EKS add-on; write it like v1.35.0-eksbuild.2, as "
                f"{ASK} {stack.settings.cluster.version}` shows it",
            )


RULES: tuple[Rule, ...] = (forms,)

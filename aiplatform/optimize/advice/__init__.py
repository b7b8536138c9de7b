"""The kinds of advice. A module is found by being there; its `ideas` is an `Advice`."""

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from aiplatform.optimize.idea import Advice

ADVICE: Mapping[str, Advice] = {
    module.name: import_module(f"{__name__}.{module.name}").ideas for module in pkgutil.iter_modules(__path__)
}
"""The advice of every module, by its name."""

"""Read IAM policy documents of a plan."""

import json
from collections.abc import Mapping

from aiplatform.preview.plan import Json


def statements(document: Json) -> tuple[Mapping[str, Json], ...]:
    """Return the statements of a policy; none if it is missing, or unknown before a deployment."""
    try:
        read = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return ()
    found = read.get("Statement", ()) if isinstance(read, Mapping) else ()
    return tuple(one for one in (found if isinstance(found, list | tuple) else (found,)) if isinstance(one, Mapping))

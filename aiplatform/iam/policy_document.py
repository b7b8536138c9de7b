"""IAM policies, as a plan holds them."""

import json
from collections.abc import Mapping

from aiplatform.preview.plan import Json


def statements(document: Json) -> tuple[Mapping[str, Json], ...]:
    """The statements of a policy; none where it is missing, or its text is not known before it is built."""
    try:
        read = json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return ()
    found = read.get("Statement", ()) if isinstance(read, Mapping) else ()
    return tuple(one for one in (found if isinstance(found, list | tuple) else (found,)) if isinstance(one, Mapping))

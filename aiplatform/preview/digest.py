"""The digest of a plan: what a job compares before it updates a stack."""

import hashlib
import json

from aiplatform.preview.plan import Plan
from aiplatform.preview.write import described


def plan_digest(plan: Plan) -> str:
    """Return the SHA-256 of the resources and outputs of a plan, without its provenance: the same resources of another
    commit or day have the same digest. It does not depend on the layout of `plan.json`.

    Values of secrets are not part of it, because the plan masks them.
    """
    hashed = hashlib.sha256()
    parts = (plan.project, plan.stack, *map(described, plan.resources), dict(plan.outputs), sorted(plan.after_up))
    for part in parts:
        hashed.update(json.dumps(part, sort_keys=True).encode() + b"\n")
    return f"sha256:{hashed.hexdigest()}"

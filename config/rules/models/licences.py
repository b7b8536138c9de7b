"""Models of the Hub whose licence has to be accepted."""

from collections.abc import Iterator

from catalog.models import access, table_date
from catalog.reading.problems import Problem
from config.rules.models.placed import each_model
from config.rules.stack import Stack
from config.workloads.vllm import VllmModel

OFFLINE = "HF_HUB_OFFLINE"
"""Variable with which the Hub's client uses its cache and asks nothing:
https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables"""

MIRROR = "HF_ENDPOINT"


def tokens(stack: Stack) -> Iterator[Problem]:
    """A gated model has a token, or is not downloaded; whether others are gated is unknown, unless the table knows."""
    for path, _, model in each_model(stack):
        if model.token_secret is not None or _cached(model):
            continue
        unknown: list[str] = []
        for key, name in model.downloads():
            found = "unknown" if MIRROR in model.environment else access(name)
            if found == "gated":
                yield Problem(
                    (*path, *key),
                    f"{name} is gated: the Hub answers 401 without the token of an account that has accepted its "
                    "licence; set tokenSecret, or weights.streamed",
                    because=((*path, "tokenSecret"), (*path, "weights")),
                )
            elif found == "unknown":
                unknown.append(name)
        if unknown:
            yield Problem(
                path,
                f"whether {' and '.join(unknown)} can be downloaded without a token is unknown (table of "
                f"{table_date()}); set tokenSecret if the Hub shows a licence to accept, or if it is private",
                "warning",
                because=((*path, "tokenSecret"), (*path, "weights"), (*path, "model")),
            )


def of_instances(stack: Stack) -> Iterator[Problem]:
    """A container on EC2 whose command names a gated model has a token."""
    for key, server in stack.settings.instances.items():
        for name, container in server.containers.items():
            given = {*container.secrets, *container.environment}
            if given & {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", OFFLINE, MIRROR}:
                continue
            for index, word in enumerate(container.command):
                model = word.rpartition("=")[2]
                if access(model) == "gated":
                    here = ("instances", key, "containers", name)
                    yield Problem(
                        (*here, "command", index),
                        f"{model} is gated: the Hub answers 401 without the token of an account that has accepted its "
                        "licence; set secrets.HF_TOKEN",
                        because=((*here, "secrets"), (*here, "environment")),
                    )


def _cached(model: VllmModel) -> bool:
    """Return whether pods use weights that were downloaded before: they ask the Hub otherwise, which answers 401."""
    kept = model.weights.shared is not None or model.weights.volume is not None
    return kept and model.environment.get(OFFLINE, "").lower() in ("1", "on", "yes", "true")

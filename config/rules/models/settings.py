"""References and figures of a model."""

from collections.abc import Iterator

from catalog.models import known_models, similar_model
from catalog.reading.problems import Problem, did_you_mean
from config.model_memory import published
from config.rules.models.placed import each_model
from config.rules.stack import Stack


def folders(stack: Stack) -> Iterator[Problem]:
    """Shared weights have an existing access point."""
    for path, _, model in each_model(stack):
        shared = model.weights.shared
        if shared is not None:
            here = (*path, "weights", "shared")
            points = stack.names("fileSystems", shared.file_system, "accessPoints")
            if points and shared.access_point not in points:
                message = f"unknown access point {shared.access_point!r} of {shared.file_system}"
                yield Problem((*here, "accessPoint"), f"{message}{did_you_mean(shared.access_point, points)}")


def figures(stack: Stack) -> Iterator[Problem]:
    """The figures of each model are known, and the model is published with the chosen quantization."""
    for path, _, model in each_model(stack):
        known = published(model)
        if known is None:
            alike = similar_model(model.model)
            hint = f"did you mean {alike}? Or set figures" if alike else "set figures"
            yield Problem(
                (*path, "model"),
                f"the figures of model {model.model} are unknown; {hint}, with the values of its config.json",
                because=((*path, "figures"),),
            )
        elif model.quantization in ("awq", "gptq") and known.stored != model.quantization and model.figures is None:
            others = [
                name
                for name, other in known_models().items()
                if other.stored == model.quantization and other.like(known)
            ]
            other = f"set model: {others[0]}" if others else "set fp8, which vLLM applies itself"
            yield Problem(
                (*path, "quantization"),
                f"{model.model} is not published with quantization {model.quantization}; {other}",
                because=((*path, "model"),),
            )

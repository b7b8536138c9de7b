"""What a model refers to, and what is said of it once."""

from collections.abc import Iterator

from catalog.models import known_models
from catalog.reading.problems import Problem, did_you_mean, nearest
from config.model_memory import published
from config.rules.models.placed import each_model
from config.rules.stack import Stack


def folders(stack: Stack) -> Iterator[Problem]:
    """A shared folder of weights is an access point of its file system."""
    for path, _, model in each_model(stack):
        shared = model.weights.shared
        if shared is not None:
            here = (*path, "weights", "shared")
            points = stack.names("fileSystems", shared.file_system, "accessPoints")
            if points and shared.access_point not in points:
                message = f"{shared.access_point!r} is no access point of {shared.file_system}"
                yield Problem((*here, "accessPoint"), f"{message}{did_you_mean(shared.access_point, points)}")


def figures(stack: Stack) -> Iterator[Problem]:
    """The platform knows what each model takes, and a quantization is one that the model has."""
    for path, _, model in each_model(stack):
        known = published(model)
        if known is None:
            alike = nearest(model.model, known_models())
            hint = f"did you mean {alike}? Or write figures" if alike else "write figures"
            yield Problem(
                (*path, "model"),
                f"{model.model} is no model that the platform knows; {hint}, as its config.json has them",
                because=((*path, "figures"),),
            )
        elif model.quantization in ("awq", "gptq") and known.stored != model.quantization and model.figures is None:
            others = [
                name
                for name, other in known_models().items()
                if other.stored == model.quantization and other.figures == known.figures
            ]
            other = f"write model: {others[0]}" if others else "write fp8, which vLLM makes itself"
            yield Problem(
                (*path, "quantization"),
                f"{model.quantization} is not how {model.model} is published; {other}",
                because=((*path, "model"),),
            )

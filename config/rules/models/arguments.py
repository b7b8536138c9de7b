"""Arguments of `vllm serve`: each is an option of the pinned version, once, and with a value where it takes one."""

from collections.abc import Iterator

from catalog.reading.problems import Path, Problem, alternatives, did_you_mean, nearest
from catalog.versions import VLLM_IMAGE
from catalog.vllm_options import (
    FIGURES,
    FLAGS,
    KNOWN,
    REASONING_PARSERS,
    REPEATABLE,
    TOOL_CALL_PARSERS,
    VALUES,
    VERSION,
    longer,
    spelled,
)
from config.rules.models.placed import each_model
from config.rules.stack import Stack
from config.serving.names import STREAMING


def known_options(stack: Stack) -> Iterator[Problem]:
    """An option is in the table, which knows what takes GPU memory; an unknown one of another image is a warning."""
    for path, _, model in each_model(stack):
        seen: set[str] = set()
        for index, argument in enumerate(model.arguments):
            here, option = (*path, "arguments", index), spelled(argument)
            name, equals, _ = argument.partition("=")
            if option not in KNOWN:
                yield _unknown(here, name, option, own_image=model.image != VLLM_IMAGE)
            elif (option in VALUES and not equals) or (option in FLAGS and equals):
                message = "takes no value; remove it" if equals else "takes a value; write it with an equals sign"
                yield Problem(here, f"--{option} {message}")
            elif option in seen and option not in REPEATABLE:
                yield Problem(here, f"--{option} is given twice, and vLLM uses the last one; keep one")
            seen.add(option)


def _unknown(path: Path, name: str, option: str, *, own_image: bool) -> Problem:
    whole = longer(option)
    if whole:
        return Problem(
            path, f"{name} is an abbreviation of {alternatives([f'--{one}' for one in whole[:3]])}; write it out"
        )
    if own_image:
        return Problem(
            path,
            f"{name} is not an option of vLLM {VERSION}, so the GPU memory that it takes is unknown; check the "
            "documentation of the image's version",
            "warning",
        )
    best = nearest(option, sorted(KNOWN))
    hint = f"did you mean --{best}?" if best else "remove it"
    return Problem(path, f"{name} is not an option of vLLM {VERSION}; {hint}")


def parsers(stack: Stack) -> Iterator[Problem]:
    """Parsers are those of the pinned version; an unknown one of another image is a warning."""
    for path, _, model in each_model(stack):
        for key, value, known in (
            ("toolCallParser", model.tool_call_parser, TOOL_CALL_PARSERS),
            ("reasoningParser", model.reasoning_parser, REASONING_PARSERS),
        ):
            if value is None or value in known:
                continue
            if model.image == VLLM_IMAGE:
                yield Problem(
                    (*path, key), f"vLLM {VERSION} has no parser {value!r}{did_you_mean(value, sorted(known))}"
                )
            else:
                yield Problem(
                    (*path, key),
                    f"vLLM {VERSION} has no parser {value!r}; check the documentation of the image's version",
                    "warning",
                )


def loading(stack: Stack) -> Iterator[Problem]:
    """Weights in a bucket are streamed."""
    for path, _, model in each_model(stack):
        chosen = model.load_format
        if model.weights.streamed is not None and chosen is not None and chosen not in STREAMING:
            yield Problem(
                (*path, "loadFormat"),
                f"{chosen} does not read weights from a bucket; set {alternatives(STREAMING)}, or remove it",
                because=((*path, "weights"),),
            )


def figures_of_overrides(stack: Stack) -> Iterator[Problem]:
    """An option that changes the model's configuration has figures with the changed values."""
    for path, _, model in each_model(stack):
        for index, argument in enumerate(model.arguments):
            if spelled(argument) in FIGURES and model.figures is None:
                yield Problem(
                    (*path, "arguments", index),
                    f"--{spelled(argument)} changes the figures of {model.model}, from which GPU memory is calculated; "
                    "set figures, with the changed values",
                    because=((*path, "figures"), (*path, "model")),
                )

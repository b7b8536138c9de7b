"""What a model is served with: quantization that its files have, chat templates, parsers of its family, memory."""

import re
from collections.abc import Iterator, Mapping

from jinja2 import Environment, TemplateSyntaxError

from catalog.quantities import MEMORY, MIB, amount
from catalog.reading.problems import Problem, alternatives
from catalog.vllm_options import REASONING_PARSERS, TOOL_CALL_PARSERS
from config.model_memory import kept, published
from config.rules.models.placed import each_model
from config.rules.stack import Stack

SHARED_MIB = 256
"""Shared memory in MiB of a GPU that exchanges parts of layers with others: NCCL's buffers.
https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html#shared-memory"""

TOOL_CALLS: Mapping[str, tuple[str, ...]] = {
    r"qwen/(?:qwen2\.5|qwq|qwen3)(?!.*coder)": ("hermes", "qwen3_json", "qwen3_xml", "qwen3_coder", "hf"),
    r"qwen/qwen3-coder": ("qwen3_coder", "qwen3_xml", "qwen3_json", "hf"),
    r"meta-llama/(?:meta-)?llama-3": ("llama3_json", "pythonic", "llama4_json", "hf"),
    r"meta-llama/llama-4": ("llama4_pythonic", "llama4_json", "pythonic", "hf"),
    r"mistralai/": ("mistral", "hf"),
    r"openai/gpt-oss": ("openai", "hf"),
    r"ibm-granite/": ("granite", "granite4", "granite-20b-fc", "hermes", "hf"),
}
REASONING: Mapping[str, tuple[str, ...]] = {
    r"qwen/(?:qwen3|qwq)": ("qwen3", "deepseek_r1", "hf"),
    r"deepseek-ai/deepseek-r1": ("deepseek_r1", "hf"),
    r"openai/gpt-oss": ("openai_gptoss", "hf"),
    r"mistralai/": ("mistral", "hf"),
}
"""Parsers of model families, by patterns of their names in lower case:
https://docs.vllm.ai/en/v0.33.0/features/tool_calling/ and
https://docs.vllm.ai/en/v0.33.0/features/reasoning_outputs/"""


def quantized(stack: Stack) -> Iterator[Problem]:
    """Files that are quantized have no other quantization, and are not computed in 32 bits."""
    for path, _, model in each_model(stack):
        known = published(model)
        if known is None or model.figures is not None:
            continue
        if known.stored != "bfloat16" and model.quantization not in (None, known.stored):
            yield Problem(
                (*path, "quantization"),
                f"the files of {model.model} are quantized with {known.stored}, and vLLM does not start with another "
                "method; remove it",
                because=((*path, "model"),),
            )
        method = kept(model, known.stored)
        if model.precision == "float32" and method != "float32":
            yield Problem(
                (*path, "precision"),
                f"vLLM computes {method} weights in bfloat16 or float16 only; set bfloat16",
                because=((*path, "model"), (*path, "quantization")),
            )


def chat_templates(stack: Stack) -> Iterator[Problem]:
    """A chat template is an absolute path of a file, or text that Jinja parses."""
    for path, _, model in each_model(stack):
        text = model.chat_template
        if text is None:
            continue
        if not set(text) & set("{}\n"):
            if not text.startswith("/"):
                yield Problem(
                    (*path, "chatTemplate"),
                    f"{text!r} is neither a template nor an absolute path, and vLLM does not start; write it like "
                    "/vllm-workspace/examples/tool_chat_template_hermes.jinja",
                )
            continue
        try:
            Environment(extensions=["jinja2.ext.loopcontrols"], autoescape=True).parse(text)
        except TemplateSyntaxError as error:
            # The templates of Transformers mark what a model generates with a tag of their own.
            if "generation" not in str(error):
                yield Problem(
                    (*path, "chatTemplate"),
                    f"is not a Jinja template: {error.message}, line {error.lineno}; each request would fail",
                )


def families(stack: Stack) -> Iterator[Problem]:
    """Parsers read what models of the family write."""
    for path, _, model in each_model(stack):
        for key, parser, table, known in (
            ("toolCallParser", model.tool_call_parser, TOOL_CALLS, TOOL_CALL_PARSERS),
            ("reasoningParser", model.reasoning_parser, REASONING, REASONING_PARSERS),
        ):
            usual = next((found for name, found in table.items() if re.match(name, model.model.lower())), None)
            if parser in known and usual is not None and parser not in usual:
                yield Problem(
                    (*path, key),
                    f"{parser} does not read what {model.model} writes, so that it stays in the text of responses; set "
                    f"{alternatives(usual[:2])}",
                    severity="warning",
                    because=((*path, "model"),),
                )


def shared_memory(stack: Stack) -> Iterator[Problem]:
    """GPUs of a pod exchange data through shared memory."""
    for path, _, model in each_model(stack):
        least = SHARED_MIB * model.tensor_parallel
        if model.tensor_parallel > 1 and amount(MEMORY, model.shared_memory) < least * MIB:
            yield Problem(
                (*path, "sharedMemory"),
                f"{model.shared_memory} is too little for {model.tensor_parallel} GPUs, and NCCL does not start; "
                f"set {least}Mi or more",
                because=((*path, "tensorParallel"),),
            )

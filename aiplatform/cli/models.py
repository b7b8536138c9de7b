"""`aiplatform models`: the language models of the catalogue, and the instance types that run them."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from aiplatform.cli.output import note, print_json
from aiplatform.errors import CallError
from aiplatform.preview.plan import Json
from catalog.gpus import gpu
from catalog.instance_types import sizes
from catalog.models import Published, access, known_models, table_date
from catalog.quantities import GIB
from catalog.reading.problems import did_you_mean
from config.model_memory import demand, divisors, fits
from config.workloads.vllm import VllmModel

CONTEXT = 8192
"""Tokens of the request for which memory is shown, or the model's own limit."""

SHOWN = 4


def list_models(text: str | None, *, as_json: bool) -> None:
    """Print each model whose name contains a text: its GPU memory for one request of 8,192 tokens, whether its licence
    has to be accepted, and the smallest instance types that run it.

    Raises:
        CallError: no name contains the text.
    """
    names = [name for name in known_models() if text is None or text.lower() in name.lower()]
    if not names:
        raise CallError(f"no model has {text!r} in its name{did_you_mean(text or '', known_models())}")
    rows = [_row(name, known_models()[name]) for name in names]
    if as_json:
        print_json(rows)
        return
    table = Table(box=None, pad_edge=False, header_style="")
    for name in ("model", "GiB", "context", "licence", "instance types"):
        table.add_column(name, overflow="fold", justify="right" if name in {"GiB", "context"} else "left")
    for row in rows:
        types = [f"{one}{f' x{gpus}' if gpus > 1 else ''}" for one, gpus in list(row["instanceTypes"].items())[:SHOWN]]
        gated = {"gated": "to accept", "open": "open", "unknown": "may be gated"}[row["access"]]
        table.add_row(row["model"], f"{row['gpuMemoryGib']:.1f}", f"{row['contextLength']:,}", gated, ", ".join(types))
    Console(highlight=False, markup=False, emoji=False).print(table)
    note(
        f"GPU memory with vLLM for one request of {CONTEXT:,} tokens, as of {table_date()}; x2 is tensorParallel: 2. "
        "`--json` lists all instance types."
    )


def _row(name: str, known: Published) -> dict[str, Json]:
    figures = known.figures
    context = min(CONTEXT, figures.context_length)
    # The catalogue's models have few GPUs and requests: `nodeGroup` decides nothing about memory.
    alone = VllmModel(model=name, context_length=context, node_group="gpu", batch_requests=64)
    return {
        "model": name,
        "parametersBillion": figures.parameters_billion,
        "weights": known.stored,
        "contextLength": figures.context_length,
        "gpuMemoryGib": round(demand(alone, known).total() / GIB, 1),
        "access": access(name),
        "instanceTypes": dict(_carrying(alone, known)),
    }


def _carrying(model: VllmModel, known: Published) -> Iterator[tuple[str, int]]:
    """Yield the instance types that run a model on one node, smallest first, with the GPUs that it takes."""
    small = sorted(sizes().items(), key=lambda one: (one[1].gpus * one[1].gpu_memory_mib, one[1].vcpus, one[0]))
    for name, size in small:
        on = gpu(name)
        if on is None:
            continue
        for tensor in divisors(known.figures):
            # A T4 has no bfloat16.
            precision = "bfloat16" if on.capability >= (8, 0) else "float16"
            shared = model.model_copy(update={"tensor_parallel": tensor, "precision": precision})
            if tensor <= size.gpus and fits(shared, known, on):
                yield name, tensor
                break

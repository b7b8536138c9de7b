"""The memory of a model: figures calculated by hand, measured ones, and properties of any model."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.gpus import gpu
from catalog.instance_types import instance_kind, sizes
from catalog.models import Figures, known_models
from catalog.quantities import GIB, MIB
from config.extra_memory import adapter_memory
from config.model_fixes import longest_context, most_requests, smallest_type, ways_out
from config.model_memory import (
    BLOCK,
    GRAPHS,
    WORKSPACE,
    Published,
    demand,
    divides,
    fits,
    kv_cache,
    published,
    room,
    weights,
)
from config.workloads.vllm import Pods, VllmModel, layout, pods_of
from tests.each import each

GPU_TYPES = sorted(name for name, size in sizes().items() if size.gpus and gpu(name))


def model(**settings: Any) -> VllmModel:
    """A model as the stack file writes it."""
    given = {"model": "Qwen/Qwen3-8B", "contextLength": 8192, "nodeGroup": "gpu", **settings}
    return VllmModel.model_validate_json(json.dumps(given))


def known(name: str) -> Published:
    """What the table has of a model."""
    return known_models()[name]


# ---- the table


EXTRA = {
    "meta-llama/Meta-Llama-3-8B": 0,
    "meta-llama/Llama-3.1-8B": 0,
    "meta-llama/Llama-3.1-70B": 0,
    "meta-llama/Llama-3.1-405B": 0,
    "meta-llama/Llama-3.2-1B": 0,
    "meta-llama/Llama-3.2-3B": 0,
    "Qwen/Qwen2.5-0.5B": 896 + 2 * 128,
    "Qwen/Qwen2.5-1.5B-Instruct": 1536 + 2 * 256,
    "Qwen/Qwen2.5-3B-Instruct": 2048 + 2 * 256,
    "Qwen/Qwen2.5-7B-Instruct": 3584 + 2 * 512,
    "Qwen/Qwen2.5-14B-Instruct": 5120 + 2 * 1024,
    "Qwen/Qwen2.5-32B-Instruct": 5120 + 2 * 1024,
    "Qwen/Qwen2.5-72B-Instruct": 8192 + 2 * 1024,
    "Qwen/Qwen3-0.6B": 256,
    "Qwen/Qwen3-1.7B": 256,
    "Qwen/Qwen3-4B": 256,
    "Qwen/Qwen3-8B": 256,
    "Qwen/Qwen3-14B": 256,
    "Qwen/Qwen3-32B": 256,
    "Qwen/Qwen3-30B-A3B": 256 + 128 * 2048,
    "Qwen/Qwen3-235B-A22B": 256 + 128 * 4096,
    "mistralai/Mistral-7B-v0.3": 0,
    "mistralai/Mistral-Nemo-Base-2407": 0,
    "mistralai/Mistral-Small-24B-Base-2501": 0,
    "mistralai/Mixtral-8x7B-v0.1": 8 * 4096,
    "google/gemma-2-2b": 2 * 2304,
    "google/gemma-2-9b": 2 * 3584,
    "google/gemma-2-27b": 2 * 4608,
    "google/gemma-3-1b-it": 2 * 1152 + 512,
    "openai/gpt-oss-20b": 32 * (2 * 2880 + 2880) + 32 * 2881 + 4096 + 1024 + 2880 + 64,
    "openai/gpt-oss-120b": 128 * (2 * 2880 + 2880) + 128 * 2881 + 4096 + 1024 + 2880 + 64,
    "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B": 1536 + 2 * 256,
}
"""Parameters of a layer beside its matrices: biases of queries, keys and values, norms of heads, routers."""


@each("name", EXTRA)
def test_parameter_counts_follow_from_the_layer_sizes(name: str) -> None:
    figures = known(name).figures
    assert figures.intermediate_size is not None
    attention = figures.hidden_size * figures.head_size * 2 * (figures.attention_heads + figures.kv_heads)
    feed_forward = 3 * figures.hidden_size * figures.intermediate_size * figures.experts
    layer = attention + feed_forward + 2 * figures.hidden_size + EXTRA[name]
    tables = figures.vocabulary * figures.hidden_size * (1 if figures.tied_embeddings else 2)
    made = figures.layers * layer + tables + figures.hidden_size
    assert made / 1e9 == pytest.approx(figures.parameters_billion, rel=1e-3)


@each("name", known_models())
def test_figures_of_every_model_are_consistent(name: str) -> None:
    figures = known(name).figures
    assert figures.attention_heads % figures.kv_heads == 0
    assert figures.sliding_layers <= figures.layers
    assert (figures.sliding_layers > 0) == (figures.sliding_window > 0)
    assert figures.vocabulary * figures.hidden_size < figures.parameters_billion * 1e9


def test_model_table_has_no_duplicates() -> None:
    text = (Path(__file__).parents[2] / "catalog" / "data" / "models.yaml").read_text(encoding="utf-8")
    assert all(len(text.split(f"{name},")) + len(text.split(f"{name}]")) == 3 for name in known_models())


# ---- by hand


def test_weights_of_llama_3_1_8b_are_two_bytes_per_parameter() -> None:
    """8.03 billion x 2 = 16.06 GB, as its four safetensors files have it."""
    assert weights(known("meta-llama/Llama-3.1-8B").figures, "bfloat16") == 16_060_000_000


def test_quantized_weights_keep_embeddings_in_16_bits() -> None:
    """128256 x 4096 x 2 tables x 2 bytes = 2.10 GB, and 8.03 - 1.05 = 6.98 billion of a byte: 9.08 GB, as published."""
    size = weights(known("meta-llama/Llama-3.1-8B").figures, "fp8")
    assert size == pytest.approx(9.08e9, rel=1e-3)


def test_four_bit_weights_have_a_scale_and_a_zero_point() -> None:
    """152064 x 3584 x 2 x 2 = 2.18 GB, and 6.526 billion x 4.15625 / 8 = 3.39: 5.57 GB, as Qwen's AWQ files have it."""
    size = weights(known("Qwen/Qwen2.5-7B-Instruct-AWQ").figures, "awq")
    assert size == pytest.approx(5.57e9, rel=2e-3)


def test_size_of_mixed_weights_is_that_of_their_files() -> None:
    assert weights(known("openai/gpt-oss-20b").figures, "mxfp4") == pytest.approx(12.8 * GIB)


def test_kv_cache_has_keys_and_values_of_each_layer_and_head() -> None:
    """2 x 36 layers x 8 heads x 128 x 2 bytes = 147,456 a token; x 8192 tokens x 4 requests = 4.5 GiB."""
    figures = known("Qwen/Qwen3-8B").figures
    assert kv_cache(figures, model(), context_length=8192, concurrency=4) == 147_456 * 8192 * 4 == int(4.5 * GIB)


def test_fp8_cache_is_half_as_large_and_a_32_bit_cache_twice() -> None:
    figures = known("Qwen/Qwen3-8B").figures
    plain = kv_cache(figures, model(), context_length=8192, concurrency=1)
    assert kv_cache(figures, model(kvCache="fp8"), context_length=8192, concurrency=1) * 2 == plain
    assert kv_cache(figures, model(precision="float32"), context_length=8192, concurrency=1) == 2 * plain


def test_gpus_divide_the_heads_and_have_at_least_one() -> None:
    """Qwen2.5-7B has four: over eight GPUs each would have its own copy of one."""
    figures = known("Qwen/Qwen2.5-7B-Instruct").figures
    one, four, eight = (
        kv_cache(figures, model(tensorParallel=number), context_length=4096, concurrency=1) for number in (1, 4, 8)
    )
    assert one == 4 * four == 4 * eight


def test_sliding_window_layers_keep_the_window_and_one_step() -> None:
    """gpt-oss-20b: 12 of 24 layers keep 128 + 2048 tokens and a block, of 131072: 2 x 8 x 64 x 2 = 2048 bytes each."""
    figures = known("openai/gpt-oss-20b").figures
    size = kv_cache(figures, model(), context_length=131072, concurrency=1)
    assert size == 2048 * 12 * (131072 + 128 + 2048 + BLOCK)


def test_latent_attention_keeps_one_vector_per_token_on_every_gpu() -> None:
    """DeepSeek-R1: 576 numbers x 2 bytes x 61 layers = 70,272 bytes a token, whatever the GPUs."""
    figures = known("deepseek-ai/DeepSeek-R1").figures
    for tensor in (1, 8):
        assert kv_cache(figures, model(tensorParallel=tensor), context_length=1024, concurrency=1) == 70_272 * 1024


def test_pipeline_stages_have_their_layers_and_one_embedding() -> None:
    """Llama 70B in two: 40 of 80 layers of 68.45 billion, and 1.05 billion of tokens, by 8 GPUs: 8.82 GB each."""
    size = weights(known("meta-llama/Llama-3.1-70B").figures, "bfloat16", tensor=8, pipeline=2)
    assert size == pytest.approx((68.449 / 2 + 1.0507) * 2e9 / 8, rel=1e-3)


def test_estimate_covers_the_measured_memory_of_llama_3_8b_closely() -> None:
    """https://github.com/vllm-project/vllm/pull/10511: on 79.22 GiB, 14.96 GiB of weights and 1.26 of activations."""
    wanted = demand(model(model="meta-llama/Meta-Llama-3-8B"), known("meta-llama/Meta-Llama-3-8B"))
    assert wanted.weights / GIB == pytest.approx(14.96, abs=0.01)
    assert 1.26 <= wanted.activations / GIB < 1.26 * 1.4
    h100 = gpu("p5.4xlarge")
    assert h100 is not None
    assert 0.95 < h100.memory / (79.22 * GIB) < 1


def test_a10g_serves_8b_at_8192_tokens_and_not_at_full_context() -> None:
    """0.9 x 22,888 MiB x 0.97 = 19.5 GiB; 15.3 + 1.1 + 1.7 + 1.2 = 19.3 GiB go in, 40,960 tokens more do not."""
    a10g, qwen = gpu("g5.xlarge"), known("Qwen/Qwen3-8B")
    assert a10g is not None
    assert room(model(), a10g) == int(int(22888 * MIB * 0.97) * 0.9)
    assert fits(model(), qwen, a10g)
    assert not fits(model(contextLength=40960), qwen, a10g)


def test_fixes_are_listed_from_the_smallest_change() -> None:
    wanted = model(contextLength=40960)
    ways = list(ways_out(wanted, known("Qwen/Qwen3-8B"), "g6.xlarge", 1, sold={"g6.xlarge", "g6e.xlarge"}))
    assert ways == [
        "contextLength: 9728",
        "quantization: fp8",
        "model: Qwen/Qwen3-8B-AWQ",
        "instance types such as g6e.xlarge",
    ]


def test_model_larger_than_a_node_is_advised_more_nodes() -> None:
    """DeepSeek-R1 takes 78 GiB of each of eight GPUs: H100s have too little, those of two nodes enough."""
    wanted = model(model="deepseek-ai/DeepSeek-R1", contextLength=32768, tensorParallel=8)
    ways = list(ways_out(wanted, known("deepseek-ai/DeepSeek-R1"), "p5.48xlarge", 8))
    assert ways[0] == "pipelineParallel: 2, on 2 nodes"
    assert ways[-1] == "instance types such as p5e.48xlarge"


def test_replica_layout_has_whole_stages() -> None:
    assert layout(model(tensorParallel=4), 8) == Pods(1, 4)
    assert layout(model(tensorParallel=8, pipelineParallel=2), 8) == Pods(2, 8)
    assert layout(model(tensorParallel=4, pipelineParallel=4), 8) == Pods(2, 8)
    assert layout(model(tensorParallel=4, pipelineParallel=3), 8) == Pods(3, 4)
    assert layout(model(tensorParallel=8), 4) is None
    with pytest.raises(ValueError, match="8 GPUs share a layer, but a node has 4"):
        pods_of(model(tensorParallel=8), 4)


def test_figures_of_the_stack_file_override_the_table() -> None:
    figures = known("Qwen/Qwen3-8B").figures.model_dump(by_alias=True) | {"contextLength": 131072}
    found = published(model(figures=figures))
    assert found is not None
    assert (found.figures.context_length, found.stored) == (131072, "bfloat16")
    assert published(model(model="acme/writer")) is None


def test_adapters_take_the_largest_rank_in_every_matrix() -> None:
    """Llama 3.1 8B, rank 16, as vLLM allocates each matrix: per layer 4096 x 3 + 4096 + 2 x 1024 of queries, keys and
    values, 4096 + 4096 of the output, 2 x 4096 + 2 x 14336 and 14336 + 4096 of the feed-forward layer; and two token
    tables of 128256 + 4096."""
    figures = known("meta-llama/Llama-3.1-8B").figures
    one = model(model="meta-llama/Llama-3.1-8B", adapters={"law": "acme/law"})
    layer = 3 * 4096 + 4096 + 2 * 1024 + 4096 + 4096 + 2 * 4096 + 2 * 14336 + 14336 + 4096
    assert adapter_memory(figures, one) == 16 * 2 * (32 * layer + 2 * (128256 + 4096))
    several = {"law": "acme/law", "tax": "acme/tax", "sql": "acme/sql"}
    again = model(model="meta-llama/Llama-3.1-8B", adapters=several, adapterRank=64)
    assert adapter_memory(figures, again) == 3 * 4 * adapter_memory(figures, one)
    assert adapter_memory(figures, again.model_copy(update={"adapters_at_once": 1})) * 3 == adapter_memory(
        figures, again
    )


def test_each_expert_has_matrices_of_an_adapter() -> None:
    """Qwen3-30B-A3B has 128 experts of 768: 128 x (3 x 2048 + 3 x 768) numbers a layer and rank beside attention."""
    figures = known("Qwen/Qwen3-30B-A3B").figures
    one = model(model="Qwen/Qwen3-30B-A3B", adapters={"law": "acme/law"}, adapterRank=8)
    attention = 3 * 2048 + 4096 + 2 * 512 + 4096 + 2048
    layer = attention + 128 * (3 * 2048 + 3 * 768)
    assert adapter_memory(figures, one) == 8 * 2 * (48 * layer + 2 * (151936 + 2048))


def test_gpus_share_one_side_of_an_adapter() -> None:
    figures = known("meta-llama/Llama-3.1-8B").figures
    one = model(model="meta-llama/Llama-3.1-8B", adapters={"law": "acme/law"})
    alone, shared = (adapter_memory(figures, one.model_copy(update={"tensor_parallel": number})) for number in (1, 2))
    assert alone / 2 < shared < alone


def test_draft_model_has_weights_and_a_cache_of_its_own() -> None:
    """Qwen3-0.6B: 0.596 billion x 2 bytes, 2 x 28 x 8 x 128 x 2 bytes a token, and graphs of 28 layers."""
    target, draft = known("Qwen/Qwen3-8B"), known("Qwen/Qwen3-0.6B").figures
    one = model(speculation={"method": "draft", "model": "Qwen/Qwen3-0.6B", "tokens": 4}, concurrency=2)
    expected = weights(draft, "bfloat16") + 114_688 * 8192 * 2 + GRAPHS * 28
    assert demand(one, target).speculation == expected
    plain = demand(model(concurrency=2), target)
    assert demand(one, target).kv_cache == plain.kv_cache * (8192 + 16) // 8192


def test_proposed_tokens_are_sampled_with_the_next_one() -> None:
    """256 requests of 1 + 3 tokens, but no more than the 2048 tokens of a step."""
    target, hidden = known("Qwen/Qwen3-8B"), 16 * 2048 * 4096 * 2
    for tokens, rows in ((3, 1024), (7, 2048), (15, 2048)):
        one = model(speculation={"method": "ngram", "tokens": tokens})
        assert demand(one, target).activations == 10 * rows * 151936 * 4 + hidden
        assert demand(one, target).speculation == 0


def test_proposing_layers_are_like_one_of_the_model() -> None:
    """A layer of Llama 3.1 8B has 0.218 billion parameters: 1.6 GB with the joining matrix, the table, a layer of KV
    cache and its graphs. DeepSeek's has 256 experts."""
    llama, deepseek = known("meta-llama/Llama-3.1-8B"), known("deepseek-ai/DeepSeek-R1")
    eagle = model(model="meta-llama/Llama-3.1-8B", speculation={"method": "eagle3", "model": "acme/eagle"})
    assert demand(eagle, llama).speculation == pytest.approx(1.65e9, rel=0.05)
    predicting = model(model="deepseek-ai/DeepSeek-R1", speculation={"method": "mtp", "tokens": 1}, tensorParallel=8)
    assert demand(predicting, deepseek).speculation == pytest.approx(1.67e9, rel=0.05)


def test_attention_backend_with_a_workspace_takes_it() -> None:
    target = known("Qwen/Qwen3-8B")
    plain = demand(model(), target).cuda
    for argument in ("--attention-backend=FLASHINFER", "--attention_backend=flashinfer_mla"):
        assert demand(model(arguments=[argument]), target).cuda == plain + WORKSPACE
    assert demand(model(arguments=["--attention-backend=FLASH_ATTN"]), target).cuda == plain


# ---- for any model


FIGURES = st.fixed_dictionaries(
    {
        "parameters_billion": st.floats(1, 500),
        "layers": st.integers(2, 128),
        "hidden_size": st.sampled_from([1024, 2048, 4096, 8192]),
        "attention_heads": st.sampled_from([16, 32, 64]),
        "kv_heads": st.sampled_from([1, 2, 4, 8, 16]),
        "head_size": st.sampled_from([64, 128, 256]),
        "vocabulary": st.integers(1000, 100_000),
        "context_length": st.integers(2048, 262_144),
        "tied_embeddings": st.booleans(),
        "sliding_layers": st.integers(0, 2),
        "sliding_window": st.sampled_from([128, 1024, 4096]),
    }
).map(lambda figures: Figures(**figures))
MODELS = st.builds(
    lambda figures, context, requests, tensor: (
        model(contextLength=context, concurrency=requests, tensorParallel=tensor),
        Published(figures, "bfloat16"),
    ),
    FIGURES,
    st.integers(128, 131_072),
    st.integers(1, 32),
    st.sampled_from([1, 2, 4, 8]),
)


@given(MODELS, st.sampled_from(GPU_TYPES))
def test_fitting_model_still_fits_with_a_smaller_request(
    given_model: tuple[VllmModel, Published], instance_type: str
) -> None:
    one, its = given_model
    on = gpu(instance_type)
    assert on is not None
    if fits(one, its, on):
        for less in ({"context_length": max(one.context_length // 2, 128)}, {"concurrency": 1}, {"batch_requests": 1}):
            assert fits(one.model_copy(update=less), its, on)
    else:
        for more in ({"context_length": one.context_length * 2}, {"concurrency": one.concurrency + 1}):
            assert not fits(one.model_copy(update=more), its, on)


@given(MODELS, st.sampled_from(GPU_TYPES))
def test_each_advised_fix_fits(given_model: tuple[VllmModel, Published], instance_type: str) -> None:
    one, its = given_model
    on = gpu(instance_type)
    assert on is not None
    context, requests = longest_context(one, its, on), most_requests(one, its, on)
    if context:
        assert fits(one.model_copy(update={"context_length": context}), its, on)
        if context + 256 <= one.context_length:
            assert not fits(one.model_copy(update={"context_length": context + 256}), its, on)
    if requests:
        assert fits(one.model_copy(update={"concurrency": requests}), its, on)
        assert requests == one.concurrency or not fits(one.model_copy(update={"concurrency": requests + 1}), its, on)
    other = smallest_type(one, its)
    if other is not None:
        name, _, tensor = other.partition(" with tensorParallel: ")
        there, again = gpu(name), one.model_copy(update={"tensor_parallel": int(tensor)} if tensor else {})
        assert there is not None
        assert fits(again, its, there)
        assert again.gpus() <= sizes()[name].gpus


@given(MODELS)
def test_more_gpus_hold_no_more_of_a_model_each(given_model: tuple[VllmModel, Published]) -> None:
    one, its = given_model
    alone = demand(one.model_copy(update={"tensor_parallel": 1}), its)
    together = demand(one.model_copy(update={"tensor_parallel": 8}), its)
    assert together.weights * 8 <= alone.weights + 8
    assert together.kv_cache <= alone.kv_cache
    staged = demand(one.model_copy(update={"tensor_parallel": 1, "pipeline_parallel": 2}), its)
    assert staged.weights <= alone.weights
    assert staged.kv_cache <= alone.kv_cache


@given(FIGURES, st.sampled_from([1, 2, 4, 8, 16]))
def test_gpus_that_divide_a_model_divide_its_heads_evenly(figures: Figures, tensor: int) -> None:
    if divides(figures, tensor):
        assert figures.attention_heads % tensor == 0
        assert figures.kv_heads % tensor == 0 or tensor % figures.kv_heads == 0


def test_every_nvidia_gpu_of_the_instance_types_is_known() -> None:
    unknown = {
        size.gpu
        for name, size in sizes().items()
        if size.gpus and instance_kind(name).accelerator == "nvidia" and gpu(name) is None
    }
    assert unknown == set()
    assert gpu("m7i.large") is None
    assert gpu("nowhere.large") is None

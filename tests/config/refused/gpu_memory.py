"""Arguments and settings of vLLM that take GPU memory: calculated, or refused with the setting to use instead."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.model_mistakes import LARGE, POOL, QWEN, row
from tests.config.refused.case import Case

SERVE = "https://docs.vllm.ai/en/v0.33.0"
CODE = "https://github.com/vllm-project/vllm/blob/v0.33.0/vllm"


def case(model: str, *told: str, source: str, nodes: str = POOL, name: str = "chat") -> Case:
    """A model, what is told of it, and a public source."""
    return Case(*row(model, *told, nodes=nodes, name=name), source)


# fmt: off, one row a case
CASES: dict[str, Case] = {
    "GPU memory: an argument with underscores": case(
        f"{QWEN}, arguments: [--max_model_len=99999]",
        "arguments[0]: the argument --max_model_len cannot be overridden: set contextLength, from which GPU memory is calculated",
        source=f"{CODE}/utils/argparse_utils.py",
    ),
    "GPU memory: the KV cache's type with underscores": case(
        f"{QWEN}, arguments: [--kv_cache_dtype=fp8]",
        "arguments[0]: the argument --kv_cache_dtype cannot be overridden: set kvCache, from which GPU memory is calculated",
        source=f"{CODE}/utils/argparse_utils.py",
    ),
    "GPU memory: a key of a JSON argument": case(
        f"{QWEN}, arguments: [--speculative-config.model=Qwen/Qwen3-0.6B]",
        "arguments[0]: the argument --speculative-config.model cannot be overridden: set speculation, from which GPU memory is calculated",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: the inverse of an inverse flag": case(
        f"{QWEN}, arguments: [--no-disable-hybrid-kv-cache-manager]",
        "arguments[0]: the argument --no-disable-hybrid-kv-cache-manager cannot be overridden: the KV cache is calculated in blocks of 16 tokens, with the window alone for layers that have one; increase gpuMemoryUtilization for a larger cache",
        source=f"{CODE}/utils/argparse_utils.py",
    ),
    "GPU memory: adapters as arguments": case(
        f"{QWEN}, arguments: ['--lora-modules=sql=acme/sql', --enable-lora]",
        "arguments[0]: the argument --lora-modules cannot be overridden: set adapters, from which GPU memory is calculated",
        "arguments[1]: the argument --enable-lora cannot be overridden: set adapters, from which GPU memory is calculated",
        source=f"{SERVE}/features/lora/",
    ),
    "GPU memory: data parallelism as an argument": case(
        f"{QWEN}, arguments: [--data-parallel-size=2]",
        "arguments[0]: the argument --data-parallel-size cannot be overridden: set replicas, from which GPU memory is calculated",
        source=f"{SERVE}/serving/data_parallel_deployment/",
    ),
    "GPU memory: a fixed size of the KV cache": case(
        f"{QWEN}, arguments: [--kv-cache-memory-bytes=10G]",
        "arguments[0]: the argument --kv-cache-memory-bytes cannot be overridden: set gpuMemoryUtilization, from which GPU memory is calculated",
        source=f"{SERVE}/api/vllm/config/cache/",
    ),
    "GPU memory: a fixed number of blocks": case(
        f"{QWEN}, arguments: [--num-gpu-blocks-override=9000]",
        "arguments[0]: the argument --num-gpu-blocks-override cannot be overridden: set gpuMemoryUtilization, from which GPU memory is calculated",
        source=f"{SERVE}/api/vllm/config/cache/",
    ),
    "GPU memory: CUDA graphs of other sizes": case(
        f"{QWEN}, arguments: ['--compilation-config={{\"cudagraph_capture_sizes\": [1]}}']",
        "arguments[0]: the argument --compilation-config cannot be overridden: more CUDA graphs take GPU memory that is not calculated; leave vLLM's own sizes",
        source=f"{SERVE}/configuration/conserving_memory/",
    ),
    "GPU memory: weights in host memory": case(
        f"{QWEN}, arguments: [--cpu-offload-gb=8]",
        "arguments[0]: the argument --cpu-offload-gb cannot be overridden: all weights are calculated as GPU memory; use quantization: fp8, or GPUs with more memory",
        source=f"{SERVE}/configuration/conserving_memory/",
    ),
    "GPU memory: redundant experts": case(
        f"{QWEN}, arguments: [--enable-eplb]",
        "arguments[0]: the argument --enable-eplb cannot be overridden: redundant experts, and buffers between ranks, take GPU memory that is not calculated; increase tensorParallel",
        source=f"{SERVE}/serving/expert_parallel_deployment/",
    ),
    "GPU memory: an encoder on every GPU": case(
        f"{QWEN}, arguments: [--mm-encoder-tp-mode=data]",
        "arguments[0]: the argument --mm-encoder-tp-mode cannot be overridden: images and their encoder take GPU memory that is not calculated; limit them with --limit-mm-per-prompt",
        source=f"{SERVE}/configuration/optimization/",
    ),
    "GPU memory: an abbreviated argument": case(
        f"{QWEN}, arguments: [--max-model=9999]",
        "arguments[0]: --max-model is an abbreviation of --max-model-len; write it out",
        source="https://docs.python.org/3/library/argparse.html#allow-abbrev",
    ),
    "GPU memory: an argument that vLLM lacks": case(
        f"{QWEN}, arguments: [--enable-prefix-cache]",
        "arguments[0]: --enable-prefix-cache is not an option of vLLM 0.33.0; did you mean --enable-prefix-caching?",
        source=f"{SERVE}/cli/serve/",
    ),
    "warning: GPU memory: an argument of another image": case(
        f"{QWEN}, image: 'docker.io/vllm/vllm-openai:v0.40.0', arguments: [--gpu-scratch-gb=4]",
        "arguments[0]: --gpu-scratch-gb is not an option of vLLM 0.33.0, so the GPU memory that it takes is unknown; check the documentation of the image's version",
        source=f"{SERVE}/cli/serve/",
    ),
    "GPU memory: a flag with a value": case(
        f"{QWEN}, arguments: [--enable-prefix-caching=true]",
        "arguments[0]: --enable-prefix-caching takes no value; remove it",
        source=f"{SERVE}/cli/serve/",
    ),
    "GPU memory: an option without its value": case(
        f"{QWEN}, arguments: [--max-logprobs]",
        "arguments[0]: --max-logprobs takes a value; write it with an equals sign",
        source=f"{SERVE}/cli/serve/",
    ),
    "GPU memory: an argument given twice": case(
        f"{QWEN}, arguments: [--seed=1, --seed=2]",
        "arguments[1]: --seed is given twice, and vLLM uses the last one; keep one",
        source="https://docs.python.org/3/library/argparse.html#action",
    ),
    "GPU memory: a changed model configuration": case(
        f"{QWEN}, arguments: ['--hf-overrides={{\"num_hidden_layers\": 80}}']",
        "arguments[0]: --hf-overrides changes the figures of Qwen/Qwen3-8B, from which GPU memory is calculated; set figures, with the changed values",
        source=f"{SERVE}/configuration/model_resolution/",
    ),
    "GPU memory: a workspace as a variable": case(
        f"{QWEN}, environment: {{VLLM_FLASHINFER_WORKSPACE_BUFFER_SIZE: '8000000000'}}",
        "environment.VLLM_FLASHINFER_WORKSPACE_BUFFER_SIZE: the environment variable VLLM_FLASHINFER_WORKSPACE_BUFFER_SIZE cannot be overridden: it takes GPU memory that is not calculated; remove it",
        source=f"{CODE}/envs.py",
    ),
    "GPU memory: adapters without room": case(
        f"{QWEN}, adapters: {{sql: acme/sql, law: acme/law}}, adapterRank: 256",
        "nodeGroup: Qwen/Qwen3-8B takes 22.9 GiB of one A10G (weights 15.3, 1 x 8192 tokens of KV cache 1.1, activations 1.7, CUDA 1.9, adapters 2.9), but vLLM can use 19.5; set quantization: fp8 or model: Qwen/Qwen3-8B-AWQ or instance types such as g6e.xlarge",
        source=f"{SERVE}/features/lora/",
    ),
    "GPU memory: an adapter that takes the last of the room": case(
        "model: Qwen/Qwen3-8B, contextLength: 4096, nodeGroup: gpu, adapters: {sql: acme/sql}",
        "contextLength: Qwen/Qwen3-8B takes 19.5 GiB of one A10G (weights 15.3, 1 x 4096 tokens of KV cache 0.6, activations 1.7, CUDA 1.9, adapters 0.1), but vLLM can use 19.5; set contextLength: 3584 or quantization: fp8 or model: Qwen/Qwen3-8B-AWQ",
        source=f"{SERVE}/features/lora/",
    ),
    "GPU memory: a rank without adapters": case(
        f"{QWEN}, adapterRank: 32",
        "adapterRank: has no effect without adapters; remove it",
        source=f"{SERVE}/features/lora/",
    ),
    "GPU memory: more adapters at once than there are": case(
        "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, adapters: {sql: acme/sql}, adaptersAtOnce: 4",
        "adaptersAtOnce: 4 exceeds the number of adapters, 1; decrease it",
        source=f"{SERVE}/features/lora/",
    ),
    "GPU memory: a rank that vLLM lacks": case(
        f"{QWEN}, adapters: {{sql: acme/sql}}, adapterRank: 24",
        "adapterRank: 24 is not one of 1, 8, 16, 32, 64, 128, 256, 320, 512",
        source=f"{SERVE}/api/vllm/config/lora/",
    ),
    "GPU memory: an adapter with the model's name": case(
        "model: Qwen/Qwen3-0.6B, contextLength: 4096, nodeGroup: gpu, adapters: {chat: acme/sql}",
        "adapters.chat: requests for chat already reach the model chat; choose another name",
        source=f"{SERVE}/features/lora/",
    ),
    "GPU memory: an adapter with another model's name": case(
        "model: Qwen/Qwen3-0.6B, contextLength: 4096, nodeGroup: gpu, adapters: {first: acme/sql}",
        "34: workloads.vllm.models.first: requests for first already reach the model chat; choose another name",
        source="https://docs.litellm.ai/docs/routing",
        name="first: {model: Qwen/Qwen3-0.6B, contextLength: 4096, nodeGroup: gpu}\n        chat",
    ),
    "GPU memory: one name for two models": case(
        "model: Qwen/Qwen3-0.6B, contextLength: 4096, nodeGroup: gpu, servedName: qwen",
        "34: workloads.vllm.models.first.servedName: requests for qwen already reach the model chat; choose another name",
        source="https://docs.litellm.ai/docs/routing",
        name="first: {model: Qwen/Qwen3-0.6B, contextLength: 4096, nodeGroup: gpu, servedName: qwen}\n        chat",
    ),
    "GPU memory: a draft model without room": case(
        f"{QWEN}, speculation: {{method: draft, model: Qwen/Qwen3-1.7B, tokens: 4}}",
        "nodeGroup: Qwen/Qwen3-8B takes 29.7 GiB of one A10G (weights 15.3, 1 x 8192 tokens of KV cache 1.1, activations 7.5, CUDA 1.2, speculation 4.6), but vLLM can use 19.5; set speculation: null or instance types such as g6e.xlarge",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: an unknown draft model": case(
        "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, speculation: {method: draft, model: acme/tiny}",
        "speculation.model: the figures of model acme/tiny are unknown; set figures, with the values of its config.json",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: a draft model with another vocabulary": case(
        "model: Qwen/Qwen2.5-7B-Instruct-AWQ, contextLength: 4096, nodeGroup: gpu, batchRequests: 32, speculation: {method: draft, model: Qwen/Qwen2.5-0.5B-Instruct}",
        "speculation.model: the vocabulary of Qwen/Qwen2.5-0.5B-Instruct has 151936 tokens, and that of Qwen/Qwen2.5-7B-Instruct-AWQ 152064; choose a draft model of the same family and vocabulary",
        source=f"{CODE}/config/speculative.py",
    ),
    "GPU memory: proposed tokens without room": case(
        f"{QWEN}, speculation: {{method: ngram, tokens: 5}}",
        "nodeGroup: Qwen/Qwen3-8B takes 26.5 GiB of one A10G (weights 15.3, 1 x 8192 tokens of KV cache 1.1, activations 8.9, CUDA 1.2), but vLLM can use 19.5; set batchRequests: 32 or speculation: null or model: Qwen/Qwen3-8B-AWQ",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: a model for ngram": case(
        f"{QWEN}, speculation: {{method: ngram, model: Qwen/Qwen3-0.6B}}",
        "speculation: model has no effect with ngram; remove model",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: EAGLE without its layer": case(
        f"{QWEN}, speculation: {{method: eagle3}}",
        "speculation: eagle3 requires a model; set model",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: an EAGLE layer without room": case(
        f"{QWEN}, speculation: {{method: eagle3, model: acme/eagle}}",
        "nodeGroup: Qwen/Qwen3-8B takes 25.3 GiB of one A10G (weights 15.3, 1 x 8192 tokens of KV cache 1.1, activations 6.0, CUDA 1.2, speculation 1.7), but vLLM can use 19.5; set speculation: null or quantization: fp8 or model: Qwen/Qwen3-8B-AWQ",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: multi-token prediction that a model lacks": case(
        "model: Qwen/Qwen3-0.6B, contextLength: 4096, nodeGroup: gpu, speculation: {method: mtp}",
        "speculation.method: Qwen/Qwen3-0.6B has no layers of multi-token prediction; set ngram, draft or eagle3",
        source=f"{SERVE}/features/speculative_decoding/",
    ),
    "GPU memory: adapters of a model with too few figures": case(
        "model: acme/w, contextLength: 4096, nodeGroup: gpu, adapters: {a: acme/a}, figures: {parametersBillion: 3.2, layers: 28, hiddenSize: 3072, attentionHeads: 24, kvHeads: 8, headSize: 128, vocabulary: 128256, contextLength: 131072, tiedEmbeddings: true}",
        "figures: the memory of adapters depends on intermediateSize, and on experts; set them, with the values of its config.json",
        source=f"{SERVE}/features/lora/",
    ),
    "GPU memory: experts divided within a block": case(
        "model: Qwen/Qwen3-30B-A3B-FP8, contextLength: 8192, tensorParallel: 4, nodeGroup: gpu, weights: {nodeDisk: 60Gi}",
        "tensorParallel: 4 GPUs divide the feed-forward size of Qwen/Qwen3-30B-A3B-FP8, 768, into parts that are not multiples of its fp8 blocks of 128; choose 1 or 2, or arguments: [--enable-expert-parallel]",
        source="https://github.com/vllm-project/vllm/issues/17569",
        nodes=LARGE,
    ),
    "GPU memory: a group divided by GPUs": case(
        "model: Qwen/Qwen2.5-14B-Instruct-AWQ, contextLength: 8192, tensorParallel: 8, nodeGroup: gpu",
        "tensorParallel: 8 GPUs divide the feed-forward size of Qwen/Qwen2.5-14B-Instruct-AWQ, 13824, into parts that are not multiples of its awq blocks of 128; choose 1, 2 or 4",
        source="https://github.com/vllm-project/vllm/issues/21695",
        nodes=LARGE,
    ),
    "GPU memory: the workspace of an attention backend": case(
        "model: Qwen/Qwen3-8B, contextLength: 9728, nodeGroup: gpu, arguments: [--attention-backend=FLASHINFER]",
        "contextLength: Qwen/Qwen3-8B takes 19.9 GiB of one A10G (weights 15.3, 1 x 9728 tokens of KV cache 1.3, activations 1.7, CUDA 1.6), but vLLM can use 19.5; set contextLength: 6912 or quantization: fp8 or model: Qwen/Qwen3-8B-AWQ",
        source=f"{CODE}/envs.py",
    ),
}

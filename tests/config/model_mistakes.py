"""Invalid values of language models: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

POOL = """\
  ai-platform:nodePools:
    gpu:
      instanceTypes: [g5.xlarge]
      limits: {cpu: "16", memory: 64Gi, gpus: 4}
  ai-platform:addons: {clusterAutoscaler: {enabled: false}}
"""
LARGE = POOL.replace("g5.xlarge", "g5.48xlarge").replace(
    '"16", memory: 64Gi, gpus: 4', '"400", memory: 2000Gi, gpus: 16'
)
MANY = LARGE.replace("g5.48xlarge", "g5.12xlarge")
NVME = POOL.replace("      limits", "      instanceStore: RAID0\n      limits")
T4 = POOL.replace("g5.xlarge", "g4dn.xlarge")
FILES = POOL + "  ai-platform:fileSystems: {models: {accessPoints: {hub: {path: /hub}}}}\n"
HERE = "workloads.vllm.models.chat"
QWEN = "model: Qwen/Qwen3-8B, contextLength: 8192, nodeGroup: gpu"
WATCHED = "autoscaling: requires the section monitoring; add it, or set replicas instead"
WEIGHTS = "must have exactly one storage; set nodeDisk, instanceStore, volume, shared or streamed"


def row(model: str, *told: str, nodes: str = POOL, name: str = "chat") -> Row:
    """A model among `nodes`, and what is told of it: after its place, or of a place of its own where it begins with a line."""
    edits = (
        ("  ai-platform:databases:\n", f"{nodes}  ai-platform:databases:\n"),
        ("", f"    vllm:\n      models:\n        {name}: {{{model}}}\n"),
    )
    line = 29 + nodes.count("\n")
    return edits, tuple(one if one[0].isdigit() else f"{line}: {HERE}.{one}" for one in told)


MISTAKES: dict[str, Row] = {
    "models: one that is not known is asked for its figures, with the nearest name": row(
        "model: Qwen/Qwen3-9B, contextLength: 8192, nodeGroup: gpu",
        "model: the figures of model Qwen/Qwen3-9B are unknown; did you mean Qwen/Qwen3-8B? Or set figures, with the values of its config.json",
    ),
    "models: one unlike any is asked for its figures": row(
        "model: acme/writer, contextLength: 8192, nodeGroup: gpu",
        "model: the figures of model acme/writer are unknown; set figures, with the values of its config.json",
    ),
    "models: no owner": row(
        "model: Qwen3-8B, contextLength: 8192, nodeGroup: gpu",
        "model: 'Qwen3-8B' is not a model of the Hugging Face Hub; write owner and name, like Qwen/Qwen3-8B",
    ),
    "models: a name that would be another's Service": row(
        QWEN,
        "34: workloads.vllm.models.chat-server: 'chat-server' is not a valid name of a model; write 1-30 lower-case letters, digits and hyphens, beginning with a letter and not ending with -server, -worker or -router",
        name="chat-server",
    ),
    "models: a revision that moves": row(
        f"{QWEN}, revision: main",
        "revision: 'main' is not an immutable revision; write the hash of a commit, or a tag",
    ),
    "models: a context that has no room": row(
        "model: Qwen/Qwen3-8B, contextLength: 40960, nodeGroup: gpu",
        "contextLength: Qwen/Qwen3-8B takes 23.8 GiB of one A10G (weights 15.3, 1 x 40960 tokens of KV cache 5.6, activations 1.7, CUDA 1.2), but vLLM can use 19.5; set contextLength: 9728 or quantization: fp8 or model: Qwen/Qwen3-8B-AWQ",
    ),
    "models: too many requests at once": row(
        f"{QWEN}, concurrency: 4",
        "contextLength: Qwen/Qwen3-8B takes 22.7 GiB of one A10G (weights 15.3, 4 x 8192 tokens of KV cache 4.5, activations 1.7, CUDA 1.2), but vLLM can use 19.5; set concurrency: 1 or contextLength: 2304 or quantization: fp8",
    ),
    "models: weights that have no room": row(
        "model: Qwen/Qwen3-14B, contextLength: 8192, nodeGroup: gpu",
        "nodeGroup: Qwen/Qwen3-14B takes 31.8 GiB of one A10G (weights 27.5, 1 x 8192 tokens of KV cache 1.2, activations 1.8, CUDA 1.3), but vLLM can use 19.5; set model: Qwen/Qwen3-14B-AWQ or instance types such as g6e.xlarge",
    ),
    "models: weights that only several GPUs have room for": row(
        "model: Qwen/Qwen3-32B, contextLength: 8192, nodeGroup: gpu, weights: {nodeDisk: 90Gi}",
        "nodeGroup: Qwen/Qwen3-32B takes 66.6 GiB of one A10G (weights 61.0, 1 x 8192 tokens of KV cache 2.0, activations 1.8, CUDA 1.8), but vLLM can use 19.5; set tensorParallel: 8 or instance types such as p5.4xlarge",
        nodes=LARGE,
    ),
    "models: a context beyond the model's own": row(
        "model: Qwen/Qwen3-8B, contextLength: 65536, nodeGroup: gpu",
        "contextLength: 65536 exceeds the maximum of Qwen/Qwen3-8B, 40960 tokens; decrease it, or set figures",
    ),
    "models: nodes without GPUs": row(
        "model: Qwen/Qwen3-8B, contextLength: 8192, nodeGroup: cpu",
        "nodeGroup: cpu has no NVIDIA GPUs; choose gpu",
    ),
    "models: nowhere with GPUs": row(
        "model: Qwen/Qwen3-8B, contextLength: 8192, nodeGroup: cpu",
        "nodeGroup: cpu has no NVIDIA GPUs; add a node group, for example {instanceTypes: [g6.xlarge]}",
        nodes="",
    ),
    "models: nodes of which some have GPUs": row(
        QWEN,
        "17: nodePools.gpu.instanceTypes[1]: m5.xlarge (x86_64, accelerator none) requires another AMI than g5.xlarge (x86_64, nvidia); move it to a separate group",
        nodes=POOL.replace("g5.xlarge", "g5.xlarge, m5.xlarge"),
    ),
    "models: nodes that are not there": row(
        "model: Qwen/Qwen3-8B, contextLength: 8192, nodeGroup: gpus",
        "nodeGroup: unknown node group or node pool 'gpus'; did you mean gpu?",
    ),
    "models: GPUs that do not divide the heads": row(
        "model: Qwen/Qwen2.5-7B-Instruct, contextLength: 8192, tensorParallel: 8, nodeGroup: gpu",
        "tensorParallel: 8 does not divide the 28 attention heads and 4 KV heads of Qwen/Qwen2.5-7B-Instruct; choose 1, 2 or 4",
        nodes=LARGE,
    ),
    "models: a layer over nodes": row(
        f"{QWEN}, tensorParallel: 8",
        "tensorParallel: 8 exceeds the 4 GPUs of a node of gpu, and tensor parallelism over the network is too slow; set tensorParallel: 4 and pipelineParallel: 2",
        nodes=MANY,
    ),
    "models: more stages than layers": row(
        "model: Qwen/Qwen2.5-0.5B-Instruct, contextLength: 8192, pipelineParallel: 48, nodeGroup: gpu",
        "pipelineParallel: 48 exceeds the 24 layers of Qwen/Qwen2.5-0.5B-Instruct; decrease it",
    ),
    "models: a GPU without bfloat16": row(
        "model: Qwen/Qwen3-4B, contextLength: 8192, nodeGroup: gpu",
        "precision: the T4 has compute capability 7.5 and no bfloat16; set float16",
        nodes=T4,
    ),
    "models: a GPU without bfloat16 for a model that needs it": row(
        "model: google/gemma-3-4b-it, contextLength: 8192, nodeGroup: gpu",
        "model: google/gemma-3-4b-it is gated: the Hub answers 401 without the token of an account that has accepted its licence; set tokenSecret, or weights.streamed",
        "nodeGroup: the T4 has compute capability 7.5 and no bfloat16, which google/gemma-3-4b-it requires; choose a node group with A10G, L4 or newer",
        nodes=T4,
    ),
    "models: numbers too small for a model": row(
        "model: google/gemma-3-4b-it, precision: float16, contextLength: 8192, nodeGroup: gpu",
        "model: google/gemma-3-4b-it is gated: the Hub answers 401 without the token of an account that has accepted its licence; set tokenSecret, or weights.streamed",
        "precision: google/gemma-3-4b-it overflows in float16; set bfloat16",
    ),
    "models: a GPU without kernels for these weights": row(
        "model: openai/gpt-oss-20b, contextLength: 8192, nodeGroup: gpu",
        "nodeGroup: the T4 has compute capability 7.5, but mxfp4 requires 8.0; choose a node group with A10G, L4 or newer",
        nodes=T4,
    ),
    "models: a GPU too old for vLLM": row(
        f"{QWEN}, precision: float16",
        "17: nodePools.gpu.instanceTypes[0]: p3dn.24xlarge is no longer offered; use p4d or g6e",
        "nodeGroup: the V100 has compute capability 7.0, but vLLM requires 7.5 or higher; choose a node group with A10G, L4 or newer",
        nodes=LARGE.replace("g5.48xlarge", "p3dn.24xlarge"),
    ),
    "models: a GPU without an fp8 KV cache": row(
        f"{QWEN}, kvCache: fp8",
        "kvCache: the A10G has compute capability 8.6, but an fp8 KV cache requires 8.9; set auto",
    ),
    "models: all of a node's cores": row(
        f"{QWEN}, resources: {{requests: {{cpu: '4', memory: 8Gi}}, limits: {{memory: 12Gi}}}}",
        "resources.requests.cpu: 4 exceeds the 3920m CPU allocatable of a g5.xlarge; decrease it",
    ),
    "models: all of a node's memory": row(
        f"{QWEN}, resources: {{requests: {{memory: 16Gi}}, limits: {{memory: 16Gi}}}}",
        "resources.requests.memory: 16Gi exceeds the 14162Mi memory allocatable of a g5.xlarge; decrease it",
    ),
    "models: requests above limits": row(
        f"{QWEN}, resources: {{requests: {{memory: 10Gi}}, limits: {{memory: 8Gi}}}}",
        "resources.requests.memory: 10Gi is above the limit, 8Gi; decrease it, or increase the limit",
    ),
    "models: more than a node's disk": row(
        f"{QWEN}, weights: {{nodeDisk: 400Gi}}",
        "weights.nodeDisk: 400Gi exceeds the 154Gi that vLLM's image leaves free on the disk of a g5.xlarge; decrease it",
    ),
    "models: a disk that does not hold the weights": row(
        f"{QWEN}, weights: {{nodeDisk: 10Gi}}",
        "weights.nodeDisk: 10Gi is too small for the 15.3 GiB of Qwen/Qwen3-8B; set 19Gi",
    ),
    "models: shared memory that is all of the limit": row(
        f"{QWEN}, sharedMemory: 12Gi", "sharedMemory: 12Gi is not below the pod's memory limit, 12Gi; decrease it"
    ),
    "models: more replicas than nodes": row(
        f"{QWEN}, replicas: 5",
        "replicas: 5 replicas of 1 GPU each exceed the maximum capacity of gpu (4 replicas); decrease it, or increase the maximum of gpu",
    ),
    "models: more models than GPUs": row(
        f"{QWEN}, replicas: 2",
        "34: workloads.vllm.models.first.nodeGroup: 3 GPUs in addition to 2 of chat exceed the maximum capacity of gpu (4); increase it, or decrease replicas",
        name=f"first: {{{QWEN}, replicas: 3}}\n        chat",
    ),
    "models: a volume of several pods": row(
        f"{QWEN}, replicas: 2, weights: {{volume: 50Gi}}",
        "weights.volume: supports only one pod; use shared, or nodeDisk",
    ),
    "models: weights on an instance store that the nodes leave unused": row(
        f"{QWEN}, weights: {{instanceStore: 400Gi}}",
        "weights.instanceStore: requires nodePools.gpu.instanceStore: RAID0; set it, or use nodeDisk here",
    ),
    "models: weights larger than the instance store": row(
        f"{QWEN}, weights: {{instanceStore: 400Gi}}",
        "weights.instanceStore: 400Gi exceeds the 182Gi that vLLM's image leaves free on the instance store of a g5.xlarge; decrease it",
        nodes=NVME,
    ),
    "models: too little of an instance store for the weights": row(
        f"{QWEN}, weights: {{instanceStore: 10Gi}}",
        "weights.instanceStore: 10Gi is too small for the 15.3 GiB of Qwen/Qwen3-8B; set 19Gi",
        nodes=NVME,
    ),
    "models: weights in two places": row(f"{QWEN}, weights: {{volume: 50Gi, nodeDisk: 50Gi}}", f"weights: {WEIGHTS}"),
    "models: weights in no place": row(f"{QWEN}, weights: {{}}", f"weights: {WEIGHTS}"),
    "models: none that wakes": row(
        f"{QWEN}, autoscaling: {{min: 0, max: 2}}",
        "autoscaling.min: nothing starts a model with 0 replicas, because it has no waiting requests; set 1, or schedule, or wakeQuery",
        WATCHED,
    ),
    "models: one that wakes and never sleeps": row(
        f"{QWEN}, autoscaling: {{max: 2, wakeQuery: up}}",
        "autoscaling.wakeQuery: has no effect with min: 1; remove it, or set min: 0",
        WATCHED,
    ),
    "models: a schedule that is not there": row(
        f"{QWEN}, autoscaling: {{min: 0, max: 2, schedule: night}}",
        "autoscaling.schedule: unknown schedule 'night'; add it to schedules",
        WATCHED,
    ),
    "models: replicas said twice, and downwards": row(
        f"{QWEN}, replicas: 2, autoscaling: {{min: 3, max: 2}}",
        "autoscaling.min: 3 is above max, 2; decrease it, or increase max",
        WATCHED,
        "replicas: has no effect with autoscaling; remove one of them",
    ),
    "models: a quantization of another file": row(
        f"{QWEN}, quantization: awq",
        "quantization: Qwen/Qwen3-8B is not published with quantization awq; set model: Qwen/Qwen3-8B-AWQ",
    ),
    "models: a quantization of no file": row(
        "model: google/gemma-3-4b-it, quantization: gptq, contextLength: 8192, nodeGroup: gpu",
        "model: google/gemma-3-4b-it is gated: the Hub answers 401 without the token of an account that has accepted its licence; set tokenSecret, or weights.streamed",
        "quantization: google/gemma-3-4b-it is not published with quantization gptq; set fp8, which vLLM applies itself",
    ),
    "models: a quantization that vLLM has no more": row(
        f"{QWEN}, quantization: bitsandbytes",
        "quantization: 'bitsandbytes' is not one of fp8, awq, gptq",
    ),
    "models: an argument that is a setting": row(
        f"{QWEN}, arguments: [--max-model-len=9999]",
        "arguments[0]: the argument --max-model-len cannot be overridden: set contextLength, from which GPU memory is calculated",
    ),
    "models: an argument without its value": row(
        f"{QWEN}, arguments: [-tp 2]",
        "arguments[0]: '-tp 2' is not an argument; write option and value with an equals sign, like --log-level=debug",
    ),
    "models: fewer tokens than requests in a step": row(
        f"{QWEN}, batchTokens: 128",
        "batchTokens: 128 is less than one token for each of 256 requests; increase it, or decrease batchRequests",
    ),
    "models: weights in a bucket that is not there": row(
        f"{QWEN}, revision: v1, weights: {{streamed: {{bucket: weight, path: qwen}}}}",
        "revision: has no effect with weights.streamed; remove it",
        "weights.streamed.bucket: unknown bucket 'weight'; choose artifacts",
    ),
    "models: weights in a folder that is not there": row(
        f"{QWEN}, weights: {{shared: {{fileSystem: models, accessPoint: hubb}}}}",
        "weights.shared.accessPoint: unknown access point 'hubb' of models; did you mean hub?",
        nodes=FILES,
    ),
    "models: a token that is not there": row(
        f"{QWEN}, tokenSecret: {{secret: hub}}",
        "tokenSecret.secret: unknown secret 'hub'; add it to secrets",
    ),
    "models: a host without a domain": row(
        f"{QWEN}, host: chat.example.com", "host: requires ingress.domain; set it, or remove the host"
    ),
    "models: GPUs that nobody offers to pods": row(
        QWEN,
        "19: addons.nvidiaDevicePlugin.enabled: must be true, because the add-on offers GPUs to pods; enable it, or remove workloads.vllm",
        nodes=POOL.replace("{enabled: false}}", "{enabled: false}, nvidiaDevicePlugin: {enabled: false}}"),
    ),
}

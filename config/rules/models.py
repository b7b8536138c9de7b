"""Language models: what they refer to, and whether they have room on their GPUs, before anybody rents one."""

from collections.abc import Iterator
from typing import NamedTuple

from config.addons import Addon
from config.capacity import each_offers
from config.gpus import gpu
from config.model_fit import (
    Published,
    can_compute,
    demand,
    divides,
    divisors,
    known_models,
    layout,
    needs_bfloat16,
    published,
    room,
    ways_out,
    weights,
)
from config.nodes import Nodes
from config.prices import load_prices
from config.problems import Path, Problem, did_you_mean, nearest
from config.quantities import CPU, DISK, GIB, GPU, MEMORY, Amounts, amount, shown
from config.reach import most_nodes, reach
from config.rules.nodes import all_nodes
from config.rules.stack import Stack, in_order
from config.workloads.vllm import VllmModel

_MODELS: Path = ("workloads", "vllm", "models")

IMAGE = 25 * GIB
"""Disk that vLLM's image takes beside a model: 10 GB to fetch, and what is in it unpacked."""

OWN_ARGUMENTS = frozenset(
    {
        *("model", "revision", "served-model-name", "host", "port", "api-key", "download-dir", "load-format"),
        *("dtype", "quantization", "kv-cache-dtype", "max-model-len", "max-num-seqs", "max-num-batched-tokens"),
        *("gpu-memory-utilization", "tensor-parallel-size", "pipeline-parallel-size", "nnodes", "node-rank"),
        *("master-addr", "master-port", "headless", "distributed-executor-backend"),
    }
)
"""What settings say, or the platform itself."""


def _models(stack: Stack) -> Iterator[tuple[Path, str, VllmModel]]:
    vllm = stack.settings.workloads.vllm
    for name, model in (vllm.models if vllm else {}).items():
        yield (*_MODELS, name), name, model


def _nodes(stack: Stack, model: VllmModel) -> Nodes | None:
    settings = stack.settings
    return settings.node_groups.get(model.node_group) or settings.node_pools.get(model.node_group)


class _Placed(NamedTuple):
    """A model whose figures and nodes are known."""

    path: Path
    model: VllmModel
    known: Published
    nodes: Nodes
    because: tuple[Path, ...]
    """The place of its nodes."""


def _placed(stack: Stack) -> Iterator[_Placed]:
    for path, _, model in _models(stack):
        nodes, known = _nodes(stack, model), published(model)
        if nodes is not None and nodes.has_gpus() and known is not None:
            place = "nodeGroups" if model.node_group in stack.settings.node_groups else "nodePools"
            yield _Placed(path, model, known, nodes, ((place, model.node_group), (*path, "nodeGroup")))


def references(stack: Stack) -> Iterator[Problem]:
    """What models name is there."""
    for path, _, model in _models(stack):
        yield from stack.reference((*path, "nodeGroup"), model.node_group, "nodeGroups", "nodePools")
        if model.token_secret is not None:
            yield from stack.reference((*path, "tokenSecret", "secret"), model.token_secret.secret, "secrets")
        if model.autoscaling is not None:
            yield from stack.reference((*path, "autoscaling", "schedule"), model.autoscaling.schedule, "schedules")
        if model.weights.streamed is not None:
            yield from stack.reference(
                (*path, "weights", "streamed", "bucket"), model.weights.streamed.bucket, "buckets"
            )
        shared = model.weights.shared
        if shared is not None:
            here = (*path, "weights", "shared")
            yield from stack.reference((*here, "fileSystem"), shared.file_system, "fileSystems")
            points = stack.names("fileSystems", shared.file_system, "accessPoints")
            if points and shared.access_point not in points:
                message = f"{shared.access_point!r} is no access point of {shared.file_system}"
                yield Problem((*here, "accessPoint"), f"{message}{did_you_mean(shared.access_point, points)}")


def figures(stack: Stack) -> Iterator[Problem]:
    """The platform knows what each model takes, and a quantization is one that the model has."""
    for path, _, model in _models(stack):
        known = published(model)
        if known is None:
            alike = nearest(model.model, known_models())
            hint = f"did you mean {alike}? Or write figures" if alike else "write figures"
            yield Problem(
                (*path, "model"),
                f"{model.model} is no model that the platform knows; {hint}, as its config.json has them",
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


def gpus(stack: Stack) -> Iterator[Problem]:
    """A model's nodes have GPUs that can compute it."""
    with_gpus = [str(path[-1]) for path, nodes in all_nodes(stack) if nodes.has_gpus()]
    for path, _, model in _models(stack):
        nodes = _nodes(stack, model)
        if nodes is not None and not nodes.has_gpus():
            hint = (
                f"; choose one of {', '.join(with_gpus)}"
                if with_gpus
                else "; add one like {instanceTypes: [g6.xlarge]}"
            )
            yield Problem(
                (*path, "nodeGroup"),
                f"{model.node_group} has no NVIDIA GPUs{hint}",
                because=(("nodeGroups",), ("nodePools",)),
            )
    for placed in _placed(stack):
        for instance_type in placed.nodes.instance_types:
            on = gpu(instance_type)
            problem = can_compute(placed.model, placed.known, on) if on else None
            if problem is not None:
                yield Problem((*placed.path, problem.setting), problem.reason, because=placed.because)
                break


def parallelism(stack: Stack) -> Iterator[Problem]:
    """GPUs share layers in a way that the model allows and that the nodes have."""
    for placed in _placed(stack):
        model, own = placed.model, placed.known.figures
        per_node = placed.nodes.gpus_per_node()
        if not divides(own, model.tensor_parallel):
            choices = ", ".join(map(str, divisors(own)))
            yield Problem(
                (*placed.path, "tensorParallel"),
                f"{model.tensor_parallel} does not divide the {own.attention_heads} attention heads and {own.kv_heads} "
                f"KV heads of {model.model}; choose one of {choices}",
                because=((*placed.path, "model"),),
            )
        elif model.tensor_parallel > per_node:
            stages = -(-model.gpus() // per_node)
            better = max(tensor for tensor in divisors(own) if tensor <= per_node)
            yield Problem(
                (*placed.path, "tensorParallel"),
                f"{model.tensor_parallel} is more than the {_gpus(per_node)} of a node of {model.node_group}, and GPUs "
                f"that share layers talk too much for a network; write tensorParallel: {better} and "
                f"pipelineParallel: {max(stages, -(-model.gpus() // better))}",
                because=placed.because,
            )
        if model.pipeline_parallel > own.layers:
            yield Problem(
                (*placed.path, "pipelineParallel"),
                f"{model.pipeline_parallel} is more than the {own.layers} layers of {model.model}; lower it",
                because=((*placed.path, "model"),),
            )


def precision(stack: Stack) -> Iterator[Problem]:
    """A model computes with numbers that are large enough for it."""
    for path, _, model in _models(stack):
        if model.precision == "float16" and needs_bfloat16(model):
            yield Problem(
                (*path, "precision"),
                f"float16 is too small for the numbers of {model.model}; write bfloat16",
                because=((*path, "model"),),
            )


def _gpus(number: int) -> str:
    return f"{number} GPU{'' if number == 1 else 's'}"


def context(stack: Stack) -> Iterator[Problem]:
    """No context is longer than the model was made for."""
    for path, _, model in _models(stack):
        known = published(model)
        if known is not None and model.context_length > known.figures.context_length:
            yield Problem(
                (*path, "contextLength"),
                f"{model.context_length} is more than the {known.figures.context_length} tokens that {model.model} "
                "was made for; lower it, or say otherwise under figures",
                because=((*path, "model"), (*path, "figures")),
            )


def room_on_gpus(stack: Stack) -> Iterator[Problem]:
    """Weights, KV cache and what vLLM itself takes have room on every GPU that the nodes may have."""
    for placed in _placed(stack):
        model, known = placed.model, placed.known
        per_node = placed.nodes.gpus_per_node()
        if not divides(known.figures, model.tensor_parallel) or layout(model, per_node) is None:
            continue
        if model.context_length > known.figures.context_length:
            continue
        for instance_type in placed.nodes.instance_types:
            on = gpu(instance_type)
            if on is None or can_compute(model, known, on) is not None:
                continue
            wanted = demand(model, known)
            if wanted.total() <= room(model, on):
                continue
            first = wanted._replace(kv_cache=0).total() > room(model, on)
            ways = list(ways_out(model, known, instance_type, per_node, sold=_sold(stack)))[:3]
            advice = f"write {' or '.join(ways)}" if ways else "choose a smaller model"
            yield Problem(
                (*placed.path, "nodeGroup" if first else "contextLength"),
                f"{model.model} takes {_gib(wanted.total())} GiB of {'each' if model.gpus() > 1 else 'one'} {on.name} "
                f"(weights {_gib(wanted.weights)}, {model.concurrency} x {model.context_length} tokens of KV cache "
                f"{_gib(wanted.kv_cache)}, activations {_gib(wanted.activations)}, CUDA {_gib(wanted.cuda)}), and vLLM "
                f"has {_gib(room(model, on))} there; {advice}",
                because=(*placed.because, (*placed.path, "model")),
            )
            break


def _gib(size: int) -> str:
    return f"{size / GIB:.1f}"


def _sold(stack: Stack) -> frozenset[str]:
    """The instance types that have a price in the region; none where no prices of it are known."""
    table, region = load_prices(), stack.settings.project.region
    return frozenset(name for name in table.instances.get(region, {}) if table.instance(region, name) is not None)


def room_on_nodes(stack: Stack) -> Iterator[Problem]:
    """A pod asks for no more than a node of its group has."""
    prefixes = stack.settings.addons.vpc_cni.gives_prefixes()
    for path, _, model in _models(stack):
        nodes = _nodes(stack, model)
        if nodes is None or not nodes.has_gpus():
            continue
        pods = layout(model, nodes.gpus_per_node())
        because: tuple[Path, ...] = (("nodeGroups",), ("nodePools",), (*path, "nodeGroup"))
        for instance_type, offers in each_offers(nodes, prefixes=prefixes).items():
            found = _too_much(model, nodes, offers, pods.gpus if pods else 0)
            if found is not None:
                key, message = found
                yield Problem((*path, *key), f"{message} of a {instance_type}; lower it", because=because)
                break
        else:
            yield from _enough_nodes(stack, path, model, nodes)
        yield from _memory(path, model)


def _too_much(model: VllmModel, nodes: Nodes, offers: Amounts, gpus_of_pod: int) -> tuple[tuple[str, ...], str] | None:
    """The first thing of which a pod asks for more than there is."""
    asked = model.resources.requests
    rows: list[tuple[str, str | None, tuple[str, ...]]] = [
        (CPU, asked.cpu, ("resources", "requests", "cpu")),
        (MEMORY, asked.memory, ("resources", "requests", "memory")),
    ]
    for resource, wanted, key in rows:
        if wanted is not None and amount(resource, wanted) > offers[resource]:
            return key, f"{wanted} is more than the {shown(resource, offers[resource])} allocatable"
    # Where the nodes leave their instance store unused, that is the mistake, and another rule tells it.
    on_disk = model.weights.node_disk or (model.weights.instance_store if nodes.instance_store else None)
    if on_disk is not None and amount(DISK, on_disk) + IMAGE > offers[DISK]:
        left = max(offers[DISK] - IMAGE, 0) // GIB
        name, where = ("nodeDisk", "disk") if model.weights.node_disk else ("instanceStore", "instance store")
        return ("weights", name), f"{on_disk} is more than the {left}Gi that vLLM's image leaves on the {where}"
    if gpus_of_pod > offers.get(GPU, 0):
        return ("tensorParallel",), f"{gpus_of_pod} GPUs are more than the {offers.get(GPU, 0)}"
    return None


def room_beside_others(stack: Stack) -> Iterator[Problem]:
    """The models of a group have GPUs at their fewest replicas, all at the same time."""
    before: dict[str, list[tuple[str, int]]] = {}
    for path, name, model in _models(stack):
        nodes = _nodes(stack, model)
        if nodes is None or not nodes.has_gpus():
            continue
        group = stack.settings.node_groups.get(model.node_group)
        there = reach_of_pool(stack, model.node_group)
        if group is not None:
            there = most_nodes(group, stack.settings.addons) * nodes.gpus_per_node()
        earlier, own = before.setdefault(model.node_group, []), model.least() * model.gpus()
        taken = sum(gpus for _, gpus in earlier)
        if own <= there < taken + own:
            others = ", ".join(other for other, _ in earlier)
            yield Problem(
                (*path, "nodeGroup"),
                f"{_gpus(own)} beside {taken} of {others} are more than the {there} that {model.node_group} can grow "
                "to; let it grow, or lower replicas",
                because=(("nodeGroups",), ("nodePools",), ("addons",)),
            )
        if own <= there:
            earlier.append((name, own))


def _enough_nodes(stack: Stack, path: Path, model: VllmModel, nodes: Nodes) -> Iterator[Problem]:
    """All replicas of a model have GPUs to run on."""
    pods, known = layout(model, nodes.gpus_per_node()), published(model)
    if pods is None or (known is not None and model.pipeline_parallel > known.figures.layers):
        return
    group = stack.settings.node_groups.get(model.node_group)
    if group is not None:
        most = most_nodes(group, stack.settings.addons)
        there = most // pods.nodes if pods.nodes > 1 else most * (nodes.gpus_per_node() // pods.gpus)
    else:
        there = reach_of_pool(stack, model.node_group) // model.gpus()
    if model.most() > there:
        key = ("autoscaling", "max") if model.autoscaling else ("replicas",) if model.replicas else ("nodeGroup",)
        yield Problem(
            (*path, *key),
            f"{model.most()} of {_gpus(model.gpus())} each are more replicas than the {there} that {model.node_group} "
            "can grow to; lower it, or let the nodes grow",
            because=(("nodeGroups",), ("nodePools",), ("addons",)),
        )


def reach_of_pool(stack: Stack, name: str) -> int:
    """The GPUs that a node pool can grow to; none where it is no pool."""
    if name not in stack.settings.node_pools:
        return 0
    alone = {"node_groups": {}, "node_pools": {name: stack.settings.node_pools[name]}}
    return reach(stack.settings.model_copy(update=alone)).get(GPU, 0)


def _memory(path: Path, model: VllmModel) -> Iterator[Problem]:
    limit = amount(MEMORY, model.resources.limits.memory)
    if amount(MEMORY, model.shared_memory) >= limit:
        yield Problem(
            (*path, "sharedMemory"),
            f"{model.shared_memory} is all of the pod's limit, {model.resources.limits.memory}; lower it",
            because=((*path, "resources"),),
        )


def places_of_weights(stack: Stack) -> Iterator[Problem]:
    """Weights have room where they lie, and one volume has one reader."""
    for path, _, model in _models(stack):
        known, here = published(model), (*path, "weights")
        for key, size in (
            ("nodeDisk", model.weights.node_disk),
            ("instanceStore", model.weights.instance_store),
            ("volume", model.weights.volume),
        ):
            if size is None or known is None:
                continue
            files = weights(known.figures, known.stored)
            if files > amount(DISK, size):
                yield Problem(
                    (*here, key),
                    f"{size} does not hold the {_gib(files)} GiB of {model.model}; write {-(-files * 6 // 5 // GIB)}Gi",
                    because=((*path, "model"),),
                )
        nodes = _nodes(stack, model)
        if model.weights.instance_store is not None and nodes is not None and nodes.instance_store is None:
            section = "nodeGroups" if model.node_group in stack.settings.node_groups else "nodePools"
            yield Problem(
                (*here, "instanceStore"),
                f"asks for NVMe disks that {model.node_group} leaves unused; write instanceStore: RAID0 in "
                f"{section}.{model.node_group}, or nodeDisk here",
                because=((section, model.node_group),),
            )
        pods = layout(model, nodes.gpus_per_node()) if nodes is not None and nodes.has_gpus() else None
        if model.weights.volume is not None and (model.most() > 1 or (pods is not None and pods.nodes > 1)):
            yield Problem((*here, "volume"), "is for one pod alone; write shared, or nodeDisk")
        if model.weights.streamed is not None:
            for key, value in (("tokenSecret", model.token_secret), ("revision", model.revision)):
                if value is not None:
                    yield Problem((*path, key), "is not used beside weights.streamed; remove it")


def numbers(stack: Stack) -> Iterator[Problem]:
    """A number of replicas is said in one way, and a model that sleeps can wake."""
    for path, _, model in _models(stack):
        if model.batch_tokens < max(model.batch_requests, model.concurrency):
            yield Problem(
                (*path, "batchTokens"),
                f"{model.batch_tokens} is less than a token for each of {max(model.batch_requests, model.concurrency)} "
                "requests; raise it, or lower batchRequests",
                because=((*path, "batchRequests"), (*path, "concurrency")),
            )
        scaling, here = model.autoscaling, (*path, "autoscaling")
        yield from in_order(here, scaling)
        if scaling is None:
            continue
        if model.replicas is not None:
            yield Problem((*path, "replicas"), "is not used beside autoscaling; keep one", because=(here,))
        if scaling.min == 0 and scaling.schedule is None and scaling.wake_query is None:
            yield Problem(
                (*here, "min"),
                "0 is for ever: who is off has no waiting requests to count; write 1, or a schedule, or a wakeQuery",
            )
        for key, value in (("schedule", scaling.schedule), ("wakeQuery", scaling.wake_query)):
            if scaling.min > 0 and value is not None:
                yield Problem(
                    (*here, key),
                    "wakes a model that never sleeps; remove it, or write min: 0",
                    because=((*here, "min"),),
                )
        if stack.settings.monitoring is None:
            yield Problem(here, "asks Prometheus, and there is none; add monitoring, or write replicas")


def arguments(stack: Stack) -> Iterator[Problem]:
    """Nothing is said twice to vLLM."""
    for path, _, model in _models(stack):
        for index, argument in enumerate(model.arguments):
            option = argument.removeprefix("--").partition("=")[0]
            if option in OWN_ARGUMENTS:
                yield Problem(
                    (*path, "arguments", index),
                    f"--{option} follows from the other settings; remove it, or change those",
                )


def needs(stack: Stack) -> Iterator[Problem]:
    """Without these add-ons models would be built and would not work."""
    settings = stack.settings
    if settings.workloads.vllm is None:
        return
    models = settings.workloads.vllm.models.values()
    addons = settings.addons
    rows: list[tuple[str, Addon, bool, str]] = [
        ("externalSecrets", addons.external_secrets, True, "brings the models' API keys into their pods"),
        ("vpcCni", addons.vpc_cni, True, "gives pods their addresses"),
        ("coredns", addons.coredns, True, "resolves names in the cluster"),
        (
            "loadBalancerController",
            addons.load_balancer_controller,
            any(model.host for model in models),
            "connects models with the load balancer",
        ),
        ("ebsCsi", addons.ebs_csi, any(model.weights.volume for model in models), "makes the volumes of models"),
        ("keda", addons.keda, any(model.autoscaling for model in models), "scales models"),
        (
            "leaderWorkerSet",
            addons.leader_worker_set,
            any(_over_nodes(stack, model) for model in models),
            "runs models over several nodes",
        ),
        (
            "nvidiaDevicePlugin",
            addons.nvidia_device_plugin,
            any(nodes.needs_device_plugin() for model in models if (nodes := _nodes(stack, model))),
            "offers GPUs to pods",
        ),
    ]
    for key, addon, wanted, why in rows:
        if wanted and not addon.enabled:
            yield Problem(("addons", key, "enabled"), f"false, but it {why}; switch it on, or remove workloads.vllm")


def _over_nodes(stack: Stack, model: VllmModel) -> bool:
    nodes = _nodes(stack, model)
    pods = layout(model, nodes.gpus_per_node()) if nodes is not None and nodes.has_gpus() else None
    return pods is not None and pods.nodes > 1


RULES = (
    references,
    figures,
    gpus,
    parallelism,
    precision,
    context,
    room_on_gpus,
    room_on_nodes,
    room_beside_others,
    places_of_weights,
    numbers,
    arguments,
    needs,
)

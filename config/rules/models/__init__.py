"""Language models: what they refer to, and whether they have room on their GPUs, before anybody rents one."""

from config.rules.models import computing, gpu_memory, nodes, replicas, settings, weights
from config.rules.stack import Rule

RULES: tuple[Rule, ...] = (
    settings.folders,
    settings.figures,
    computing.gpus,
    computing.parallelism,
    computing.precision,
    computing.context,
    gpu_memory.room_on_gpus,
    nodes.room_on_nodes,
    nodes.room_beside_others,
    weights.places_of_weights,
    replicas.numbers,
)

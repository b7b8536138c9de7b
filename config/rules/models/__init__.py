"""Language models: references, and whether they fit on their GPUs and nodes."""

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

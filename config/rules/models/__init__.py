"""Language models: references, and whether they fit on their GPUs and nodes."""

from config.rules.models import (
    added,
    arguments,
    computing,
    gpu_memory,
    licences,
    nodes,
    replicas,
    routing,
    served,
    settings,
    weights,
)
from config.rules.stack import Rule

RULES: tuple[Rule, ...] = (
    settings.folders,
    settings.figures,
    licences.tokens,
    licences.of_instances,
    computing.gpus,
    computing.parallelism,
    computing.precision,
    computing.blocks,
    computing.context,
    arguments.known_options,
    arguments.figures_of_overrides,
    arguments.parsers,
    arguments.loading,
    added.adapters,
    added.speculation,
    gpu_memory.room_on_gpus,
    nodes.room_on_nodes,
    nodes.room_beside_others,
    weights.places_of_weights,
    served.quantized,
    served.chat_templates,
    served.families,
    served.shared_memory,
    replicas.numbers,
    routing.routers,
)

"""What must hold between values. A rule is a function from a `Stack` to problems; a new one is added to RULES."""

from config.rules import access, awake, costs, data, ingress, names, network, nodes, sleep, support, workloads
from config.rules.stack import Rule

RULES: tuple[Rule, ...] = (
    network.zones,
    network.addresses,
    network.ways_out,
    network.network_acls,
    network.region,
    access.endpoint,
    access.service_cidr,
    access.placeholders,
    nodes.scaling,
    nodes.instance_types,
    nodes.ami_type,
    nodes.placement,
    nodes.room_for_the_system,
    data.database_storage,
    data.database_windows,
    data.database_options,
    data.buckets,
    ingress.zone,
    ingress.reach,
    ingress.certificate,
    names.unique,
    names.charts,
    sleep.schedules,
    sleep.references,
    awake.runs_and_sleeps,
    costs.groups,
    support.kubernetes,
    support.engines,
    support.retired,
    workloads.mlflow_references,
    workloads.mlflow_needs,
    workloads.hosts,
)

"""Outputs of AWS, EKS and Kubernetes resources, derived from the inputs of a resource alone."""

from collections.abc import Mapping

from aiplatform.preview.outputs.aws_alarms import ALARMS
from aiplatform.preview.outputs.aws_compute import COMPUTE
from aiplatform.preview.outputs.aws_data import DATA
from aiplatform.preview.outputs.aws_identity import IDENTITY
from aiplatform.preview.outputs.aws_network import NETWORK
from aiplatform.preview.outputs.eks import cluster_name, eks_answer, parent_of
from aiplatform.preview.outputs.invokes import answer_call, answer_invoke
from aiplatform.preview.outputs.kubernetes import autoname, is_object, kubernetes_answer
from aiplatform.preview.outputs.shape import Context, Reference, Shape, regional
from aiplatform.preview.plan import Json

__all__ = [
    "SHAPES",
    "Context",
    "Reference",
    "answer_call",
    "answer_invoke",
    "autoname",
    "cluster_name",
    "id_and_outputs",
    "is_object",
    "parent_of",
]

SHAPES: Mapping[str, Shape] = {**NETWORK, **IDENTITY, **DATA, **COMPUTE, **ALARMS}
"""The shape of every AWS resource type with known outputs."""


def id_and_outputs(
    type_: str, logical: str, inputs: Mapping[str, Json], context: Context
) -> tuple[str, dict[str, Json]]:
    """Return the id of a resource, and the outputs that its provider adds to its inputs.

    The result depends only on the arguments. Masked inputs are treated as missing.
    """
    if type_ in SHAPES:
        return SHAPES[type_].answer(type_, logical, inputs, context)
    known = eks_answer(type_, logical, inputs, context) or kubernetes_answer(type_, logical, inputs, context)
    return known or _fallback(type_).answer(type_, logical, inputs, context)


def _fallback(type_: str) -> Shape:
    package, _, rest = type_.partition(":")
    if package != "aws":
        return Shape()
    service, _, kind = rest.partition("/")
    return Shape(arn=regional(service, f"{kind.partition(':')[0]}/{{name}}"), outputs={"name": "{name}"})

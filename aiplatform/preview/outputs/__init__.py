"""Outputs of AWS, EKS and Kubernetes resources, derived from the inputs of a resource alone."""

from collections.abc import Mapping

from aiplatform.preview.outputs.eks import cluster_name, eks_answer, parent_of
from aiplatform.preview.outputs.invokes import answer_call, answer_invoke
from aiplatform.preview.outputs.kubernetes import autoname, is_object, kubernetes_answer
from aiplatform.preview.outputs.tls import tls_answer
from aiplatform.preview.plan import Json
from catalog.aws import AWS_TYPES
from catalog.aws.aws_type import AwsType, Context, Reference, regional

__all__ = [
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


def id_and_outputs(
    type_: str, logical: str, inputs: Mapping[str, Json], context: Context
) -> tuple[str, dict[str, Json]]:
    """Return the id of a resource, and the outputs that its provider adds to its inputs.

    The result depends only on the arguments. Masked inputs are treated as missing.
    """
    if type_ in AWS_TYPES:
        return AWS_TYPES[type_].answer(type_, logical, inputs, context)
    answers = (answer(type_, logical, inputs, context) for answer in (eks_answer, kubernetes_answer, tls_answer))
    known = next((one for one in answers if one is not None), None)
    return known or _fallback(type_).answer(type_, logical, inputs, context)


def _fallback(type_: str) -> AwsType:
    package, _, rest = type_.partition(":")
    if package != "aws":
        return AwsType()
    service, _, kind = rest.partition("/")
    return AwsType(arn=regional(service, f"{kind.partition(':')[0]}/{{name}}"), outputs={"name": "{name}"})

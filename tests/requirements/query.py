"""Questions to a plan."""

import base64
import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from aiplatform.preview.outputs import Context, id_and_outputs
from aiplatform.preview.plan import Plan, Resource
from aiplatform.preview.record import ACCOUNT

Json = Any


@dataclass(frozen=True)
class Planned:
    """A plan, and the values in it that a plan masks."""

    plan: Plan
    secret_strings: Mapping[str, Mapping[str, Json]]
    """What the secrets hold at first, by the logical name of their version."""

    secret_outputs: Mapping[str, Json]
    """The outputs of the stack, with those that a plan masks."""

    account: str = ACCOUNT
    """The AWS account."""

    @property
    def outputs(self) -> Mapping[str, Json]:
        """What the stack exports, as a person sees it."""
        return self.plan.outputs

    def all(self, type_: str, **inputs: Json) -> list[Resource]:
        """The resources of a type whose inputs have these values."""
        return [
            resource
            for resource in self.plan.resources
            if resource.type == type_ and all(resource.inputs.get(key) == value for key, value in inputs.items())
        ]

    def one(self, type_: str, **inputs: Json) -> Resource:
        """The only resource of a type whose inputs have these values."""
        found = self.all(type_, **inputs)
        assert len(found) == 1, f"{len(found)} of {type_} with {inputs}: {[resource.name for resource in found]}"
        return found[0]

    def tagged(self, type_: str, name: str) -> Resource:
        """The only resource of a type with this Name tag."""
        found = [resource for resource in self.all(type_) if resource.inputs.get("tags", {}).get("Name") == name]
        assert len(found) == 1, f"{len(found)} of {type_} are tagged {name}"
        return found[0]

    def external_secret(self, part: str, namespace: str) -> Mapping[str, Json]:
        """The description of MLflow's external secret for one part; its name ends in the version of the secret."""
        found: Mapping[str, Json]
        (found,) = (
            item["spec"]
            for item in self.manifests("ExternalSecret")
            if item["metadata"]["namespace"] == namespace
            and item["metadata"]["name"].rpartition("-")[0] == f"mlflow-{part}"
        )
        return found

    def manifest(self, kind: str, name: str, namespace: str | None = None) -> Mapping[str, Json]:
        """The only Kubernetes object of a kind with this name."""
        found = [
            item
            for item in self.manifests(kind)
            if item["metadata"]["name"] == name and item["metadata"].get("namespace") == namespace
        ]
        assert len(found) == 1, f"{len(found)} of {kind} are named {namespace}/{name}"
        return found[0]

    def manifests(self, kind: str) -> list[Mapping[str, Json]]:
        """The Kubernetes objects of a kind."""
        return [
            resource.inputs
            for resource in self.plan.resources
            if resource.type.startswith("kubernetes:") and resource.inputs.get("kind") == kind
        ]

    def release(self, name: str) -> Mapping[str, Json]:
        """The only Helm release of this name."""
        return self.one("kubernetes:helm.sh/v3:Release", name=name).inputs

    @cached_property
    def provider_tags(self) -> Mapping[str, str]:
        """The tags that the AWS provider puts on everything it makes."""
        tags: Mapping[str, str] = json.loads(self.provider.inputs["defaultTags"])["tags"]
        return tags

    @cached_property
    def region(self) -> str:
        """The region of the AWS provider."""
        return str(self.provider.inputs["region"])

    @property
    def provider(self) -> Resource:
        """The AWS provider of the platform's own region."""
        (found,) = (one for one in self.all("pulumi:providers:aws") if one.name == "aws")
        return found

    def id(self, resource: Resource) -> str:
        """What the preview answered as the id of a resource, so that references to it can be told."""
        return self._answer(resource)[0]

    def attribute(self, resource: Resource, name: str) -> Json:
        """What the preview answered as an output of a resource."""
        return self._answer(resource)[1][name]

    def _answer(self, resource: Resource) -> tuple[str, dict[str, Json]]:
        context = Context(self.account, self.region, resource.urn, {})
        return id_and_outputs(resource.type, resource.name, resource.inputs, context)

    def role(self, name: str) -> Resource:
        """An IAM role by its physical name."""
        return self.one("aws:iam/role:Role", name=name)

    def statements(self, role: str) -> list[Mapping[str, Json]]:
        """What the policies made here allow a role."""
        policies = {
            f"arn:aws:iam::{self.account}:policy/{policy.inputs['name']}": policy.inputs["policy"]
            for policy in self.all("aws:iam/policy:Policy")
        }
        attached = [policies[arn] for arn in self.attached(role) if arn in policies]
        inline = [policy.inputs["policy"] for policy in self.all("aws:iam/rolePolicy:RolePolicy", role=role)]
        return [statement for document in (*attached, *inline) for statement in json.loads(document)["Statement"]]

    def attached(self, role: str) -> list[str]:
        """The ARNs of the policies attached to a role."""
        attachments = self.all("aws:iam/rolePolicyAttachment:RolePolicyAttachment", role=role)
        return sorted(attachment.inputs["policyArn"] for attachment in attachments)

    def trusted_account(self, role: str) -> str:
        """The one service account, `namespace:name`, that a role trusts through the cluster's OIDC provider."""
        issuer = self.outputs["cluster_oidc_issuer_url"].removeprefix("https://")
        (statement,) = json.loads(self.role(role).inputs["assumeRolePolicy"])["Statement"]
        assert statement["Action"] == ["sts:AssumeRoleWithWebIdentity"]
        assert statement["Principal"] == {"Federated": f"arn:aws:iam::{self.account}:oidc-provider/{issuer}"}
        (conditions,) = statement["Condition"].items()
        assert conditions[0] == "StringEquals"
        assert conditions[1][f"{issuer}:aud"] == "sts.amazonaws.com"
        return str(conditions[1][f"{issuer}:sub"]).removeprefix("system:serviceaccount:")

    def openings(self, group: Resource, direction: str) -> set[tuple[str, int | None, int | None, str]]:
        """Protocol, ports and other end of each rule of a security group; other groups by their Name tag."""
        kind = {"in": "Ingress", "out": "Egress"}[direction]
        names = {
            self.id(other): other.inputs["tags"]["Name"] for other in self.all("aws:ec2/securityGroup:SecurityGroup")
        }
        rules = self.all(f"aws:vpc/securityGroup{kind}Rule:SecurityGroup{kind}Rule", securityGroupId=self.id(group))
        return {
            (
                rule.inputs["ipProtocol"],
                rule.inputs.get("fromPort"),
                rule.inputs.get("toPort"),
                rule.inputs.get("cidrIpv4") or names[rule.inputs["referencedSecurityGroupId"]],
            )
            for rule in rules
        }

    def server(self) -> Mapping[str, Json]:
        """The container of the MLflow server."""
        (deployment,) = self.manifests("Deployment")
        containers = deployment["spec"]["template"]["spec"]["containers"]
        container: Mapping[str, Json] = next(item for item in containers if item["name"] == "server")
        return container

    def flag(self, name: str) -> str:
        """The value of a flag of the MLflow server."""
        command = self.server()["command"]
        return str(command[command.index(name) + 1])

    def env(self, name: str) -> Json:
        """The value of a variable of the MLflow server, or `secret/key` where it comes from one."""
        (found,) = (item for item in self.server()["env"] if item["name"] == name)
        if "value" in found:
            return found["value"]
        reference = found["valueFrom"]["secretKeyRef"]
        return f"{reference['name']}/{reference['key']}"


@cache
def _ec2_types() -> Mapping[str, Mapping[str, Json]]:
    with gzip.open(str(files("moto") / "ec2/resources/instance_types.json.gz")) as packaged:
        types: Mapping[str, Mapping[str, Json]] = json.load(packaged)
    return types


def ec2_type(name: str) -> Mapping[str, Json]:
    """What EC2 says of an instance type, by its DescribeInstanceTypes as packaged by moto."""
    return _ec2_types()[name]


def decoded(text: str) -> str:
    """Text of base64."""
    return base64.b64decode(text).decode()

"""Results of data sources."""

import json
from collections.abc import Callable, Mapping

import yaml

from aiplatform.preview.outputs.eks import cluster_name, kubeconfig
from aiplatform.preview.plan import Json
from catalog.aws.aws_type import Context, fingerprint, text, uuid
from catalog.aws.eks import cluster_outputs
from catalog.aws.network import name_servers
from catalog.aws.regions import short, zones

Arguments = Mapping[str, Json]
Answer = dict[str, Json]


def answer_invoke(token: str, arguments: Arguments, context: Context) -> Answer:
    """Return the result of a data source. An unknown one returns its arguments, as most data sources do."""
    answer = _INVOKES.get(token)
    return {"id": token, **arguments, **(answer(arguments, context) if answer is not None else {})}


def answer_call(token: str, logical: str, inputs: Arguments, arguments: Arguments, context: Context) -> Answer:
    """Return the result of a component's method."""
    if token == "eks:index:Cluster/getKubeconfig":  # noqa: S105
        profile, role = text(arguments, "profileName", ""), text(arguments, "roleArn", "")
        return {"result": json.dumps(kubeconfig(cluster_name(logical, inputs), context, profile, role))}
    return {}


def _caller(_: Arguments, context: Context) -> Answer:
    return {
        "accountId": context.account,
        "arn": f"arn:{context.partition}:iam::{context.account}:user/preview",
        "id": context.account,
        "userId": "AIDAPREVIEWONLY",
    }


def _partition(_: Arguments, context: Context) -> Answer:
    reverse = ".".join(reversed(context.suffix.split(".")))
    return {
        "dnsSuffix": context.suffix,
        "id": context.partition,
        "partition": context.partition,
        "reverseDnsPrefix": reverse,
    }


def _region(arguments: Arguments, context: Context) -> Answer:
    region = text(arguments, "region", text(arguments, "name", context.region))
    return {
        "description": region,
        "endpoint": f"ec2.{region}.{context.suffix}",
        "id": region,
        "name": region,
        "region": region,
    }


def _zones(arguments: Arguments, context: Context) -> Answer:
    region = text(arguments, "region", context.region)
    names = zones(region)
    return {
        "groupNames": [region],
        "id": region,
        "names": names,
        "region": region,
        "zoneIds": [f"{short(region)}-az{number}" for number in range(1, len(names) + 1)],
    }


def _hosted_zone(arguments: Arguments, context: Context) -> Answer:
    name = text(arguments, "name", "example.com").rstrip(".")
    identifier = text(arguments, "zoneId", "Z" + fingerprint(name)[:20].upper())
    servers = name_servers(name)
    return {
        "arn": f"arn:{context.partition}:route53:::hostedzone/{identifier}",
        "id": identifier,
        "name": name,
        "nameServers": servers,
        "primaryNameServer": servers[0],
        "zoneId": identifier,
    }


def _certificate(arguments: Arguments, context: Context) -> Answer:
    domain = text(arguments, "domain", "example.com")
    arn = f"arn:{context.partition}:acm:{context.region}:{context.account}:certificate/{uuid(fingerprint(domain))}"
    return {"arn": arn, "domain": domain, "id": arn, "status": "ISSUED"}


def _parameter(arguments: Arguments, context: Context) -> Answer:
    name = text(arguments, "name", "parameter")
    # Most look-ups of parameters are for images; the values of other parameters are unknown.
    value = f"ami-{fingerprint(name)[:17]}" if "image" in name or "ami" in name else "preview-only"
    arn = f"arn:{context.partition}:ssm:{context.region}:{context.account}:parameter/{name.lstrip('/')}"
    return {
        "arn": arn,
        "id": name,
        "insecureValue": value,
        "name": name,
        "type": "String",
        "value": value,
        "version": 1,
    }


def _image(arguments: Arguments, context: Context) -> Answer:
    identifier = f"ami-{fingerprint(repr(sorted(arguments.items())))[:17]}"
    return {
        "architecture": "x86_64",
        "arn": f"arn:{context.partition}:ec2:{context.region}::image/{identifier}",
        "id": identifier,
        "imageId": identifier,
        "name": "preview",
        "rootDeviceName": "/dev/xvda",
        "state": "available",
    }


def _network(arguments: Arguments, context: Context) -> Answer:
    identifier = text(arguments, "id", f"vpc-{fingerprint(repr(sorted(arguments.items())))[:17]}")
    return {
        "arn": f"arn:{context.partition}:ec2:{context.region}:{context.account}:vpc/{identifier}",
        "cidrBlock": text(arguments, "cidrBlock", "10.0.0.0/16"),
        "enableDnsHostnames": True,
        "enableDnsSupport": True,
        "id": identifier,
        "ownerId": context.account,
        "state": "available",
    }


def _subnets(arguments: Arguments, context: Context) -> Answer:
    digest = fingerprint(repr(sorted(arguments.items())))
    return {"id": context.region, "ids": [f"subnet-{digest[start : start + 17]}" for start in (0, 17, 34)]}


def _subnet(arguments: Arguments, context: Context) -> Answer:
    identifier = text(arguments, "id", f"subnet-{fingerprint(repr(sorted(arguments.items())))[:17]}")
    return {
        "arn": f"arn:{context.partition}:ec2:{context.region}:{context.account}:subnet/{identifier}",
        "availabilityZone": text(arguments, "availabilityZone", f"{context.region}a"),
        "cidrBlock": text(arguments, "cidrBlock", "10.0.0.0/24"),
        "id": identifier,
        "vpcId": text(arguments, "vpcId", f"vpc-{fingerprint(identifier)[:17]}"),
    }


def _password(_: Arguments, __: Context) -> Answer:
    return {"id": "password", "randomPassword": "preview-only-not-a-password"}


def _cluster(arguments: Arguments, context: Context) -> Answer:
    name = text(arguments, "name", "cluster")
    return {"id": name, "name": name, **cluster_outputs(name, {}, context)}


def _cluster_token(arguments: Arguments, _: Context) -> Answer:
    return {"id": text(arguments, "name", "cluster"), "token": "preview-only-not-a-token"}


def _addon_version(arguments: Arguments, _: Context) -> Answer:
    return {"id": text(arguments, "addonName", "addon"), "version": "v1.0.0-eksbuild.1"}


def _prefix_list(arguments: Arguments, context: Context) -> Answer:
    name = text(arguments, "name", f"com.amazonaws.{context.region}.s3")
    return {"id": f"pl-{fingerprint(name)[:8]}", "name": name, "cidrBlocks": ["203.0.113.0/24"]}


def _decode(arguments: Arguments, _: Context) -> Answer:
    documents = yaml.safe_load_all(text(arguments, "text", ""))
    return {"result": [document for document in documents if document is not None]}


_INVOKES: Mapping[str, Callable[[Arguments, Context], Answer]] = {
    "aws:acm/getCertificate:getCertificate": _certificate,
    "aws:ec2/getAmi:getAmi": _image,
    "aws:ec2/getManagedPrefixList:getManagedPrefixList": _prefix_list,
    "aws:ec2/getPrefixList:getPrefixList": _prefix_list,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getVpc:getVpc": _network,
    "aws:eks/getAddonVersion:getAddonVersion": _addon_version,
    "aws:eks/getCluster:getCluster": _cluster,
    "aws:eks/getClusterAuth:getClusterAuth": _cluster_token,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
    "aws:route53/getZone:getZone": _hosted_zone,
    "aws:secretsmanager/getRandomPassword:getRandomPassword": _password,
    "aws:ssm/getParameter:getParameter": _parameter,
    "kubernetes:yaml:decode": _decode,
}

"""For each rule: inputs that break it with a part of the message, and the nearest inputs that follow it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

Inputs = Mapping[str, Any]


class Case(NamedTuple):
    wrong: Inputs
    said: str
    right: Inputs


RULE = {"cidrIpv4": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22}
FORWARD = {"port": 80, "protocol": "HTTP", "defaultActions": [{"type": "forward"}]}
REDIRECT = {"port": 80, "protocol": "HTTP", "defaultActions": [{"type": "redirect"}]}
BLOCK = dict.fromkeys(("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"), True)
PASSWORD = "made-up-for-this-test"  # noqa: S105 - opens nothing
PROVIDER = "oidc.eks.us-west-2.amazonaws.com/id/A"


def policy(*statements: Inputs, key: str = "policy") -> Inputs:
    return {key: json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **one} for one in statements]})}


def trust(*conditions: Inputs, principal: Any, action: str) -> Inputs:
    condition = {"Condition": {name: value for one in conditions for name, value in one.items()}} if conditions else {}
    return policy({"Principal": principal, "Action": action, **condition}, key="assumeRolePolicy")


def bucket(effect: str, secure: str) -> Inputs:
    condition = {"Bool": {"aws:SecureTransport": secure}}
    return policy({"Effect": effect, "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": condition})


def container(**changes: Any) -> Inputs:
    """A Deployment whose one container breaks nothing, but for these."""
    one = {
        "name": "main",
        "image": "registry.example.com/app:1.4.2",
        "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}},
        "securityContext": {
            "runAsNonRoot": True,
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        **changes,
    }
    return pod(containers=[one])


def variables(values: Mapping[str, str], **changes: Any) -> Inputs:
    return container(env=[{"name": name, "value": value} for name, value in values.items()], **changes)


def pod(**spec: Any) -> Inputs:
    return {"kind": "Deployment", "metadata": {"name": "app"}, "spec": {"template": {"spec": spec}}}


def role(**rule: Any) -> Inputs:
    return {"kind": "ClusterRole", "rules": [rule]}


def budget(**spec: Any) -> Inputs:
    return {"kind": "PodDisruptionBudget", "spec": spec}


def balanced(scheme: str) -> Inputs:
    annotation = "service.beta.kubernetes.io/aws-load-balancer-scheme"
    return {"kind": "Service", "metadata": {"annotations": {annotation: scheme}}, "spec": {"type": "LoadBalancer"}}


_SUBJECT = {"StringEquals": {f"{PROVIDER}:sub": "system:serviceaccount:a:b", f"{PROVIDER}:aud": "sts.amazonaws.com"}}


def web_identity(*conditions: Inputs) -> Inputs:
    return trust(*conditions, principal={"Federated": PROVIDER}, action="sts:AssumeRoleWithWebIdentity")


CASES: Mapping[str, tuple[Case, ...]] = {
    "open-port": (
        Case(RULE, "tcp 22 is open to the internet", {**RULE, "cidrIpv4": "10.0.0.0/16"}),
        Case({**RULE, "cidrIpv4": None, "cidrIpv6": "::/0"}, "tcp 22", {**RULE, "fromPort": 443, "toPort": 443}),
        Case({**RULE, "fromPort": 80, "toPort": 443}, "tcp 80-443", {**RULE, "fromPort": 80, "toPort": 80}),
        Case({**RULE, "ipProtocol": "-1"}, "every port", {**RULE, "ipProtocol": "-1", "cidrIpv4": "10.0.0.0/8"}),
        Case(
            {"type": "ingress", "cidrBlocks": ["0.0.0.0/0"], "protocol": "tcp", "fromPort": 22, "toPort": 22},
            "tcp 22",
            {"type": "egress", "cidrBlocks": ["0.0.0.0/0"], "protocol": "-1", "fromPort": 0, "toPort": 0},
        ),
    ),
    "open-port-of-group": (
        Case(
            {"ingress": [{"cidrBlocks": ["10.0.0.0/8", "0.0.0.0/0"], "protocol": "tcp", "fromPort": 1, "toPort": 1}]},
            "tcp 1",
            {"ingress": [{"cidrBlocks": ["0.0.0.0/0"], "protocol": "tcp", "fromPort": 443, "toPort": 443}]},
        ),
    ),
    "default-security-group": (Case({"ingress": [RULE]}, "default security group", {"tags": {"Name": "unused"}}),),
    "public-address": (
        Case({"mapPublicIpOnLaunch": True}, "public IP address", {"mapPublicIpOnLaunch": False}),
        Case({"mapPublicIpOnLaunch": "true"}, "public IP address", {}),
    ),
    "clear-text-listener": (
        Case(FORWARD, "port 80 serves requests without TLS", REDIRECT),
        Case(FORWARD, "without TLS", {**FORWARD, "protocol": "HTTPS"}),
    ),
    "old-tls": (
        Case(
            {"protocol": "HTTPS"},
            "the default policy",
            {"protocol": "HTTPS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"},
        ),
        Case(
            {"protocol": "TLS", "sslPolicy": "ELBSecurityPolicy-TLS13-1-0-2021-06"},
            "TLS13-1-0",
            {"protocol": "TLS", "sslPolicy": "ELBSecurityPolicy-TLS-1-2-Ext-2018-06"},
        ),
        Case({"protocol": "HTTPS"}, "TLS 1.0", {"protocol": "TCP"}),
    ),
    "invalid-headers": (
        Case({"loadBalancerType": "application"}, "invalid headers", {"loadBalancerType": "network"}),
        Case({"dropInvalidHeaderFields": False}, "invalid headers", {"dropInvalidHeaderFields": True}),
    ),
    "database-encryption": (Case({}, "its storage is not encrypted", {"storageEncrypted": True}),),
    "cache-encryption": (Case({}, "not encrypted", {"atRestEncryptionEnabled": True}),),
    "cache-tls": (
        Case({}, "without TLS", {"transitEncryptionEnabled": True}),
        Case(
            {"transitEncryptionEnabled": True, "transitEncryptionMode": "preferred"},
            "without TLS",
            {"transitEncryptionEnabled": True, "transitEncryptionMode": "required"},
        ),
    ),
    "file-system-encryption": (Case({"encrypted": False}, "data at rest is not encrypted", {"encrypted": True}),),
    "disk-encryption": (
        Case({"instanceType": "t3.small"}, "depends on its AMI", {"launchTemplate": {"id": "lt-1"}}),
        Case(
            {"blockDeviceMappings": [{"ebs": {"encrypted": "true"}}, {"ebs": {"volumeSize": 20}}]},
            "a disk is not encrypted",
            {"blockDeviceMappings": [{"ebs": {"encrypted": "true"}}, {"deviceName": "/dev/sdb", "noDevice": ""}]},
        ),
        Case(
            {"rootBlockDevice": {"volumeSize": 20}}, "a disk is not encrypted", {"rootBlockDevice": {"encrypted": True}}
        ),
    ),
    "queue-encryption": (
        Case({}, "not encrypted", {"sqsManagedSseEnabled": True}),
        Case({"sqsManagedSseEnabled": False}, "not encrypted", {"kmsMasterKeyId": "alias/queues"}),
    ),
    "key-rotation": (
        Case({}, "never rotated", {"enableKeyRotation": True}),
        Case({"enableKeyRotation": False}, "never rotated", {"customerMasterKeySpec": "RSA_2048"}),
    ),
    "cluster-encryption": (
        Case({"name": "a"}, "key of this account", {"encryptionConfigKeyArn": "arn:aws:kms:::key/1"}),
        # The engine knows no inputs of a component.
        Case({"vpcConfig": {}}, "key of this account", {}),
        Case(
            {"name": "a"}, "key of this account", {"encryptionConfig": {"provider": {"keyArn": "arn:aws:kms:::key/1"}}}
        ),
    ),
    "bucket-tls": (
        Case(bucket("Allow", "true"), "without TLS", bucket("Deny", "false")),
        Case(bucket("Deny", "true"), "without TLS", bucket("Deny", "false")),
    ),
    "public-database": (Case({"publiclyAccessible": True}, "public IP address", {"publiclyAccessible": False}),),
    "public-bucket": (
        Case({**BLOCK, "ignorePublicAcls": False}, "can be made public", BLOCK),
        Case({"blockPublicAcls": True}, "can be made public", BLOCK),
    ),
    "master-password": (
        Case({"password": PASSWORD}, "Pulumi's state", {"manageMasterUserPassword": True}),
        Case({"password": PASSWORD}, "Pulumi's state", {"replicateSourceDb": "metadata"}),
    ),
    "data-loss": (
        Case({"skipFinalSnapshot": True}, "deletes the data", {"skipFinalSnapshot": False}),
        Case({"skipFinalSnapshot": True}, "deletes the data", {"skipFinalSnapshot": True, "deletionProtection": True}),
    ),
    "bucket-emptied": (Case({"forceDestroy": True}, "deletes all objects", {"forceDestroy": False}),),
    "instance-metadata": (
        Case({}, "credentials", {"metadataOptions": {"httpTokens": "required"}}),
        Case(
            {"metadataOptions": {"httpTokens": "optional"}},
            "credentials",
            {"metadataOptions": {"httpEndpoint": "disabled"}},
        ),
    ),
    "open-cluster": (
        Case({"endpointPublicAccess": True}, "open to the internet", {"endpointPublicAccess": False}),
        Case(
            {"endpointPublicAccess": True, "publicAccessCidrs": ["0.0.0.0/0"]},
            "Kubernetes API",
            {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]},
        ),
        Case(
            {"vpcConfig": {"endpointPublicAccess": True}},
            "Kubernetes API",
            {"vpcConfig": {"endpointPublicAccess": True, "publicAccessCidrs": ["203.0.113.0/24"]}},
        ),
    ),
    "cluster-audit": (
        Case({"enabledClusterLogTypes": ["api"]}, "audit log is disabled", {"enabledClusterLogTypes": ["audit"]}),
    ),
    "every-action": (
        Case(policy({"Action": "*", "Resource": "arn:aws:s3:::a"}), "every action", policy({"Action": "s3:GetObject"})),
        Case(
            policy({"Sid": "Most", "NotAction": "iam:*", "Resource": "*"}),
            "Most allows every action",
            policy({"Effect": "Deny", "NotAction": "iam:*", "Resource": "*"}),
        ),
    ),
    "whole-service": (
        Case(
            policy({"Sid": "Queues", "Action": ["sqs:*"], "Resource": "*"}),
            "Queues allows all actions of sqs on every resource",
            policy({"Action": ["sqs:*"], "Resource": "arn:aws:sqs:*:*:platform-*"}),
        ),
    ),
    "pass-role": (
        Case(
            policy({"Action": ["iam:PassRole"], "Resource": "*"}),
            "any role of the account",
            policy(
                {
                    "Action": "iam:PassRole",
                    "Resource": "*",
                    "Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
                }
            ),
        ),
    ),
    "trust": (
        Case(
            trust(principal="*", action="sts:AssumeRole"),
            "any AWS principal",
            trust(principal={"Service": "ec2.amazonaws.com"}, action="sts:AssumeRole"),
        ),
        Case(
            trust(principal={"AWS": ["*"]}, action="sts:AssumeRole"),
            "any AWS principal",
            trust({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, principal={"AWS": "*"}, action="sts:AssumeRole"),
        ),
        Case(
            web_identity({"StringEquals": {f"{PROVIDER}:aud": "sts.amazonaws.com"}}),
            "sub is not",
            web_identity(_SUBJECT),
        ),
        Case(web_identity({"StringLike": _SUBJECT["StringEquals"]}), "sub and aud", web_identity(_SUBJECT)),
    ),
    "open-policy": (
        Case(
            policy({"Sid": "Read", "Principal": {"AWS": "*"}, "Action": "s3:GetObject", "Resource": "*"}),
            "Read allows any AWS principal",
            policy({"Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}),
        ),
        Case(
            policy({"Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}),
            "any AWS principal",
            policy({"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Resource": "*"}),
        ),
    ),
    "administrator": (
        Case(
            {"policyArn": "arn:aws:iam::aws:policy/AdministratorAccess"},
            "AdministratorAccess",
            {"policyArn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"},
        ),
    ),
    "node-access": (
        Case(pod(hostNetwork=True), "hostNetwork", pod(hostNetwork=False)),
        Case(
            pod(volumes=[{"name": "root", "hostPath": {"path": "/"}}]),
            "the volume root is a hostPath volume",
            pod(volumes=[{"name": "scratch", "emptyDir": {}}]),
        ),
        Case(container(securityContext={"privileged": True}), "is privileged", container()),
    ),
    "restricted-pods": (
        Case(container(securityContext={}), "runAsNonRoot: true, allowPrivilegeEscalation: false", container()),
        Case(
            {"kind": "CronJob", "spec": {"jobTemplate": container(securityContext={"runAsNonRoot": True})}},
            "capabilities.drop: [ALL]",
            {"kind": "CronJob", "spec": {"jobTemplate": container()}},
        ),
    ),
    "pod-resources": (
        Case(container(resources={}), "requests.cpu, requests.memory, limits.memory", container()),
        Case(
            container(resources={"requests": {"cpu": "1", "memory": "1Gi"}}),
            "limits.memory",
            container(resources={"limits": {"cpu": "1", "memory": "1Gi"}}),
        ),
    ),
    "image-version": (
        Case(container(image="registry.example.com:5000/app"), "without a fixed version", container()),
        Case(container(image="app:latest"), "app:latest", container(image="app@sha256:" + "0" * 64)),
    ),
    "variable-order": (
        Case(
            variables({"BILLING_URL": "$(PLATFORM_BASE)/billing", "PLATFORM_BASE": "http://a"}),
            "BILLING_URL with $(PLATFORM_BASE), which is not expanded: PLATFORM_BASE is defined after it",
            variables({"PLATFORM_BASE": "http://a", "BILLING_URL": "$(PLATFORM_BASE)/billing"}),
        ),
        Case(
            variables({"PLATFORM_BASE": "http://a", "BILLING_URL": "$(PLATFORM_BSE)/billing"}),
            "unknown variable; did you mean PLATFORM_BASE?",
            variables({"PLATFORM_BASE": "http://a", "BILLING_URL": "$$(PLATFORM_BSE)/billing"}),
        ),
        # What a Secret or ConfigMap has stands before all others.
        Case(
            variables({"BILLING_URL": "$(HOST)/billing"}),
            "unknown variable",
            variables({"BILLING_URL": "$(HOST)/billing"}, envFrom=[{"configMapRef": {"name": "hosts"}}]),
        ),
    ),
    "secret-in-clear": (
        Case(
            container(env=[{"name": "DB_PASSWORD", "value": PASSWORD}]),
            "DB_PASSWORD in plain text",
            container(env=[{"name": "DB_PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "password"}}}]),
        ),
        Case(
            container(env=[{"name": "HF_TOKEN", "value": PASSWORD}]),
            "HF_TOKEN in plain text",
            container(env=[{"name": "HF_TOKEN_PATH", "value": "/token"}, {"name": "MAX_TOKENS", "value": "10"}]),
        ),
        Case(
            container(env=[{"name": "MYSQL_PASSWORD", "value": PASSWORD}]),
            "MYSQL_PASSWORD in plain text",
            container(env=[{"name": "ALLOW_EMPTY_PASSWORD", "value": "true"}, {"name": "SECRET_SIZE", "value": "32"}]),
        ),
    ),
    "eviction": (
        Case(budget(maxUnavailable=0), "no pod can be evicted", budget(maxUnavailable=1)),
        Case(budget(minAvailable="100%"), "blocks draining", budget(minAvailable="50%")),
    ),
    "public-service": (Case(balanced("internet-facing"), "open to the internet", balanced("internal")),),
    "every-right": (
        Case(
            role(apiGroups=["*"], resources=["*"], verbs=["*"]),
            "all verbs on all resources",
            role(apiGroups=[""], resources=["*"], verbs=["get"]),
        ),
    ),
    "cluster-admin": (Case({"roleRef": {"name": "cluster-admin"}}, "cluster-admin", {"roleRef": {"name": "view"}}),),
    "stored-secret": (Case({"stringData": {"password": PASSWORD}}, "Pulumi's state", {"type": "Opaque"}),),
}

"""User data of nodes, which configures a node before it joins the cluster."""

import base64

BOUNDARY = "NODECONFIG"

BOTTLEROCKET_STORE = """\
[settings.bootstrap-commands.000-mount-instance-storage]
commands = [
    ["apiclient", "ephemeral-storage", "init"],
    ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"],
]
essential = true
mode = "always"
"""
"""The settings that Karpenter generates for RAID0: one array of all NVMe disks of the instance.
https://bottlerocket.dev/en/os/latest/api/settings/bootstrap-commands/"""


def nodeadm(max_pods: int | None, *, instance_store: str | None = None) -> str:
    """Return the NodeConfig of AL2023 in base64. EKS adds the settings of the cluster.

    https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
    """
    pods = f"  kubelet:\n    config:\n      maxPods: {max_pods}\n" if max_pods is not None else ""
    store = f"  instance:\n    localStorage:\n      strategy: {instance_store}\n" if instance_store is not None else ""
    document = f"""\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="{BOUNDARY}"

--{BOUNDARY}
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
{pods}{store}
--{BOUNDARY}--
"""
    return base64.b64encode(document.encode()).decode()


def bottlerocket(max_pods: int | None, *, instance_store: str | None = None) -> str:
    """Return the settings of Bottlerocket in base64.

    https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/
    """
    pods = f"[settings.kubernetes]\nmax-pods = {max_pods}\n" if max_pods is not None else ""
    store = BOTTLEROCKET_STORE if instance_store is not None else ""
    return base64.b64encode(f"{pods}{store}".encode()).decode()

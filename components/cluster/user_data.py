"""What a node is told before it joins."""

import base64

BOUNDARY = "NODECONFIG"


def nodeadm(max_pods: int) -> str:
    """AL2023's NodeConfig, in base64; EKS adds the cluster's own part to it.

    https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
    """
    document = f"""\
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="{BOUNDARY}"

--{BOUNDARY}
Content-Type: application/node.eks.aws

apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  kubelet:
    config:
      maxPods: {max_pods}

--{BOUNDARY}--
"""
    return base64.b64encode(document.encode()).decode()


def bottlerocket(max_pods: int) -> str:
    """Bottlerocket's settings, in base64: https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/"""
    return base64.b64encode(f"[settings.kubernetes]\nmax-pods = {max_pods}\n".encode()).decode()

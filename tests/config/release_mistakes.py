"""Versions that do not fit the cluster's Kubernetes version: rows of tests/config/test_bad_input.py.

Sources: https://kubernetes.io/releases/version-skew-policy/#kube-proxy,
https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html,
https://github.com/terraform-aws-modules/terraform-aws-eks/issues/1466
"""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

_GROUP = "      scaling: {min: 1, desired: 2, max: 3}\n"
_CLUSTER = "    endpoint: {public: false}\n"

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "releases: AMI of another Kubernetes version": (
        ((_GROUP, f"{_GROUP}      releaseVersion: 1.34.11-20260930\n"),),
        (
            "15: nodeGroups.cpu.releaseVersion: 1.34.11-20260930 is not a release of Kubernetes 1.35; set 1.35.8-20260930",
        ),
    ),
    "releases: AMI without a date": (
        ((_GROUP, f"{_GROUP}      releaseVersion: v20260930\n"),),
        (
            "15: nodeGroups.cpu.releaseVersion: 'v20260930' is not a release of an AMI; write it like 1.36.4-20260930, or 1.58.0-c5c37032 of Bottlerocket",
        ),
    ),
    "releases: kube-proxy newer than the API server": (
        (("", "  ai-platform:addons:\n    kubeProxy: {version: v1.36.0-eksbuild.45}\n"),),
        (
            "28: addons.kubeProxy.version: kube-proxy v1.36.0-eksbuild.45 does not support Kubernetes 1.35; set v1.35.3-eksbuild.29, or remove the setting",
        ),
    ),
    "releases: kube-proxy four versions older": (
        (("", "  ai-platform:addons:\n    kubeProxy: {version: v1.31.14-eksbuild.32}\n"),),
        (
            "28: addons.kubeProxy.version: kube-proxy v1.31.14-eksbuild.32 does not support Kubernetes 1.35; set v1.35.3-eksbuild.29, or remove the setting",
        ),
    ),
    "warning: releases: Kubernetes older than the table": (
        ((_CLUSTER, f"{_CLUSTER}    version: '1.33'\n    support: EXTENDED\n"),),
        (
            "11: cluster.version: catalog/data/eks-releases.yaml of 2026-10-07 has no releases of Kubernetes 1.33: EKS chooses the versions of add-ons and node groups once, when it creates them; set addons.*.version and nodeGroups.*.releaseVersion, or add them to the file",
        ),
    ),
    "warning: releases: Bottlerocket": (
        ((_GROUP, f"{_GROUP}      operatingSystem: BOTTLEROCKET\n"),),
        (
            "12: nodeGroups.cpu: catalog/data/eks-releases.yaml of 2026-10-07 has no release of BOTTLEROCKET: EKS chooses one once, when it creates the group; set releaseVersion",
        ),
    ),
}

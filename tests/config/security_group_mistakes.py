"""Invalid values of security groups and roles of the cluster: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

ENDPOINT = "    endpoint: {public: false}\n"


def ingress(*openings: str, more: str = "") -> tuple[tuple[str, str], ...]:
    """The base with these openings of the nodes, the first in line 13."""
    lines = "".join(f"          - {opening}\n" for opening in openings)
    text = f"{ENDPOINT}    securityGroups:\n      nodes:\n        ingress:\n{lines}"
    return ((ENDPOINT, text), *((("", more),) if more else ()))


# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "node ingress: open to nobody": (
        ingress("{fromPort: 80}"),
        ("14: cluster.securityGroups.nodes.ingress[0]: the rule has no source; set loadBalancer, instances or cidrs",),
    ),
    "node ingress: the wrong way round": (
        ingress("{fromPort: 90, toPort: 80, cidrs: [10.1.0.0/16]}"),
        ("14: cluster.securityGroups.nodes.ingress[0].toPort: 80 is below fromPort, 90; swap them",),
    ),
    "node ingress: open to the world": (
        ingress("{fromPort: 80, cidrs: [0.0.0.0/0]}"),
        (
            "14: cluster.securityGroups.nodes.ingress[0].cidrs[0]: 0.0.0.0/0 opens nodes to the internet; set the networks that need it",
        ),
    ),
    "node ingress: an unknown server": (
        ingress("{fromPort: 80, instances: [bastion]}"),
        ("14: cluster.securityGroups.nodes.ingress[0].instances[0]: unknown instance 'bastion'; add it to instances",),
    ),
    "node ingress: opened twice": (
        ingress(
            "{fromPort: 80, toPort: 90, cidrs: [10.1.0.0/16]}", "{fromPort: 85, cidrs: [10.1.0.0/16, 10.2.0.0/16]}"
        ),
        (
            "15: cluster.securityGroups.nodes.ingress[1]: opens a port to 10.1.0.0/16 that ingress[0] already opens; remove one of them",
        ),
    ),
    "node ingress: a network twice": (
        ingress("{fromPort: 80, cidrs: [10.1.0.0/16, 10.1.0.0/16]}"),
        ("14: cluster.securityGroups.nodes.ingress[0].cidrs: has a duplicate entry; remove one",),
    ),
    "node ingress: a load balancer of the controller": (
        ingress(
            "{fromPort: 80, loadBalancer: true}",
            more="      extraHosts: [shop.internal.example]\n  ai-platform:ingress: {owner: controller}\n",
        ),
        (
            "14: cluster.securityGroups.nodes.ingress[0].loadBalancer: is not supported with ingress.owner: controller, which creates its own security group; set ingress.owner: pulumi, or remove it",
        ),
    ),
    "security groups: one name for two": (
        ((ENDPOINT, f"{ENDPOINT}    securityGroups: {{controlPlane: {{name: shop-sg}}, nodes: {{name: shop-sg}}}}\n"),),
        (
            "11: cluster.securityGroups.nodes.name: shop-sg is already set as cluster.securityGroups.controlPlane.name; choose another",
        ),
    ),
    "security groups: AWS's own beginning": (
        ((ENDPOINT, f"{ENDPOINT}    securityGroups: {{nodes: {{name: sg-nodes}}}}\n"),),
        (
            "11: cluster.securityGroups.nodes.name: 'sg-nodes' is not a security group name; write at most 200 letters, digits and hyphens, not beginning with sg-",
        ),
    ),
    "security groups: of the controller's load balancer": (
        (
            (
                "",
                "      extraHosts: [shop.internal.example]\n  ai-platform:ingress: {owner: controller, securityGroup: shop-alb-sg}\n",
            ),
        ),
        (
            "28: ingress.securityGroup: has no effect with owner: controller, which creates its own security group; remove it, or set owner: pulumi",
        ),
    ),
    "roles: one for control plane and nodes": (
        ((ENDPOINT, f"{ENDPOINT}    roleName: shop-role\n    nodeRole: {{name: shop-role}}\n"),),
        ("12: cluster.nodeRole.name: shop-role is already the role of the control plane; choose another",),
    ),
    "roles: nodes that cannot join": (
        ((ENDPOINT, f"{ENDPOINT}    nodeRole: {{policies: [AmazonEC2ContainerRegistryPullOnly]}}\n"),),
        ("11: cluster.nodeRole.policies: requires AmazonEKSWorkerNodePolicy, without which nodes cannot join; add it",),
    ),
    "roles: nodes that cannot pull": (
        ((ENDPOINT, f"{ENDPOINT}    nodeRole: {{policies: [AmazonEKSWorkerNodePolicy]}}\n"),),
        (
            "11: cluster.nodeRole.policies: requires AmazonEC2ContainerRegistryPullOnly, without which nodes cannot pull images; add it",
        ),
    ),
    "roles: Session Manager twice": (
        (
            (
                ENDPOINT,
                f"{ENDPOINT}    nodeRole: {{policies: [AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryReadOnly, AmazonSSMManagedInstanceCore]}}\n",
            ),
        ),
        ("11: cluster.nodeRole.policies[2]: AmazonSSMManagedInstanceCore is always attached; remove it",),
    ),
    "roles: a policy twice": (
        (
            (
                ENDPOINT,
                f"{ENDPOINT}    nodeRole: {{policies: [AmazonEKSWorkerNodePolicy, AmazonEC2ContainerRegistryReadOnly, AmazonEKSWorkerNodePolicy]}}\n",
            ),
        ),
        ("11: cluster.nodeRole.policies[2]: duplicate policy AmazonEKSWorkerNodePolicy",),
    ),
    "targets: nodes' ports for the controller's load balancer": (
        (
            (
                "",
                "      extraHosts: [shop.internal.example]\n  ai-platform:ingress: {owner: controller, targets: instance}\n",
            ),
        ),
        ("28: ingress.targets: instance requires owner: pulumi; set it, or targets: ip",),
    ),
    "targets: nodes' ports for the Service of a chart": (
        (
            (
                "",
                "  ai-platform:ingress: {domain: shop.dev, public: false, targets: instance}\n  ai-platform:gitops: {repository: https://github.com/shop/releases, host: argocd.shop.dev}\n",
            ),
        ),
        (
            "27: ingress.targets: instance cannot reach gitops.host, whose Service has no node port; set targets: ip, or remove gitops.host",
        ),
    ),
}

"""Invalid labels, taints, tags and public networks: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    # https://github.com/terraform-aws-modules/terraform-aws-eks/issues/3346
    "label: a role": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {node-role.kubernetes.io/worker: "true"}\n'),),
        ('15: nodeGroups.cpu.labels.node-role.kubernetes.io/worker: is reserved, and the nodes would not be created; use worker, or a domain of your own like example.com/worker',),
    ),
    "label: of kubernetes.io": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {kubernetes.io/role: worker}\n'),),
        ('15: nodeGroups.cpu.labels.kubernetes.io/role: is reserved, and the nodes would not be created; use role, or a domain of your own like example.com/role',),
    ),
    "label: of k8s.io": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {x.k8s.io/role: worker}\n'),),
        ('15: nodeGroups.cpu.labels.x.k8s.io/role: is reserved, and the nodes would not be created; use role, or a domain of your own like example.com/role',),
    ),
    "label: of EKS": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {eks.amazonaws.com/nodegroup: cpu}\n'),),
        ('15: nodeGroups.cpu.labels.eks.amazonaws.com/nodegroup: is reserved, and the nodes would not be created; use nodegroup, or a domain of your own like example.com/nodegroup',),
    ),
    "label: a subdomain of EKS": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {a.eks.amazonaws.com/x: y}\n'),),
        ('15: nodeGroups.cpu.labels.a.eks.amazonaws.com/x: is reserved, and the nodes would not be created; use x, or a domain of your own like example.com/x',),
    ),
    "label: a zone": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {topology.kubernetes.io/zone: us-west-2a}\n'),),
        ('15: nodeGroups.cpu.labels.topology.kubernetes.io/zone: is reserved, and the nodes would not be created; use zone, or a domain of your own like example.com/zone',),
    ),
    "label: restricted": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {node-restriction.kubernetes.io/team: ml}\n'),),
        ('15: nodeGroups.cpu.labels.node-restriction.kubernetes.io/team: is reserved, and the nodes would not be created; use team, or a domain of your own like example.com/team',),
    ),
    "label: an instance type": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {node.kubernetes.io/instance-type: t3.large}\n'),),
        ('15: nodeGroups.cpu.labels.node.kubernetes.io/instance-type: is reserved, and the nodes would not be created; use instance-type, or a domain of your own like example.com/instance-type',),
    ),
    "label: of Karpenter": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {karpenter.sh/capacity-type: spot}\n'),),
        ('15: nodeGroups.cpu.labels.karpenter.sh/capacity-type: is reserved, and the nodes would not be created; use capacity-type, or a domain of your own like example.com/capacity-type',),
    ),
    "label: of the platform": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {k8s.amazonaws.com/accelerator: nvidia-l4}\n'),),
        ('15: nodeGroups.cpu.labels.k8s.amazonaws.com/accelerator: is set by the platform from the instance types; remove it',),
    ),
    "label: empty": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {team: ""}\n'),),
        ("15: nodeGroups.cpu.labels.team: has an empty value, which EKS refuses; set one, like 'true'",),
    ),
    "label: long": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com/team: ml}\n'),),
        ('15: nodeGroups.cpu.labels.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com/team: is longer than the 63 characters of EKS; shorten it',),
    ),
    "label: many": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      labels: {l0: x, l1: x, l2: x, l3: x, l4: x, l5: x, l6: x, l7: x, l8: x, l9: x, l10: x, l11: x, l12: x, l13: x, l14: x, l15: x, l16: x, l17: x, l18: x, l19: x, l20: x, l21: x, l22: x, l23: x, l24: x, l25: x, l26: x, l27: x, l28: x, l29: x, l30: x, l31: x, l32: x, l33: x, l34: x, l35: x, l36: x, l37: x, l38: x, l39: x, l40: x, l41: x, l42: x, l43: x, l44: x, l45: x, l46: x, l47: x, l48: x, l49: x, l50: x}\n'),),
        ('15: nodeGroups.cpu.labels: results in 51 labels, and EKS accepts 50; remove some',),
    ),
    "label: of a pool": (
        (('', '  ai-platform:nodePools: {p: {instanceTypes: [m7i.large], limits: {cpu: "8", memory: 32Gi}, labels: {kubelet.kubernetes.io/x: y}}}\n'),),
        ('27: nodePools.p.labels.kubelet.kubernetes.io/x: is reserved, and the nodes would not be created; use x, or a domain of your own like example.com/x',),
    ),
    "taint: of the node lifecycle": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      taints: [{key: node.kubernetes.io/not-ready, effect: PreferNoSchedule}]\n'),),
        ('15: nodeGroups.cpu.taints[0].key: node.kubernetes.io/not-ready is set and removed by Kubernetes, EKS or Karpenter; use not-ready, or a domain of your own like example.com/not-ready',),
    ),
    "taint: of Karpenter": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      taints: [{key: karpenter.sh/disrupted, effect: PreferNoSchedule}]\n'),),
        ('15: nodeGroups.cpu.taints[0].key: karpenter.sh/disrupted is set and removed by Kubernetes, EKS or Karpenter; use disrupted, or a domain of your own like example.com/disrupted',),
    ),
    "taint: of EKS": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      taints: [{key: eks.amazonaws.com/compute-type, effect: PreferNoSchedule}]\n'),),
        ('15: nodeGroups.cpu.taints[0].key: eks.amazonaws.com/compute-type is set and removed by Kubernetes, EKS or Karpenter; use compute-type, or a domain of your own like example.com/compute-type',),
    ),
    "taint: long": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      taints: [{key: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com/team, effect: PreferNoSchedule}]\n'),),
        ('15: nodeGroups.cpu.taints[0].key: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com/team is longer than the 63 characters of EKS; shorten it',),
    ),
    # https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
    "tag: 50 with those of the platform": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {t0: x, t1: x, t2: x, t3: x, t4: x, t5: x, t6: x, t7: x, t8: x, t9: x, t10: x, t11: x, t12: x, t13: x, t14: x, t15: x, t16: x, t17: x, t18: x, t19: x, t20: x, t21: x, t22: x, t23: x, t24: x, t25: x, t26: x, t27: x, t28: x, t29: x, t30: x, t31: x, t32: x, t33: x, t34: x, t35: x, t36: x, t37: x, t38: x, t39: x}\n'), ('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      tags: {a: x, b: x}\n'),),
        ("16: nodeGroups.cpu.tags: results in 51 tags of a resource (2 here, the platform's included), and AWS accepts 50; remove 1",),
    ),
    "tag: of AWS": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {"AWS:x": y}\n'),),
        ("6: project.tags.AWS:x: 'AWS:x' is not a tag key that AWS accepts; write 1-128 letters, digits, spaces or _.:/=+-@, not beginning with aws:",),
    ),
    "tag: a value of AWS": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {x: "aws:y"}\n'),),
        ("6: project.tags.x: 'aws:y' is not a tag value that AWS accepts; write at most 256 letters, digits, spaces or _.:/=+-@, not beginning with aws:",),
    ),
    "tag: a long value": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy}\n'),),
        ("6: project.tags.x: 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...' is not a tag value that AWS accepts; write at most 256 letters, digits, spaces or _.:/=+-@, not beginning with aws:",),
    ),
    "tag: a long key": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: y}\n'),),
        ("6: project.tags.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...' is not a tag key that AWS accepts; write 1-128 letters, digits, spaces or _.:/=+-@, not beginning with aws:",),
    ),
    "tag: a character": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {x: "a, b"}\n'),),
        ("6: project.tags.x: 'a, b' is not a tag value that AWS accepts; write at most 256 letters, digits, spaces or _.:/=+-@, not beginning with aws:",),
    ),
    "tag: a case of the platform's": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {project: x}\n'),),
        ("6: project.tags.project: differs from the platform's tag Project in case alone, and IAM refuses both; write Project, or choose another key",),
    ),
    "tag: a case of Name": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {name: x}\n'),),
        ("6: project.tags.name: differs from the platform's tag Name in case alone, and IAM refuses both; write Name, or choose another key",),
    ),
    "tag: of a cluster": (
        (('    region: us-west-2\n', '    region: us-west-2\n    tags: {kubernetes.io/cluster/shop-eks: owned}\n'),),
        ('6: project.tags.kubernetes.io/cluster/shop-eks: is a tag by which controllers find resources; use another key',),
    ),
    "tag: of the autoscaler": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      tags: {k8s.io/cluster-autoscaler/enabled: "true"}\n'),),
        ('15: nodeGroups.cpu.tags.k8s.io/cluster-autoscaler/enabled: is a tag by which controllers find resources; use another key',),
    ),
    "tag: of Karpenter": (
        (('', '  ai-platform:nodePools: {p: {instanceTypes: [m7i.large], limits: {cpu: "8", memory: 32Gi}, tags: {karpenter.sh/nodepool: x}}}\n'),),
        ('27: nodePools.p.tags.karpenter.sh/nodepool: is a tag by which controllers find resources; use another key',),
    ),
    "tag: of EKS": (
        (('      scaling: {min: 1, desired: 2, max: 3}\n', '      scaling: {min: 1, desired: 2, max: 3}\n      tags: {"eks:cluster-name": x}\n'),),
        ('15: nodeGroups.cpu.tags.eks:cluster-name: is a tag by which controllers find resources; use another key',),
    ),
    # https://docs.aws.amazon.com/eks/latest/userguide/config-cluster-endpoint.html
    "public networks: private": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [10.20.0.0/16]}'),),
        ('10: cluster.endpoint.publicCidrs[0]: 10.20.0.0/16 is in 10.0.0.0/8, which EKS refuses for the public endpoint; set public addresses, such as those of your NAT gateway, or use the private endpoint',),
    ),
    "public networks: private, of 172": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [52.1.2.0/24, 172.20.0.0/16]}'),),
        ('10: cluster.endpoint.publicCidrs[1]: 172.20.0.0/16 is in 172.16.0.0/12, which EKS refuses for the public endpoint; set public addresses, such as those of your NAT gateway, or use the private endpoint',),
    ),
    "public networks: of carriers": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [100.64.0.0/10]}'),),
        ('10: cluster.endpoint.publicCidrs[0]: 100.64.0.0/10 is in 100.64.0.0/10, which EKS refuses for the public endpoint; set public addresses, such as those of your NAT gateway, or use the private endpoint',),
    ),
    "public networks: loopback": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [127.0.0.0/8]}'),),
        ('10: cluster.endpoint.publicCidrs[0]: 127.0.0.0/8 is in 127.0.0.0/8, which EKS refuses for the public endpoint; set public addresses, such as those of your NAT gateway, or use the private endpoint',),
    ),
    "public networks: link-local": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [169.254.0.0/16]}'),),
        ('10: cluster.endpoint.publicCidrs[0]: 169.254.0.0/16 is in 169.254.0.0/16, which EKS refuses for the public endpoint; set public addresses, such as those of your NAT gateway, or use the private endpoint',),
    ),
    "public networks: multicast": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [224.0.0.0/8]}'),),
        ('10: cluster.endpoint.publicCidrs[0]: 224.0.0.0/8 is in 224.0.0.0/4, which EKS refuses for the public endpoint; set public addresses, such as those of your NAT gateway, or use the private endpoint',),
    ),
    "public networks: two halves": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [0.0.0.0/1, 128.0.0.0/1]}'),),
        ('10: cluster.endpoint.publicCidrs[0]: 0.0.0.0/1 opens the Kubernetes API to the internet; set the networks that need it', '10: cluster.endpoint.publicCidrs[1]: 128.0.0.0/1 opens the Kubernetes API to the internet; set the networks that need it',),
    ),
    "public networks: one half": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [128.0.0.0/1]}'),),
        ('10: cluster.endpoint.publicCidrs[0]: 128.0.0.0/1 opens the Kubernetes API to the internet; set the networks that need it',),
    ),
    "public networks: a sixteenth in eight pieces": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [64.0.0.0/8, 65.0.0.0/8, 66.0.0.0/8, 67.0.0.0/8, 68.0.0.0/8, 69.0.0.0/8, 70.0.0.0/8, 71.0.0.0/8]}'),),
        ('10: cluster.endpoint.publicCidrs: 8 networks, which together include 64.0.0.0/5, open the Kubernetes API to the internet; set the networks that need it',),
    ),
    "public networks: many that are not adjacent": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [20.0.0.0/8, 22.0.0.0/8, 24.0.0.0/8, 26.0.0.0/8, 28.0.0.0/8, 30.0.0.0/8, 32.0.0.0/8, 34.0.0.0/8, 36.0.0.0/8, 38.0.0.0/8, 40.0.0.0/8, 42.0.0.0/8, 44.0.0.0/8, 46.0.0.0/8, 48.0.0.0/8, 50.0.0.0/8, 52.0.0.0/8]}'),),
        ('10: cluster.endpoint.publicCidrs: 17 networks, which together include 20.0.0.0/8, open the Kubernetes API to the internet; set the networks that need it',),
    ),
    "public networks: 41": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [198.51.100.0/32, 198.51.100.1/32, 198.51.100.2/32, 198.51.100.3/32, 198.51.100.4/32, 198.51.100.5/32, 198.51.100.6/32, 198.51.100.7/32, 198.51.100.8/32, 198.51.100.9/32, 198.51.100.10/32, 198.51.100.11/32, 198.51.100.12/32, 198.51.100.13/32, 198.51.100.14/32, 198.51.100.15/32, 198.51.100.16/32, 198.51.100.17/32, 198.51.100.18/32, 198.51.100.19/32, 198.51.100.20/32, 198.51.100.21/32, 198.51.100.22/32, 198.51.100.23/32, 198.51.100.24/32, 198.51.100.25/32, 198.51.100.26/32, 198.51.100.27/32, 198.51.100.28/32, 198.51.100.29/32, 198.51.100.30/32, 198.51.100.31/32, 198.51.100.32/32, 198.51.100.33/32, 198.51.100.34/32, 198.51.100.35/32, 198.51.100.36/32, 198.51.100.37/32, 198.51.100.38/32, 198.51.100.39/32, 198.51.100.40/32]}'),),
        ('10: cluster.endpoint.publicCidrs: has 41 networks, and EKS accepts 40; combine some',),
    ),
    "public networks: one twice": (
        (('endpoint: {public: false}', 'endpoint: {public: true, publicCidrs: [52.1.2.0/24, 52.1.2.0/24]}'),),
        ('10: cluster.endpoint.publicCidrs: has a duplicate entry; remove one',),
    ),
    "inbound: two halves": (
        (('', '  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [0.0.0.0/1, 128.0.0.0/1]}\n'),),
        ('27: ingress.inboundCidrs[0]: 0.0.0.0/1 opens the load balancer to the internet; set the networks that need it', '27: ingress.inboundCidrs[1]: 128.0.0.0/1 opens the load balancer to the internet; set the networks that need it',),
    ),
    "inbound: the internet in four pieces": (
        (('', '  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [16.0.0.0/8, 17.0.0.0/8, 18.0.0.0/8, 19.0.0.0/8, 20.0.0.0/8, 21.0.0.0/8, 22.0.0.0/8, 23.0.0.0/8]}\n'),),
        ('27: ingress.inboundCidrs: 8 networks, which together include 16.0.0.0/5, open the load balancer to the internet; set the networks that need it',),
    ),
    "inbound: the internet and more": (
        (('', '  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [0.0.0.0/0, 52.1.2.0/24]}\n'),),
        ('27: ingress.inboundCidrs: 0.0.0.0/0 includes the other networks; remove them, or 0.0.0.0/0',),
    ),
    "warning: private inbound networks": (
        (('', '  ai-platform:ingress: {domain: shop.dev, zone: {lookup: true}, inboundCidrs: [10.20.0.0/16]}\n'),),
        ('27: ingress.inboundCidrs[0]: 10.20.0.0/16 is in 10.0.0.0/8, from which no request reaches an internet-facing load balancer; set public addresses, or public: false',),
    ),
    "nodes: the internet in pieces": (
        (('endpoint: {public: false}', 'endpoint: {public: false}\n    securityGroups: {nodes: {ingress: [{fromPort: 9100, cidrs: [64.0.0.0/8, 65.0.0.0/8, 66.0.0.0/8, 67.0.0.0/8, 68.0.0.0/8, 69.0.0.0/8, 70.0.0.0/8, 71.0.0.0/8]}]}}'),),
        ('11: cluster.securityGroups.nodes.ingress[0].cidrs: 8 networks, which together include 64.0.0.0/5, open nodes to the internet; set the networks that need it',),
    ),
}  # fmt: skip

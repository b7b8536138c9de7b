"""Invalid values of nodes and add-ons: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole, and some mistakes are odd letters

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "node group: more instances than the project allows itself": (
        (("    region: us-west-2\n", "    region: us-west-2\n    maxInstances: 2\n"),),
        ("6: project.maxInstances: 2 is less than the 3 that may run (nodeGroups.cpu 3); lower them, or raise it",),
    ),
    "node pool: more instances than the project allows itself": (
        (
            ("    region: us-west-2\n", "    region: us-west-2\n    maxInstances: 10\n"),
            (
                "",
                "  ai-platform:nodePools: {more: {instanceTypes: [m7i.large, m7i.xlarge], limits: {cpu: '31', memory: 64Gi}}}\n",
            ),
        ),
        (
            "6: project.maxInstances: 10 is less than the 19 that may run (nodeGroups.cpu 3, nodePools.more 16); lower them, or raise it",
        ),
    ),
    "scaling: min above desired": (
        (("min: 1, desired: 2", "min: 3, desired: 2"),),
        ("14: nodeGroups.cpu.scaling.desired: 2 is below min, 3; raise it, or lower min",),
    ),
    "scaling: desired above max": (
        (("desired: 2, max: 3", "desired: 4, max: 3"),),
        ("14: nodeGroups.cpu.scaling.desired: 4 is above max, 3; lower it, or raise max",),
    ),
    "scaling: all in the wrong order": (
        (("min: 1, desired: 2, max: 3", "min: 3, desired: 2, max: 1"),),
        ("14: nodeGroups.cpu.scaling.min: 3 is above max, 1; lower it, or raise max",),
    ),
    "instance types: no type": (
        (("[t3.large]", "[t3-large]"),),
        ("13: nodeGroups.cpu.instanceTypes[0]: 't3-large' is not an EC2 instance type; write it like t3.medium",),
    ),
    "instance types: two architectures": (
        (("[t3.large]", "[t3.large, t4g.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: t4g.large (arm64, accelerator none) needs another AMI than t3.large (x86_64, none); put it into a group of its own",
        ),
    ),
    "instance types: CPU and GPU": (
        (("[t3.large]", "[t3.large, g5.xlarge]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: g5.xlarge (x86_64, accelerator nvidia) needs another AMI than t3.large (x86_64, none); put it into a group of its own",
        ),
    ),
    "instance store: a type that has none": (
        (("[t3.large]", "[t3.large]\n      instanceStore: RAID0"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: t3.large has no NVMe instance store; choose another type, or remove instanceStore",
        ),
    ),
    "instance store: a type beside one that has some": (
        (("[t3.large]", "[m7gd.large, m7g.large]\n      instanceStore: RAID0"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: m7g.large has no NVMe instance store, m7gd.large has one; choose another type, or remove instanceStore",
        ),
    ),
    "instance store: a layout that is not there": (
        (("[t3.large]", "[m7gd.large]\n      instanceStore: RAID10"),),
        ("14: nodeGroups.cpu.instanceStore: 'RAID10' is not one of RAID0; did you mean RAID0?",),
    ),
    "instance types: one twice": (
        (("[t3.large]", "[t3.large, t3.large]"),),
        ("13: nodeGroups.cpu.instanceTypes: t3.large stands here 2 times; keep one",),
    ),
    "instance types: a size that the family lacks": (
        (("[t3.large]", "[m7i.3xlarge]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: m7i.3xlarge is no instance type that EC2 offers; did you mean m7i.xlarge?",
        ),
    ),
    "instance types: a family that there is none of": (
        (("[t3.large]", "[t3b.large]"),),
        ("13: nodeGroups.cpu.instanceTypes[0]: t3b.large is no instance type that EC2 offers; did you mean t3.large?",),
    ),
    "instance types: nothing like it": (
        (("[t3.large]", "[quantum.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: quantum.large is no instance type that EC2 offers; write one like t3.large, m7i.large or g6.xlarge",
        ),
    ),
    "AMI type: another architecture": (
        (
            (
                "      instanceTypes: [t3.large]\n",
                "      instanceTypes: [t3.large]\n      amiType: AL2023_ARM_64_STANDARD\n",
            ),
        ),
        (
            "14: nodeGroups.cpu.amiType: AL2023_ARM_64_STANDARD does not fit t3.large; write AL2023_x86_64_STANDARD, or leave it out",
        ),
    ),
    "AMI type: retired": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      amiType: AL2_x86_64\n"),),
        (
            "14: nodeGroups.cpu.amiType: AL2_x86_64 is not offered any more since 2025-11-26; write AL2023_x86_64_STANDARD",
        ),
    ),
    "instance family: retired": (
        (
            (
                "  ai-platform:databases",
                "    gpu: {instanceTypes: [p3.2xlarge], scaling: {min: 0, desired: 0, max: 1}}\n  ai-platform:databases",
            ),
        ),
        (
            "15: nodeGroups.gpu.instanceTypes[0]: p3.2xlarge is not offered any more; write g4dn.xlarge, g5.xlarge or g6.xlarge",
        ),
    ),
    "placement: no private subnet": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      zones: [us-west-2d]\n"),),
        ("14: nodeGroups.cpu.zones[0]: us-west-2d has no private subnet; did you mean us-west-2b?",),
    ),
    "placement: a taint twice": (
        (
            (
                "  ai-platform:databases",
                "    tainted: {instanceTypes: [t3.large], scaling: {min: 0, desired: 0, max: 1}, taints: [{key: a}, {key: a, value: b}]}\n  ai-platform:databases",
            ),
        ),
        ("15: nodeGroups.tainted.taints: a with NoSchedule stands here 2 times; keep one",),
    ),
    "no room for the system: GPUs alone": (
        (("[t3.large]", "[g5.xlarge]"),),
        ("11: nodeGroups: holds no group without GPUs and taints; CoreDNS and the controllers need one",),
    ),
    "no room for the system: taints alone": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      taints: [{key: a}]\n"),),
        ("11: nodeGroups: holds no group without GPUs and taints; CoreDNS and the controllers need one",),
    ),
    "no room for the system: no group": (
        (
            ("    cpu:\n      instanceTypes: [t3.large]\n      scaling: {min: 1, desired: 2, max: 3}\n", ""),
            ("ai-platform:nodeGroups:", "ai-platform:nodeGroups: {}"),
        ),
        ("11: nodeGroups: holds no group without GPUs and taints; CoreDNS and the controllers need one",),
    ),
    "options: a log of another engine": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      logExports: [postgresql, slowquery]\n"),),
        (
            "21: databases.runs.logExports[1]: slowquery is no log of postgres; choose one of postgresql, upgrade, iam-db-auth-error",
        ),
    ),
    "options: TLS turned off": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      parameters: {rds.force_ssl: '0'}\n"),),
        (
            "21: databases.runs.parameters.rds.force_ssl: the parameter rds.force_ssl cannot be overridden: the database accepts TLS connections only",
        ),
    ),
    "charts: a place that is not used": (
        (("", "  ai-platform:charts: {location: charts}\n"),),
        ("27: charts.location: is not used with source: repository; write source: oci or folder, or remove it",),
    ),
    "charts: a mirror without oci": (
        (("", "  ai-platform:charts: {source: oci, location: 'https://example.com'}\n"),),
        ("27: charts.location: must begin with oci:// for source: oci",),
    ),
    "charts: no folder": (
        (("", "  ai-platform:charts: {source: folder}\n"),),
        ("27: charts.location: is missing; name the folder that `helm pull` wrote the charts to",),
    ),
    "charts: an empty folder name": (
        (("", "  ai-platform:charts: {source: folder, location: ''}\n"),),
        ("27: charts.location: is missing; name the folder that `helm pull` wrote the charts to",),
    ),
    "scaling: an application the wrong way round": (
        shared(("port: 8080", "port: 8080, scaling: {max: 1}")),
        ("39: applications.api.scaling.min: 2 is above max, 1; lower it, or raise max",),
    ),
    "scaling: a service the wrong way round": (
        shared(("{api: {}}", "{api: {scaling: {min: 5, max: 4}}}")),
        ("46: environments.dev.services.api.scaling.min: 5 is above max, 4; lower it, or raise max",),
    ),
    "scaling: replicas beside it": (
        shared(("{api: {}}", "{api: {replicas: 2, scaling: {max: 4}}}")),
        ("46: environments.dev.services.api.replicas: is not used beside scaling; keep one",),
    ),
    "gpus: none there": (
        shared(("port: 8080", "port: 8080, gpus: 1")),
        (
            "39: applications.api.gpus: asks for 1, and no node group or node pool has GPUs; add one, like {instanceTypes: [g6.xlarge]}",
        ),
    ),
    "gpus: a service's, none there": (
        shared(("{api: {}}", "{api: {gpus: 1}}")),
        (
            "46: environments.dev.services.api.gpus: asks for 1, and no node group or node pool has GPUs; add one, like {instanceTypes: [g6.xlarge]}",
        ),
    ),
    "pools: need Karpenter": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}, karpenter: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "27: addons.karpenter.enabled: false, but it brings the nodes of node pools; switch it on, or remove nodePools",
        ),
    ),
    "pools: a group's name": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    cpu: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.cpu: cpu is a name in nodeGroups too; rename one",),
    ),
    "pools: no type": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.3xlarge, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes[0]: m7i.3xlarge is no instance type that EC2 offers; did you mean m7i.xlarge?",
        ),
    ),
    "pools: two architectures": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m7g.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes[1]: m7g.large (arm64, accelerator none) needs another AMI than m7i.large (x86_64, none); put it into a group of its own",
        ),
    ),
    "pools: a retired family": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [p3.2xlarge], limits: {cpu: "16", memory: 640Gi, gpus: 4}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes[0]: p3.2xlarge is not offered any more; write g4dn.xlarge, g5.xlarge or g6.xlarge",
        ),
    ),
    "pools: Spot twice": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], capacity: [spot, spot], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.capacity: spot stands here 2 times; keep one",),
    ),
    "pools: a zone without a private subnet": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], zones: [us-west-2c], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.zones[0]: us-west-2c has no private subnet; did you mean us-west-2b?",),
    ),
    "pools: GPUs without a limit": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [g5.xlarge, g6.xlarge], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: is missing for a pool with GPUs, the dearest of its parts; add it",),
    ),
    "pools: a limit of GPUs without any": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi, gpus: 2}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: limits GPUs, and m7i.large has none; remove it",),
    ),
    "pools: room for no node": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "1", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.limits.cpu: 1 lets no node come, m7i.large has 2; raise it",),
    ),
    "pools: no GPU allowed": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [g5.xlarge, g6.xlarge], limits: {cpu: "16", memory: 64Gi, gpus: 0}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: 0 lets no node come, g5.xlarge has 1; raise it",),
    ),
    "warning: Spot with one type": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      capacity: spot\n"),),
        (
            "13: nodeGroups.cpu.instanceTypes: offers Spot t3.large alone and waits when there is none; add types of the same size",
        ),
    ),
    "warning: instance types: newer than the table": (
        (("[t3.large]", "[m12i.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: m12i.large is not in the table of instance types; whether pods fit it cannot be checked",
        ),
    ),
    "warning: pools: two autoscalers": (
        (
            (
                "",
                '  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "27: nodePools: bring nodes for a pod that waits, and so does the Cluster Autoscaler at the same time; write addons.clusterAutoscaler.enabled: false",
        ),
    ),
    "warning: pools: Spot with one type": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large], capacity: [spot], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes: offers Spot m7i.large alone and waits when there is none; add types of the same size",
        ),
    ),
}

"""Invalid values of nodes and add-ons: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole, and some mistakes are odd letters

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "node group: more instances than the project allows itself": (
        (("    region: us-west-2\n", "    region: us-west-2\n    maxInstances: 2\n"),),
        (
            "6: project.maxInstances: up to 3 instances can run (nodeGroups.cpu 3), more than 2; decrease them, or increase it",
        ),
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
            "6: project.maxInstances: up to 19 instances can run (nodeGroups.cpu 3, nodePools.more 16), more than 10; decrease them, or increase it",
        ),
    ),
    "scaling: min above desired": (
        (("min: 1, desired: 2", "min: 3, desired: 2"),),
        ("14: nodeGroups.cpu.scaling.desired: 2 is below min, 3; increase it, or decrease min",),
    ),
    "scaling: desired above max": (
        (("desired: 2, max: 3", "desired: 4, max: 3"),),
        ("14: nodeGroups.cpu.scaling.desired: 4 is above max, 3; decrease it, or increase max",),
    ),
    "scaling: all in the wrong order": (
        (("min: 1, desired: 2, max: 3", "min: 3, desired: 2, max: 1"),),
        ("14: nodeGroups.cpu.scaling.min: 3 is above max, 1; decrease it, or increase max",),
    ),
    "instance types: no type": (
        (("[t3.large]", "[t3-large]"),),
        ("13: nodeGroups.cpu.instanceTypes[0]: 't3-large' is not an EC2 instance type; write it like t3.medium",),
    ),
    "instance types: two architectures": (
        (("[t3.large]", "[t3.large, t4g.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: t4g.large (arm64, accelerator none) requires another AMI than t3.large (x86_64, none); move it to a separate group",
        ),
    ),
    "instance types: CPU and GPU": (
        (("[t3.large]", "[t3.large, g5.xlarge]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[1]: g5.xlarge (x86_64, accelerator nvidia) requires another AMI than t3.large (x86_64, none); move it to a separate group",
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
        ("13: nodeGroups.cpu.instanceTypes: duplicate instance type t3.large",),
    ),
    "instance types: a size that the family lacks": (
        (("[t3.large]", "[m7i.3xlarge]"),),
        ("13: nodeGroups.cpu.instanceTypes[0]: unknown instance type 'm7i.3xlarge'; did you mean m7i.xlarge?",),
    ),
    "instance types: a family that there is none of": (
        (("[t3.large]", "[t3b.large]"),),
        ("13: nodeGroups.cpu.instanceTypes[0]: unknown instance type 't3b.large'; did you mean t3.large?",),
    ),
    "instance types: nothing like it": (
        (("[t3.large]", "[quantum.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: unknown instance type 'quantum.large'; choose a type such as t3.large, m7i.large or g6.xlarge",
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
            "14: nodeGroups.cpu.amiType: AL2023_ARM_64_STANDARD does not match t3.large; set AL2023_x86_64_STANDARD, or remove it",
        ),
    ),
    "AMI type: retired": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      amiType: AL2_x86_64\n"),),
        ("14: nodeGroups.cpu.amiType: AL2_x86_64 is no longer offered since 2025-11-26; use AL2023_x86_64_STANDARD",),
    ),
    "instance family: retired": (
        (
            (
                "  ai-platform:databases",
                "    gpu: {instanceTypes: [p3.2xlarge], scaling: {min: 0, desired: 0, max: 1}}\n  ai-platform:databases",
            ),
        ),
        (
            "15: nodeGroups.gpu.instanceTypes[0]: p3.2xlarge is no longer offered; use g4dn.xlarge, g5.xlarge or g6.xlarge",
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
        ("15: nodeGroups.tainted.taints: duplicate taint a with NoSchedule",),
    ),
    "no room for the system: GPUs alone": (
        (("[t3.large]", "[g5.xlarge]"),),
        ("11: nodeGroups: has no group without GPUs and taints, which CoreDNS and the controllers require; add one",),
    ),
    "no room for the system: taints alone": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      taints: [{key: a}]\n"),),
        ("11: nodeGroups: has no group without GPUs and taints, which CoreDNS and the controllers require; add one",),
    ),
    "no room for the system: no group": (
        (
            ("    cpu:\n      instanceTypes: [t3.large]\n      scaling: {min: 1, desired: 2, max: 3}\n", ""),
            ("ai-platform:nodeGroups:", "ai-platform:nodeGroups: {}"),
        ),
        ("11: nodeGroups: has no group without GPUs and taints, which CoreDNS and the controllers require; add one",),
    ),
    "options: a log of another engine": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      logExports: [postgresql, slowquery]\n"),),
        (
            "21: databases.runs.logExports[1]: unknown log 'slowquery' of postgres; choose postgresql, upgrade or iam-db-auth-error",
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
        ("27: charts.location: has no effect with source: repository; set source: oci or folder, or remove it",),
    ),
    "charts: a mirror without oci": (
        (("", "  ai-platform:charts: {source: oci, location: 'https://example.com'}\n"),),
        ("27: charts.location: must begin with oci:// when source is oci",),
    ),
    "charts: no folder": (
        (("", "  ai-platform:charts: {source: folder}\n"),),
        ("27: charts.location: is missing; set the directory to which `helm pull` wrote the charts",),
    ),
    "charts: an empty folder name": (
        (("", "  ai-platform:charts: {source: folder, location: ''}\n"),),
        ("27: charts.location: is missing; set the directory to which `helm pull` wrote the charts",),
    ),
    "scaling: an application the wrong way round": (
        shared(("port: 8080", "port: 8080, scaling: {min: 2, max: 1}")),
        ("39: applications.api.scaling.min: 2 is above max, 1; decrease it, or increase max",),
    ),
    "scaling: a service the wrong way round": (
        shared(("{api: {}}", "{api: {scaling: {min: 5, max: 4}}}")),
        ("46: environments.dev.services.api.scaling.min: 5 is above max, 4; decrease it, or increase max",),
    ),
    "scaling: replicas beside it": (
        shared(("{api: {}}", "{api: {replicas: 2, scaling: {max: 4}}}")),
        ("46: environments.dev.services.api.replicas: has no effect with scaling; remove one of them",),
    ),
    "gpus: none there": (
        shared(("port: 8080", "port: 8080, gpus: 1")),
        (
            "39: applications.api.gpus: requests 1, but no node group or node pool has GPUs; add one, for example {instanceTypes: [g6.xlarge]}",
        ),
    ),
    "gpus: a service's, none there": (
        shared(("{api: {}}", "{api: {gpus: 1}}")),
        (
            "46: environments.dev.services.api.gpus: requests 1, but no node group or node pool has GPUs; add one, for example {instanceTypes: [g6.xlarge]}",
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
            "27: addons.karpenter.enabled: must be true, because the add-on launches the nodes of node pools; enable it, or remove nodePools",
        ),
    ),
    "pools: a group's name": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    cpu: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.cpu: cpu is also a key of nodeGroups; rename one of them",),
    ),
    "pools: no type": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.3xlarge, m6i.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.instanceTypes[0]: unknown instance type 'm7i.3xlarge'; did you mean m7i.xlarge?",),
    ),
    "pools: two architectures": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m7g.large], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        (
            "29: nodePools.more.instanceTypes[1]: m7g.large (arm64, accelerator none) requires another AMI than m7i.large (x86_64, none); move it to a separate group",
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
            "29: nodePools.more.instanceTypes[0]: p3.2xlarge is no longer offered; use g4dn.xlarge, g5.xlarge or g6.xlarge",
        ),
    ),
    "pools: Spot twice": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], capacity: [spot, spot], limits: {cpu: "16", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.capacity: duplicate capacity spot",),
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
        ("29: nodePools.more.limits.gpus: is missing for a pool with GPUs; set it to limit their cost",),
    ),
    "pools: a limit of GPUs without any": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "16", memory: 64Gi, gpus: 2}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: has no effect, because m7i.large has no GPUs; remove it",),
    ),
    "pools: room for no node": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: "1", memory: 64Gi}}\n',
            ),
        ),
        ("29: nodePools.more.limits.cpu: 1 allows no node, because m7i.large has 2; increase it",),
    ),
    "pools: no GPU allowed": (
        (
            (
                "",
                '  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    more: {instanceTypes: [g5.xlarge, g6.xlarge], limits: {cpu: "16", memory: 64Gi, gpus: 0}}\n',
            ),
        ),
        ("29: nodePools.more.limits.gpus: 0 allows no node, because g5.xlarge has 1; increase it",),
    ),
    "warning: Spot with one type": (
        (("      instanceTypes: [t3.large]\n", "      instanceTypes: [t3.large]\n      capacity: spot\n"),),
        (
            "13: nodeGroups.cpu.instanceTypes: a single Spot instance type, t3.large, can be unavailable; add types of the same size",
        ),
    ),
    "warning: instance types: newer than the table": (
        (("[t3.large]", "[m12i.large]"),),
        (
            "13: nodeGroups.cpu.instanceTypes[0]: m12i.large is not in the table of instance types of 2026-11; whether pods fit on it cannot be checked",
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
            "27: nodePools: Karpenter and the Cluster Autoscaler both launch nodes for a pending pod; set addons.clusterAutoscaler.enabled: false",
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
            "29: nodePools.more.instanceTypes: a single Spot instance type, m7i.large, can be unavailable; add types of the same size",
        ),
    ),
}

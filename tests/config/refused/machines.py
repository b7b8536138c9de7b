"""EC2 instances, nodes and their alarms that are rejected or never work."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "an Elastic IP in a private subnet": Case(
        (("", "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], elasticIp: true}\n"),),
        (
            "28: instances.web.elasticIp: requires tier: public, because nothing reaches a public address in a private subnet; set it, or remove elasticIp",
        ),
        "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html",
    ),
    "warning: a root volume smaller than the AMI": Case(
        (("", "  ai-platform:instances:\n    web: {instanceType: g5.xlarge, zones: [us-west-2a], diskGib: 50}\n"),),
        (
            "28: instances.web.diskGib: 50 is smaller than the AMI with GPU drivers, and EC2 refuses such a volume; set 75 or more",
        ),
        "https://github.com/aws/karpenter-provider-aws/issues/5283",
    ),
    "a data volume over /etc": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], data: {sizeGib: 20, path: /etc}}\n",
            ),
        ),
        ("28: instances.web.data.path: /etc is a directory of the operating system; choose one like /data",),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-using-volumes.html",
    ),
    "a data volume below /usr": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], data: {sizeGib: 20, path: /usr/share}}\n",
            ),
        ),
        ("28: instances.web.data.path: /usr/share is a directory of the operating system; choose one like /data",),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-using-volumes.html",
    ),
    "a data volume over /var": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], data: {sizeGib: 20, path: /var}}\n",
            ),
        ),
        ("28: instances.web.data.path: /var is a directory of the operating system; choose one like /data",),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-using-volumes.html",
    ),
    "warning: SMTP to the internet": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], internetPorts: [443, 25]}\n",
            ),
        ),
        (
            "28: instances.web.internetPorts[1]: 25 is blocked by EC2 until AWS Support removes the restriction; use 587",
        ),
        "https://repost.aws/knowledge-center/ec2-port-25-throttle",
    ),
    "warning: no HTTPS to registries": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], internetPorts: [80], containers: {a: {image: 'ghcr.io/shop/x:1'}}}\n",
            ),
        ),
        (
            "28: instances.web.internetPorts: has no 443: without interface endpoints the instance reaches neither image registries nor Session Manager and CloudWatch Logs; add it",
        ),
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-prerequisites.html",
    ),
    "a port to the internet twice": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], internetPorts: [443, 443]}\n",
            ),
        ),
        ("28: instances.web.internetPorts[1]: duplicate value 443; remove one",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupEgress.html",
    ),
    "a container with more memory than the instance": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], containers: {a: {image: 'ghcr.io/shop/x:1', memoryGib: 64}}}\n",
            ),
        ),
        (
            "28: instances.web.containers.a.memoryGib: 64 GiB is more than t3.small has, 2 GiB; decrease it, or choose a larger type",
        ),
        "https://docs.docker.com/engine/containers/resource_constraints/",
    ),
    "shared memory larger than the instance": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    web: {instanceType: t3.small, zones: [us-west-2a], containers: {a: {image: 'ghcr.io/shop/x:1', sharedMemoryGib: 900}}}\n",
            ),
        ),
        (
            "28: instances.web.containers.a.sharedMemoryGib: 900 GiB is more than t3.small has, 2 GiB; decrease it, or choose a larger type",
        ),
        "https://docs.docker.com/engine/containers/resource_constraints/",
    ),
    "warning: 250 pods on two vCPUs": Case(
        (
            (
                "      scaling: {min: 1, desired: 2, max: 3}\n",
                "      scaling: {min: 1, desired: 2, max: 3}\n      maxPods: 250\n",
            ),
        ),
        (
            "15: nodeGroups.cpu.maxPods: 250 pods are more than the 110 that EKS recommends for t3.large, which has fewer than 30 vCPUs: the kubelet can run out of memory and CPU; decrease it",
        ),
        "https://github.com/aws/karpenter-provider-aws/issues/7989",
    ),
    "warning: 150 pods on a pool of small nodes": Case(
        (
            (
                "",
                "  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n  ai-platform:nodePools:\n    batch: {instanceTypes: [m7i.large, m6i.large], limits: {cpu: '32', memory: 128Gi}, maxPods: 150}\n",
            ),
        ),
        (
            "29: nodePools.batch.maxPods: 150 pods are more than the 110 that EKS recommends for m7i.large, which has fewer than 30 vCPUs: the kubelet can run out of memory and CPU; decrease it",
        ),
        "https://github.com/awsdocs/amazon-eks-user-guide/pull/663",
    ),
    "CPU credits of a type without": Case(
        (
            (
                "",
                "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms:\n    rules: {one: {namespace: AWS/EC2, instance: web, metric: CPUCreditBalance, threshold: 10, below: true}}\n    emails: [a@shop.dev]\n",
            ),
            ("", "  ai-platform:instances:\n    web: {instanceType: m7i.large, zones: [us-west-2a], }\n"),
        ),
        ("29: alarms.rules.one.metric: m7i.large has no CPU credits; choose another metric, such as CPUUtilization",),
        "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html",
    ),
    "CPU credits of a class without": Case(
        (
            (
                "",
                "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms:\n    rules: {one: {namespace: AWS/RDS, database: runs, metric: CPUCreditBalance, threshold: 20, below: true}}\n    emails: [a@shop.dev]\n",
            ),
            ("db.t4g.small", "db.m7g.large"),
        ),
        ("29: alarms.rules.one.metric: m7g.large has no CPU credits; choose another metric, such as CPUUtilization",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
    ),
    "the burst balance of gp3": Case(
        (
            (
                "",
                "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms:\n    rules: {one: {namespace: AWS/RDS, database: runs, metric: BurstBalance, threshold: 20, below: true}}\n    emails: [a@shop.dev]\n",
            ),
        ),
        ("29: alarms.rules.one.metric: gp3 has no burst balance; choose another metric, such as DiskQueueDepth",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
    ),
    "warning: free storage in gigabytes": Case(
        (
            (
                "",
                "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms:\n    rules: {one: {namespace: AWS/RDS, database: runs, metric: FreeStorageSpace, threshold: 10, below: true}}\n    emails: [a@shop.dev]\n",
            ),
        ),
        ("29: alarms.rules.one.threshold: 10 is in bytes; set, for example, 10000000000 for 10 GB",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
    ),
    "warning: free memory in megabytes": Case(
        (
            (
                "",
                "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms:\n    rules: {one: {namespace: AWS/RDS, database: runs, metric: FreeableMemory, threshold: 256, below: true}}\n    emails: [a@shop.dev]\n",
            ),
        ),
        ("29: alarms.rules.one.threshold: 256 is in bytes; set, for example, 10000000000 for 10 GB",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
    ),
    "more than all of the CPU": Case(
        (
            (
                "",
                "  ai-platform:addons: {cloudwatchObservability: {enabled: true}}\n  ai-platform:alarms:\n    rules: {one: {metric: node_cpu_utilization, threshold: 800}}\n    emails: [a@shop.dev]\n",
            ),
        ),
        ("29: alarms.rules.one.threshold: 800 percent is never reached; set 0 to 100",),
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-enhanced-EKS.html",
    ),
}
# fmt: on

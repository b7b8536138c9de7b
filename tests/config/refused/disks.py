"""Combinations and values that AWS rejects: type, size, IOPS and throughput of volumes."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "gp3 with 1,000 IOPS a GiB": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 20, iops: 20000}"),),
        (
            "15: nodeGroups.cpu.disk.iops: 20000 is above 500 IOPS a GiB of gp3, 10,000 for 20 GiB; decrease it, or increase sizeGib",
        ),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "gp3 above 80,000 IOPS": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 1000, iops: 90000}"),),
        ("15: nodeGroups.cpu.disk.iops: 90000 is not valid for gp3; use 3,000 to 80,000",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "gp3 below 3,000 IOPS": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 100, iops: 500}"),),
        ("15: nodeGroups.cpu.disk.iops: 500 is not valid for gp3; use 3,000 to 80,000",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "gp3 whose throughput requires more IOPS": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 100, iops: 3000, throughput: 800}"),),
        ("15: nodeGroups.cpu.disk.throughput: 800 MiB/s requires 3200 iops, but iops is 3000; increase iops",),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "gp2 with IOPS and throughput": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 100, type: gp2, iops: 6000, throughput: 200}"),),
        (
            "15: nodeGroups.cpu.disk.iops: cannot be set on gp2, whose IOPS depend on its size; remove it, or use gp3",
            "15: nodeGroups.cpu.disk.throughput: cannot be set on gp2; remove it, or use gp3",
        ),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "gp2 above 16 TiB": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 20000, type: gp2}"),),
        ("15: nodeGroups.cpu.disk.sizeGib: 20000 is not a valid size of gp2; use 1 to 16,384 GiB",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "io1 without IOPS": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 100, type: io1}"),),
        ("15: nodeGroups.cpu.disk: type io1 requires iops; set it, or use gp3",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "io1 with more than 50 IOPS a GiB": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 100, type: io1, iops: 6000}"),),
        (
            "15: nodeGroups.cpu.disk.iops: 6000 is above 50 IOPS a GiB of io1, 5,000 for 100 GiB; decrease it, or increase sizeGib",
        ),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "io1 above 64,000 IOPS": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 16000, type: io1, iops: 70000}"),),
        ("15: nodeGroups.cpu.disk.iops: 70000 is not valid for io1; use 100 to 64,000",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "io1 above 16 TiB": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 20000, type: io1, iops: 1000}"),),
        ("15: nodeGroups.cpu.disk.sizeGib: 20000 is not a valid size of io1; use 4 to 16,384 GiB",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "io2 without IOPS": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 100, type: io2}"),),
        ("15: nodeGroups.cpu.disk: type io2 requires iops; set it, or use gp3",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "io2 with more than 1,000 IOPS a GiB": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 50, type: io2, iops: 60000}"),),
        (
            "15: nodeGroups.cpu.disk.iops: 60000 is above 1,000 IOPS a GiB of io2, 50,000 for 50 GiB; decrease it, or increase sizeGib",
        ),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "io2 with throughput": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 50, type: io2, iops: 6000, throughput: 500}"),),
        ("15: nodeGroups.cpu.disk.throughput: cannot be set on io2; remove it, or use gp3",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "st1 as a root volume": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 200, type: st1}"),),
        ("15: nodeGroups.cpu.disk.type: 'st1' is not one of gp3, gp2, io1, io2",),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "standard as a root volume": Case(
        (("max: 3}", "max: 3}\n      disk: {sizeGib: 200, type: standard}"),),
        ("15: nodeGroups.cpu.disk.type: 'standard' is not one of gp3, gp2, io1, io2",),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "a pool's io2 without IOPS": Case(
        (
            (
                "",
                "  ai-platform:nodePools:\n    p: {instanceTypes: [m7i.large], limits: {cpu: '16', memory: 64Gi}, disk: {sizeGib: 50, type: io2}}\n  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n",
            ),
        ),
        ("28: nodePools.p.disk: type io2 requires iops; set it, or use gp3",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "a pool's gp3 with too many IOPS": Case(
        (
            (
                "",
                "  ai-platform:nodePools:\n    p: {instanceTypes: [m7i.large], limits: {cpu: '16', memory: 64Gi}, disk: {sizeGib: 30, iops: 40000}}\n  ai-platform:addons: {clusterAutoscaler: {enabled: false}}\n",
            ),
        ),
        (
            "28: nodePools.p.disk.iops: 40000 is above 500 IOPS a GiB of gp3, 15,000 for 30 GiB; decrease it, or increase sizeGib",
        ),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "a data volume too small for its throughput": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    s: {instanceType: t3.small, zones: [us-west-2a], data: {sizeGib: 2, throughput: 2000}}\n",
            ),
        ),
        (
            "28: instances.s.data.throughput: requires more IOPS than its size allows: 8000 is above 500 IOPS a GiB of gp3, 1,000 for 2 GiB; decrease it, or increase sizeGib",
        ),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "a data volume with too many IOPS": Case(
        (
            (
                "",
                "  ai-platform:instances:\n    s: {instanceType: t3.small, zones: [us-west-2a], data: {sizeGib: 10, iops: 16000}}\n",
            ),
        ),
        (
            "28: instances.s.data.iops: 16000 is above 500 IOPS a GiB of gp3, 5,000 for 10 GiB; decrease it, or increase sizeGib",
        ),
        "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-volume-types.html",
    ),
    "RDS gp3 with IOPS below 400 GiB": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 200, iops: 12000}\n"),),
        ("21: databases.runs.storage.iops: cannot be set on gp3 below 400 GiB; remove it, or increase sizeGib",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    ),
    "RDS gp3 below 12,000 IOPS": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 500, iops: 5000}\n"),),
        ("21: databases.runs.storage.iops: 5000 is not valid for gp3; use 12,000 to 64,000",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    ),
    "RDS gp3 above 64,000 IOPS": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 500, iops: 70000}\n"),),
        ("21: databases.runs.storage.iops: 70000 is not valid for gp3; use 12,000 to 64,000",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    ),
    "RDS gp2 with IOPS": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 500, type: gp2, iops: 3000}\n"),),
        (
            "21: databases.runs.storage.iops: cannot be set on gp2, whose IOPS depend on its size; remove it, or use gp3",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    ),
    "RDS io1 below 100 GiB": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 50, type: io1, iops: 1000}\n"),),
        ("21: databases.runs.storage.sizeGib: 50 is not a valid size of io1; use 100 to 65,536 GiB",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html",
    ),
    "RDS io1 with more than 50 IOPS a GiB": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 100, type: io1, iops: 6000}\n"),),
        (
            "21: databases.runs.storage.iops: 6000 is above 50 IOPS a GiB of io1, 5,000 for 100 GiB; decrease it, or increase sizeGib",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    ),
    "RDS io2 with less than half an IOPS a GiB": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 4000, type: io2, iops: 1000}\n"),),
        (
            "21: databases.runs.storage.iops: 1000 is below 0.5 IOPS a GiB of io2, 2,000 for 4000 GiB; increase it, or decrease sizeGib",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    ),
    "RDS io2 without IOPS": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 200, type: io2}\n"),),
        ("21: databases.runs.storage: type io2 requires iops; set it, or use gp3",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
    ),
    "RDS that can grow by 5 percent": Case(
        (("databaseName: mlflow\n", "databaseName: mlflow\n      storage: {sizeGib: 100, maxGib: 105}\n"),),
        ("21: databases.runs.storage.maxGib: 105 is less than 10 % above sizeGib, 100; increase it, or set null",),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html",
    ),
    "Prometheus above 64 TiB": Case(
        (
            (
                "",
                '  ai-platform:auroraClusters:\n    shared: {engineVersion: "17", databaseName: shop}\n  ai-platform:caches:\n    shared: {engineVersion: "8.1", nodeType: cache.t4g.small}\n  ai-platform:fileSystems:\n    models: {accessPoints: {models: {path: /models}}}\n  ai-platform:secrets:\n    slack: {description: Slack}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:priorityClasses:\n    low: {value: 100, description: Waits}\n  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080}\n  ai-platform:environments:\n    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: dev_shop, user: dev_user}\n      cache: {cache: shared, index: 0}\n      services: {api: {}}\n    prod:\n      quota: {requests.cpu: "3", requests.memory: 8Gi, pods: "20"}\n      priorityClasses: [low]\n      database: {cluster: shared, schemaName: prod_shop, user: prod_user}\n      cache: {cache: shared, index: 1}\n      services: {api: {host: api.shop.dev}}\n  ai-platform:monitoring:\n    receivers: {chat: {slack: {webhook: {secret: slack}, channel: "#alerts"}}}\n    storage: {size: 70Ti}\n    defaultReceiver: chat\n  ai-platform:gitops:\n    repository: https://github.com/shop/releases\n',
            ),
        ),
        ("55: monitoring.storage.size: 70Ti is not a valid size of an EBS volume; use 1Gi to 65536Gi",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
    "Kafka without storage": Case(
        (("    mlflow:\n", "    kafka: {storage: '0'}\n    mlflow:\n"),),
        ("24: workloads.kafka.storage: 0 is not a valid size of an EBS volume; use 1Gi to 65536Gi",),
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html",
    ),
}
# fmt: on

"""Invalid values of EC2 servers and schedules: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole, and some mistakes are odd letters

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "windows: a short backup window": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      backups: {window: '03:00-03:20'}\n"),),
        ("21: databases.runs.backups.window: 03:00-03:20 is shorter than 30 minutes; extend it",),
    ),
    "windows: a short maintenance window": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      maintenanceWindow: sun:05:00-sun:05:20\n",
            ),
        ),
        ("21: databases.runs.maintenanceWindow: sun:05:00-sun:05:20 is shorter than 30 minutes; extend it",),
    ),
    "windows: both at once": (
        (
            (
                "      databaseName: mlflow\n",
                "      databaseName: mlflow\n      maintenanceWindow: sun:03:30-sun:04:30\n      backups: {window: '03:00-04:00'}\n",
            ),
        ),
        (
            "21: databases.runs.maintenanceWindow: sun:03:30-sun:04:30 overlaps the backup window, 03:00-04:00; change one of them",
        ),
    ),
    "windows: no window": (
        (("      databaseName: mlflow\n", "      databaseName: mlflow\n      backups: {window: 3am-4am}\n"),),
        ("21: databases.runs.backups.window: '3am-4am' is not a daily window; write it in UTC like 03:00-04:00",),
    ),
    "schedule: start and stop at once": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 8 * * *, timeZone: UTC}}\n"),),
        ("27: schedules.night.stop: '0 8 * * *' equals start; choose another time",),
    ),
    "schedule: no cron": (
        (("", "  ai-platform:schedules: {night: {start: at eight, stop: 0 20 * * *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.start: 'at eight' is not a schedule; write five cron fields (minute hour day month weekday), for example '0 8 * * MON-FRI'",
        ),
    ),
    "schedule: hour 24": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 24 * * *, timeZone: UTC}}\n"),),
        ("27: schedules.night.stop: '0 24 * * *' is not a schedule: invalid hour '24'; use 0-23",),
    ),
    "schedule: a day and a weekday": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 1 * MON, stop: 0 20 * * *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.start: '0 8 1 * MON' sets both a day of the month and a weekday, but EventBridge supports only one; set the other to *",
        ),
    ),
    "schedule: no time zone": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 20 * * *, timeZone: Mars/Olympus}}\n"),),
        ("27: schedules.night.timeZone: 'Mars/Olympus' is not a time zone; write an IANA name like Asia/Seoul or UTC",),
    ),
    "schedule: a start that never comes": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 31 2 *, stop: 0 20 * * *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.start: '0 8 31 2 *' never starts anything before '0 20 * * *' stops it; choose another start, or remove the schedule and set the sizes to 0",
        ),
    ),
    "schedule: a stop that never comes": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 20 30 2 *, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.stop: '0 20 30 2 *' never occurs, so that nothing stops; choose another stop, or remove the schedule",
        ),
    ),
    "schedule: start and stop fall together on one day": (
        (("", "  ai-platform:schedules: {night: {start: 0 8 * * *, stop: 0 8 * * MON, timeZone: UTC}}\n"),),
        (
            "27: schedules.night.stop: '0 8 * * MON' and the start '0 8 * * *' occur in the same minute of a day; change one of them",
        ),
    ),
    "scheduler: nothing to stop": (
        (("", "  ai-platform:scheduler: {function: eks-ec2-startstop}\n"),),
        (
            "27: scheduler: no node group, database or instance has a schedule; set schedule in one of them, or remove the section",
        ),
    ),
    "scheduler: a name that Lambda refuses": (
        (("", "  ai-platform:scheduler: {function: eks.startstop}\n"),),
        (
            "27: scheduler.function: 'eks.startstop' is not the name of a Lambda function; write at most 64 letters, digits, hyphens and underscores",
        ),
    ),
    "instances: a type that EC2 lacks": (
        (("", "  ai-platform:instances:\n    one: {instanceType: g5.96xlarge, zones: [us-west-2a]}\n"),),
        ("28: instances.one.instanceType: unknown instance type 'g5.96xlarge'; did you mean g5.16xlarge?",),
    ),
    "instances: a type with a slip": (
        (("", "  ai-platform:instances:\n    one: {instanceType: m4x.large, zones: [us-west-2a]}\n"),),
        ("28: instances.one.instanceType: unknown instance type 'm4x.large'; did you mean m4.large?",),
    ),
    "instances: a family that is retired": (
        (("", "  ai-platform:instances:\n    one: {instanceType: p2.xlarge, zones: [us-west-2a]}\n"),),
        ("28: instances.one.instanceType: p2.xlarge is no longer offered; use g4dn, g5 or g6",),
    ),
    "instances: a zone without a subnet": (
        (("", "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2c]}\n"),),
        ("28: instances.one.zones[0]: us-west-2c has no private subnet; did you mean us-west-2b?",),
    ),
    "instances: a bastion in private": (
        (
            (
                "",
                "  ai-platform:instances:\n    way-in: {role: bastion, instanceType: t3.micro, zones: [us-west-2a], allowFrom: [{port: 22, cidrs: [198.51.100.7/32]}], tier: private}\n",
            ),
        ),
        ("28: instances.way-in.tier: a bastion must be reachable; set public, or remove it",),
    ),
    "instances: a bastion that nobody reaches": (
        (("", "  ai-platform:instances:\n    way-in: {role: bastion, instanceType: t3.micro, zones: [us-west-2a]}\n"),),
        (
            "28: instances.way-in.allowFrom: the bastion has no inbound rule for SSH; set your networks: {port: 22, cidrs: [...]}",
        ),
    ),
    "instances: a port open to the world": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000, cidrs: [0.0.0.0/0]}]}\n",
            ),
        ),
        (
            "28: instances.one.allowFrom[0].cidrs[0]: 0.0.0.0/0 opens port 8000 to the internet; set the networks that need it",
        ),
    ),
    "instances: a port open to half of the world": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000, cidrs: [0.0.0.0/1]}]}\n",
            ),
        ),
        (
            "28: instances.one.allowFrom[0].cidrs[0]: 0.0.0.0/1 opens port 8000 to the internet; set the networks that need it",
        ),
    ),
    "instances: a port open to nobody": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0]: the rule has no source; set nodes, instances or cidrs",),
    ),
    "instances: ports the wrong way round": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8002, toPort: 8000, nodes: true}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0].toPort: 8000 is below port, 8002; swap them",),
    ),
    "instances: a network twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8002, cidrs: [10.0.0.0/24, 10.0.0.0/24]}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0].cidrs: has a duplicate entry; remove one",),
    ),
    "instances: a port opened twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 8000, toPort: 8002, nodes: true}, {port: 8001, nodes: true}]}\n",
            ),
        ),
        (
            "28: instances.one.allowFrom[1]: opens a port to the nodes that allowFrom[0] already opens; remove one of them",
        ),
    ),
    "instances: another instance that is not there": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], allowFrom: [{port: 22, instances: [onee]}]}\n",
            ),
        ),
        ("28: instances.one.allowFrom[0].instances[0]: unknown instance 'onee'; did you mean one?",),
    ),
    "instances: a schedule that is not there": (
        (("", "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], schedule: nights}\n"),),
        ("28: instances.one.schedule: unknown schedule 'nights'; add it to schedules",),
    ),
    "instances: a repository that is not there": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {repository: app, tag: v1}}}\n",
            ),
        ),
        ("28: instances.one.containers.app.repository: unknown repository 'app'; add it to repositories",),
    ),
    "instances: a secret that is not there": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, secrets: {TOKEN: {secret: hub}}}}}\n",
            ),
        ),
        ("28: instances.one.containers.app.secrets.TOKEN.secret: unknown secret 'hub'; add it to secrets",),
    ),
    "instances: no image": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {}}}\n",
            ),
        ),
        ("28: instances.one.containers.app: has neither image nor repository; set one of them",),
    ),
    "instances: image and repository": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, repository: app, tag: v1}}}\n  ai-platform:repositories: {app: {}}\n",
            ),
        ),
        ("28: instances.one.containers.app: has both image and repository; set one of them",),
    ),
    "instances: a repository without a tag": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {repository: app}}}\n  ai-platform:repositories: {app: {}}\n",
            ),
        ),
        ("28: instances.one.containers.app: repository requires tag; set it",),
    ),
    "instances: a tag beside an image": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, tag: v1}}}\n",
            ),
        ),
        ("28: instances.one.containers.app: tag has no effect with image; remove it",),
    ),
    "instances: a floating tag": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {repository: app, tag: latest}}}\n  ai-platform:repositories: {app: {}}\n",
            ),
        ),
        (
            "28: instances.one.containers.app.tag: 'latest' is not a fixed tag; write it like prod-20250714-1752, without latest",
        ),
    ),
    "instances: a port taken twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, ports: [{host: 80}]}, web: {image: ghcr.io/shop/app:v1, ports: [{host: 80, container: 8080}]}}}\n",
            ),
        ),
        ("28: instances.one.containers.web.ports[0].host: 80 is already a port of container app; choose another",),
    ),
    "instances: the port of SSH": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, ports: [{host: 22}]}}}\n",
            ),
        ),
        ("28: instances.one.containers.app.ports[0].host: 22 is the SSH port of the instance; choose another",),
    ),
    "instances: GPUs without any": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, gpus: true}}}\n",
            ),
        ),
        (
            "28: instances.one.containers.app.gpus: requests GPUs, but t3.small has none; use a type such as g5.xlarge, or remove it",
        ),
    ),
    "instances: a mount without a volume": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, mounts: {/models: hub}}}}\n",
            ),
        ),
        ("28: instances.one.containers.app.mounts: requires a data volume; set instances.one.data",),
    ),
    "instances: a variable twice": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, environment: {LEVEL: a}, secrets: {LEVEL: {secret: hub}}}}}\n  ai-platform:secrets: {hub: {description: Hub}}\n",
            ),
        ),
        ("28: instances.one.containers.app.secrets.LEVEL: LEVEL is also set in environment; remove one of them",),
    ),
    "instances: commands that are too long": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], containers: {app: {image: ghcr.io/shop/app:v1, command: [xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx]}}}\n",
            ),
        ),
        (
            "28: instances.one.containers: has commands and environment variables of 6001 characters, but EC2 user data has room for 6000; move long values to a file of the image, or to secrets",
        ),
    ),
    "instances: a volume too fast for its size": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], data: {sizeGib: 50, throughput: 1000, iops: 3000}}\n",
            ),
        ),
        ("28: instances.one.data.throughput: 1000 MiB/s requires 4000 iops, but iops is 3000; increase iops",),
    ),
    "instances: two of one name": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], count: 2}\n    one-2: {instanceType: t3.small, zones: [us-west-2a]}\n",
            ),
        ),
        ("29: instances.one-2: one-2 is already the name of an instance of one; rename one of them",),
    ),
    "instances: a private domain that hides the public one": (
        (
            (
                "",
                "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a]}\n  ai-platform:ingress: {domain: ai.shop.internal, public: false, certificateArn: 'arn:aws:acm:us-west-2:111122223333:certificate/12345678-1234-1234-1234-123456789012'}\n",
            ),
        ),
        ("6: network.privateDomain: shop.internal would hide ai.shop.internal in the VPC; choose another domain",),
    ),
    "instances: no AMI": (
        (("", "  ai-platform:instances:\n    one: {instanceType: t3.small, zones: [us-west-2a], ami: ami-1}\n"),),
        ("28: instances.one.ami: 'ami-1' is not an AMI ID; write it like ami-0123456789abcdef0",),
    ),
}

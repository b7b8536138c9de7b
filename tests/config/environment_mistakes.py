"""Invalid values of environments and their releases: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole, and some mistakes are odd letters

from tests.config.base import shared

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "environments: a query without a target": (
        shared(("services: {api: {}}", "services: {api: {scaling: {max: 3, query: up}}}")),
        ("46: environments.dev.services.api.scaling: query and perReplica require each other; set both, or neither",),
    ),
    "environments: a query without Prometheus": (
        (
            (
                "",
                "  ai-platform:applications:\n    api: {image: ghcr.io/shop/api:v1, port: 8080, scaling: {max: 3, query: up, perReplica: 5}}\n",
            ),
        ),
        (
            "28: applications.api.scaling.query: requires the section monitoring; add it, or remove query and perReplica",
        ),
    ),
    "environments: one index": (
        shared(("index: 1", "index: 0")),
        (
            "51: environments.prod.cache.index: 0 is already the index of environment dev in caches.shared; choose another",
        ),
    ),
    "environments: one namespace": (
        shared(("    prod:\n", "    prod:\n      namespace: dev\n")),
        ("48: environments.prod.namespace: dev is already the namespace of environment dev; choose another",),
    ),
    "environments: one schema": (
        shared(("prod_shop", "dev_shop")),
        (
            "50: environments.prod.database.schemaName: dev_shop is already the schema of environment dev in shared; choose another",
        ),
    ),
    "environments: one user": (
        shared(("prod_user", "dev_user")),
        (
            "50: environments.prod.database.user: dev_user is already the user of environment dev in shared; choose another",
        ),
    ),
    "environments: one role": (
        shared(
            ("    dev:\n", "    dev:\n      roleName: shop-app\n"),
            ("    prod:\n", "    prod:\n      roleName: shop-app\n"),
        ),
        ("49: environments.prod.roleName: shop-app is already the role of environment dev; choose another",),
    ),
    "environments: one key prefix": (
        shared(("index: 1", "index: 1, keyPrefix: 'dev:'")),
        (
            "51: environments.prod.cache.keyPrefix: dev: is already the key prefix of environment dev in caches.shared; choose another",
        ),
    ),
    "environments: keys that begin alike": (
        shared(("index: 1", "index: 1, keyPrefix: 'dev:prod:'")),
        (
            "51: environments.prod.cache.keyPrefix: dev:prod: overlaps key prefix dev: of environment dev, which could read the other's keys; choose another",
        ),
    ),
    "environments: an index that there is none of": (
        shared(("index: 1", "index: 16")),
        ("51: environments.prod.cache.index: input should be less than 16",),
    ),
    "environments: a namespace of Kubernetes": (
        shared(("    prod:\n", "    prod:\n      namespace: kube-system\n")),
        ("48: environments.prod.namespace: kube-system is already a namespace of the platform; choose another",),
    ),
    "environments: a namespace of the platform": (
        shared(("    prod:\n", "    monitoring:\n")),
        ("47: environments.monitoring.namespace: monitoring is already a namespace of the platform; choose another",),
    ),
    "environments: a namespace of a workload": (
        shared(("    prod:\n", "    prod:\n      namespace: mlflow\n")),
        ("48: environments.prod.namespace: mlflow is already a namespace of workloads.mlflow; choose another",),
    ),
    "environments: a workload's name": (
        shared(("    prod:\n", "    mlflow:\n      namespace: prod\n")),
        (
            "47: environments.mlflow: mlflow is also a workload, and both would have secrets below shop/mlflow/; rename it",
        ),
    ),
    "environments: a secret where an environment keeps its own": (
        shared(("{description: Slack}", "{description: Slack, name: shop/dev/slack}")),
        ("34: secrets.slack: shop/dev/slack begins with shop/dev/, which is reserved for that environment; rename it",),
    ),
    "environments: no such application": (
        shared(("{api: {}}", "{apo: {}}")),
        ("46: environments.dev.services.apo: unknown application 'apo'; did you mean api?",),
    ),
    "environments: no such bucket": (
        shared(("{api: {}}", "{api: {}}\n      buckets: {artefacts: read}")),
        ("47: environments.dev.buckets.artefacts: unknown bucket 'artefacts'; did you mean artifacts?",),
    ),
    "environments: no such priority class": (
        shared(
            (
                '    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low]',
                '    dev:\n      quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}\n      priorityClasses: [low, lov]',
            )
        ),
        ("43: environments.dev.priorityClasses[1]: unknown priority class 'lov'; did you mean low?",),
    ),
    "environments: a priority class of others": (
        shared(
            ("{api: {}}", "{api: {priorityClass: high}}"),
            (
                "    low: {value: 100, description: Waits}\n",
                "    low: {value: 100, description: Waits}\n    high: {value: 200, description: First}\n",
            ),
        ),
        (
            "47: environments.dev.services.api.priorityClass: high is not in the environment's priorityClasses; choose low",
        ),
    ),
    "environments: a priority class of Kubernetes": (
        shared(
            (
                "    low: {value: 100, description: Waits}\n",
                "    low: {value: 100, description: Waits}\n    system-high: {value: 200, description: First}\n",
            )
        ),
        ("38: priorityClasses.system-high: system-high starts with system-, which Kubernetes reserves; rename it",),
    ),
    **{
        f"environments: a priority class of the platform: {name}, {value}": (
            shared(
                (
                    "    low: {value: 100, description: Waits}\n",
                    f"    low: {{value: 100, description: Waits}}\n    {name}: {{value: {value}, description: First}}\n",
                )
            ),
            (f"38: priorityClasses.{name}{message}",),
        )
        # https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
        for name, value, message in (
            ("ai-platform", 5, ": ai-platform is a class of the platform's own pods; rename it"),
            ("ai-platform-system", 5, ": ai-platform-system is a class of the platform's own pods; rename it"),
            ("first", 800_000_000, ".value: 800000000 preempts the platform's own pods; set at most 799999999"),
            ("first", 1_000_000_000, ".value: 1000000000 preempts the platform's own pods; set at most 799999999"),
        )
    },
    "environments: no such cache": (
        shared(("{cache: shared, index: 1}", "{cache: share, index: 1}")),
        ("51: environments.prod.cache.cache: unknown cache 'share'; did you mean shared?",),
    ),
    "environments: no such database": (
        shared(("{cluster: shared, schemaName: prod_shop", "{cluster: run, schemaName: prod_shop")),
        ("50: environments.prod.database.cluster: unknown database 'run'; did you mean runs?",),
    ),
    "environments: a database of MySQL": (
        (
            *shared(("{cluster: shared, schemaName: prod_shop", "{cluster: old, schemaName: prod_shop")),
            (
                "  ai-platform:buckets",
                "    old: {engine: mysql, engineVersion: '8.4', instanceClass: db.t4g.small, databaseName: old}\n  ai-platform:buckets",
            ),
        ),
        ("51: environments.prod.database.cluster: old is a mysql database; choose a PostgreSQL database",),
    ),
    "environments: the master user": (
        shared(("prod_user", "platform")),
        ("50: environments.prod.database.user: platform is the master user of shared; choose another name",),
    ),
    "environments: no application to migrate": (
        shared(("user: dev_user", "user: dev_user, migration: {application: apis}")),
        ("44: environments.dev.database.migration.application: unknown application 'apis'; did you mean api?",),
    ),
    "environments: no bucket for dumps": (
        shared(("user: dev_user", "user: dev_user, backup: {bucket: dumps}")),
        ("44: environments.dev.database.backup.bucket: unknown bucket 'dumps'; choose artifacts",),
    ),
    "environments: one folder for dumps": (
        (
            *shared(
                ("user: dev_user", "user: dev_user, backup: {bucket: dumps, prefix: all/, restoreTest: null}"),
                ("user: prod_user", "user: prod_user, backup: {bucket: dumps, prefix: all/}"),
            ),
            ("artifacts: {}", "artifacts: {}\n    dumps: {lifecycle: {expireDays: 7}}"),
        ),
        (
            "51: environments.prod.database.backup.prefix: all/ is already the prefix of environment dev in buckets.dumps; choose another",
        ),
    ),
    "environments: one scratch database": (
        (
            *shared(
                ("user: dev_user", "user: dev_user, backup: {bucket: dumps, restoreTest: {database: scratch}}"),
                ("user: prod_user", "user: prod_user, backup: {bucket: dumps, restoreTest: {database: scratch}}"),
            ),
            ("artifacts: {}", "artifacts: {}\n    dumps: {lifecycle: {expireDays: 7}}"),
        ),
        (
            "51: environments.prod.database.backup.restoreTest.database: scratch is already the scratch database of environment dev in shared; choose another",
        ),
    ),
    "environments: a restore test over the database": (
        (
            *shared(("user: dev_user", "user: dev_user, backup: {bucket: dumps, restoreTest: {database: shop}}")),
            ("artifacts: {}", "artifacts: {}\n    dumps: {lifecycle: {expireDays: 7}}"),
        ),
        (
            "45: environments.dev.database.backup.restoreTest.database: shop is the database of shared, and the restore test drops its data; choose another",
        ),
    ),
    "environments: no such file system": (
        shared(("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: model, accessPoint: models}}")),
        ("47: environments.dev.volumes.models.fileSystem: unknown file system 'model'; did you mean models?",),
    ),
    "environments: no such access point": (
        shared(("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: models, accessPoint: model}}")),
        ("47: environments.dev.volumes.models.accessPoint: unknown access point 'model'; did you mean models?",),
    ),
    "environments: a volume that the environment lacks": (
        shared(
            ("port: 8080", "port: 8080, volumes: {models: /models}"),
            ("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: models, accessPoint: models}}"),
        ),
        ("53: environments.prod.services.api: mounts unknown volume 'models' of environment prod; add it",),
    ),
    "environments: no such secret": (
        shared(("port: 8080", "port: 8080, secrets: {TOKEN: {secret: slak}}")),
        ("39: applications.api.secrets.TOKEN.secret: unknown secret 'slak'; did you mean slack?",),
    ),
    "quota: more than nodes can grow to": (
        shared(('requests.cpu: "3"', 'requests.cpu: "6"')),
        (
            "48: environments.prod.quota.requests.cpu: 6 exceeds the maximum capacity of nodes, 5790m CPU; decrease it, or increase the maximum of nodes",
        ),
    ),
    "quota: GPUs that nodes cannot have": (
        shared(('requests.cpu: "3"', 'requests.nvidia.com/gpu: "1"')),
        (
            "48: environments.prod.quota.requests.nvidia.com/gpu: 1 exceeds the maximum capacity of nodes, 0 nvidia.com/gpu; decrease it, or increase the maximum of nodes",
        ),
    ),
    "quota: too much together": (
        shared(('requests.cpu: "3"', 'requests.cpu: "5"')),
        (
            "48: environments.prod.quota.requests.cpu: 5 is 7 CPU together with dev, but the maximum capacity of nodes is 5790m CPU; decrease it, or increase the maximum of nodes",
        ),
    ),
    "quota: pods that nodes cannot carry": (
        shared(('requests.memory: 8Gi, pods: "20"', 'requests.memory: 8Gi, pods: "331"')),
        (
            "48: environments.prod.quota.pods: 331 exceeds the maximum capacity of nodes, 330 pods; decrease it, or increase the maximum of nodes",
        ),
    ),
    "quota: too little for its services": (
        shared(('requests.cpu: "2"', "requests.cpu: 50m")),
        (
            "42: environments.dev.quota.requests.cpu: 50m is less than the 100m CPU that its services request at minimum replicas; increase it, or decrease replicas or requests",
        ),
    ),
    "quota: a limit that containers lack": (
        shared(('requests.cpu: "2"', 'limits.cpu: "2"')),
        (
            "42: environments.dev.quota.limits.cpu: rejects containers without a CPU limit; set limitRange.limit.cpu, or remove it",
        ),
    ),
    "quota: no resource of one": (
        shared(('requests.cpu: "2"', 'request.cpu: "2"')),
        (
            "42: environments.dev.quota.request.cpu: 'request.cpu' is not a quota resource; write it like requests.cpu, requests.memory, requests.nvidia.com/gpu, pods, services or persistentvolumeclaims",
        ),
    ),
    "alerts: no such receiver": (
        shared(("{api: {}}", "{api: {}}\n      alerts: {receiver: chad}")),
        ("47: environments.dev.alerts.receiver: unknown receiver 'chad'; did you mean chat?",),
    ),
    "monitoring: no such receiver": (
        shared(("defaultReceiver: chat", "defaultReceiver: pager")),
        ("55: monitoring.defaultReceiver: unknown receiver 'pager'; choose chat",),
    ),
    "monitoring: no such secret": (
        shared(("{secret: slack}", "{secret: pagerduty}")),
        ("54: monitoring.receivers.chat.slack.webhook.secret: unknown secret 'pagerduty'; choose slack",),
    ),
    "monitoring: a receiver of two ways": (
        shared(('channel: "#alerts"}', 'channel: "#alerts"}, pagerduty: {routingKey: {secret: slack}}')),
        ("54: monitoring.receivers.chat: must have exactly one target; set slack or pagerduty",),
    ),
    "delivery: heals what waits for a person": (
        shared(("{api: {}}", "{api: {}}\n      delivery: {automatic: false, selfHeal: true, wave: 1}")),
        ("47: environments.dev.delivery.selfHeal: has no effect with automatic: false; set false",),
    ),
    "gitops: no such secret": (
        shared(("/shop/releases", "/shop/releases\n    credentials: git")),
        ("58: gitops.credentials: unknown secret 'git'; choose slack",),
    ),
    "gitops: no such secret for its messages": (
        shared(("/shop/releases", "/shop/releases\n    notifications: {token: {secret: slac}, channel: '#releases'}")),
        ("58: gitops.notifications.token.secret: unknown secret 'slac'; did you mean slack?",),
    ),
    "environments: need External Secrets": (
        shared(("", "  ai-platform:addons: {externalSecrets: {enabled: false}}\n")),
        (
            "58: addons.externalSecrets.enabled: must be true, because the add-on copies its passwords and keys to the cluster; enable it, or remove workloads.mlflow",
        ),
    ),
    "environments: need network policies": (
        shared(("", "  ai-platform:addons: {vpcCni: {networkPolicy: false}}\n")),
        (
            "58: addons.vpcCni.networkPolicy: must be true, because network policies isolate each environment; enable it, or remove environments",
        ),
    ),
    "monitoring: needs volumes": (
        shared(("", "  ai-platform:addons: {ebsCsi: {enabled: false}}\n")),
        (
            "58: addons.ebsCsi.enabled: must be true, because the add-on provisions the volume of Prometheus; enable it, or remove monitoring",
        ),
    ),
    "environments: an owner beside its own": (
        shared(("{api: {}}", "{api: {}}\n      buckets: [artifacts]")),
        ("47: environments.dev.buckets: is a list; write a map, one `key: value` per line",),
    ),
    "image updates: a repository that is not there": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api}}}\n",
            ),
        ),
        ("60: gitops.imageUpdater.images.api.repository: unknown repository 'api'; add it to repositories",),
    ),
    "image updates: nothing is delivered": (
        shared(
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api}}}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        ("59: gitops.imageUpdater: has no environment to update; set delivery in an environment",),
    ),
    "image updates: an environment that is not delivered to": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api}}, environments: [prod]}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        ("60: gitops.imageUpdater.environments[0]: no environment with delivery is named 'prod'; choose dev",),
    ),
    "image updates: nobody may commit": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    imageUpdater: {images: {api: {repository: api}}}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        (
            "59: gitops.imageUpdater: requires gitops.credentials to commit; set a secret whose username and password can push",
        ),
    ),
    "image updates: no expression of tags": (
        shared(
            ("      services: {api: {}}\n", "      services: {api: {}}\n      delivery: {automatic: true, wave: 1}\n"),
            (
                "    repository: https://github.com/shop/releases\n",
                "    repository: https://github.com/shop/releases\n    credentials: slack\n    imageUpdater: {images: {api: {repository: api, tags: 'prod-['}}}\n",
            ),
            ("", "  ai-platform:repositories: {api: {}}\n"),
        ),
        (
            "60: gitops.imageUpdater.images.api.tags: 'prod-[' is not a regular expression: unterminated character set at position 5",
        ),
    ),
    "warning: environments: dumps without end": (
        shared(("user: dev_user", "user: dev_user, backup: {bucket: artifacts}")),
        (
            "44: environments.dev.database.backup.bucket: dumps in artifacts never expire; set buckets.artifacts.lifecycle.expireDays",
        ),
    ),
    "warning: environments: two write one folder": (
        shared(
            ("{api: {}}", "{api: {}}\n      volumes: {models: {fileSystem: models, accessPoint: models}}"),
            (
                "{api: {host: api.shop.dev}}",
                "{api: {host: api.shop.dev}}\n      volumes: {weights: {fileSystem: models, accessPoint: models}}",
            ),
        ),
        (
            "54: environments.prod.volumes.weights: is also writable in environment dev; set readOnly: true in one of them",
        ),
    ),
    "resources: an application's requests above its limits": (
        shared(("port: 8080", "port: 8080, resources: {requests: {cpu: 250m, memory: 1Gi}, limits: {memory: 512Mi}}")),
        (
            "39: applications.api.resources.requests.memory: 1Gi is above the limit, 512Mi; decrease it, or increase the limit",
        ),
    ),
    "resources: a service's CPU above its limit": (
        shared(
            ("{api: {}}", "{api: {resources: {requests: {cpu: '1', memory: 1Gi}, limits: {cpu: 500m, memory: 1Gi}}}}")
        ),
        (
            "46: environments.dev.services.api.resources.requests.cpu: 1 is above the limit, 500m; decrease it, or increase the limit",
        ),
    ),
    "resources: defaults above their limits": (
        shared(("{api: {}}", "{api: {}}\n      limitRange: {request: {memory: 1Gi}}")),
        (
            "47: environments.dev.limitRange.request.memory: 1Gi is above the limit, 512Mi; decrease it, or increase the limit",
        ),
    ),
}

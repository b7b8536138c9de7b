"""Invalid values of tenants and Kubeflow: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole, and some mistakes are odd letters

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "kubeflow: a part that stands there twice": (
        (("", "  ai-platform:kubeflow: {parts: [istio, istio]}\n"),),
        ("27: kubeflow.parts[1]: duplicate part istio",),
    ),
    "kubeflow: culling of notebooks that are not installed": (
        (("", "  ai-platform:kubeflow: {parts: [istio], culling: {idleMinutes: 60}}\n"),),
        ("27: kubeflow.culling: has no effect without notebooks in kubeflow.parts; remove it",),
    ),
    "kubeflow: notebooks that are checked more seldom than they are idle": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [istio, login, profiles, notebooks], culling: {idleMinutes: 30, checkMinutes: 60}}\n",
            ),
        ),
        (
            "27: kubeflow.culling.checkMinutes: 60 is more than idleMinutes, so a notebook stays idle for longer; set at most 30",
        ),
    ),
    "kubeflow: a part without those that it needs": (
        (("", "  ai-platform:kubeflow: {parts: [istio, dashboard]}\n"),),
        ("27: kubeflow.parts[1]: dashboard requires login, profiles; add what is missing, or remove dashboard",),
    ),
    "kubeflow: another release than the one that the project's folders name": (
        (
            (
                "",
                '  ai-platform:kubeflow: {version: "26.10"}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        ("27: kubeflow.version: 26.10 is not 26.03, the only supported version; remove it",),
    ),
    "kubeflow: pipelines whose volumes have no class": (
        (
            (
                "",
                '  ai-platform:kubeflow: {}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n  ai-platform:addons: {ebsCsi: {defaultStorageClass: false}}\n',
            ),
        ),
        (
            "29: addons.ebsCsi.defaultStorageClass: Kubeflow Pipelines requires a default StorageClass; set true, or remove pipelines from kubeflow.parts",
        ),
    ),
    "kubeflow: a host without a login": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [istio], host: kubeflow.shop.dev}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n",
            ),
        ),
        ("27: kubeflow.host: gives access without authentication; add login to kubeflow.parts, or remove the host",),
    ),
    "kubeflow: a host that shows nothing": (
        (
            (
                "",
                '  ai-platform:kubeflow: {parts: [istio, login], host: kubeflow.shop.dev}\n  ai-platform:ingress: {domain: shop.dev, public: false}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        ("27: kubeflow.host: requires the part dashboard; add it to kubeflow.parts, or remove the host",),
    ),
    "kubeflow: a host without a domain": (
        (
            (
                "",
                '  ai-platform:kubeflow: {parts: [istio, login, profiles, dashboard], host: kubeflow.shop.dev}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        ("27: kubeflow.host: requires ingress.domain; set it, or remove the host",),
    ),
    "kubeflow: nodes of another architecture": (
        (
            ("instanceTypes: [t3.large]", "instanceTypes: [t4g.large]"),
            ("", "  ai-platform:kubeflow: {parts: [istio]}\n"),
        ),
        (
            "27: kubeflow: no node group can run Kubeflow's pods, which require x86-64 instances without taints; add one, for example {instanceTypes: [m7i.xlarge]}",
        ),
    ),
    "kubeflow: too few nodes": (
        (
            ("max: 3", "max: 2"),
            ("instanceTypes: [t3.large]", "instanceTypes: [t3.medium]"),
            (
                "",
                '  ai-platform:kubeflow: {}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n',
            ),
        ),
        (
            "27: kubeflow: its pods request 7638Mi memory, but the maximum capacity of nodes that can run them is 6492Mi memory; increase it, or remove parts",
        ),
    ),
    "kubeflow: a namespace of an environment": (
        (
            (
                "",
                '  ai-platform:kubeflow: {parts: [istio]}\n  ai-platform:priorityClasses: {batch: {value: 1, description: x}}\n  ai-platform:environments:\n    auth: {namespace: istio-system, quota: {pods: "1"}, priorityClasses: [batch]}\n',
            ),
        ),
        ("30: environments.auth.namespace: istio-system is already a namespace of Kubeflow; choose another",),
    ),
    "kubeflow: a namespace of a workload": (
        (
            ("    mlflow:\n      database", "    mlflow:\n      namespace: kubeflow\n      database"),
            ("", "  ai-platform:kubeflow: {parts: [istio]}\n"),
        ),
        ("25: workloads.mlflow.namespace: kubeflow is already a namespace of Kubeflow; choose another",),
    ),
    "kubeflow: a secret where it keeps its own": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [istio]}\n  ai-platform:secrets: {one: {name: shop/kubeflow/one, description: x}}\n",
            ),
        ),
        ("28: secrets.one: shop/kubeflow/one begins with shop/kubeflow/, which is reserved for kubeflow; rename it",),
    ),
    "kubeflow: a secret with the name of Katib's password": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [certificates, istio, login, profiles, katib]}\n"
                "  ai-platform:secrets: {one: {name: shop/kubeflow-katib, description: x}}\n",
            ),
        ),
        ("28: secrets.one: shop/kubeflow-katib is reserved for the database of Katib; rename it",),
    ),
    "kubeflow: pipelines without volumes": (
        (
            (
                "",
                '  ai-platform:kubeflow: {}\n  ai-platform:tenants: {members: {"07": {}}, quota: {cpu: "1", memory: 1Gi}}\n  ai-platform:addons: {ebsCsi: {enabled: false}}\n',
            ),
        ),
        (
            "29: addons.ebsCsi.enabled: must be true, because the add-on provisions the volumes of Kubeflow Pipelines; enable it, or remove pipelines from kubeflow.parts",
        ),
    ),
    "tenants: a range that goes down": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {first: 3, last: 1}\n"),
        ),
        ("28: tenants.range.first: 3 is above last, 1; decrease it, or increase last",),
    ),
    "tenants: a range of thousands": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {first: 0, last: 9000}\n    digits: 4\n"),
        ),
        ("28: tenants.range.last: defines more than 5000 tenants; use several clusters",),
    ),
    "tenants: more digits than said": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {last: 100}\n    quota: {cpu: 100m, memory: 100Mi}\n"),
        ),
        ("28: tenants.range.last: 100 has more than 2 digits; set digits: 3",),
    ),
    "tenants: a number that is none": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    members: {"7": {}}\n'),
        ),
        ("28: tenants.members.7: '7' is not the number of a tenant; write two to four digits in quotes, like '07'",),
    ),
    "tenants: a member who is removed": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    members: {"07": {}}\n    removed: {"07": delete}\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        ("28: tenants.members.07: 07 is also in removed; delete one of the two entries",),
    ),
    "tenants: a bucket's name that S3 reserves": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    range: {last: 2}\n    resourcePrefix: xn--a\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        ("28: tenants.range: 'xn--a-user01' is reserved by S3; choose another bucket name, or change resourcePrefix",),
    ),
    "tenants: one e-mail address": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    members: {"01": {email: user02@mlops.local}, "02": {}}\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        ("28: tenants.members.02: user02@mlops.local is already the e-mail address of tenant user01; choose another",),
    ),
    "tenants: one principal": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    members: {"01": {principalArn: "arn:aws:iam::111122223333:role/a"}, "02": {principalArn: "arn:aws:iam::111122223333:role/a"}}\n    quota: {cpu: "1", memory: 1Gi}\n',
            ),
        ),
        (
            "28: tenants.members.02.principalArn: arn:aws:iam::111122223333:role/a is already the principal of tenant user01; EKS accepts one access entry for a principal; choose another, or remove it",
        ),
    ),
    "tenants: another bucket that looks like one": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("    artifacts: {}\n", "    artifacts: {name: shop-userab}\n"),
            ("", '  ai-platform:tenants:\n    members: {"01": {instructor: true}}\n'),
        ),
        (
            "22: buckets.artifacts.name: shop-userab matches the names of tenants' buckets, which instructors can read; choose another",
        ),
    ),
    "tenants: more than nodes can grow to": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    members: {"01": {quota: {cpu: "100", memory: 1Gi}}}\n'),
        ),
        (
            "28: tenants.members.01.quota: 100 CPU of user01 exceeds the maximum capacity of nodes, 57.9 CPU; decrease it, or increase the maximum of nodes",
        ),
    ),
    "tenants: more together than nodes can grow to": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    range: {last: 20}\n    quota: {cpu: "4", memory: 1Gi}\n'),
        ),
        (
            "29: tenants.quota: the quotas of tenants and environments add up to 80 CPU, but the maximum capacity of nodes is 57.9 CPU; increase it, decrease the quotas, or set overcommit",
        ),
    ),
    "tenants: a quota too small for the own server": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", "  ai-platform:tenants:\n    range: {last: 2}\n    quota: {cpu: 500m, memory: 1Gi}\n    mlflow: {}\n"),
        ),
        ("29: tenants.quota.cpu: is less than the 1 CPU of the tenant's MLflow server; increase it",),
    ),
    "tenants: a quota of pods for the own server alone": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                "  ai-platform:tenants:\n    range: {last: 2}\n"
                "    quota: {cpu: '2', memory: 2Gi, pods: 1}\n    mlflow: {}\n",
            ),
        ),
        (
            "29: tenants.quota.pods: is not more than the pods of the tenant's MLflow server, so that no notebook and no rollout starts; set 9 or more",
        ),
    ),
    "tenants: Profiles without Kubeflow": (
        (("", "  ai-platform:tenants: {range: {last: 3}, profiles: true, quota: {cpu: '1', memory: 1Gi}}\n"),),
        ("27: tenants.profiles: requires the section kubeflow; add it, or remove profiles",),
    ),
    "tenants: Profiles in a Kubeflow without what knows them": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [certificates, istio]}\n"
                "  ai-platform:tenants: {range: {last: 3}, profiles: true, quota: {cpu: '1', memory: 1Gi}}\n",
            ),
        ),
        (
            "28: tenants.profiles: requires the Kubeflow part admissionWebhook; add it to kubeflow.parts, or remove profiles",
            "28: tenants.profiles: requires the Kubeflow part profiles; add it to kubeflow.parts, or remove profiles",
        ),
    ),
    "tenants: pipelines that would reach other tenants' pods": (
        (
            (
                "",
                "  ai-platform:kubeflow: {}\n"
                "  ai-platform:tenants: {range: {last: 3}, profiles: true, quota: {cpu: '1', memory: 1Gi}}\n",
            ),
        ),
        (
            "28: tenants.profiles: pipeline steps need access to the Kubernetes API, whose addresses are in the same subnets as other tenants' pods; set network.controlPlaneSubnets: true, or remove pipelines from kubeflow.parts",
        ),
    ),
    "tenants: Profiles of the namespaces' names": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [certificates, istio, profiles, admissionWebhook]}\n"
                "  ai-platform:tenants: {range: {last: 3}, profiles: true, profilePrefix: '', quota: {cpu: '1', memory: 1Gi}}\n",
            ),
        ),
        (
            "28: tenants.profilePrefix: user01 is already the namespace of tenant user01, and Kubeflow creates a namespace of that name for the Profile; choose another profilePrefix",
        ),
    ),
    "tenants: more than Kubeflow's pages know": (
        (
            (
                "",
                "  ai-platform:kubeflow: {parts: [certificates, istio, profiles, admissionWebhook]}\n"
                "  ai-platform:tenants: {range: {last: 2500}, digits: 4, profiles: true, quota: {cpu: 1m, memory: 1Mi}}\n",
            ),
        ),
        ("28: tenants.profiles: 2500 tenants exceed the 2000 profiles that Kubeflow supports",),
    ),
    "tenants: dumps into no bucket": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    range: {last: 2}\n    quota: {cpu: "1", memory: 1Gi}\n    mlflow: {backup: {bucket: nowhere}}\n',
            ),
        ),
        ("30: tenants.mlflow.backup.bucket: unknown bucket 'nowhere'; choose artifacts",),
    ),
    "tenants: without what their servers need": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                '  ai-platform:tenants:\n    range: {last: 2}\n    quota: {cpu: "1", memory: 1Gi}\n    mlflow: {}\n  ai-platform:addons: {ebsCsi: {enabled: false}, vpcCni: {networkPolicy: false}}\n',
            ),
        ),
        (
            "31: addons.ebsCsi.enabled: must be true, because the add-on provisions the volume of the tenants' PostgreSQL; enable it, or remove tenants.mlflow",
            "31: addons.vpcCni.networkPolicy: must be true, because network policies isolate each tenant; enable it, or remove tenants",
        ),
    ),
    "warning: kubeflow: nobody can log in": (
        (("", "  ai-platform:kubeflow: {parts: [istio, login]}\n"),),
        ("27: kubeflow: has no users that can log in; add the section tenants, or remove login from kubeflow.parts",),
    ),
    "warning: tenants: one who leaves something": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            ("", '  ai-platform:tenants:\n    removed: {"07": keep}\n'),
        ),
        (
            "28: tenants.removed.07: bucket shop-user07 and its repository are kept and have a cost; set delete when they are empty",
        ),
    ),
    "warning: tenants: nearly all IAM roles of an account": (
        (
            ("scaling: {min: 1, desired: 2, max: 3}", "scaling: {min: 1, desired: 2, max: 30}"),
            (
                "",
                "  ai-platform:tenants:\n    range: {last: 500}\n    digits: 3\n    quota: {cpu: 10m, memory: 10Mi}\n",
            ),
        ),
        (
            "28: tenants.range: requires 1,000 IAM roles in addition to the platform's own, and the default quota is 1,000; request an increase in Service Quotas, or distribute tenants over accounts",
        ),
    ),
}

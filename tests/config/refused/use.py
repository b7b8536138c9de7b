"""Queries, servers, values of charts and alarms that are valid, and never do what they are for."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case
from tests.config.refused.rows import (
    alarm,
    alerted,
    application,
    gitops,
    mlflow,
    monitoring,
    scheduled,
    service,
    updater,
)

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "warning: query: of each pod": Case(
        *service(
            "services: {api: {}}",
            "services: {api: {scaling: {min: 1, max: 3, query: jobs_waiting, perReplica: 20}}}",
            "46: environments.dev.services.api.scaling.query: can give several series, such as one of each pod, and KEDA scales only by one; use sum(...) or max(...)",
        ),
        "https://github.com/kedacore/keda/issues/5665",
    ),
    "warning: query: by a label": Case(
        *service(
            "services: {api: {}}",
            "services: {api: {scaling: {min: 1, max: 3, query: sum by (pod) (jobs_waiting), perReplica: 20}}}",
            "46: environments.dev.services.api.scaling.query: can give several series, such as one of each pod, and KEDA scales only by one; use sum(...) or max(...)",
        ),
        "https://keda.sh/docs/latest/scalers/prometheus/",
    ),
    "query: without its end": Case(
        *service(
            "services: {api: {}}",
            "services: {api: {scaling: {min: 1, max: 3, query: 'max(jobs_waiting', perReplica: 20}}}",
            "46: environments.dev.services.api.scaling.query: has an unclosed (, so that Prometheus rejects it; close it",
        ),
        "https://prometheus.io/docs/prometheus/latest/querying/basics/",
    ),
    "warning: query: over less than two samples": Case(
        *service(
            "services: {api: {}}",
            "services: {api: {scaling: {min: 1, max: 3, query: 'sum(rate(jobs_total[30s]))', perReplica: 20}}}",
            "46: environments.dev.services.api.scaling.query: [30s] holds fewer than two samples, which are 30 seconds apart, so that the result is empty; use [2m] or more",
        ),
        "https://prometheus.io/docs/prometheus/latest/querying/functions/#rate",
    ),
    "metrics: a series of a histogram": Case(
        *application(
            "metrics: {latency: request_seconds_bucket}",
            "39: applications.api.metrics.latency: request_seconds_bucket is a series of the histogram, to which alerts add the ending; set request_seconds",
        ),
        "https://prometheus.io/docs/practices/histograms/",
    ),
    "warning: alerts: of no metrics": Case(
        *service(
            "services: {api: {}}",
            "services: {api: {}}\n      alerts: {receiver: chat, services: true}",
            "47: environments.dev.alerts.services: no service has metrics, so that alerts on errors and latency never fire; set metrics of applications.api",
        ),
        "https://prometheus.io/docs/practices/histograms/",
    ),
    "warning: alerts: above the largest bucket": Case(
        *alerted(
            ", metrics: {}",
            "{receiver: chat, services: true, latencySeconds: 30}",
            "47: environments.dev.alerts.latencySeconds: 30 is not below the largest bucket of Prometheus' client libraries, 10 seconds, so that the alert fires only with buckets of your own; decrease it",
        ),
        "https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile",
    ),
    "warning: alerts: repeated before their group": Case(
        *service(
            "services: {api: {}}",
            "services: {api: {}}\n      alerts: {receiver: chat, repeatInterval: 1m}",
            "47: environments.dev.alerts.repeatInterval: 1m is less than the interval of notifications, 5m, and has no effect; set 5m or more",
        ),
        "https://prometheus.io/docs/alerting/latest/configuration/#route",
    ),
    "server: uvicorn for itself": Case(
        *application(
            'command: [uvicorn], arguments: [app.main:app, --port, "8080"]',
            "39: applications.api.arguments: uvicorn listens on 127.0.0.1, where no probe and no client reaches it; add --host=0.0.0.0",
        ),
        "https://www.uvicorn.org/settings/",
    ),
    "server: gunicorn for itself": Case(
        *application(
            "command: [gunicorn, app:app]",
            "39: applications.api.command: gunicorn listens on 127.0.0.1, where no probe and no client reaches it; add --bind=0.0.0.0:8080",
        ),
        "https://docs.gunicorn.org/en/stable/settings.html#bind",
    ),
    "server: uvicorn as a module on another port": Case(
        *application(
            "command: [python, -m, uvicorn, app.main:app, --host=0.0.0.0, --port=9000]",
            "39: applications.api.command: uvicorn listens on 9000, and the application's port is 8080; change one of them",
        ),
        "https://www.uvicorn.org/settings/",
    ),
    "server: a command for a shell": Case(
        *application(
            "command: [uvicorn app.main:app --host 0.0.0.0]",
            "39: applications.api.command[0]: 'uvicorn app.main:app --host 0.0.0.0' is not a program, and no shell divides it; write [uvicorn, app.main:app, --host, 0.0.0.0]",
        ),
        "https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/",
    ),
    "server: a volume over the system": Case(
        *application(
            "volumes: {models: /etc}",
            "39: applications.api.volumes.models: /etc would be hidden, and no program starts; choose a path such as /data",
            "46: environments.dev.services.api: mounts unknown volume 'models' of environment dev; add it",
            "52: environments.prod.services.api: mounts unknown volume 'models' of environment prod; add it",
        ),
        "https://kubernetes.io/docs/concepts/storage/volumes/",
    ),
    "server: a volume over the scratch volume": Case(
        *application(
            "volumes: {models: /tmp}",
            "39: applications.api.volumes.models: /tmp is the scratch volume of each replica; choose a path such as /data",
            "46: environments.dev.services.api: mounts unknown volume 'models' of environment dev; add it",
            "52: environments.prod.services.api: mounts unknown volume 'models' of environment prod; add it",
        ),
        "https://kubernetes.io/docs/concepts/storage/volumes/",
    ),
    "server: credentials beside the role": Case(
        *application(
            "environment: {AWS_PROFILE: shop}",
            "39: applications.api.environment.AWS_PROFILE: AWS_PROFILE cannot be set: pods have the IAM role of their environment; use buckets of the environment",
        ),
        "https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html",
    ),
    "server: another home": Case(
        *application(
            "environment: {HOME: /root}",
            "39: applications.api.environment.HOME: HOME cannot be set: it is the scratch volume",
        ),
        "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/",
    ),
    "warning: quota: no pod for a rollout": Case(
        *service(
            'quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}',
            'quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "1"}',
            "42: environments.dev.quota.pods: 1 leaves no pod for a rollout, which starts a new one first, and none for Jobs; increase it",
        ),
        "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge",
    ),
    "dumps: on a day that never comes": Case(
        *mlflow(
            "gc: {schedule: 0 2 31 2 *}",
            "27: workloads.mlflow.gc.schedule: '0 2 31 2 *' never occurs: its months have no such day; change day or month",
        ),
        "https://pkg.go.dev/github.com/robfig/cron/v3#hdr-CRON_Expression_Format",
    ),
    "path: longer than a pattern": Case(
        *service(
            "host: api.shop.dev",
            f"host: api.shop.dev, path: /{'a' * 127}",
            "52: environments.prod.services.api.path: '/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' is longer than the 126 characters that a load balancer supports; shorten it",
        ),
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rule-conditions.html",
    ),
    "values: a part that alerts need": Case(
        *monitoring(
            "values: {kubeStateMetrics: {enabled: false}}",
            "56: monitoring.values.kubeStateMetrics.enabled: the chart value kubeStateMetrics.enabled cannot be overridden: alerts, dashboards and autoscaling depend on it",
        ),
        "https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/values.yaml",
    ),
    "values: targets of one release": Case(
        *monitoring(
            "values: {prometheus: {prometheusSpec: {serviceMonitorSelectorNilUsesHelmValues: true}}}",
            "56: monitoring.values.prometheus.prometheusSpec.serviceMonitorSelectorNilUsesHelmValues: the chart value prometheus.prometheusSpec.serviceMonitorSelectorNilUsesHelmValues cannot be overridden: Prometheus would not find the platform's targets and rules",
        ),
        "https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/README.md",
    ),
    "values: notifications beside receivers": Case(
        *monitoring(
            "values: {alertmanager: {config: {route: {receiver: none}}}}",
            "56: monitoring.values.alertmanager.config.route.receiver: the chart value alertmanager.config.route.receiver cannot be overridden: use receivers, and alerts of environments",
        ),
        "https://prometheus.io/docs/alerting/latest/configuration/",
    ),
    "values: retention beside storage": Case(
        *monitoring(
            "values: {prometheus: {prometheusSpec: {retention: 90d}}}",
            "56: monitoring.values.prometheus.prometheusSpec.retention: the chart value prometheus.prometheusSpec.retention cannot be overridden: use storage",
        ),
        "https://prometheus.io/docs/prometheus/latest/storage/",
    ),
    "values: seldom scraped": Case(
        *monitoring(
            "values: {prometheus: {prometheusSpec: {scrapeInterval: 10m}}}",
            "56: monitoring.values.prometheus.prometheusSpec.scrapeInterval: the chart value prometheus.prometheusSpec.scrapeInterval cannot be overridden: the windows of alerts depend on it",
        ),
        "https://prometheus.io/docs/prometheus/latest/querying/functions/#rate",
    ),
    "values: another address of Grafana": Case(
        *monitoring(
            "values: {grafana: {grafana.ini: {server: {root_url: 'https://x.shop.dev'}}}}",
            "56: monitoring.values.grafana.grafana.ini.server.root_url: the chart value grafana.grafana.ini.server.root_url cannot be overridden: use host",
        ),
        "https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/#root_url",
    ),
    "values: Argo CD with its own TLS": Case(
        *gitops(
            "values: {configs: {params: {server.insecure: false}}}",
            "58: gitops.values.configs.params.server.insecure: the chart value configs.params.server.insecure cannot be overridden: the load balancer and the release workflow depend on it",
        ),
        "https://argo-cd.readthedocs.io/en/stable/operator-manual/ingress/",
    ),
    "warning: chart: another major version": Case(
        *monitoring(
            "version: 12.0.0",
            "56: monitoring.version: 12.0.0 is another major version of kube-prometheus-stack than 88.5.3, whose values the platform sets; check that it has them",
        ),
        "https://github.com/prometheus-community/helm-charts/blob/main/charts/kube-prometheus-stack/UPGRADE.md",
    ),
    "alarm: more free storage than there is": Case(
        *alarm(
            "metric: FreeStorageSpace, namespace: AWS/RDS, database: runs, threshold: 100000000000, below: true",
            "30: alarms.rules.one.threshold: 1e+11 bytes are not below the storage of runs, 21474836480 bytes, so that the alarm always fires; decrease it",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
    ),
    "warning: alarm: enough free storage": Case(
        *alarm(
            "metric: FreeStorageSpace, namespace: AWS/RDS, database: runs, threshold: 1000000000",
            "30: alarms.rules.one: the alarm would fire while there is enough: FreeStorageSpace is what is left; set below: true",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-metrics.html",
    ),
    "warning: updates: numbers of any length": Case(
        *updater(
            "61: gitops.imageUpdater.images.api.tags: [0-9]+ allows numbers of several lengths, and 100 is before 90 in alphabetical order; write a fixed length such as [0-9]{4}, or set strategy: newest-build",
            image=', tags: "^[0-9]+[.][0-9]+[.][0-9]+-prod$"',
        ),
        "https://github.com/argoproj-labs/argocd-image-updater/issues/942",
    ),
    "updates: an expression of Python": Case(
        *updater(
            "61: gitops.imageUpdater.images.api.tags: '^(?!dev).*$' has (?!, which regular expressions of Go do not support; write what is allowed instead",
            image=', tags: "^(?!dev).*$"',
        ),
        "https://github.com/argoproj-labs/argocd-image-updater/issues/326",
    ),
    "warning: updates: one image that is kept": Case(
        *updater(
            "62: repositories.api.lifecycle.keepTagged: deletes the image that runs as soon as a newer one is pushed, so that no pod of it starts again; set 10 or more",
            repository="lifecycle: {keepTagged: 1}",
        ),
        "https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html",
    ),
    "updates: to a tag": Case(
        *updater(
            "60: gitops.revision: v1.0.0 is not a branch, to which the image updater commits; set a branch, such as main",
            more="    revision: v1.0.0\n",
        ),
        "https://argocd-image-updater.readthedocs.io/en/stable/basics/update-methods/#specifying-a-branch-to-commit-to",
    ),
    "warning: schedule: of a database that RDS starts itself": Case(
        *scheduled(
            "start: 0 8 1 * *, stop: 0 20 1 * *, timeZone: UTC",
            "21: databases.runs.schedule: hours stops for up to 30 days, but RDS starts a stopped instance after 7 days, and it runs and costs until the next stop; stop and start it at least once a week",
        ),
        "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html",
    ),
    "quota: limits of memory below those of services": Case(
        *service(
            'quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}',
            'quota: {requests.cpu: "2", requests.memory: 4Gi, limits.memory: 256Mi, pods: "20"}',
            "42: environments.dev.quota.limits.memory: 256Mi is less than the 512Mi memory of the limits of its services at minimum replicas; increase it, or decrease replicas or limits",
        ),
        "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
    ),
}
# fmt: on

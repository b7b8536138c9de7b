"""Invalid values of MLflow and its dependencies: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

# fmt: off, one row a mistake
MISTAKES: dict[str, Row] = {
    "mlflow: MySQL": (
        (
            ("engine: postgres", "engine: mysql"),
            ('"17"', '"8.4"'),
        ),
        ("25: workloads.mlflow.database: runs is a mysql database; choose a PostgreSQL database",),
    ),
    "mlflow: replicas the wrong way round": (
        (("", "      replicas: {min: 6, max: 5}\n"),),
        ("27: workloads.mlflow.replicas.min: 6 is above max, 5; decrease it, or increase max",),
    ),
    "mlflow: needs External Secrets": (
        (("", "  ai-platform:addons: {externalSecrets: {enabled: false}}\n"),),
        (
            "27: addons.externalSecrets.enabled: must be true, because the add-on copies its passwords and keys to the cluster; enable it, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs the load balancer controller": (
        (("", "  ai-platform:addons: {loadBalancerController: {enabled: false}}\n"),),
        (
            "27: addons.loadBalancerController.enabled: must be true, because the add-on registers its pods with the load balancer; enable it, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs metrics": (
        (("", "  ai-platform:addons: {metricsServer: {enabled: false}}\n"),),
        (
            "27: addons.metricsServer.enabled: must be true, because the add-on provides the metrics of its autoscaler; enable it, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs pod networking": (
        (("", "  ai-platform:addons: {vpcCni: {enabled: false}}\n"),),
        (
            "27: addons.vpcCni.enabled: must be true, because the add-on assigns addresses to pods; enable it, or remove workloads.mlflow",
        ),
    ),
    "mlflow: needs DNS": (
        (("", "  ai-platform:addons: {coredns: {enabled: false}}\n"),),
        (
            "27: addons.coredns.enabled: must be true, because the add-on resolves names in the cluster; enable it, or remove workloads.mlflow",
        ),
    ),
    "mlflow: a host without a domain": (
        (("", "      host: mlflow.example.com\n"),),
        ("27: workloads.mlflow.host: requires ingress.domain; set it, or remove the host",),
    ),
    "mlflow: no name on the load balancer of a controller": (
        (("", "  ai-platform:ingress: {owner: controller, public: false}\n"),),
        (
            "24: workloads.mlflow.host: is missing, and the host name of a controller's load balancer is not known before it exists; set host, or extraHosts",
        ),
    ),
    "mlflow: a host elsewhere": (
        (("", "      host: mlflow.example.org\n  ai-platform:ingress: {domain: example.com, public: false}\n"),),
        ("27: workloads.mlflow.host: mlflow.example.org is not in ingress.domain, example.com; use a name below it",),
    ),
    "mlflow: an image tagged latest": (
        (("", "      image: ghcr.io/mlflow/mlflow:latest\n"),),
        (
            "27: workloads.mlflow.image: 'ghcr.io/mlflow/mlflow:latest' is not an image with registry and tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full, without :latest",
        ),
    ),
    "mlflow: an image without a tag": (
        (("", "      image: ghcr.io/mlflow/mlflow\n"),),
        (
            "27: workloads.mlflow.image: 'ghcr.io/mlflow/mlflow' has no tag; write it like ghcr.io/mlflow/mlflow:v3.17.2-full",
        ),
    ),
}
# fmt: on

"""Invalid values of Kafka: rows of tests/config/test_bad_input.py."""
# ruff: noqa: E501, the expected lines stand here whole

Row = tuple[tuple[tuple[str, str], ...], tuple[str, ...]]

BEFORE = """\
  ai-platform:secrets:
    kafka-predictor: {description: A password, generate: true}
    token: {description: A token}
  ai-platform:instances:
    predictor: {instanceType: t3.small, zones: [us-west-2a]}
  ai-platform:priorityClasses:
    low: {value: 100, description: Waits}
  ai-platform:applications:
    api: {image: ghcr.io/shop/api:v1, port: 8080}
  ai-platform:environments:
    prod: {quota: {requests.cpu: "2", requests.memory: 4Gi, pods: "20"}, priorityClasses: [low], services: {api: {}}}
"""
WORKLOADS = """\
    kafka:
      environments: [prod]
      quorum: 3
      replication: 3
      minInSyncReplicas: 2
      loadBalancer:
        port: 9094
        instances: [predictor]
        users: {predictor: {secret: kafka-predictor}}
"""
KAFKA = "workloads.kafka"


def row(old: str, new: str, *told: str) -> Row:
    """The sections with one text replaced, and what is told of it."""
    text = BEFORE + WORKLOADS
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    before, workloads = BEFORE.replace(old, new), WORKLOADS.replace(old, new)
    edits = (("  ai-platform:databases:\n", f"{before}  ai-platform:databases:\n"), ("", workloads))
    return edits, told


def off(addon: str, *told: str) -> Row:
    """The sections without MLflow and without an add-on."""
    edits, _ = row("      quorum: 3\n", "      quorum: 3\n")
    without = ("    mlflow:\n      database: runs\n      bucket: artifacts\n", "")
    return (*edits, without, ("", f"  ai-platform:addons: {{{addon}: {{enabled: false}}}}\n")), told


MISTAKES: dict[str, Row] = {
    "kafka: an environment that is not there": row(
        "environments: [prod]",
        "environments: [prd]",
        "39: workloads.kafka.environments[0]: unknown environment 'prd'; did you mean prod?",
    ),
    "kafka: an environment twice": row(
        "environments: [prod]",
        "environments: [prod, prod]",
        "39: workloads.kafka.environments[1]: duplicate environment prod",
    ),
    "kafka: an instance that is not there": row(
        "instances: [predictor]",
        "instances: [predicter]",
        "45: workloads.kafka.loadBalancer.instances[0]: unknown instance 'predicter'; did you mean predictor?",
    ),
    "kafka: a load balancer for nobody": row(
        "instances: [predictor]",
        "instances: []",
        "45: workloads.kafka.loadBalancer.instances: has 0 items; the minimum is 1",
    ),
    "kafka: a user without a secret": row(
        "{secret: kafka-predictor}",
        "{secret: kafka-predicter}",
        "46: workloads.kafka.loadBalancer.users.predictor.secret: unknown secret 'kafka-predicter'; did you mean kafka-predictor?",
    ),
    "kafka: a password that a person fills": row(
        "{secret: kafka-predictor}",
        "{secret: token}",
        "46: workloads.kafka.loadBalancer.users.predictor.secret: token is not generated, but the password must be; set secrets.token.generate: true",
    ),
    "kafka: a user with a sign that shells take": row(
        "users: {predictor:",
        'users: {"pre dictor":',
        "46: workloads.kafka.loadBalancer.users.pre dictor: 'pre dictor' is not a user name; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
    ),
    "kafka: an even quorum": row(
        "quorum: 3",
        "quorum: 4",
        "40: workloads.kafka.quorum: 4 is even and tolerates no more failures than 3; set 3 or 5",
    ),
    "kafka: more copies than brokers": row(
        "replication: 3",
        "replication: 4",
        "41: workloads.kafka.replication: 4 replicas exceed the 3 brokers, so that no topic can be created; set 3 or less",
    ),
    "kafka: more in sync than there are copies": row(
        "minInSyncReplicas: 2",
        "minInSyncReplicas: 4",
        "42: workloads.kafka.minInSyncReplicas: 4 exceeds replication, 3, so that nothing can be written; set 2",
    ),
    "warning: kafka with all copies in sync": row(
        "minInSyncReplicas: 2",
        "minInSyncReplicas: 3",
        "42: workloads.kafka.minInSyncReplicas: 3 equals replication, so that nothing can be written while a broker is unavailable; set 2",
    ),
    "kafka: the port to begin at is a broker's": row(
        "port: 9094\n",
        "port: 9094\n        firstBrokerPort: 9092\n",
        "45: workloads.kafka.loadBalancer.firstBrokerPort: 9094 is both the bootstrap port and a broker's port (9092-9094); set firstBrokerPort: 9095",
    ),
    "kafka: no ports left": row(
        "port: 9094\n",
        "port: 65533\n",
        "44: workloads.kafka.loadBalancer.port: leaves no port for 3 brokers below 65536; set a lower port",
    ),
    "kafka: an instance with the load balancer's name": row(
        "    predictor: {instanceType: t3.small, zones: [us-west-2a]}\n",
        "    predictor: {instanceType: t3.small, zones: [us-west-2a]}\n    kafka: {instanceType: t3.small, zones: [us-west-2a]}\n",
        "20: instances.kafka: kafka.shop.internal is the host name of Kafka's load balancer; rename the instance",
    ),
    "kafka: ZooKeeper with a Kafka that has none": row(
        "quorum: 3",
        "controllers: zookeeper\n      image: docker.io/confluentinc/cp-kafka:8.2.1",
        "41: workloads.kafka.image: cp-kafka 8 does not support ZooKeeper; remove it for Kafka 3.9, or set controllers: kraft",
    ),
    "kafka: an image that is mended no more": row(
        "quorum: 3",
        "image: docker.io/bitnami/kafka:4.0.0",
        "40: workloads.kafka.image: Bitnami images are no longer maintained and have other start scripts; use a Confluent image, or remove it",
    ),
    "kafka: an unknown way to agree": row(
        "quorum: 3",
        "controllers: raft",
        "40: workloads.kafka.controllers: 'raft' is not one of kraft, zookeeper; did you mean kraft?",
    ),
    "kafka: too little memory for Java": row(
        "quorum: 3",
        "resources: {requests: {memory: 256Mi}, limits: {memory: 512Mi}}",
        "40: workloads.kafka.resources.limits.memory: 512Mi is too little for Java; set 1024Mi or more",
    ),
    "kafka: a request above the limit": row(
        "quorum: 3",
        "quorumResources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}",
        "40: workloads.kafka.quorumResources.requests.memory: 2Gi is above the limit, 1Gi; decrease it, or increase the limit",
    ),
    "kafka: nobody connects the load balancer": off(
        "loadBalancerController",
        "44: addons.loadBalancerController.enabled: must be true, because the add-on registers Kafka's brokers with their load balancer; enable it, or remove workloads.kafka.loadBalancer",
    ),
    "kafka: nobody brings the passwords": off(
        "externalSecrets",
        "44: addons.externalSecrets.enabled: must be true, because the add-on copies the users' passwords to the cluster; enable it, or remove workloads.kafka.loadBalancer.users",
    ),
    "kafka: nobody makes the volumes": off(
        "ebsCsi",
        "44: addons.ebsCsi.enabled: must be true, because the add-on provisions the volumes of its pods; enable it, or remove workloads.kafka",
    ),
}

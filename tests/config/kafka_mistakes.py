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
      callers: [prod]
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
        "callers: [prod]",
        "callers: [prd]",
        "39: workloads.kafka.callers[0]: 'prd' is no name in environments; did you mean prod?",
    ),
    "kafka: an environment twice": row(
        "callers: [prod]",
        "callers: [prod, prod]",
        "39: workloads.kafka.callers[1]: prod stands here twice; keep one",
    ),
    "kafka: an instance that is not there": row(
        "instances: [predictor]",
        "instances: [predicter]",
        "45: workloads.kafka.loadBalancer.instances[0]: 'predicter' is no name in instances; did you mean predictor?",
    ),
    "kafka: a load balancer for nobody": row(
        "instances: [predictor]",
        "instances: []",
        "45: workloads.kafka.loadBalancer.instances: has 0 items; it needs 1 or more",
    ),
    "kafka: a user without a secret": row(
        "{secret: kafka-predictor}",
        "{secret: kafka-predicter}",
        "46: workloads.kafka.loadBalancer.users.predictor.secret: 'kafka-predicter' is no name in secrets; did you mean kafka-predictor?",
    ),
    "kafka: a password that a person fills": row(
        "{secret: kafka-predictor}",
        "{secret: token}",
        "46: workloads.kafka.loadBalancer.users.predictor.secret: token is filled by a person, and the password is AWS's to make; write generate: true there",
    ),
    "kafka: a user with a sign that shells take": row(
        "users: {predictor:",
        'users: {"pre dictor":',
        "46: workloads.kafka.loadBalancer.users.pre dictor: 'pre dictor' is no name of a user; write 1-40 lower-case letters, digits and hyphens, beginning with a letter",
    ),
    "kafka: an even quorum": row(
        "quorum: 3",
        "quorum: 4",
        "40: workloads.kafka.quorum: 4 is even, and no more of them may fail than of 3; write 3 or 5",
    ),
    "kafka: more copies than brokers": row(
        "replication: 3",
        "replication: 4",
        "41: workloads.kafka.replication: 4 is more than the 3 brokers that there are, and no topic could be made; write 3 or less",
    ),
    "kafka: more in sync than there are copies": row(
        "minInSyncReplicas: 2",
        "minInSyncReplicas: 4",
        "42: workloads.kafka.minInSyncReplicas: 4 is more than replication, 3, and nothing could be written; write 2",
    ),
    "warning: kafka with all copies in sync": row(
        "minInSyncReplicas: 2",
        "minInSyncReplicas: 3",
        "42: workloads.kafka.minInSyncReplicas: 3 is all of replication: with one broker lost or renewed nothing can be written; write 2",
    ),
    "kafka: the port to begin at is a broker's": row(
        "port: 9094\n",
        "port: 9094\n        firstBrokerPort: 9092\n",
        "45: workloads.kafka.loadBalancer.firstBrokerPort: 9094 is the port of a broker (9092-9094) and the one to begin at; write firstBrokerPort: 9095",
    ),
    "kafka: no ports left": row(
        "port: 9094\n",
        "port: 65533\n",
        "44: workloads.kafka.loadBalancer.port: leaves no port for 3 brokers below 65536; write a lower one",
    ),
    "kafka: an instance with the load balancer's name": row(
        "    predictor: {instanceType: t3.small, zones: [us-west-2a]}\n",
        "    predictor: {instanceType: t3.small, zones: [us-west-2a]}\n    kafka: {instanceType: t3.small, zones: [us-west-2a]}\n",
        "20: instances.kafka: kafka.shop.internal is the name of Kafka's load balancer; rename it",
    ),
    "kafka: ZooKeeper with a Kafka that has none": row(
        "quorum: 3",
        "controllers: zookeeper\n      image: docker.io/confluentinc/cp-kafka:8.2.1",
        "41: workloads.kafka.image: cp-kafka 8 has no ZooKeeper any more; leave it out for Kafka 3.9, or write controllers: kraft",
    ),
    "kafka: an image that is mended no more": row(
        "quorum: 3",
        "image: docker.io/bitnami/kafka:4.0.0",
        "40: workloads.kafka.image: Bitnami's images are mended no more, and start in another way; write Confluent's, or leave it out",
    ),
    "kafka: an unknown way to agree": row(
        "quorum: 3",
        "controllers: raft",
        "40: workloads.kafka.controllers: 'raft' is not one of kraft, zookeeper; did you mean kraft?",
    ),
    "kafka: too little memory for Java": row(
        "quorum: 3",
        "resources: {requests: {memory: 256Mi}, limits: {memory: 512Mi}}",
        "40: workloads.kafka.resources.limits.memory: 512Mi is too little for Java; write 1024Mi or more",
    ),
    "kafka: a request above the limit": row(
        "quorum: 3",
        "quorumResources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}",
        "40: workloads.kafka.quorumResources.requests.memory: 2Gi is above the limit, 1Gi; lower it, or raise the limit",
    ),
    "kafka: nobody connects the load balancer": off(
        "loadBalancerController",
        "44: addons.loadBalancerController.enabled: false, but it connects Kafka's brokers with their load balancer; switch it on, or remove workloads.kafka.loadBalancer",
    ),
    "kafka: nobody brings the passwords": off(
        "externalSecrets",
        "44: addons.externalSecrets.enabled: false, but it brings the users' passwords to Kafka; switch it on, or remove workloads.kafka.loadBalancer.users",
    ),
    "kafka: nobody makes the volumes": off(
        "ebsCsi",
        "44: addons.ebsCsi.enabled: false, but it makes the volumes of its pods; switch it on, or remove workloads.kafka",
    ),
}

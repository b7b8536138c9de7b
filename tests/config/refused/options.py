"""Names and values of options that a program does not know."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case
from tests.config.refused.rows import gateway, kafka, mlflow, model, pages, redis

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "warning: kafka: a misspelt property": Case(
        *kafka(
            "parameters: {log.segment.byte: '268435456'}",
            "41: workloads.kafka.parameters.log.segment.byte: log.segment.byte is unknown to Kafka 4.2, which ignores it; did you mean log.segment.bytes?",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "warning: kafka: a property of clients": Case(
        *kafka(
            "parameters: {acks: all}",
            "41: workloads.kafka.parameters.acks: acks is unknown to Kafka 4.2, which ignores it; check its name, and the version in which it exists",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "warning: kafka: a property that Kafka 4 lacks": Case(
        *kafka(
            "parameters: {log.message.format.version: '2.1'}",
            "41: workloads.kafka.parameters.log.message.format.version: log.message.format.version is unknown to Kafka 4.2, which ignores it; check its name, and the version in which it exists",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "kafka: a number in words": Case(
        *kafka(
            "parameters: {num.io.threads: eight}",
            "41: workloads.kafka.parameters.num.io.threads: 'eight' is not an integer of 1 or more, as Kafka 4.2 requires, and it does not start; change it",
        ),
        "https://github.com/strimzi/strimzi-kafka-operator/issues/7802",
    ),
    "kafka: a time with a unit": Case(
        *kafka(
            "parameters: {group.initial.rebalance.delay.ms: 3s}",
            "41: workloads.kafka.parameters.group.initial.rebalance.delay.ms: '3s' is not an integer, as Kafka 4.2 requires, and it does not start; change it",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "kafka: a number below its minimum": Case(
        *kafka(
            "parameters: {log.roll.hours: '0'}",
            "41: workloads.kafka.parameters.log.roll.hours: '0' is not an integer of 1 or more, as Kafka 4.2 requires, and it does not start; change it",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "kafka: a policy that is none": Case(
        *kafka(
            "parameters: {log.cleanup.policy: remove}",
            "41: workloads.kafka.parameters.log.cleanup.policy: 'remove' is not one of its values, as Kafka 4.2 requires, and it does not start; choose compact or delete",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "kafka: one of two policies that is none": Case(
        *kafka(
            "parameters: {log.cleanup.policy: 'compact,remove'}",
            "41: workloads.kafka.parameters.log.cleanup.policy: 'remove' is not one of its values, as Kafka 4.2 requires, and it does not start; choose compact or delete",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "kafka: a compression that is none": Case(
        *kafka(
            "parameters: {compression.type: gzipp}",
            "41: workloads.kafka.parameters.compression.type: 'gzipp' is not one of its values, as Kafka 4.2 requires, and it does not start; did you mean gzip?",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "kafka: yes for true": Case(
        *kafka(
            "parameters: {delete.topic.enable: 'yes'}",
            "41: workloads.kafka.parameters.delete.topic.enable: 'yes' is not one of its values, as Kafka 4.2 requires, and it does not start; choose true or false",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "warning: kafka: a number in words with an image of your own": Case(
        *kafka(
            "image: registry.shop.dev/cp-kafka:8.1.0\n      parameters: {num.io.threads: eight}",
            "41: workloads.kafka.image: registry.shop.dev/cp-kafka:8.1.0 is older than docker.io/confluentinc/cp-kafka:8.2.3, whose options and variables the platform sets; check that it has them",
            "42: workloads.kafka.parameters.num.io.threads: 'eight' is not an integer of 1 or more, as Kafka 4.2 requires, and it does not start; change it",
        ),
        "https://kafka.apache.org/42/configuration/broker-configs/",
    ),
    "kafka: a collector that Java lacks": Case(
        *kafka(
            "environment: {KAFKA_JVM_PERFORMANCE_OPTS: -XX:+UseConcMarkSweepGC}",
            "41: workloads.kafka.environment.KAFKA_JVM_PERFORMANCE_OPTS: Java 17 does not start with -XX:+UseConcMarkSweepGC; remove it, or use -XX:+UseG1GC",
        ),
        "https://github.com/NixOS/nixpkgs/pull/100115",
    ),
    "kafka: memory beside the limit": Case(
        *kafka(
            "environment: {KAFKA_JVM_PERFORMANCE_OPTS: -Xmx4g}",
            "41: workloads.kafka.environment.KAFKA_JVM_PERFORMANCE_OPTS: -Xmx4g conflicts with Java's memory, half of resources.limits.memory; set that limit",
        ),
        "https://docs.confluent.io/platform/current/installation/docker/config-reference.html",
    ),
    "kafka: a port of JMX": Case(
        *kafka(
            "environment: {KAFKA_JMX_PORT: '9999'}",
            "41: workloads.kafka.environment.KAFKA_JMX_PORT: every command in the container, such as kafka-topics in a Job or `kubectl exec`, would open the port again and end; remove it",
        ),
        "https://github.com/bitnami/charts/issues/12917",
    ),
    "warning: kafka: a variable that no script reads": Case(
        *kafka(
            "environment: {KAFKA_JVM_PERFORMANCE_OPT: -XX:+UseG1GC}",
            "41: workloads.kafka.environment.KAFKA_JVM_PERFORMANCE_OPT: the start scripts do not know KAFKA_JVM_PERFORMANCE_OPT; did you mean KAFKA_JVM_PERFORMANCE_OPTS?",
        ),
        "https://docs.confluent.io/platform/current/installation/docker/config-reference.html",
    ),
    "kafka: topics that differ in a dot": Case(
        *kafka(
            "topics: {orders.new: {}, orders_new: {}}",
            "41: workloads.kafka.topics.orders_new: orders_new differs from orders.new only in dots and underscores, and Kafka creates one of them only; rename it",
        ),
        "https://kafka.apache.org/documentation/#basic_ops_add_topic",
    ),
    "kafka: a topic of dots": Case(
        *kafka("topics: {'..': {}}", "41: workloads.kafka.topics...: '..' is not a topic; choose another name"),
        "https://kafka.apache.org/documentation/#basic_ops_add_topic",
    ),
    "warning: redis: a misspelt directive": Case(
        *redis(
            "parameters: {hash-max-listpack-entriess: '256'}",
            "35: workloads.redis.parameters.hash-max-listpack-entriess: hash-max-listpack-entriess is unknown to Redis, which does not start with it; did you mean hash-max-listpack-entries?",
        ),
        "https://redis.io/docs/latest/operate/oss_and_stack/management/config/",
    ),
    "redis: a number in words": Case(
        *redis(
            "parameters: {hash-max-listpack-entries: many}",
            "35: workloads.redis.parameters.hash-max-listpack-entries: 'many' is not an integer of 0 or more, as Redis requires, and it does not start; change it",
        ),
        "https://redis.io/docs/latest/operate/oss_and_stack/management/config/",
    ),
    "redis: no databases": Case(
        *redis(
            "parameters: {databases: '0'}",
            "35: workloads.redis.parameters.databases: '0' is not an integer of 1 or more, as Redis requires, and it does not start; change it",
        ),
        "https://redis.io/docs/latest/operate/oss_and_stack/management/config/",
    ),
    "redis: true for yes": Case(
        *redis(
            "parameters: {activedefrag: 'true'}",
            "35: workloads.redis.parameters.activedefrag: 'true' is not one of its values, as Redis requires, and it does not start; choose yes or no",
        ),
        "https://redis.io/docs/latest/operate/oss_and_stack/management/config/",
    ),
    "redis: a size with a unit of Kubernetes": Case(
        *redis(
            "parameters: {repl-backlog-size: 64Mi}",
            "35: workloads.redis.parameters.repl-backlog-size: '64Mi' is not a size, as Redis requires, and it does not start; write it like 64mb",
        ),
        "https://redis.io/docs/latest/operate/oss_and_stack/management/config/",
    ),
    "vLLM: a seed in words": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, arguments: [--seed=one]",
            "34: workloads.vllm.models.chat.arguments[0]: 'one' is not an integer, as vLLM 0.33.0 requires, and it does not start; change it",
        ),
        "https://docs.vllm.ai/en/v0.33.0/cli/serve/",
    ),
    "vLLM: images as they were counted before": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, arguments: [--limit-mm-per-prompt=image=2]",
            "34: workloads.vllm.models.chat.arguments[0]: is not JSON (Expecting value: line 1 column 1 (char 0)), as vLLM 0.33.0 requires, and it does not start; write keys and text in double quotes",
        ),
        "https://github.com/vllm-project/vllm/issues/39687",
    ),
    "vLLM: JSON with single quotes": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, arguments: [\"--default-chat-template-kwargs={'enable_thinking': false}\"]",
            "34: workloads.vllm.models.chat.arguments[0]: is not JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1)), as vLLM 0.33.0 requires, and it does not start; write keys and text in double quotes",
        ),
        "https://github.com/vllm-project/vllm/issues/21615",
    ),
    "vLLM: a level of logs that is none": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, arguments: [--uvicorn-log-level=verbose]",
            "34: workloads.vllm.models.chat.arguments[0]: 'verbose' is not one of its values, as vLLM 0.33.0 requires, and it does not start; choose critical, error, warning, info, debug or trace",
        ),
        "https://docs.vllm.ai/en/v0.33.0/cli/serve/",
    ),
    "vLLM: a level of logs as a variable": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, environment: {VLLM_LOGGING_LEVEL: verbose}",
            "34: workloads.vllm.models.chat.environment.VLLM_LOGGING_LEVEL: 'verbose' is not one of its values, as vLLM 0.33.0 requires, and it does not start; choose CRITICAL, ERROR, WARNING, INFO, DEBUG or NOTSET",
        ),
        "https://docs.vllm.ai/en/v0.33.0/configuration/env_vars/",
    ),
    "warning: vLLM: a misspelt variable": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, environment: {VLLM_LOGING_LEVEL: INFO}",
            "34: workloads.vllm.models.chat.environment.VLLM_LOGING_LEVEL: VLLM_LOGING_LEVEL is unknown to vLLM 0.33.0, which ignores it; did you mean VLLM_LOGGING_LEVEL?",
        ),
        "https://docs.vllm.ai/en/v0.33.0/configuration/env_vars/",
    ),
    "warning: vLLM: a variable of an earlier version": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, environment: {VLLM_USE_V1: '0'}",
            "34: workloads.vllm.models.chat.environment.VLLM_USE_V1: VLLM_USE_V1 is unknown to vLLM 0.33.0, which ignores it; check its name, and the version in which it exists",
        ),
        "https://github.com/vllm-project/vllm/issues/19050",
    ),
    "warning: LiteLLM: a misspelt variable": Case(
        *gateway(
            "environment: {LITELM_LOG: INFO}",
            "33: workloads.litellm.environment.LITELM_LOG: LITELM_LOG is unknown to LiteLLM 1.108.5, which ignores it; did you mean LITELLM_LOG?",
        ),
        "https://docs.litellm.ai/docs/proxy/config_settings",
    ),
    "LiteLLM: a level of logs that is none": Case(
        *gateway(
            "environment: {LITELLM_LOG: VERBOSE}",
            "33: workloads.litellm.environment.LITELLM_LOG: 'VERBOSE' is not one of its values, as LiteLLM 1.108.5 requires, and it does not start; choose DEBUG, INFO, WARNING, ERROR or CRITICAL",
        ),
        "https://docs.litellm.ai/docs/proxy/config_settings",
    ),
    "LiteLLM: models in the database": Case(
        *gateway(
            "environment: {STORE_MODEL_IN_DB: 'True'}",
            "33: workloads.litellm.environment.STORE_MODEL_IN_DB: the environment variable STORE_MODEL_IN_DB cannot be overridden: models and fallbacks in the database would override those of the stack file",
        ),
        "https://github.com/BerriAI/litellm/issues/15647",
    ),
    "LiteLLM: another path": Case(
        *gateway(
            "environment: {SERVER_ROOT_PATH: /llm}",
            "33: workloads.litellm.environment.SERVER_ROOT_PATH: the environment variable SERVER_ROOT_PATH cannot be overridden: probes and clients depend on the path",
        ),
        "https://docs.litellm.ai/docs/proxy/config_settings",
    ),
    "LiteLLM: a misspelt option": Case(
        *gateway(
            "arguments: [--max_budgets=4]",
            "33: workloads.litellm.arguments[0]: max_budgets is unknown to LiteLLM 1.108.5, and the server does not start; did you mean max_budget?",
        ),
        "https://docs.litellm.ai/docs/proxy/cli",
    ),
    "LiteLLM: an option with a value that takes none": Case(
        *gateway("arguments: [--debug=true]", "33: workloads.litellm.arguments[0]: --debug takes no value; remove it"),
        "https://docs.litellm.ai/docs/proxy/cli",
    ),
    "LiteLLM: an option that ends the server": Case(
        *gateway(
            "arguments: [--test]",
            "33: workloads.litellm.arguments[0]: the argument --test cannot be overridden: the server would end, or restart",
        ),
        "https://docs.litellm.ai/docs/proxy/cli",
    ),
    "warning: MLflow: a misspelt variable": Case(
        *mlflow(
            "environment: {MLFLOW_HTTP_REQUEST_TIMOUT: '300'}",
            "27: workloads.mlflow.environment.MLFLOW_HTTP_REQUEST_TIMOUT: MLFLOW_HTTP_REQUEST_TIMOUT is unknown to MLflow 3.17.2, which ignores it; did you mean MLFLOW_HTTP_REQUEST_TIMEOUT?",
        ),
        "https://mlflow.org/docs/latest/api_reference/python_api/mlflow.environment_variables.html",
    ),
    "MLflow: a time with a unit": Case(
        *mlflow(
            "environment: {MLFLOW_HTTP_REQUEST_TIMEOUT: 5 min}",
            "27: workloads.mlflow.environment.MLFLOW_HTTP_REQUEST_TIMEOUT: '5 min' is not an integer, as MLflow 3.17.2 requires, and it does not start; change it",
        ),
        "https://mlflow.org/docs/latest/api_reference/python_api/mlflow.environment_variables.html",
    ),
    "MLflow: another store of artifacts": Case(
        *mlflow(
            "environment: {MLFLOW_S3_ENDPOINT_URL: 'https://minio.shop.dev'}",
            "27: workloads.mlflow.environment.MLFLOW_S3_ENDPOINT_URL: the environment variable MLFLOW_S3_ENDPOINT_URL cannot be overridden: the server is its own client, of its database and bucket",
        ),
        "https://github.com/mlflow/mlflow/issues/12005",
    ),
    "MLflow: the server as its own client": Case(
        *mlflow(
            "environment: {MLFLOW_TRACKING_URI: 'http://localhost:5000'}",
            "27: workloads.mlflow.environment.MLFLOW_TRACKING_URI: the environment variable MLFLOW_TRACKING_URI cannot be overridden: the server is its own client, of its database and bucket",
        ),
        "https://github.com/mlflow/mlflow/issues/12005",
    ),
    "MLflow: a misspelt option": Case(
        *mlflow(
            "arguments: [--exposed-prometheus=/tmp]",
            "27: workloads.mlflow.arguments[0]: exposed-prometheus is unknown to MLflow 3.17.2, and the server does not start; did you mean expose-prometheus?",
        ),
        "https://mlflow.org/docs/latest/api_reference/cli.html#mlflow-server",
    ),
    "MLflow: an option without its value": Case(
        *mlflow(
            "arguments: [--x-frame-options]",
            "27: workloads.mlflow.arguments[0]: --x-frame-options takes a value; write it with an equals sign",
        ),
        "https://mlflow.org/docs/latest/api_reference/cli.html#mlflow-server",
    ),
    "MLflow: frames of a value that is none": Case(
        *mlflow(
            "arguments: [--x-frame-options=ALLOW]",
            "27: workloads.mlflow.arguments[0]: 'ALLOW' is not one of its values, as MLflow 3.17.2 requires, and it does not start; choose SAMEORIGIN, DENY or NONE",
        ),
        "https://mlflow.org/docs/latest/api_reference/cli.html#mlflow-server",
    ),
    "MLflow: no protection against other sites": Case(
        *mlflow(
            "arguments: [--disable-security-middleware]",
            "27: workloads.mlflow.arguments[0]: the argument --disable-security-middleware cannot be overridden: use extraHosts",
        ),
        "https://mlflow.org/docs/latest/self-hosting/security/network/",
    ),
    "Open WebUI: 1 for true": Case(
        *pages(
            "environment: {ENABLE_CODE_INTERPRETER: '1'}",
            '47: workloads.openWebui.environment.ENABLE_CODE_INTERPRETER: \'1\' is false for Open WebUI, which knows only "true" in any case; write "True"',
        ),
        "https://docs.openwebui.com/reference/env-configuration",
    ),
    "Open WebUI: a lifetime in words": Case(
        *pages(
            "environment: {JWT_EXPIRES_IN: 4 weeks}",
            "47: workloads.openWebui.environment.JWT_EXPIRES_IN: '4 weeks' is not a duration; write it like 4w, 12h or -1 for no end",
        ),
        "https://docs.openwebui.com/reference/env-configuration",
    ),
    "Open WebUI: a size with a unit": Case(
        *pages(
            "environment: {RAG_FILE_MAX_SIZE: 10MB}",
            "47: workloads.openWebui.environment.RAG_FILE_MAX_SIZE: '10MB' is not a whole number; change it",
        ),
        "https://docs.openwebui.com/reference/env-configuration",
    ),
    "Open WebUI: chunks that overlap whole": Case(
        *pages(
            "environment: {CHUNK_SIZE: '100', CHUNK_OVERLAP: '200'}",
            "47: workloads.openWebui.environment.CHUNK_OVERLAP: an overlap of 200 is above the chunk size, 100, and each upload fails; decrease it",
        ),
        "https://docs.openwebui.com/reference/env-configuration",
    ),
    "Open WebUI: no way to sign in": Case(
        *pages(
            "environment: {ENABLE_LOGIN_FORM: 'False'}",
            "47: workloads.openWebui.environment.ENABLE_LOGIN_FORM: no user can sign in: without the form, OAuth is required; set it, or remove this",
        ),
        "https://github.com/open-webui/open-webui/issues/9270",
    ),
}
# fmt: on

"""Images, memory, and what a model is served with, with which a program does not start or answer."""
# ruff: noqa: E501, the expected lines stand here whole

from tests.config.refused.case import Case
from tests.config.refused.rows import application, gateway, kafka, large, mlflow, model, pages, provider, redis

# fmt: off, one row a case
CASES: dict[str, Case] = {
    "image: MLflow without its drivers": Case(
        *mlflow(
            "image: ghcr.io/mlflow/mlflow:v3.17.2",
            "27: workloads.mlflow.image: ghcr.io/mlflow/mlflow:v3.17.2 has neither psycopg2 nor boto3; use a tag that ends in -full",
        ),
        "https://github.com/mlflow/mlflow/issues/9513",
    ),
    "image: MLflow before uvicorn": Case(
        *mlflow(
            "image: ghcr.io/mlflow/mlflow:v2.14.1-full",
            "27: workloads.mlflow.image: ghcr.io/mlflow/mlflow:v2.14.1-full is too old: its server is uvicorn, with allowed hosts, since 3.5; use ghcr.io/mlflow/mlflow:v3.17.2-full",
        ),
        "https://github.com/mlflow/mlflow/issues/20926",
    ),
    "warning: image: an older MLflow": Case(
        *mlflow(
            "image: ghcr.io/mlflow/mlflow:v3.9.0-full",
            "27: workloads.mlflow.image: ghcr.io/mlflow/mlflow:v3.9.0-full is older than ghcr.io/mlflow/mlflow:v3.17.2-full, whose options and variables the platform sets; check that it has them",
        ),
        "https://github.com/mlflow/mlflow/releases",
    ),
    "image: LiteLLM without its database": Case(
        *gateway(
            "image: ghcr.io/berriai/litellm:v1.108.5",
            "33: workloads.litellm.image: ghcr.io/berriai/litellm:v1.108.5 has no engine of the database; use litellm-database",
        ),
        "https://docs.litellm.ai/docs/proxy/deploy#deploy-with-database",
    ),
    "warning: image: an older LiteLLM": Case(
        *gateway(
            "image: ghcr.io/berriai/litellm-database:main-v1.40.0",
            "33: workloads.litellm.image: ghcr.io/berriai/litellm-database:main-v1.40.0 is older than ghcr.io/berriai/litellm-database:v1.108.5, whose options and variables the platform sets; check that it has them",
        ),
        "https://github.com/BerriAI/litellm/releases",
    ),
    "warning: image: Open WebUI of today": Case(
        *pages(
            "image: ghcr.io/open-webui/open-webui:main",
            "47: workloads.openWebui.image: ghcr.io/open-webui/open-webui:main is a tag that moves: replicas can run different versions; use ghcr.io/open-webui/open-webui:v0.12.4",
        ),
        "https://docs.openwebui.com/getting-started/updating",
    ),
    "image: Open WebUI without a model for embeddings": Case(
        *pages(
            "image: ghcr.io/open-webui/open-webui:v0.12.4-slim",
            "47: workloads.openWebui.image: ghcr.io/open-webui/open-webui:v0.12.4-slim has no model for embeddings, so that uploads of documents fail; set embeddings, or use ghcr.io/open-webui/open-webui:v0.12.4",
        ),
        "https://docs.openwebui.com/getting-started/quick-start",
    ),
    "image: Kafka of an operator": Case(
        *kafka(
            "image: quay.io/strimzi/kafka:0.45.0-kafka-3.9.0",
            "41: workloads.kafka.image: quay.io/strimzi/kafka:0.45.0-kafka-3.9.0 starts only as the operator does; use confluentinc/cp-kafka or apache/kafka",
        ),
        "https://github.com/strimzi/strimzi-kafka-operator/issues/3794",
    ),
    "image: Kafka without scripts": Case(
        *kafka(
            "image: docker.io/apache/kafka-native:4.0.0",
            "41: workloads.kafka.image: docker.io/apache/kafka-native:4.0.0 has no start scripts; use confluentinc/cp-kafka or apache/kafka",
        ),
        "https://hub.docker.com/r/apache/kafka-native",
    ),
    "image: Kafka before KRaft": Case(
        *kafka(
            "image: docker.io/confluentinc/cp-kafka:6.2.0",
            "41: workloads.kafka.image: docker.io/confluentinc/cp-kafka:6.2.0 is too old: KRaft is for production since Kafka 3.3; use docker.io/confluentinc/cp-kafka:8.2.3",
        ),
        "https://docs.confluent.io/platform/current/kafka-metadata/kraft.html",
    ),
    "image: Redis before host names in Sentinel": Case(
        *redis(
            "image: public.ecr.aws/docker/library/redis:5.0-alpine",
            "35: workloads.redis.image: public.ecr.aws/docker/library/redis:5.0-alpine is too old: Sentinels find servers by host names since 6.2; use public.ecr.aws/docker/library/redis:8.10.1-alpine",
        ),
        "https://github.com/bitnami/charts/issues/5418",
    ),
    "image: Redis of Bitnami": Case(
        *redis(
            "image: docker.io/bitnami/redis:7.4.0",
            "35: workloads.redis.image: docker.io/bitnami/redis:7.4.0 is no longer maintained and has other start scripts; remove it for the default",
        ),
        "https://github.com/bitnami/charts/issues/7283",
    ),
    "warning: image: an older vLLM": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, image: 'docker.io/vllm/vllm-openai:v0.6.0'",
            "34: workloads.vllm.models.chat.image: docker.io/vllm/vllm-openai:v0.6.0 is older than docker.io/vllm/vllm-openai:v0.33.0, whose options and variables the platform sets; check that it has them",
        ),
        "https://github.com/vllm-project/vllm/issues/11842",
    ),
    "memory: of LiteLLM": Case(
        *gateway(
            "resources: {requests: {memory: 256Mi}, limits: {memory: 512Mi}}",
            "33: workloads.litellm.resources.limits.memory: 512Mi is too little to start: the kernel kills the server; set 768Mi or more",
        ),
        "https://docs.litellm.ai/docs/proxy/prod",
    ),
    "memory: of Open WebUI": Case(
        *pages(
            "resources: {requests: {memory: 512Mi}, limits: {memory: 768Mi}}",
            "47: workloads.openWebui.resources.limits.memory: 768Mi is too little to start: the kernel kills the server; set 1024Mi or more",
        ),
        "https://docs.openwebui.com/getting-started/quick-start",
    ),
    "memory: of MLflow": Case(
        *mlflow(
            "resources: {requests: {memory: 128Mi}, limits: {memory: 256Mi}}",
            "27: workloads.mlflow.resources.limits.memory: 256Mi is too little to start: the kernel kills the server; set 512Mi or more",
        ),
        "https://github.com/mlflow/mlflow/issues/10331",
    ),
    "memory: of vLLM": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, resources: {requests: {memory: 3Gi}, limits: {memory: 4Gi}}",
            "34: workloads.vllm.models.chat.resources.limits.memory: 4Gi is too little to start: the kernel kills the server; set 5Gi or more",
        ),
        "https://docs.vllm.ai/en/v0.33.0/configuration/conserving_memory/",
    ),
    "memory: in thousandths": Case(
        *application(
            "resources: {requests: {memory: 256m}, limits: {memory: 512m}}",
            "39: applications.api.resources.limits.memory: 512m is less than any container needs; write memory like 256Mi or 4Gi",
            "39: applications.api.resources.requests.memory: 256m is less than any container needs; write memory like 256Mi or 4Gi",
        ),
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-memory",
    ),
    "memory: cores for millicores": Case(
        *mlflow(
            "resources: {requests: {cpu: '250', memory: 768Mi}, limits: {memory: 1536Mi}}",
            "27: workloads.mlflow.resources.requests.cpu: 250 cores are more than any node has; write millicores like 250m",
        ),
        "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#meaning-of-cpu",
    ),
    "served: AWQ files as fp8": Case(
        *model(
            "model: Qwen/Qwen3-8B-AWQ, contextLength: 4096, nodeGroup: gpu, quantization: fp8",
            "34: workloads.vllm.models.chat.quantization: the files of Qwen/Qwen3-8B-AWQ are quantized with awq, and vLLM does not start with another method; remove it",
        ),
        "https://github.com/vllm-project/vllm/issues/19050",
    ),
    "served: AWQ files in 32 bits": Case(
        *model(
            "model: Qwen/Qwen3-8B-AWQ, contextLength: 4096, nodeGroup: gpu, precision: float32",
            "34: workloads.vllm.models.chat.precision: vLLM computes awq weights in bfloat16 or float16 only; set bfloat16",
        ),
        "https://github.com/vllm-project/vllm/blob/v0.33.0/vllm/model_executor/layers/quantization/auto_awq.py",
    ),
    "served: a template by its name": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, chatTemplate: hermes",
            "34: workloads.vllm.models.chat.chatTemplate: 'hermes' is neither a template nor an absolute path, and vLLM does not start; write it like /vllm-workspace/examples/tool_chat_template_hermes.jinja",
        ),
        "https://github.com/vllm-project/vllm/issues/47600",
    ),
    "served: a template by a relative path": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, chatTemplate: examples/tool_chat_template_hermes.jinja",
            "34: workloads.vllm.models.chat.chatTemplate: 'examples/tool_chat_template_hermes.jinja' is neither a template nor an absolute path, and vLLM does not start; write it like /vllm-workspace/examples/tool_chat_template_hermes.jinja",
        ),
        "https://github.com/vllm-project/vllm/issues/47600",
    ),
    "served: a template without its end": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, chatTemplate: '{% for m in messages %}{{ m.content }}'",
            "34: workloads.vllm.models.chat.chatTemplate: is not a Jinja template: Unexpected end of template. Jinja was looking for the following tags: 'endfor' or 'else'. The innermost block that needs to be closed is 'for'., line 1; each request would fail",
        ),
        "https://github.com/vllm-project/vllm/issues/10023",
    ),
    "warning: served: a parser of Llama for Qwen": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, toolCallParser: llama3_json",
            "34: workloads.vllm.models.chat.toolCallParser: llama3_json does not read what Qwen/Qwen3-4B writes, so that it stays in the text of responses; set hermes or qwen3_json",
        ),
        "https://docs.vllm.ai/en/v0.33.0/features/tool_calling/",
    ),
    "warning: served: reasoning of gpt-oss for Qwen": Case(
        *model(
            "model: Qwen/Qwen3-4B, contextLength: 4096, nodeGroup: gpu, reasoningParser: openai_gptoss",
            "34: workloads.vllm.models.chat.reasoningParser: openai_gptoss does not read what Qwen/Qwen3-4B writes, so that it stays in the text of responses; set qwen3 or deepseek_r1",
        ),
        "https://docs.vllm.ai/en/v0.33.0/features/reasoning_outputs/",
    ),
    "clients: embeddings that the key does not allow": Case(
        *pages(
            "embeddings: {model: small}",
            "47: workloads.openWebui.embeddings.model: the virtual key pages does not allow small, so that LiteLLM answers 401; add it to workloads.litellm.virtualKeys.pages.models",
        ),
        "https://github.com/open-webui/open-webui/issues/8697",
    ),
    "clients: a default model that the key does not allow": Case(
        *pages(
            "environment: {DEFAULT_MODELS: small}",
            "47: workloads.openWebui.environment.DEFAULT_MODELS: the virtual key pages does not allow small, so that LiteLLM answers 401; add it to workloads.litellm.virtualKeys.pages.models",
        ),
        "https://docs.litellm.ai/docs/proxy/virtual_keys",
    ),
    "warning: clients: a task model that is not there": Case(
        *pages(
            "environment: {TASK_MODEL_EXTERNAL: tiny}",
            "47: workloads.openWebui.environment.TASK_MODEL_EXTERNAL: unknown model 'tiny'; choose mini or small",
        ),
        "https://docs.openwebui.com/reference/env-configuration",
    ),
    "url: with the path of a request": Case(
        *provider(
            "https://models.shop.dev/v1/chat/completions",
            "35: workloads.litellm.providers.own.url: LiteLLM adds /chat/completions to it, so that requests get 404; set https://models.shop.dev/v1",
        ),
        "https://github.com/BerriAI/litellm/issues/9406",
    ),
    "warning: url: without a path": Case(
        *provider(
            "https://models.shop.dev",
            "35: workloads.litellm.providers.own.url: has no path, and LiteLLM adds /chat/completions to it; most APIs are below /v1: set https://models.shop.dev/v1",
        ),
        "https://github.com/BerriAI/litellm/issues/16577",
    ),
    "served: little shared memory for two GPUs": Case(
        *large(
            "model: Qwen/Qwen3-8B, contextLength: 4096, nodeGroup: gpu, tensorParallel: 2, sharedMemory: 64Mi",
            "34: workloads.vllm.models.chat.sharedMemory: 64Mi is too little for 2 GPUs, and NCCL does not start; set 512Mi or more",
        ),
        "https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html#shared-memory",
    ),
}
# fmt: on

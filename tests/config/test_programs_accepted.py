"""Values near those that programs refuse, which are accepted."""

from pathlib import Path

from tests.config.base import edited, mistakes
from tests.config.refused import rows
from tests.each import each

ACCEPTED = {
    "a formula of RDS": rows.database("parameters: {max_connections: 'LEAST({DBInstanceClassMemory/9531392},200)'}"),
    "a parameter of an extension": rows.database("parameters: {pg_stat_statements.track: all}"),
    "a parameter of RDS that is on": rows.database("parameters: {log_connections: '1'}"),
    "both policies of Kafka": rows.kafka("parameters: {log.cleanup.policy: 'compact,delete'}"),
    "options of Java": rows.kafka("environment: {KAFKA_JVM_PERFORMANCE_OPTS: -XX:+UseG1GC}"),
    "a size of Redis": rows.redis("parameters: {repl-backlog-size: 64mb}"),
    "a variable of a library": rows.gateway("environment: {OTEL_SERVICE_NAME: gateway}"),
    "True of Open WebUI": rows.pages("environment: {ENABLE_CODE_INTERPRETER: 'TRUE'}"),
    "a path below /v1": rows.provider("https://models.shop.dev/api/v1"),
    "uvicorn on all addresses": rows.application("command: [uvicorn, app:app, --host, 0.0.0.0, --port, '8080']"),
    "uvicorn by variables": rows.application(
        "command: [uvicorn, app:app], environment: {UVICORN_HOST: 0.0.0.0, UVICORN_PORT: '8080'}"
    ),
    "gunicorn on all addresses": rows.application("command: [gunicorn, -b, ':8080', app:app]"),
    "a shell": rows.application("command: [sh, -c, uvicorn app:app]"),
    "a query with one value": rows.service(
        "services: {api: {}}", "services: {api: {scaling: {min: 1, max: 3, query: max(jobs), perReplica: 20}}}"
    ),
    "resources of Grafana": rows.monitoring("values: {grafana: {resources: {limits: {memory: 1Gi}}}}"),
    "tags of a fixed length": rows.updater(image=', tags: "^[0-9]{8}-[0-9]{4}$"'),
}
"""Rows whose answer is nothing."""


@each("name", ACCEPTED)
def test_value_that_a_program_knows_is_accepted(name: str, tmp_path: Path) -> None:
    edits, none = ACCEPTED[name]
    assert mistakes(tmp_path, edited(*edits)) == none == ()

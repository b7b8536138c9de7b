"""Parameters of database engines that RDS and ElastiCache accept in a parameter group, and their values."""

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NamedTuple

AS_OF = "2026-11"


class Parameter(NamedTuple):
    """The values of a parameter."""

    type: str
    """`bool`, `integer`, `real`, `enum` or `string`; `fixed` if the service does not let it be changed."""

    least: float | None = None
    most: float | None = None
    values: tuple[str, ...] = ()

    def fault(self, value: str) -> str | None:
        """Return what is wrong with a value; None if it can be valid."""
        # A formula such as {DBInstanceClassMemory/32768}, whose result the service checks.
        if self.type in ("string", "fixed") or re.search(r"[{(]", value):
            return None
        if self.type == "bool":
            return None if value in ("0", "1") else f"{value!r} is not a value of this parameter; set '0' or '1'"
        if self.values:
            listed = ", ".join(self.values)
            # PostgreSQL reads 1 and 0 as the values on and off of a list.
            accepted = {*self.values, *("01" if "on" in self.values else "")}
            unknown = [one for one in value.split(",") if one.strip().lower() not in accepted]
            return f"{unknown[0]!r} is not a value of this parameter; choose one of {listed}" if unknown else None
        if not re.fullmatch(r"-?\d+(?:\.\d+)?" if self.type == "real" else r"-?\d+", value):
            return f"{value!r} is not a number; write it without a unit, in the unit of the parameter"
        if self.least is not None and self.most is not None and not self.least <= float(value) <= self.most:
            return f"{value} is not in the range of this parameter, {self.least:g} to {self.most:.15g}"
        return None


_FIXED = """
allow_system_table_mods archive_cleanup_command archive_command archive_library archive_mode bonjour bonjour_name
config_file data_directory external_pid_file fsync full_page_writes hba_file ident_file ignore_system_indexes
krb_server_keyfile listen_addresses log_directory log_file_mode logging_collector port primary_conninfo
primary_slot_name recovery_target restart_after_crash restore_command ssl_ca_file ssl_cert_file ssl_key_file
ssl_crl_file synchronous_standby_names syslog_facility syslog_ident unix_socket_directories unix_socket_group
unix_socket_permissions wal_level zero_damaged_pages
"""
"""Parameters that RDS for PostgreSQL sets itself:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Parameters.html"""

_EXTENSION_PREFIXES = """
apg apg_plan_mgmt aurora auto_explain babelfishpg_tds babelfishpg_tsql cron google_columnar hnsw ivfflat oracle_fdw
orafce pg_bigm pg_hint_plan pg_partman_bgw pg_prewarm pg_stat_monitor pg_stat_statements pg_tle pgactive pgaudit
pgcollection pglogical pgtle plpgsql plprofiler plrust plv8 postgis rds ts_math
"""

_LIBRARIES = """
apg_plan_mgmt auto_explain orafce pg_bigm pg_cron pg_hint_plan pg_prewarm pg_similarity pg_stat_statements pg_tle
pg_transport pgactive pgaudit pglogical plprofiler plrust rdkit wal2json
"""
"""Libraries that RDS and Aurora load at start, which no other one may be:
https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html"""

EXTENSIONS = frozenset(_EXTENSION_PREFIXES.split())
"""Prefixes of the parameters of extensions, which no table has:
https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-extensions.html"""

_POLICIES_NAMES = """
volatile-lru allkeys-lru volatile-lfu allkeys-lfu volatile-random allkeys-random volatile-ttl noeviction
"""

_POLICIES = _POLICIES_NAMES.split()
_YES_NO = ("yes", "no")

_CACHE_NUMBERS = """
acllog-max-len active-defrag-cycle-max active-defrag-cycle-min active-defrag-ignore-bytes active-defrag-max-scan-fields
active-defrag-threshold-lower active-defrag-threshold-upper client-output-buffer-limit-normal-hard-limit
client-output-buffer-limit-normal-soft-limit client-output-buffer-limit-normal-soft-seconds
client-output-buffer-limit-pubsub-hard-limit client-output-buffer-limit-pubsub-soft-limit
client-output-buffer-limit-pubsub-soft-seconds client-output-buffer-limit-replica-soft-seconds
client-output-buffer-limit-slave-hard-limit client-output-buffer-limit-slave-soft-limit
client-output-buffer-limit-slave-soft-seconds client-query-buffer-limit commandlog-execution-slower-than
commandlog-large-reply-max-len commandlog-large-request-max-len commandlog-reply-larger-than
commandlog-request-larger-than commandlog-slow-execution-max-len databases hash-max-listpack-entries
hash-max-listpack-value hash-max-ziplist-entries hash-max-ziplist-value hll-sparse-max-bytes lfu-decay-time
lfu-log-factor list-compress-depth list-max-listpack-size list-max-ziplist-size lua-time-limit maxmemory-samples
min-replicas-max-lag min-replicas-to-write min-slaves-max-lag min-slaves-to-write proto-max-bulk-len repl-backlog-size
repl-backlog-ttl reserved-memory reserved-memory-percent search-fanout-target-mode set-max-intset-entries
set-max-listpack-entries set-max-listpack-value slowlog-log-slower-than slowlog-max-len stream-node-max-bytes
stream-node-max-entries tcp-keepalive timeout tracking-table-max-keys zset-max-listpack-entries zset-max-listpack-value
zset-max-ziplist-entries zset-max-ziplist-value
"""

_CACHE_SWITCHES = """
activedefrag activerehashing close-on-replica-write close-on-slave-write cluster-allow-pubsubshard-when-down
cluster-allow-reads-when-down cluster-enabled cluster-require-full-coverage extended-redis-compatibility
latency-tracking replica-allow-chaining slave-allow-chaining
"""

_CACHE_FIXED = """
aclfile appendfilename appendfsync appendonly bind daemonize dbfilename dir io-threads lazyfree-lazy-eviction
lazyfree-lazy-expire lazyfree-lazy-server-del logfile loglevel maxclients maxmemory port protected-mode rdbcompression
replica-lazy-flush requirepass save tls-port unixsocket
"""
"""Directives that ElastiCache derives from the node type or sets itself:
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html"""


@cache
def postgresql() -> Mapping[str, Parameter]:
    """Return the parameters of PostgreSQL by name, those of extensions aside."""
    text = files("catalog").joinpath("data/postgresql-parameters.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    found = {
        row["name"].lower(): Parameter(
            {"internal": "fixed"}.get(row["type"], row["type"]),
            float(row["min"]) if row["min"] else None,
            float(row["max"]) if row["max"] else None,
            tuple(row["values"].split()),
        )
        for row in rows
    }
    libraries = Parameter("enum", values=tuple(_LIBRARIES.split()))
    return found | {"shared_preload_libraries": libraries} | {name: Parameter("fixed") for name in _FIXED.split()}


@cache
def elasticache() -> Mapping[str, Parameter]:
    """Return the parameters of Valkey and Redis OSS in ElastiCache, of all versions."""
    return {
        **{name: Parameter("string") for name in _CACHE_NUMBERS.split()},
        **{name: Parameter("enum", values=_YES_NO) for name in _CACHE_SWITCHES.split()},
        **{name: Parameter("fixed") for name in _CACHE_FIXED.split()},
        "maxmemory-policy": Parameter("enum", values=tuple(_POLICIES)),
        "notify-keyspace-events": Parameter("string"),
        "rename-commands": Parameter("string"),
    }

"""How many connections a database accepts: `max_connections` of RDS and Aurora."""

from bisect import bisect_right

from catalog.instance_types import sizes

MIB = 1024**2

BYTES = {"postgres": 9_531_392, "mysql": 12_582_880}
"""Bytes of memory for each connection in the default parameter groups:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html#RDS_Limits.MaxConnections"""

MOST = {"postgres": 5000, "mysql": 16_000}

AURORA = ((1.0, 189), (4.0, 823), (8.0, 1669), (16.0, 3360), (32.0, 5000))
"""Connections of Aurora Serverless v2 by maximum ACU; between two rows it is proportional.
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html#aurora-serverless-v2.max-connections"""

AURORA_SMALL, AURORA_CAP = 0.5, 2000
"""Minimum ACU up to which connections are capped, and the cap: same source."""


def rds_connections(instance_class: str, engine: str) -> int | None:
    """Return the connections of an RDS instance, or None for a class that the table of sizes lacks."""
    size = sizes().get(instance_class.removeprefix("db."))
    return None if size is None else min(size.memory_mib * MIB // BYTES[engine], MOST[engine])


def aurora_connections(least_acu: float, most_acu: float) -> int:
    """Return the connections of each instance of an Aurora PostgreSQL cluster."""
    at = bisect_right(AURORA, most_acu, key=lambda row: row[0])
    if at == len(AURORA):
        found = AURORA[-1][1]
    else:
        (low, few), (high, many) = AURORA[at - 1], AURORA[at]
        found = int(few + (many - few) * (most_acu - low) / (high - low))
    return min(found, AURORA_CAP) if least_acu <= AURORA_SMALL else found

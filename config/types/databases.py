"""Names, versions and classes of databases, caches, schemas and users."""

import re
from typing import Annotated

from pydantic import AfterValidator

from config.types.text import matching, quoted

DatabaseClass = Annotated[
    str,
    matching(
        r"db\.[a-z][a-z0-9-]*\.(?:micro|small|medium|large|\d*xlarge)",
        "is not an RDS instance class; write it like db.t4g.small",
    ),
]


def check_database_identifier(value: str) -> str:
    """Return a valid RDS identifier.

    Raises:
        ValueError: RDS does not accept it.
    """
    if not re.fullmatch(r"[a-z](?!.*--)(?:[a-z0-9-]{0,61}[a-z0-9])?", value):
        raise ValueError(
            f"{quoted(value)} is not an RDS identifier; write 1-63 lower-case letters, digits and single hyphens, "
            "beginning with a letter"
        )
    return value


DatabaseIdentifier = Annotated[str, AfterValidator(check_database_identifier)]

EngineVersion = Annotated[
    str, matching(r"\d{1,4}(?:\.\d{1,4}){0,2}", "is not an engine version; write it in quotes like '17' or '8.4'")
]

DatabaseName = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9_]{0,62}",
        "is not a database name; write at most 63 letters, digits and underscores, beginning with a letter",
    ),
]

DatabaseUser = Annotated[
    str,
    matching(
        r"[A-Za-z][A-Za-z0-9_]{0,15}",
        "is not a master user name that RDS accepts; write at most 16 letters, digits and underscores",
    ),
]

MysqlUserName = Annotated[
    str,
    matching(
        r"(?!(?:root|rdsadmin|mysql.*)$)[a-z][a-z0-9_]{0,31}",
        "is not a MySQL user name; write at most 32 lower-case letters, digits and underscores, not root, "
        "rdsadmin or mysql...",
    ),
]

SchemaName = Annotated[
    str,
    matching(
        r"(?!(?:public|information_schema|postgres|rdsadmin)$)(?!pg_)[a-z_][a-z0-9_]{0,62}",
        "is not a schema name; write at most 63 lower-case letters, digits and underscores, not public, "
        "postgres or pg_...",
    ),
]

DatabaseRole = Annotated[
    str,
    matching(
        r"(?!(?:public|postgres|none|rdsadmin)$)(?!pg_|rds_)[a-z_][a-z0-9_]{0,62}",
        "is not a database user name; write at most 63 lower-case letters, digits and underscores, not "
        "postgres, rdsadmin or pg_...",
    ),
]

SubnetGroupName = Annotated[
    str,
    matching(
        r"(?!default$)[a-z0-9][a-z0-9-]{0,254}",
        "is not a DB subnet group name; write lower-case letters, digits and hyphens, and not default",
    ),
]

ParameterGroupName = Annotated[
    str,
    matching(
        r"(?!default)[a-z](?!.*--)(?:[a-z0-9-]{0,253}[a-z0-9])?",
        "is not a parameter group name; write lower-case letters, digits and single hyphens, beginning with a letter, "
        "ending with a letter or digit, and not beginning with default",
    ),
]
"""https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterParameterGroup.html"""

CacheNodeType = Annotated[
    str,
    matching(
        r"cache\.[a-z][a-z0-9]*\.(?:micro|small|medium|large|\d*xlarge)",
        "is not an ElastiCache node type; write it like cache.r7g.large",
    ),
]


def check_replication_group_id(value: str) -> str:
    """Return a valid replication group ID.

    Raises:
        ValueError: ElastiCache does not accept it.
    """
    if not re.fullmatch(r"[a-z](?!.*--)(?:[a-z0-9-]{0,38}[a-z0-9])?", value):
        raise ValueError(
            f"{quoted(value)} is not a replication group ID; write 1-40 lower-case letters, digits and single "
            "hyphens, beginning with a letter"
        )
    return value


ReplicationGroupId = Annotated[str, AfterValidator(check_replication_group_id)]

"""EFS file systems."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.aws import Arn
from config.types.names import Name
from config.types.text import matching

NFS_PORT = 2049

FileSystemName = Annotated[
    str,
    matching(
        r"(?!sg-)[A-Za-z0-9][A-Za-z0-9._-]{0,199}",
        "is no name for a file system; write at most 200 letters, digits, dots, underscores and hyphens",
    ),
]
"""Its security group has the name, too."""

Folder = Annotated[
    str,
    matching(
        r"(?=.{2,100}\Z)(?:/(?!\.)[A-Za-z0-9._-]+){1,4}",
        "is no folder of a file system; write at most four levels and 100 characters, like /models or /data/shared",
    ),
]
"""https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html"""


class AccessPoint(Model):
    """A folder that clients see as the root, in the name of one user whoever they are."""

    path: Folder
    """The folder, made at the first mount."""

    uid: int = Field(default=1000, ge=1, le=4294967295)
    """The user of every file, whoever writes it."""

    gid: int = Field(default=1000, ge=1, le=4294967295)
    """The group of every file, whoever writes it."""


class FileSystem(Model):
    """Named in section `ai-platform:fileSystems`: volumes that many pods in all zones read and write."""

    name: FileSystemName | None = None
    """The Name tag; `<project>-<key>-efs` when left out."""

    throughput: Literal["elastic", "bursting"] = "elastic"
    """Elastic pays for what is read and written; bursting earns its speed by size."""

    infrequent_access_days: Literal[1, 7, 14, 30, 60, 90, 180, 270, 365] | None = 30
    """Files not read for so long move to the cheaper class, and back at the first read."""

    backups: bool = True
    """AWS Backup's daily backups, kept for 35 days."""

    kms_key_arn: Arn | None = None
    """The key that encrypts it; the account's aws/elasticfilesystem key when left out."""

    access_points: dict[Name, AccessPoint] = Field(min_length=1)
    """Folders by name."""

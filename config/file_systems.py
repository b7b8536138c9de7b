"""EFS file systems."""

from typing import Annotated, Literal

from pydantic import Field

from catalog.reading.model import Model
from config.types.arns import KmsKeyArn
from config.types.names import Name
from config.types.text import matching

NFS_PORT = 2049

FileSystemName = Annotated[
    str,
    matching(
        r"(?!sg-)[A-Za-z0-9][A-Za-z0-9._-]{0,199}",
        "is not a file system name; write at most 200 letters, digits, dots, underscores and hyphens",
    ),
]
"""The name of a file system and of its security group."""

Folder = Annotated[
    str,
    matching(
        r"(?=.{2,100}\Z)(?:/(?!\.)[A-Za-z0-9._-]+){1,4}",
        "is not a directory of a file system; write at most four levels and 100 characters, like /models or "
        "/data/shared",
    ),
]
"""https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html"""


class AccessPoint(Model):
    """An access point: clients see its directory as the root, and act as its user."""

    path: Folder
    """Directory, created at the first mount."""

    uid: int = Field(default=1000, ge=1, le=4294967295)
    """User ID of all files and clients."""

    gid: int = Field(default=1000, ge=1, le=4294967295)
    """Group ID of all files and clients."""


class FileSystem(Model):
    """An entry of section `ai-platform:fileSystems`, for volumes that pods in all zones share."""

    name: FileSystemName | None = None
    """Name tag. Default: `<project>-<key>-efs`."""

    throughput: Literal["elastic", "bursting"] = "elastic"
    """Throughput mode: elastic bills reads and writes; the throughput of bursting depends on the size."""

    infrequent_access_days: Literal[1, 7, 14, 30, 60, 90, 180, 270, 365] | None = 30
    """Days without access after which files move to Infrequent Access; the first read moves them back."""

    backups: bool = True
    """Whether AWS Backup makes daily backups, kept for 35 days."""

    kms_key_arn: KmsKeyArn | None = None
    """KMS key of the data. Default: the account's aws/elasticfilesystem key."""

    access_points: dict[Name, AccessPoint] = Field(min_length=1)
    """Access points by name."""

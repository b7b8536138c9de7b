"""File systems. https://docs.aws.amazon.com/efs/latest/ug/api-reference.html."""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry

_TOKEN = "terraform-20261121000000000000000001"  # noqa: S105, what the provider makes up to ask twice for one thing

FILES: Mapping[str, Entry] = {
    "aws:efs/fileSystem:FileSystem": Entry(
        (
            Call("efs", "CreateFileSystem", fixed={"CreationToken": _TOKEN}),
            Call(
                "efs",
                "PutLifecycleConfiguration",
                {"lifecyclePolicies": "LifecyclePolicies"},
                {"FileSystemId": "fs-0123456789abcdef0"},
            ),
        ),
        taggable=True,
    ),
    "aws:efs/backupPolicy:BackupPolicy": Entry((Call("efs", "PutBackupPolicy"),)),
    "aws:efs/fileSystemPolicy:FileSystemPolicy": Entry((Call("efs", "PutFileSystemPolicy"),)),
    "aws:efs/mountTarget:MountTarget": Entry((Call("efs", "CreateMountTarget"),)),
    "aws:efs/accessPoint:AccessPoint": Entry(
        (Call("efs", "CreateAccessPoint", fixed={"ClientToken": _TOKEN}),), taggable=True
    ),
}

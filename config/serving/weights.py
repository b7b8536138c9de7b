"""Storage of the weights of a model."""

from typing import Annotated, Self

from pydantic import model_validator

from catalog.reading.model import Model
from config.types.names import Name
from config.types.quantities import EbsSize, Quantity
from config.types.references import BucketRef, FileSystemRef
from config.types.text import matching

Folder = Annotated[
    str,
    matching(
        r"[A-Za-z0-9_=.-]+(?:/[A-Za-z0-9_=.-]+)*",
        "is not a prefix in a bucket; write it without a leading or trailing slash",
    ),
]


class FileSystemFolder(Model):
    """A directory that all pods of a model share."""

    file_system: FileSystemRef
    """The file system: a key of `fileSystems`."""

    access_point: Name
    """The access point: a key of its `accessPoints`."""


class BucketFolder(Model):
    """Weights in S3, which vLLM streams to the GPU."""

    bucket: BucketRef
    """The bucket: a key of `buckets`."""

    path: Folder
    """Prefix of config.json, the tokenizer and the weights."""


class Weights(Model):
    """Storage of weights between restarts: exactly one of these."""

    node_disk: Quantity | None = None
    """Size on the node's root disk, requested as ephemeral storage; weights are downloaded from the Hub at each
    start."""

    instance_store: Quantity | None = None
    """Size on the NVMe disks of nodes with `instanceStore`, requested as ephemeral storage; weights are downloaded from
    the Hub at each start, and load faster than from `nodeDisk`."""

    volume: EbsSize | None = None
    """Size of an EBS volume, for one replica in one zone."""

    shared: FileSystemFolder | None = None
    """File system; weights are downloaded once for all replicas in all zones."""

    streamed: BucketFolder | None = None
    """Bucket, to which you upload the weights; nothing is downloaded from the Hub."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        ways = (self.node_disk, self.instance_store, self.volume, self.shared, self.streamed)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("must have exactly one storage; set nodeDisk, instanceStore, volume, shared or streamed")
        return self

    def on_node(self) -> Quantity | None:
        """Return the request of ephemeral storage of the pod; None if weights are not on the node."""
        return self.node_disk or self.instance_store

"""Image repositories, and the objects that the program itself uploads to buckets.

https://docs.aws.amazon.com/AmazonECR/latest/APIReference/
"""

from collections.abc import Mapping

from tests.aws.requests import Call, Entry, Inputs


def _repository(inputs: Inputs) -> Inputs:
    """Return the single structure of the provider's list, which the API requires."""
    return {**inputs, "encryptionConfigurations": inputs["encryptionConfigurations"][0]}


IMAGES: Mapping[str, Entry] = {
    "aws:ecr/repository:Repository": Entry(
        (
            Call(
                "ecr",
                "CreateRepository",
                {"name": "repositoryName", "encryptionConfigurations": "encryptionConfiguration"},
            ),
        ),
        {"forceDelete": "its images are deleted first"},
        taggable=True,
        before=_repository,
    ),
    "aws:ecr/lifecyclePolicy:LifecyclePolicy": Entry(
        (Call("ecr", "PutLifecyclePolicy", {"repository": "repositoryName", "policy": "lifecyclePolicyText"}),)
    ),
    "aws:ecr/repositoryPolicy:RepositoryPolicy": Entry(
        (Call("ecr", "SetRepositoryPolicy", {"repository": "repositoryName", "policy": "policyText"}),)
    ),
    "aws:s3/bucketObjectv2:BucketObjectv2": Entry(
        (Call("s3", "PutObject", {"content": "Body"}),),
        {"overrideProvider": "keeps the default tags off: an object has at most ten"},
    ),
}

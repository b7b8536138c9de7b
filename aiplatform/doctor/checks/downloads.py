"""Container images and models that nodes download."""

import os
from collections.abc import Iterator
from functools import partial

from aiplatform.doctor import web
from aiplatform.doctor.question import Account, Answer, Question, Subject, fine, unknown, wrong
from aiplatform.errors import CallError
from aiplatform.preview.images import images
from catalog.images import ecr_region, repository_arn
from catalog.models import access

TITLE, ORDER = "Images and models", 90

HUB = "https://huggingface.co"
TOKEN = "HF_TOKEN"  # noqa: S105, the name of a variable
"""The variable that the Hub's own tools read."""


def questions(subject: Subject) -> Iterator[Question]:
    """Yield a question for each image in its registry, and for each model of the Hub."""
    try:
        places = images(subject.plan, subject.settings, subject.folder).values()
    except CallError as error:
        why = str(error)
        yield Question("container images", lambda _: unknown(why))
        places = ()  # type: ignore[assignment]
    for place in dict.fromkeys(places):
        yield Question(f"image {place}", partial(_image, place))
    vllm = subject.settings.workloads.vllm
    models = vllm.models.values() if vllm else ()
    for name in dict.fromkeys(name for one in models for _, name in one.downloads()):
        yield Question(f"model {name}", partial(_model, name))


def _image(place: str, account: Account) -> Answer:
    arn, region = repository_arn(place), ecr_region(place)
    if arn is not None and region is not None:
        return _ecr(place, arn, region, account)
    status = web.manifest(place)
    if status is None:
        return unknown("no answer of the registry from here")
    if status == web.FOUND:
        return fine("exists")
    if status == web.MISSING:
        return wrong("the registry does not have it", "correct its name or tag, or push it")
    return unknown(f"the registry answers {status}; it may need a login")


def _ecr(place: str, arn: str, region: str, account: Account) -> Answer:
    repository, registry = arn.partition("repository/")[2], arn.split(":")[4]
    name, _, digest = place.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2] or "latest"
    found = account.found(
        region,
        "ecr",
        "describe_images",
        "ImageNotFoundException",
        "RepositoryNotFoundException",
        registryId=registry,
        repositoryName=repository,
        imageIds=[{"imageDigest": digest} if digest else {"imageTag": tag}],
    )
    if found is None:
        return wrong(f"ECR does not have it in {registry}, {region}", "copy it: `aiplatform images` lists all places")
    return fine("exists")


def _model(name: str, _: Account) -> Answer:
    token = os.environ.get(TOKEN)
    status = web.status(f"{HUB}/{name}/resolve/main/config.json", {"Authorization": f"Bearer {token}"} if token else {})
    page = f"{HUB}/{name}"
    if status is None:
        gated = {"gated": "; its licence has to be accepted", "open": ""}.get(access(name), "; it may be gated")
        return unknown(f"no answer of the Hub from here{gated}", f"see {page}")
    if status == web.FOUND:
        return fine("can be downloaded")
    if status in web.DENIED:
        fix = f"accept the licence at {page} with the account of the token"
        if token is None:
            return wrong("it is gated or private, and a token is needed", f"{fix}, and set {TOKEN} for this check")
        return wrong(f"the token of {TOKEN} may not download it", fix)
    if status == web.MISSING:
        return wrong("the Hub does not have it", "correct the name of the model")
    return unknown(f"the Hub answers {status}", f"see {page}")

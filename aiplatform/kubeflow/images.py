"""Images in manifests: of containers, and in the configuration of controllers that create pods."""

import re
from collections.abc import Callable
from typing import Any

from catalog.images import PUBLIC, full_name

_TAIL = r"(?::\w[\w.-]*)?(?:@sha256:[a-f0-9]{64})?"
_HOSTS = "|".join(map(re.escape, sorted(PUBLIC)))
_WITH_HOST = re.compile(
    rf"(?<![\w./@-])(?:{_HOSTS}|[a-z0-9-]+\.gcr\.io|[a-z0-9-]+\.pkg\.dev)/[a-z0-9](?:[a-z0-9._/-]*[a-z0-9])?{_TAIL}"
)
_SHORT = re.compile(
    r"(?m)^(?P<key>\s*(?:- )?(?P<mark>['\"]?)image(?P=mark)\s*:\s*['\"]?)"
    rf"(?P<image>[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9._-]*)*{_TAIL})(?=['\",\s]|$)"
)
"""An image of Docker Hub, as the value of `image` in YAML and JSON."""


class Images:
    """Replaces the registry of images, and remembers them."""

    def __init__(self, place: Callable[[str], str]) -> None:
        self._place = place
        self._found: dict[str, str] = {}
        self._chosen: dict[str, set[str]] = {}
        """The images that kustomizations choose for a name, instead of those in the manifests."""

    def in_text(self, text: str) -> str:
        """Return a manifest with each image in its place."""
        text = _SHORT.sub(lambda found: found["key"] + self._placed(found["image"]), text)
        return _WITH_HOST.sub(lambda found: self._placed(found[0]), text)

    def in_transformers(self, kustomization: dict[str, Any]) -> None:
        """Put the `images` of a kustomization in their places: its names are those in the manifests."""
        for one in kustomization.get("images", ()):
            end = f"@{one['digest']}" if "digest" in one else f":{one['newTag']}" if "newTag" in one else ""
            if end:
                chosen = f"{one.get('newName', one['name'])}{end}"
                self._placed(chosen)
                self._chosen.setdefault(full_name(one["name"]), set()).add(full_name(chosen))
            one |= {key: self._place(one[key]) for key in ("name", "newName") if key in one}

    def _placed(self, image: str) -> str:
        place = self._place(image)
        # What is in its place already has been found before.
        if image != place or full_name(image) not in self._found.values():
            self._found.setdefault(full_name(image), place)
        return place

    def found(self) -> dict[str, str]:
        """Return the images that run, with their tags and digests, by their own names, each with its place."""
        named = {name: _repository(name) for name in sorted(self._found)}
        return {
            name: self._found[name]
            for name, repository in named.items()
            if name != repository and name in self._chosen.get(repository, (name,))
        }


def _repository(image: str) -> str:
    """Return an image without its tag and digest; the colon of a registry's port is not that of a tag."""
    path = image.partition("@")[0]
    return path.rpartition(":")[0] if ":" in path.rpartition("/")[2] else path

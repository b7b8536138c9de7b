"""Compare every pinned version with the registries that can be reached: `make outdated`.

pip, Go and npm ask the registries that they are configured for. A version whose registry has none of these clients, or
cannot be reached, is unknown: it is never reported as current.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from packaging.version import InvalidVersion, Version

from catalog.eks_releases import eks_releases
from tests.config.base import ROOT

VERSIONS = ROOT / "catalog" / "versions.py"
CONFIGURATION = ROOT / "renovate.json"
SECONDS = 120

SAME_RELEASE = {
    "MLFLOW_IMAGE": ("pip", "mlflow"),
    "VLLM_IMAGE": ("pip", "vllm"),
    "ROUTER_IMAGE": ("pip", "smg"),
    "LITELLM_IMAGE": ("pip", "litellm"),
    "OPEN_WEBUI_IMAGE": ("pip", "open-webui"),
    "KARPENTER": ("go", "github.com/aws/karpenter-provider-aws"),
    "KARPENTER_CRD": ("go", "github.com/aws/karpenter-provider-aws"),
    "KEDA": ("go", "github.com/kedacore/keda/v2"),
    "LEADER_WORKER_SET": ("go", "sigs.k8s.io/lws"),
    "NVIDIA_DEVICE_PLUGIN": ("go", "github.com/NVIDIA/k8s-device-plugin"),
    "CLOUDWATCH_EXPORTER_IMAGE": ("go", "github.com/prometheus-community/yet-another-cloudwatch-exporter"),
    "OAUTH2_PROXY_IMAGE": ("go", "github.com/oauth2-proxy/oauth2-proxy/v7"),
    "KUBECTL_RELEASES": ("go", "k8s.io/kubernetes"),
    "KUBECTL_IMAGE": ("go", "k8s.io/kubernetes"),
}
"""Images and charts that are released with a package: the client and the package, by constant."""


class Pin(NamedTuple):
    """A pinned version."""

    name: str
    version: str
    client: str | None = None
    """pip, go or npm; None if its registry has no such client."""

    package: str = ""
    limit: str | None = None
    """A regular expression of versions that may be proposed."""


Run = Callable[[Sequence[str]], str | None]
"""Runs a command and returns its output, or None if it fails."""


def run(command: Sequence[str]) -> str | None:
    """Run a command; None if the program is missing, or the registry does not know the package or answer in time."""
    try:
        done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=SECONDS, cwd=ROOT)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout


def pins() -> Iterator[Pin]:
    """Yield every pinned version of the repository."""
    yield from _of_versions()
    for file in sorted(ROOT.glob("requirements*.in")):
        yield from _of_requirements(file)
    for file in sorted((ROOT / "tests" / "parts").glob("*.in")):
        yield from _of_requirements(file)
    for file in sorted((ROOT / "tests" / "parts" / "modules").glob("*/go.mod")):
        text = file.read_text(encoding="utf-8")
        tool = (re.findall(r"^tool (\S+)", text, re.MULTILINE) or [""])[0]
        for module, version in re.findall(r"^(?:require )?\t?([a-z]\S+/\S+) (v\S+)", text, re.MULTILINE):
            if tool.startswith(module):
                yield Pin(module, version, "go", module)
    for file in sorted((ROOT / "tests" / "parts").glob("*/package.json")):
        for package, version in json.loads(file.read_text(encoding="utf-8")).get("dependencies", {}).items():
            yield Pin(package, version, "npm", package)
    table = eks_releases()
    for kubernetes, release in table.versions.items():
        for addon, version in {**table.common, **release.addons, "AL2023": release.al2023}.items():
            yield Pin(f"EKS {kubernetes} {addon}", version)


def _of_versions() -> Iterator[Pin]:
    (manager,) = json.loads(CONFIGURATION.read_text(encoding="utf-8"))["customManagers"]
    text = VERSIONS.read_text(encoding="utf-8")
    pattern = _python(manager["matchStrings"][0])
    for match in re.finditer(pattern, text):
        before = text[: match.end("currentValue")]
        name = re.findall(r"^([A-Z][A-Z0-9_]*) =", before, re.MULTILINE)[-1]
        client, package = SAME_RELEASE.get(name, (None, match["depName"]))
        limit = match["versioning"]
        limited = _python(limit.removeprefix("regex:")) if limit and limit.startswith("regex:") else None
        yield Pin(name, match["currentValue"], client, package, limited)


def _python(pattern: str) -> str:
    """Return a pattern as Python writes it: JavaScript's named groups lack a P."""
    return re.sub(r"\(\?<(?=[a-z])", "(?P<", pattern)


def _of_requirements(file: Path) -> Iterator[Pin]:
    lock = file.with_suffix(".txt")
    if not lock.is_file():
        return
    locked = dict(re.findall(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))
    for name in re.findall(r"^([A-Za-z0-9][A-Za-z0-9._-]*)", file.read_text(encoding="utf-8"), re.MULTILINE):
        package = re.sub(r"[-_.]+", "-", name).lower()
        if package in locked:
            yield Pin(package, locked[package], "pip", package)


def newest(pin: Pin, ask: Run = run) -> str | None:
    """Return the newest release that the registry shows and the limit allows, or None if that is unknown."""
    if pin.client == "pip":
        answer = ask([sys.executable, "-m", "pip", "index", "versions", pin.package])
        found = re.findall(r"^Available versions: (.*)$", answer or "", re.MULTILINE)
        shown = found[0].split(", ") if found else []
    elif pin.client == "go":
        shown = (ask(["go", "list", "-m", "-versions", pin.package]) or "").split()[1:]
    elif pin.client == "npm":
        shown = list(json.loads(ask(["npm", "view", pin.package, "versions", "--json"]) or "[]"))
    else:
        return None
    allowed = [one for one in shown if pin.limit is None or re.search(pin.limit, one)]
    return max((one for one in allowed if _release(one)), key=lambda one: _release(one) or Version("0"), default=None)


def _release(text: str) -> Version | None:
    """Return a version without its suffix; None if it is no final release."""
    try:
        version = Version(re.sub(r"-(?:full|alpine)$", "", text).removeprefix("v"))
    except InvalidVersion:
        return None
    return None if version.is_prerelease else version


def line(pin: Pin, found: str | None) -> str:
    """Return the line of a pin."""
    pinned, latest = _release(pin.version), _release(found) if found else None
    if latest is None:
        answer = "unknown: no registry in reach" if pin.client else "unknown: its registry has no client here"
    elif pinned is None or pinned > latest:
        answer = f"unknown: the registry shows {found}"
    else:
        answer = "current" if pinned == latest else f"outdated: {found}"
    return f"{pin.name:<44} {pin.version:<26} {answer}"


def main() -> None:
    """Print a line for every pin, and how many there are of each kind."""
    every = list(dict.fromkeys(pins()))
    counts = dict.fromkeys(("outdated", "current", "unknown"), 0)
    with ThreadPoolExecutor(8) as pool:
        for pin, found in zip(every, pool.map(newest, every), strict=True):
            written = line(pin, found)
            for kind in counts:
                counts[kind] += f" {kind}" in written
            sys.stdout.write(f"{written}\n")
            sys.stdout.flush()
    sys.stdout.write(", ".join(f"{count} {kind}" for kind, count in counts.items()) + "\n")


if __name__ == "__main__":
    main()

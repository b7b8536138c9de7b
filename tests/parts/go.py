"""Programs written in Go: from KUBEBUILDER_ASSETS or PATH, or built from the modules that are pinned here."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from tests.parts.place import MissingPartError, kept

MODULES = Path(__file__).parent / "modules"


@dataclass(frozen=True)
class GoModule:
    """A folder with a go.mod whose `tool` lines name the programs, and their linker flags."""

    folder: Path
    programs: frozenset[str]
    linked: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def cache(self) -> Path:
        """Return the folder of its built programs."""
        return kept(self.folder.name, self.folder / "go.mod", self.folder / "go.sum")


def _required_version(folder: Path, module: str) -> str:
    found = re.search(rf"^\s*{re.escape(module)} (v\S+)", (folder / "go.mod").read_text(), re.MULTILINE)
    if not found:
        raise LookupError(f"{folder / 'go.mod'} does not require {module}")
    return found[1]


KUBERNETES_VERSION = _required_version(MODULES / "kubernetes", "k8s.io/kubernetes")


def _kubernetes() -> GoModule:
    version = "k8s.io/component-base/version"
    major, minor, _ = KUBERNETES_VERSION.removeprefix("v").split(".")
    linked = {
        f"{version}.gitVersion": KUBERNETES_VERSION,
        f"{version}.gitMajor": major,
        f"{version}.gitMinor": minor,
    }
    programs = frozenset({"kube-apiserver", "kube-controller-manager", "kube-scheduler"})
    return GoModule(MODULES / "kubernetes", programs, linked)


KUBERNETES = _kubernetes()
GO_MODULES = (
    KUBERNETES,
    # The module of etcd's program ends in its major version, and so would the name of the program: see _build.
    GoModule(MODULES / "etcd", frozenset({"etcd"})),
    GoModule(MODULES / "kwok", frozenset({"kwok"})),
    GoModule(MODULES / "cyclonus", frozenset({"cyclonus"})),
    GoModule(MODULES / "actionlint", frozenset({"actionlint"})),
    GoModule(MODULES / "kube-score", frozenset({"kube-score"})),
)


def program(name: str, *, build: bool = False) -> Path:
    """Return the path of a program.

    Raises:
        MissingPartError: it is neither in KUBEBUILDER_ASSETS, on PATH nor in the cache, and it is not built.
    """
    module = next(module for module in GO_MODULES if name in module.programs)
    for found in (_from_assets(name), shutil.which(name), module.cache / name):
        if found and Path(found).is_file() and _is_wanted(Path(found)):
            return Path(found)
    if not build:
        raise MissingPartError(f"{name} is neither in KUBEBUILDER_ASSETS nor on PATH: `make parts` builds it with Go")
    _build(module)
    return module.cache / name


def _from_assets(name: str) -> str | None:
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    return str(Path(assets) / name) if assets else None


def _is_wanted(path: Path) -> bool:
    """Return whether the version matches: other minor versions of Kubernetes validate and schedule differently."""
    if path.name not in KUBERNETES.programs:
        return True
    printed = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    return KUBERNETES_VERSION.rsplit(".", 1)[0] + "." in printed


def _build(module: GoModule) -> None:
    go = shutil.which("go")
    if not go:
        raise MissingPartError(f"Go 1.25 or newer is not on PATH; {', '.join(sorted(module.programs))} cannot be built")
    built = module.cache.with_name(module.cache.name + ".part")
    built.mkdir(parents=True, exist_ok=True)
    flags = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in module.linked.items())])
    finished = subprocess.run(
        [go, "build", "-trimpath", "-mod=readonly", "-ldflags", flags, "-o", f"{built}/", "tool"],
        cwd=module.folder,
        env={**os.environ, "CGO_ENABLED": "0", "GOFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode:
        raise MissingPartError(f"go build in {module.folder} failed:\n{finished.stderr[-2000:]}")
    if module.folder.name == "etcd":
        (built / "server").rename(built / "etcd")
    built.rename(module.cache)

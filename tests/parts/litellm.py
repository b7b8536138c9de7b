"""LiteLLM in the version of the stacks, with its database client.

That client is Prisma's. Its engines are native programs that are in no package registry. The query engine is from
Prisma's npm package, compiled to WebAssembly; a replacement runs migrations instead of the schema engine.
"""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.parts import wheels
from tests.parts.place import MissingPartError, kept

LOCK = Path(__file__).with_name("litellm-requirements.txt")
PRISMA = Path(__file__).with_name("prisma")
ENGINE = PRISMA / "query-engine.cjs"
NODE_LOCK = PRISMA / "package-lock.json"


def version() -> str:
    """Return the installed version."""
    found = re.search(r"^litellm(?:\[\S+\])?==(\S+)", LOCK.read_text(), re.MULTILINE)
    if not found:
        raise LookupError(f"{LOCK} does not pin litellm")
    return found[1]


def programs(*, build: bool = False) -> Path:
    """Return the folder with `litellm`, `prisma` and the `python` that imports them.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    folder = wheels.environment("litellm", LOCK, build=build)
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(PRISMA.iterdir()))).hexdigest()
    made = folder / "prisma-client"
    if made.is_file() and made.read_text() == digest:
        return folder / "bin"
    if not build:
        raise MissingPartError("litellm has no client of its database: `make parts` makes one")
    engine = query_engine(build=build)
    _replace(folder / "bin" / "prisma", f'#!/bin/sh\nexec "{folder}/bin/python" "{folder}/prisma.py" "$@"\n')
    shutil.copy(PRISMA / "prisma.py", folder / "prisma.py")
    (schema,) = folder.glob("lib/*/site-packages/litellm/proxy/schema.prisma")
    _run(
        ["node", engine.parent / "node_modules" / "prisma" / "build" / "index.js", "generate", f"--schema={schema}"],
        folder,
        {
            # Programs that the command line would otherwise download.
            **dict.fromkeys(("PRISMA_QUERY_ENGINE_BINARY", "PRISMA_QUERY_ENGINE_LIBRARY"), str(engine)),
            "PRISMA_SCHEMA_ENGINE_BINARY": str(engine),
            "CHECKPOINT_DISABLE": "1",
            "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        },
    )
    made.write_text(digest)
    return folder / "bin"


def query_engine(*, build: bool = False) -> Path:
    """Return the program that replaces Prisma's query engine.

    Raises:
        MissingPartError: the cache does not contain it, and it is not built or its build failed.
    """
    folder = kept("query-engine", NODE_LOCK, ENGINE)
    program = folder / "query-engine"
    if program.is_file():
        return program
    if not build:
        raise MissingPartError("Prisma's query engine is not in the cache: `make parts` installs it (needs npm)")
    if not shutil.which("npm") or not shutil.which("node"):
        raise MissingPartError("neither npm nor node is on PATH, and Prisma's query engine is one of npm's packages")
    folder.mkdir(parents=True, exist_ok=True)
    for file in PRISMA.iterdir():
        if file.suffix in {".cjs", ".json"}:
            shutil.copy(file, folder / file.name)
    _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder, {})
    _replace(program, f'#!/bin/sh\nexec node "{folder / ENGINE.name}" "$@"\n')
    return program


def _replace(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    file.write_text(text)
    file.chmod(0o755)


def _run(command: list[str | Path], folder: Path, environment: dict[str, str]) -> None:
    finished = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if finished.returncode:
        raise MissingPartError(f"{command[0]} failed:\n{(finished.stderr or finished.stdout)[-2000:]}")

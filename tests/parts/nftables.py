"""nftables: from PATH, or from Debian's packages with their libraries."""

import os
import shutil
from pathlib import Path

from tests.parts import debian
from tests.parts.place import MissingPartError, kept

PACKAGES = (
    "nftables",
    *("libnftables1", "libnftnl11", "libmnl0", "libjansson4", "libedit2", "libxtables12", "libgmp10", "libbsd0"),
    "libmd0",
)


def program(*, build: bool = False) -> Path:
    """Return the path of `nft`.

    Raises:
        MissingPartError: it is neither on PATH nor in the cache, and it is not downloaded or the download failed.
    """
    on_path = shutil.which("nft", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if on_path:
        return Path(on_path)
    folder = kept("nftables", also=PACKAGES)
    made = folder / "nft"
    if not made.is_file():
        if not build:
            raise MissingPartError("nft is not on PATH: `make parts` fetches Debian's packages")
        for package in PACKAGES:
            debian.fetch(package, folder)
        libraries = {str(file.parent) for file in folder.rglob("lib*.so.*")}
        begun = made.with_suffix(".new")
        begun.write_text(
            f'#!/bin/bash\nexport LD_LIBRARY_PATH="{":".join(sorted(libraries))}"\nexec "{folder}/usr/sbin/nft" "$@"\n',
            encoding="utf-8",
        )
        begun.chmod(0o755)
        begun.rename(made)
    return made

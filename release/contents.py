"""What a wheel and a source distribution must hold, and must not."""

from __future__ import annotations

import subprocess
import tarfile
import zipfile
from collections.abc import Iterator, Set
from pathlib import Path, PurePosixPath

from release import ROOT

PACKAGE = "nixlint_ort"
WRITTEN_BY_THE_BUILD = frozenset({"PKG-INFO"})


def expected_in_wheel(root: Path = ROOT) -> frozenset[str]:
    """The package's own files and the shipped conventions, by their paths in a wheel."""
    own = (path.relative_to(root / "src") for path in (root / "src" / PACKAGE).rglob("*"))
    shipped = [path for folder in ("rules", "conventions") for path in (root / folder).rglob("*.yaml")]
    rules = (Path(PACKAGE, path.relative_to(root)) for path in shipped)
    return frozenset(
        path.as_posix() for path in (*own, *rules) if path.suffix not in ("", ".pyc") or path.name == "py.typed"
    )


def tracked(root: Path = ROOT) -> frozenset[str]:
    """The files that git tracks."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=True)
    return frozenset(filter(None, listed.stdout.split("\0")))


def in_wheel(wheel: Path) -> frozenset[str]:
    """The files of a wheel, but for what describes it."""
    names = zipfile.ZipFile(wheel).namelist()
    return frozenset(name for name in names if not PurePosixPath(name).parts[0].endswith(".dist-info"))


def in_sdist(sdist: Path) -> frozenset[str]:
    """The files of a source distribution, from its one folder on."""
    with tarfile.open(sdist) as archive:
        files = [member.name for member in archive.getmembers() if not member.isdir()]
    return frozenset(name.partition("/")[2] for name in files) - WRITTEN_BY_THE_BUILD


def faults(archive: Path, held: Set[str], expected: Set[str]) -> Iterator[str]:
    """What an archive lacks, and what it should not have; each in one line."""
    for name in sorted(expected - held):
        yield f"{archive.name} lacks {name}"
    for name in sorted(held - expected):
        yield f"{archive.name} has {name}, which does not belong there"

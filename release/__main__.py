"""`python -m release [PYTHON]...`: build, look into and try what would be published, and exit with 1 if it is wrong."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from nixlint_ort import __version__
from release import ROOT
from release.contents import expected_in_wheel, faults, in_sdist, in_wheel, tracked
from release.trial import find, lint_with, supported


def main() -> None:
    """Do all of it, in a folder that is gone in the end."""
    with tempfile.TemporaryDirectory() as name:
        wrong = list(check(Path(name), sys.argv[1:]))
    for line in wrong:
        print(f"wrong: {line}")
    print("nothing was published" if wrong else f"{__version__} could be released; nothing was published")
    sys.exit(bool(wrong))


def check(folder: Path, pythons: Sequence[str]) -> Iterator[str]:
    """What is wrong, in a line each; what is done is said on the way."""
    sdist, wheel = build(ROOT, folder / "dist", "sdist"), build(ROOT, folder / "dist", "wheel")
    print(f"built {sdist.name}, {len(in_sdist(sdist))} files, and {wheel.name}, {len(in_wheel(wheel))} files")
    yield from faults(wheel, in_wheel(wheel), expected_in_wheel())
    yield from faults(sdist, in_sdist(sdist), tracked())
    again = build(unpacked(sdist, folder), folder / "again", "wheel")
    yield from faults(again, in_wheel(again), in_wheel(wheel))
    if not re.search(rf"^## {re.escape(__version__)}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE):
        print(f"note: CHANGELOG.md has no section for {__version__} yet")
    yield from tries(again, folder, pythons)


def tries(wheel: Path, folder: Path, pythons: Sequence[str]) -> Iterator[str]:
    """Try the wheel on each Python, and say which were not found."""
    found = find(pythons)
    if not found:
        yield f"there is none of Python {', '.join(supported())}: name one, as in `make release-check PYTHONS=...`"
    for version in sorted({*supported(), *found}):
        if version not in found:
            print(f"Python {version}: not found, so not tried")
            continue
        program, exact = found[version]
        if version not in supported():
            yield f"{program} is Python {exact}, which is not supported"
            continue
        trouble = lint_with(program, wheel, folder)
        print(f"Python {exact}: {'fails' if trouble else 'installs the wheel, and lints the variants'}")
        if trouble:
            yield f"Python {exact}: {trouble}"


def build(source: Path, folder: Path, target: str) -> Path:
    """Build a `sdist` or `wheel` of a source tree into a folder."""
    before = set(folder.glob("*"))
    hatchling = Path(sys.executable).parent / "hatchling"
    command = [str(hatchling), "build", "-t", target, "-d", str(folder)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    (built,) = set(folder.glob("*")) - before
    return built


def unpacked(sdist: Path, folder: Path) -> Path:
    """The source tree in a source distribution."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "source", filter="data")
    (tree,) = (folder / "source").iterdir()
    return tree


if __name__ == "__main__":
    main()

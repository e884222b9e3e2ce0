"""Keeps conventions that are built already, since reading their YAML costs more than all else of a run.

The user's cache has those that were built before. The shipped ones are also in the package, where its build put them:
nobody can forge these who cannot write the program itself. Either is found by a digest of all that it was made of, so
none is ever stale; what is damaged is ignored, and no run depends on it.
"""

from __future__ import annotations

from _pickle import PickleError, Unpickler, dumps
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from nixlint_ort.cache.digest import blake2b
from nixlint_ort.cache.program import package_digest, program_digest
from nixlint_ort.convention.convention import Convention

if TYPE_CHECKING:
    from nixlint_ort.cache.store import Cache

COMPILED = Path(__file__).parent / "compiled"
"""What the build of the package made of the shipped conventions."""
_ROOMS = ("nixlint_ort.convention.", "nixlint_ort.template.", "nixlint_ort.finding")
_PATHS = {type(Path()), PurePosixPath}
_DAMAGE = (PickleError, EOFError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError)


def digest_of(files: Mapping[str, bytes]) -> str:
    """A digest, in hex, of files by their names."""
    digest = blake2b(digest_size=16)
    for name, data in sorted(files.items()):
        digest.update(b"%d %s %d " % (len(name), name.encode("utf-8", "surrogateescape"), len(data)))
        digest.update(data)
    return digest.hexdigest()


def recall(made_of: str, cache: Cache) -> Convention | None:
    """The convention that was made of what `made_of` tells apart; None where none is kept."""
    kept = cache.read(_entry(program_digest(cache), made_of)) if cache else None
    if kept is not None and (convention := _loaded(kept)) is not None:
        return convention
    try:
        compiled = (COMPILED / _compiled(made_of)).read_bytes() if COMPILED.is_dir() else None
    except OSError:
        return None
    convention = _loaded(compiled) if compiled is not None else None
    if convention is not None and compiled is not None and cache:
        cache.write(_entry(program_digest(cache), made_of), compiled)  # where no code need be read to find it
    return convention


def keep(made_of: str, convention: Convention, cache: Cache) -> None:
    """Keep a convention in the user's cache. A cache that cannot be written is not an error."""
    if cache:
        cache.write(_entry(program_digest(cache), made_of), dumped(convention))


def compile_to(folder: Path, made_of: str, convention: Convention) -> None:
    """Keep a convention for the package that is built of this code."""
    folder.mkdir(exist_ok=True)
    (folder / _compiled(made_of)).write_bytes(dumped(convention))


def dumped(convention: Convention) -> bytes:
    """A convention as bytes, without what was worked out by it."""
    return dumps(convention._replace(known={}, every_stem=[]), 5)


def _entry(code: bytes, made_of: str) -> str:
    return f"convention-{blake2b(code + made_of.encode(), digest_size=16).hexdigest()}"


def _compiled(made_of: str) -> str:
    return f"{_entry(package_digest(), made_of)}.pickle"


def _loaded(data: bytes) -> Convention | None:
    try:
        convention = _Reader(BytesIO(data)).load()
    except _DAMAGE:
        return None
    return convention if isinstance(convention, Convention) else None


class _Reader(Unpickler):
    """Makes what a convention is made of, and nothing else."""

    def find_class(self, module: str, name: str, /) -> Any:
        """A class of a convention. Raises PickleError for whatever else is named."""
        found = super().find_class(module, name) if module.startswith((*_ROOMS, "pathlib")) else None
        # A name may have dots in it, and a module what it imports: `pathlib` has `io.FileIO`, which makes files.
        own = isinstance(found, type) and found.__module__.startswith(_ROOMS)
        if not own and found not in _PATHS:
            raise PickleError(f"a convention is made of no {module}.{name}")
        return found

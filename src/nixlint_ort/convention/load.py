"""Loads a whole convention from its folder: one that was built before as it is, any other one from its YAML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from nixlint_ort.cache.store import NO_CACHE, Cache
from nixlint_ort.convention.built import compile_to, digest_of, keep, recall
from nixlint_ort.convention.convention import Convention
from nixlint_ort.convention.folder import DEFAULT, MAIN, NOTHING, SHIPPED, SPEECH, WORDS, read_files, read_words
from nixlint_ort.convention.rule import Check

Checks = Callable[[], Mapping[str, Check]]
"""Names the predicates that rules can name, each with the arguments that it gives their messages."""
_LAST: dict[str, Convention] = {}
"""The convention that was loaded last, by what it is made of: an editor asks for it again and again."""


def find_rules() -> Path:
    """The folder of the convention that is shipped: inside the package, or beside `src` in a checkout."""
    return _shipped("rules")


def shipped_folder(name: str) -> Path:
    """The folder of a shipped convention by its name, which is that of a package. Raises KeyError for none."""
    if name == DEFAULT:
        return find_rules()
    folder = _shipped("conventions") / name
    if "/" in name or not (folder / MAIN).is_file():
        raise KeyError(name)
    return folder


def shipped_names() -> list[str]:
    """The names of all shipped conventions."""
    others = _shipped("conventions")
    return [DEFAULT, *(sorted(one.name for one in others.iterdir()) if others.is_dir() else ())]


def _shipped(name: str) -> Path:
    package = Path(__file__).resolve().parent.parent
    return package / name if (package / name).is_dir() else package.parent.parent / name


def load_shipped(name: str = DEFAULT, checks: Checks | None = None, cache: Cache = NO_CACHE) -> Convention:
    """A shipped convention, whose files are named after it. Raises KeyError where there is none of that name."""
    folder = shipped_folder(name)
    return _load(folder, _files(folder, f"{SHIPPED}:{name}"), f"{SHIPPED}:{name}", checks, cache)


def load(
    folder: Path,
    checks: Checks | None = None,
    cache: Cache = NO_CACHE,
    unsaved: Mapping[Path, bytes] = NOTHING,
) -> Convention:
    """Read and check a convention; raises ConventionError at the file and line that is wrong.

    `checks` are the predicates that rules can name; None lets them name any. `unsaved` is what files hold in an editor,
    by their absolute paths, whatever is on disk; nothing of it goes into the cache.
    """
    is_typed = any(path.is_relative_to(folder) for path in unsaved)
    own = _files(folder, folder.name, unsaved)
    return _load(folder, own, folder.name, checks, NO_CACHE if is_typed else cache)


def _files(folder: Path, prefix: str, unsaved: Mapping[Path, bytes] = NOTHING) -> dict[str, bytes]:
    """The files of a convention; one that has no words of its own gets the shipped ones, which are English."""
    files = read_files(folder, prefix, unsaved)
    if f"{prefix}/{SPEECH}" in files and f"{prefix}/{WORDS}" not in files:
        files |= read_words(find_rules(), prefix)
    return files


def made_of(
    own: Mapping[str, bytes], prefix: str, folder: Path, checks: Checks | None
) -> tuple[str, Mapping[str, bytes]]:
    """What a convention is made of, told apart, and the files of those that its `extends` may name."""
    main = own[f"{prefix}/{MAIN}"]
    may_extend = b"extends" in main or b"\\" in main  # in YAML, the word can be written with escapes
    bases = [_files(shipped_folder(name), f"{SHIPPED}:{name}") for name in shipped_names()] if may_extend else []
    below = {name: data for files in bases for name, data in files.items()}
    return repr((digest_of(own), digest_of(below), folder == find_rules(), checks is None)), below


def _load(folder: Path, own: Mapping[str, bytes], prefix: str, checks: Checks | None, cache: Cache) -> Convention:
    known_by, below = made_of(own, prefix, folder, checks)
    convention = _LAST.get(known_by) or recall(known_by, cache)
    if convention is None:
        from nixlint_ort.convention.build import build  # what only it needs is half of a convention's code

        convention = build(folder, own, prefix, below, checks() if checks else None, is_shipped=folder == find_rules())
        keep(known_by, convention, cache)
    _LAST.clear()
    _LAST[known_by] = convention
    return convention._replace(folder=folder)


def compile_shipped(folder: Path, checks: Checks) -> None:
    """Build the shipped conventions for the package that is made of this code; `rules/` also as a repository has it."""
    from nixlint_ort.convention.build import build

    places = [(f"{SHIPPED}:{name}", shipped_folder(name), shipped_folder(name)) for name in shipped_names()]
    places += [("rules", find_rules(), find_rules()), ("rules", find_rules(), Path("rules"))]
    for prefix, source, place in places:
        own = _files(source, prefix)
        known_by, below = made_of(own, prefix, place, checks)
        is_shipped = place == find_rules()
        compile_to(folder, known_by, build(source, own, prefix, below, checks(), is_shipped=is_shipped))

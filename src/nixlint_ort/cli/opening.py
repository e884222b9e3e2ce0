"""How a command gets at what it works on: the settings, the convention, the repository, the release and the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nixlint_ort.cli.stop import Stop

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.repository.release import Release
    from nixlint_ort.repository.repository import Repository
    from nixlint_ort.repository.tree import Tree
    from nixlint_ort.settings import Settings


def convention_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of every command that reads a convention."""
    return click.option(
        "--convention",
        "convention_folder",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Check against the convention in this folder.",
    )(command)


def convention_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that judges by a convention and a release."""
    branch = click.option("--branch", metavar="NAME", help="Check against this branch's release.")
    return convention_option(branch(command))


@contextmanager
def stopping() -> Iterator[None]:
    """Whatever a file of the user's makes impossible ends the run in one line."""
    from nixlint_ort.convention import ConventionError
    from nixlint_ort.repository.repository import RepositoryError
    from nixlint_ort.settings import UnknownRuleError

    try:
        yield
    except (ConventionError, RepositoryError, UnknownRuleError) as error:
        raise Stop(str(error)) from None


def open_repository(paths: Sequence[Path], convention_folder: Path | None, given: bytes | None = None) -> Repository:
    """The repository around the first path, or around the working directory.

    `given` is what the only path holds, whatever is on disk.
    """
    from nixlint_ort.repository.repository import Repository, find_root, relative_path
    from nixlint_ort.repository.tree import Overlay, WorkTree

    root = find_root(paths[0] if paths else Path.cwd())
    convention = load_convention(convention_folder, root)
    with stopping():
        tree: Tree = WorkTree(root)
        if given is not None:
            tree = Overlay(tree, {relative_path(root, path): given for path in paths})
        return Repository(root, convention, paths, tree, exclude=settings_of(root).excludes)


def load_convention(convention_folder: Path | None, start: Path) -> Convention:
    """The convention of that folder; else the one of the repository around `start`; else the one that is shipped.

    Its rules have the severities that the repository sets.
    """
    from nixlint_ort.convention import find_rules, load
    from nixlint_ort.files import is_below
    from nixlint_ort.repository.repository import find_root

    root = find_root(start)
    with stopping():
        settings = settings_of(root)
        own = root / (settings.rules or "rules")
        if settings.rules is None and not (own / "convention.yaml").is_file():
            own = find_rules()
        if convention_folder is None and own != find_rules() and not is_below(own, root):
            raise Stop(f"{own} is outside the repository {root}; --convention can name any folder")
        convention = load((convention_folder or own).absolute())
        settings.check_words(convention.rules)
        return convention._replace(rules=settings.with_severities(convention.rules))


@cache
def settings_of(root: Path) -> Settings:
    """What the repository at `root` sets."""
    from nixlint_ort.settings import read_settings

    with stopping():
        return read_settings(root)


def release_of(repository: Repository, branch: str | None) -> Release:
    """The release by which a repository is judged."""
    from nixlint_ort.repository.release import find_release

    with stopping():
        return find_release(repository, branch or settings_of(repository.root).branch)


def choose_rules(repository: Repository, select: str | None, ignore: str | None) -> dict[str, Rule]:
    """The rules that are selected and not ignored, each by names of rules and families between commas.

    What the options say takes the place of what the repository sets: who selects a rule wants to see it.
    """
    from nixlint_ort.settings import rules_named

    rules = repository.convention.rules
    with stopping():
        chosen = set(rules) if select is not None else settings_of(repository.root).selected(rules)
        if select is not None:
            chosen = {name for word in _words(select) for name in rules_named(word, rules)}
        chosen -= {name for word in _words(ignore or "") for name in rules_named(word, rules)}
    return {name: rule for name, rule in rules.items() if name in chosen}


def _words(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(",") if word.strip()]

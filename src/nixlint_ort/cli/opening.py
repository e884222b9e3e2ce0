"""How a command gets at what it works on: the convention, the repository, the release and the chosen rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from nixlint_ort.cli.output import Stop

if TYPE_CHECKING:
    from nixlint_ort.check.release import Release
    from nixlint_ort.convention import Convention, Rule
    from nixlint_ort.variant.repository import Repository


def convention_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of every command that reads a convention."""
    rules = click.option(
        "--rules", "rules_folder", type=click.Path(path_type=Path), metavar="DIR", help="Judge by this convention."
    )
    branch = click.option("--branch", metavar="NAME", help="Judge by the release of this branch.")
    return rules(branch(command))


def open_repository(paths: Sequence[Path], rules_folder: Path | None) -> Repository:
    """The repository around the first path, or around the working directory."""
    from nixlint_ort.variant.repository import Repository, RepositoryError, find_root

    root = find_root(paths[0] if paths else Path.cwd())
    convention = load_convention(rules_folder, root)
    try:
        return Repository(root, convention, paths)
    except RepositoryError as error:
        raise Stop(str(error)) from None


def load_convention(rules_folder: Path | None, start: Path) -> Convention:
    """The convention of that folder; else that of the repository around `start`; else the one that is shipped."""
    from nixlint_ort.convention import ConventionError, find_rules, load
    from nixlint_ort.variant.repository import find_root

    own = find_root(start) / "rules"
    folder = rules_folder or (own if (own / "convention.yaml").is_file() else find_rules())
    try:
        return load(folder.absolute())
    except ConventionError as error:
        raise Stop(str(error)) from None


def release_of(repository: Repository, branch: str | None) -> Release:
    """The release by which a repository is judged."""
    from nixlint_ort.check.release import find_release
    from nixlint_ort.convention import ConventionError

    try:
        return find_release(repository, branch)
    except ConventionError as error:
        raise Stop(str(error)) from None


def choose_rules(rules: Mapping[str, Rule], select: str | None, ignore: str | None) -> dict[str, Rule]:
    """The rules that are selected and not ignored, each by names of rules and families between commas."""
    selected = _rule_ids(rules, select) if select is not None else set(rules)
    ignored = _rule_ids(rules, ignore) if ignore is not None else set()
    return {name: rule for name, rule in rules.items() if name in selected - ignored}


def _rule_ids(rules: Mapping[str, Rule], words: str) -> set[str]:
    chosen: set[str] = set()
    for word in filter(None, (word.strip() for word in words.split(","))):
        found = {name for name, rule in rules.items() if word in (name, rule.family)}
        if not found:
            unknown_rule(word, rules)
        chosen |= found
    return chosen


def unknown_rule(word: str, rules: Mapping[str, Rule]) -> NoReturn:
    """Stop because there is no rule or family of that name."""
    from nixlint_ort.convention.errors import did_you_mean

    families = {rule.family for rule in rules.values()}
    raise Stop(f"there is no rule or family {word!r}{did_you_mean(word, [*rules, *families])}")

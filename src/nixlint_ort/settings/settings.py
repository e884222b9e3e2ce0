"""Reads `nixlint-ort.yaml`, and applies it to the rules of a convention."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from nixlint_ort import __version__
from nixlint_ort.convention.errors import ConventionError
from nixlint_ort.convention.yaml_tree import MAX_BYTES, YamlNode, read_yaml
from nixlint_ort.files import read_plain
from nixlint_ort.finding import Severity
from nixlint_ort.glob import matches, problem_of
from nixlint_ort.settings.keys import FILE_NAME, KEYS, SettingForm
from nixlint_ort.settings.selection import UnknownRuleError, rules_named

if TYPE_CHECKING:
    from nixlint_ort.convention import Rule


class Settings(NamedTuple):
    """What a repository sets; without a file, nothing. The words for rules are kept with their place in the file."""

    select: tuple[YamlNode, ...] | None = None
    ignore: tuple[YamlNode, ...] = ()
    severity: tuple[tuple[YamlNode, Severity], ...] = ()
    exclude: tuple[str, ...] = ()
    baseline: str | None = None
    branch: str | None = None
    convention: YamlNode | None = None
    per_file_ignores: Mapping[str, tuple[YamlNode, ...]] = MappingProxyType({})

    def excludes(self, path: str) -> bool:
        """Whether a file is left out, by its path from the repository's root."""
        return any(matches(pattern, path) for pattern in self.exclude)

    def with_severities(self, rules: Mapping[str, Rule]) -> dict[str, Rule]:
        """The rules with the severities that are set; that of a rule's own name outweighs that of its family."""
        changed = dict(rules)
        for word, severity in sorted(self.severity, key=lambda one: one[0].text in rules):
            for name in _named(word, rules):
                changed[name] = rules[name]._replace(severities=dict.fromkeys(rules[name].severities, severity))
        return changed

    def selected(self, rules: Mapping[str, Rule]) -> set[str]:
        """The ids of the rules that are selected and not ignored."""
        chosen = set(rules) if self.select is None else _all_named(self.select, rules)
        return chosen - _all_named(self.ignore, rules)

    def ignored_in(self, path: str, rules: Mapping[str, Rule]) -> set[str]:
        """The ids of the rules that are ignored in one file, by its path from the repository's root."""
        return {
            name
            for pattern, words in self.per_file_ignores.items()
            if matches(pattern, path)
            for name in _all_named(words, rules)
        }

    def check_words(self, rules: Mapping[str, Rule]) -> None:
        """Raises ConventionError at the first word that names no rule or family."""
        self.with_severities(rules)
        self.selected(rules)
        for words in self.per_file_ignores.values():
            _all_named(words, rules)


def _all_named(words: tuple[YamlNode, ...], rules: Mapping[str, Rule]) -> set[str]:
    return {name for word in words for name in _named(word, rules)}


def _named(word: YamlNode, rules: Mapping[str, Rule]) -> set[str]:
    try:
        return rules_named(word.text or "", rules)
    except UnknownRuleError as error:
        word.fail(str(error))


def read_settings(root: Path, unsaved: bytes | None = None) -> Settings:
    """The settings of the repository at `root`; raises ConventionError at the line and column that is wrong.

    `unsaved` is what the file holds in an editor, whatever is on disk.
    """
    if unsaved is not None:
        return parse_settings(unsaved)
    path = root / FILE_NAME
    misnamed = path.with_suffix(".yml")
    if misnamed.exists() and not path.exists():
        raise ConventionError(misnamed.name, f"wrong file name; rename it to {FILE_NAME}")
    if not os.path.lexists(path):
        return Settings()
    try:
        data = read_plain(path, MAX_BYTES, below=root)
    except OSError as error:
        raise ConventionError(FILE_NAME, f"cannot be read: {error.strerror}") from None
    return parse_settings(data)


def parse_settings(data: bytes) -> Settings:
    """The settings that the bytes of a file make; raises ConventionError at the line and column that is wrong."""
    if all(not line.strip() or line.lstrip().startswith(b"#") for line in data.splitlines()):
        return Settings()  # as `init` writes it: comments alone
    nodes = read_yaml(FILE_NAME, data).mapping(FILE_NAME, optional=KEYS)
    values = {name.replace("-", "_"): _READERS[KEYS[name].shape](node, name) for name, node in nodes.items()}
    values.pop("required_version", None)
    return Settings(**values)


def _text(node: YamlNode, name: str) -> str:
    text = node.scalar(name)
    if not text:
        node.fail(f"{name} has no value")
    return text


def _convention(node: YamlNode, name: str) -> YamlNode:
    _text(node, name)
    return node


def _versions(node: YamlNode, name: str) -> str:
    bounds = node.scalar(name)
    from packaging.specifiers import SpecifierSet  # only where the key is set

    try:
        fits = SpecifierSet(bounds).contains(__version__, prereleases=True)
    except ValueError:  # InvalidSpecifier, or a number of too many digits
        node.fail(f"{name} must be a range of versions such as >=0.1, <1, not {bounds!r}")
    if not fits:
        node.fail(f"this repository needs nixlint-ort {bounds}, but this is {__version__}")
    return bounds


def _rules(node: YamlNode, name: str) -> tuple[YamlNode, ...]:
    node.texts(name)
    return node.sequence(name)


def _patterns(node: YamlNode, name: str) -> tuple[str, ...]:
    patterns = node.texts(name)
    if problem := problem_of(patterns):
        node.fail(problem)
    return patterns


def _severity_by_rule(node: YamlNode, name: str) -> tuple[tuple[YamlNode, Severity], ...]:
    node.mapping(name, optional=None)
    entries = node.entries or {}
    return tuple((entry.key, Severity(entry.value.word("a severity", Severity))) for entry in entries.values())


def _rules_by_pattern(node: YamlNode, name: str) -> dict[str, tuple[YamlNode, ...]]:
    by_pattern = node.mapping(name, optional=None)
    if problem := problem_of(by_pattern):
        node.fail(problem)
    return {pattern: _rules(rules, pattern) for pattern, rules in by_pattern.items()}


_READERS: dict[SettingForm, Callable[[YamlNode, str], Any]] = {
    SettingForm.TEXT: _text,
    SettingForm.CONVENTION: _convention,
    SettingForm.VERSIONS: _versions,
    SettingForm.RULES: _rules,
    SettingForm.PATTERNS: _patterns,
    SettingForm.SEVERITY_BY_RULE: _severity_by_rule,
    SettingForm.RULES_BY_PATTERN: _rules_by_pattern,
}

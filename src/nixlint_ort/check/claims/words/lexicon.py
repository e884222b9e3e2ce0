"""The words and notations by which documents speak of the tables, as patterns."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.check.claims.words.entities import World, world_of
from nixlint_ort.check.claims.words.grammar import Grammar, alternatives, grammar_of, phrases_of
from nixlint_ort.convention.vocabulary import STEM

if TYPE_CHECKING:
    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.claims import Speech

_NUMERIC = re.compile(r"\d+(?:[._]\d+)*\Z")
_PARTS = re.compile(r"[A-Za-z]+|\d+|[^A-Za-z0-9\s]+")
_PAREN = re.compile(r"\s*\(([^()]*)\)\s*\Z")
_SHAPE = re.compile(r"[A-Za-z]+\d{3,}[A-Za-z]+\Z")
_DIGITS = re.compile(r"\d+")
_AHEAD = 5
"""By how much a major version may be ahead of those that are known; a larger number is something else."""
_WORD = 3
"""Letters from which on the first part of a phrase is a word that few others have in them."""
NUMBER = r"\d+(?:[._]\d+)*"


class Value(NamedTuple):
    """A value of a column as a phrase stands for it, and which of its forms that is."""

    column: str
    value: str
    form: str
    """`value`, `short` (without what is in parentheses), `inner` (what is in them) or `word`."""


class Look(NamedTuple):
    """What the numbers of a column look like: how many parts they have, and how many digits one that has only one."""

    parts: frozenset[int]
    digits: frozenset[int]
    largest: int
    """The largest first part."""

    def fits(self, number: str, *, named: bool) -> bool:
        """Whether a number may be of this column; `named` where something beside it says so."""
        parts = re.split(r"[._]", number)
        most = max(self.parts)
        if most == 1:
            digits = len(parts[0])
            return digits in self.digits if not named else min(self.digits) - 1 <= digits <= max(self.digits)
        return len(parts) >= 2 or (named and int(number) <= self.largest + _AHEAD)


class Lexicon(NamedTuple):
    """All words of a convention, and the pattern that finds them in lower case."""

    speech: Speech
    world: World
    package: str
    nouns: Mapping[str, str]
    values: Mapping[str, tuple[Value, ...]]
    """By the phrase without its spaces and signs."""
    shapes: Mapping[str, re.Pattern[str]]
    """By column what values look like in which digits stand between letters, such as `python312Packages`."""
    looks: Mapping[str, Look]
    forms: tuple[tuple[str, str, re.Pattern[str]], ...]
    """Columns, their written forms, and the pattern of each."""
    pattern: re.Pattern[str]
    numbered: frozenset[str]
    """The first words of all phrases that have digits, or the patterns of phrases that begin with a letter or two."""
    plain: frozenset[str]
    """The first words of all phrases without a digit that have one word, and whose addresses are those of the pin."""
    joined: Mapping[str, frozenset[str]]
    """The second parts of the other phrases without a digit, by their first words."""
    excluding: Mapping[str, re.Pattern[str]]
    between: re.Pattern[str]
    verbs: re.Pattern[str]
    works: re.Pattern[str]
    needing: re.Pattern[str]
    here: re.Pattern[str]
    elsewhere: re.Pattern[str]
    stating: re.Pattern[str]
    negating: re.Pattern[str]
    telling: Mapping[str, re.Pattern[str]]
    branch: re.Pattern[str]
    branch_column: str
    status_column: str | None
    gpus_column: str | None
    grammar: Grammar
    heads: dict[str, str | None]
    """The columns that heads and labels name, as far as they were looked for."""

    def is_flags(self, column: str) -> bool:
        """Whether the values of a column are flags of the compiler."""
        values = self.world.values(column)
        return bool(values) and all(value.startswith("-") for value in values)

    def noun(self, text: str) -> str:
        """The column that a noun names, as it is in a text."""
        return self.nouns[" ".join(text.replace("-", " ").split())]


def normal(phrase: str) -> str:
    """A phrase without spaces and signs, in lower case."""
    return re.sub(r"[^a-z0-9]", "", phrase.lower())


def lexicon_of(convention: Convention, speech: Speech) -> Lexicon:
    """The words of a convention."""
    world = world_of(convention)
    columns = {name for name in (*speech.called, *speech.written) if name in world.subjects}
    looks = {name: look for name in sorted(columns) if (look := _look(convention, world, name))}
    literals = [one for name in sorted(columns) for one in _literals(convention, world, name)]
    literals += [
        (word, Value(column, text, "word"))
        for column, by_value in speech.words.items()
        for text, words in by_value.items()
        for word in words
    ]
    values: dict[str, list[Value]] = defaultdict(list)
    for phrase, value in literals:
        values[normal(phrase)].append(value)
    shapes = {
        _DIGITS.sub(r"\\d+", text.lower()): column
        for column in sorted(columns)
        for text in world.values(column)
        if _SHAPE.match(text)
    }
    phrases = [*(_flexible(phrase) for phrase, _ in literals), *shapes]
    nouns = {word.lower(): column for column, words in speech.called.items() for word in words}
    branch_column = convention.roles.release.key
    branches = world.values(branch_column)
    branch = alternatives({re.sub(r"\d+", r"\\d+", re.escape(one)) for one in branches if re.search(r"\d", one)})
    beginnings = set(_beginnings(phrase for phrase, _ in literals))
    forms = tuple(_written(speech, looks))
    pattern = _pattern(_names(convention), branch, phrases, nouns, forms)
    return Lexicon(
        speech,
        world,
        convention.package,
        nouns,
        {phrase: tuple(found) for phrase, found in values.items()},
        {column: re.compile(shape) for shape, column in shapes.items()},
        looks,
        forms,
        pattern,
        frozenset(_numbered(phrase for phrase, _ in literals)),
        frozenset({*(first for first, second in beginnings if not second), *pin_places(convention)}),
        {
            first: frozenset(after for before, after in beginnings if before == first)
            for first, second in beginnings
            if second and (first, "") not in beginnings
        },
        {scope: phrases_of(words) for scope, words in speech.excluding.items()},
        re.compile(rf"(?:[\s:=≥~>–—\-(|,@*\[\]\"'`]|\b(?:{alternatives(map(re.escape, speech.between))})\b\.?)*\Z"),
        phrases_of(speech.verbs),
        phrases_of(speech.works),
        phrases_of(speech.needing),
        phrases_of(speech.here),
        phrases_of(speech.elsewhere),
        phrases_of(speech.stating),
        phrases_of(speech.negating),
        {name: phrases_of(words) for name, words in speech.telling.items()},
        re.compile(branch),
        branch_column,
        convention.roles.release.status,
        convention.roles.target.gpus if convention.roles.target else None,
        grammar_of(
            speech,
            [form for _, form, _ in forms],
            [one for one, column in nouns.items() if column == branch_column],
            branch_column,
        ),
        {},
    )


def _look(convention: Convention, world: World, column: str) -> Look | None:
    """What the numbers of a column look like; None where its values are none."""
    numeric = [text for text in world.values(column) if _NUMERIC.match(text)]
    if not numeric or column == convention.roles.release.key:
        return None
    parts = frozenset(len(re.split(r"[._]", text)) for text in numeric)
    largest = max(int(re.split(r"[._]", text)[0]) for text in numeric)
    return Look(parts, frozenset(len(text) for text in numeric if text.isdigit()), largest)


def _literals(convention: Convention, world: World, column: str) -> Iterable[tuple[str, Value]]:
    """The phrases for those values of a column that are not numbers and no flags, and that have no other words."""
    other = convention.speech.words.get(column, {}) if convention.speech else {}
    is_branch = column == convention.roles.release.key
    for text in world.values(column):
        patterned = is_branch and re.search(r"\d", text)  # branches with digits have a pattern of their own
        if text not in other and not patterned and not _NUMERIC.match(text) and not text.startswith("-"):
            for phrase, form in _forms(text):
                yield phrase, Value(column, text, form)


def _forms(text: str) -> Iterable[tuple[str, str]]:
    yield text, "value"
    inner = _PAREN.search(text)
    if inner:
        yield text[: inner.start()], "short"
        for one in inner[1].split(","):
            yield one.strip().removesuffix("+"), "inner"


def _flexible(phrase: str) -> str:
    """A pattern for a phrase in which its parts may be joined by a space, a sign or nothing.

    Letters and digits that stand together stay together where the letters are few, as in `L4`.
    """
    pattern, last, gap = "", "", ""
    for part in _PARTS.findall(phrase.lower()):
        if not part[0].isalnum():
            gap = part
            continue
        if last:
            tight = not gap and " " not in phrase and len(last) < 3
            pattern += "" if tight else r"[^a-z0-9]{0,3}" if set(gap) & set("(,") else r"[\s\-_.+]{0,2}"
        pattern += re.escape(part)
        last, gap = part, ""
    return pattern + (r"\)?" if phrase.endswith(")") else "")


def _beginnings(phrases: Iterable[str]) -> Iterable[tuple[str, str]]:
    """The first two parts of phrases without a digit; the second is empty where there is one."""
    for phrase in phrases:
        parts = _PARTS.findall(phrase.lower())
        words = [one for one in parts if one[0].isalnum()] or parts
        if not re.search(r"\d", phrase):
            yield words[0], words[1] if len(words) > 1 else ""


def _numbered(phrases: Iterable[str]) -> Iterable[str]:
    for phrase in phrases:
        first = _PARTS.findall(phrase.lower())[0]
        if re.search(r"\d", phrase):
            yield _flexible(phrase) if len(first) < _WORD or first[0].isdigit() else re.escape(first)


def _written(speech: Speech, looks: Mapping[str, Look]) -> Iterable[tuple[str, str, re.Pattern[str]]]:
    for column, forms in speech.written.items():
        if column in looks:
            for form in forms:
                before, _, after = form.lower().partition("{}")
                yield column, form.lower(), re.compile(rf"{re.escape(before)}(?P<value>{NUMBER}){re.escape(after)}\Z")


def pin_places(convention: Convention) -> frozenset[str]:
    """What all addresses of the pin have in common: two names with a slash between, such as owner and project."""
    role = convention.roles.pin
    column = f"{{{role.key if role else ''}}}"
    starts = [template.text.lower().partition(column)[0] for template in convention.pin_urls]
    pairs = [{"/".join(pair) for pair in pairwise(re.split(r"[/:]+", one)[:-1])} for one in starts]
    return frozenset(pairs[0].intersection(*pairs[1:])) if pairs else frozenset()


def _names(convention: Convention) -> str:
    """Patterns for names of variants, and for `foreign` ones: of other packages whose names have the same parts.

    What a name such as `pytorch-python313-cuda12_8-sm90-avx2` says is of another repository.
    """
    package = re.escape(convention.package)
    whole = re.compile(r"\{package\}(-[a-z]{2,})\{[^{}]*\}(-[a-z]*)")
    texts = (row.wording.written[0].text for kind in convention.kinds for row in kind.texts[STEM].rows)
    ends = {rf"{re.escape(found[1])}\w+{re.escape(found[2])}" for text in texts if (found := whole.match(text))}
    part = rf"(?!{package}-)[a-z0-9_]+"
    return (
        rf"(?P<name>{package}-[a-z]+[0-9{{<$*][^\s\"'`()]*)"
        rf"|(?P<foreign>(?=[a-z]){part}(?:-{part}){{0,3}}?(?:{alternatives(ends)})[^\s\"'`()]*)"
    )


def _pattern(
    names: str,
    branch: str,
    phrases: Iterable[str],
    nouns: Iterable[str],
    forms: Iterable[tuple[str, str, re.Pattern[str]]],
) -> re.Pattern[str]:
    tags = alternatives(re.escape(form.partition("{}")[0]) for _, form, _ in forms if form[0] != "{")
    words = alternatives(re.escape(word).replace(r"\ ", r"[\s\-]") for word in nouns)
    return re.compile(
        rf"(?<![a-z0-9_])(?:"
        rf"{names}"
        rf"|(?P<branch>{branch})(?!\.?\w)"
        rf"|(?P<hash>(?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{{7,40}})(?![0-9a-z])"
        rf"|(?P<value>{alternatives(phrases)})(?![a-z0-9_])"
        rf"|(?P<tag>(?:{tags}){NUMBER})(?![a-z0-9])"
        rf"|(?P<noun>{words})(?![a-z])"
        rf"|v?(?P<number>{NUMBER})(?:\.x)?(?![a-z0-9_]|\.\d)"
        rf"|(?P<flag>-m[a-z][\w.=+\-]*)"
        rf")"
    )

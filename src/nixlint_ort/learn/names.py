"""The parts of the files' names: which words are fixed, which vary, and which names are of one kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

SEPARATORS = ("-", "_")
_LABELLED = re.compile(r"(?P<label>[A-Za-z]+)(?P<value>[0-9][A-Za-z0-9_.+]*)")
_MOST_CLASSES = 6
"""So many words in one place of the names make kinds; of more, the place is a part that varies."""

_FEWEST_WORDS = 3
"""So many names that differ in one word alone are of one kind."""


class Word(NamedTuple):
    """One word of a kind's names: fixed text, or a label and the part of the name that varies after it."""

    text: str
    """The fixed text, or what is before the value; empty where the whole word is the value."""
    part: str | None = None
    """The name of the part; None for a fixed word."""


class NameKind(NamedTuple):
    """Names that are put together alike."""

    name: str
    words: tuple[Word, ...]
    members: tuple[int, ...]
    """Which variants, by their numbers."""


class NamePart(NamedTuple):
    """Something that variants are told apart by, with its value for each; None where a variant has none."""

    name: str
    values: tuple[str | None, ...]


def in_order(value: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which values of a part are sorted, numbers in them as numbers."""
    return tuple((0, int(run), "") if run.isdigit() else (1, 0, run) for run in re.findall(r"[0-9]+|[^0-9]+", value))


class Names(NamedTuple):
    """All names, read."""

    separator: str
    kinds: tuple[NameKind, ...]
    parts: tuple[NamePart, ...]
    """In the order in which they are in the names."""
    package: str
    """The word that most names begin with."""

    def is_labelled(self, part: str) -> bool:
        """Whether a part of the names is behind a word of its own, such as `python` in `python313`."""
        return any(word.part == part and word.text for kind in self.kinds for word in kind.words)

    def renamed(self, titles: Mapping[str, str]) -> Names:
        """The same with other names for some parts, as far as these are free."""
        known = {part.name for part in self.parts}
        titles = {old: new for old, new in titles.items() if new not in known}
        kinds = tuple(
            kind._replace(
                words=tuple(word._replace(part=titles.get(word.part or "", word.part)) for word in kind.words)
            )
            for kind in self.kinds
        )
        parts = tuple(part._replace(name=titles.get(part.name, part.name)) for part in self.parts)
        return self._replace(kinds=kinds, parts=parts)

    def kind_of(self, number: int) -> NameKind:
        """The kind of a variant by its number."""
        return next(kind for kind in self.kinds if number in kind.members)


def read_names(stems: Sequence[str]) -> Names:
    """What names without `.nix` are put together from, by comparing them alone."""
    separator = max(SEPARATORS, key=lambda one: (sum(one in stem for stem in stems), one == "-"))
    words = [stem.split(separator) for stem in stems]
    by_length: dict[int, list[int]] = {}
    for number, split in enumerate(words):
        by_length.setdefault(len(split), []).append(number)
    groups = [group for length in sorted(by_length, reverse=True) for group in _split(words, by_length[length])]
    return _named(words, groups, separator)


def _split(words: Sequence[Sequence[str]], members: list[int]) -> Iterator[list[int]]:
    """Names of one length, apart where a place in them has words that are not values of one part."""
    for place in range(len(words[members[0]])):
        classes: dict[str, list[int]] = {}
        for number in members:
            classes.setdefault(_class_of(words[number][place]), []).append(number)
        if len(classes) > 1 and not _is_part(classes, words, place):
            for group in classes.values():
                yield from _split(words, group)
            return
    yield members


def _class_of(word: str) -> str:
    """The letters that a word begins with."""
    match = _LABELLED.fullmatch(word)
    return match["label"] if match else word


def _is_part(classes: dict[str, list[int]], words: Sequence[Sequence[str]], place: int) -> bool:
    """Whether words of different letters are values of one part.

    Most have digits, or they are too many for kinds, or the names are the same but for them: each word goes with most
    of what the others go with, or three names or more differ in nothing else.
    """
    labelled = [name for name, group in classes.items() if any(words[one][place] != name for one in group)]
    alone = sum(len(group) == 1 for group in classes.values())
    if len(labelled) == len(classes) or (len(classes) > _MOST_CLASSES and 2 * alone > len(classes)):
        return True
    rests = [{(*words[one][:place], *words[one][place + 1 :]) for one in group} for group in classes.values()]
    shared, every = set.intersection(*rests), set.union(*rests)
    is_product = len(shared) > 1 and 2 * len(shared) >= len(every)
    is_only_difference = len(every) == 1 and len(classes) >= _FEWEST_WORDS
    return place > 0 and (is_product or is_only_difference)


def _named(words: Sequence[Sequence[str]], groups: list[list[int]], separator: str) -> Names:
    values: dict[str, list[str | None]] = {}
    shapes: list[list[Word]] = []
    whole: dict[str, set[str]] = {}
    for group in groups:
        shape: list[Word] = []
        for place in range(len(words[group[0]])):
            here = {words[number][place] for number in group}
            word = _word(here, whole, place, {one.part for one in shape})
            shape.append(word)
            if word.part is not None:
                column = values.setdefault(word.part, [None] * len(words))
                for number in group:
                    column[number] = words[number][place].removeprefix(word.text)
        shapes.append(shape)
    kinds = tuple(
        NameKind(name, tuple(shape), tuple(group))
        for name, shape, group in zip(_kind_names(shapes), shapes, groups, strict=True)
    )
    first = Counter(split[0] for split in words).most_common(1)[0][0]
    order = list(dict.fromkeys(word.part for shape in shapes for word in shape if word.part))
    return Names(separator, kinds, tuple(NamePart(name, tuple(values[name])) for name in order), first)


def _word(here: set[str], whole: dict[str, set[str]], place: int, taken: set[str | None]) -> Word:
    """What is in one place of a kind's names; `whole` has the words of parts that have no label so far."""
    labels = {_class_of(word) for word in here}
    label = next(iter(labels))
    has_values = all(_LABELLED.fullmatch(word) for word in here)
    known = next((name for name, seen in whole.items() if seen & here and name not in taken), None)
    if known is None and len(labels) == 1 and has_values and label not in taken:
        return Word(label, label)
    if known is None and len(here) == 1 and not has_values:
        return Word(label)
    name = known or f"word{place + 1}"
    while known is None and (name in taken or name in whole):
        name += "_"
    whole.setdefault(name, set()).update(here)
    return Word("", name)


def _kind_names(shapes: Sequence[Sequence[Word]]) -> list[str]:
    """A name for each kind: the fixed words that only it has, else the first part that not all kinds have."""
    names: list[str] = []
    for shape in shapes:
        others = [one for one in shapes if one is not shape]
        own = [
            word.text for word in shape if word.part is None and 2 * sum(word in one for one in others) < len(others)
        ]
        some = [word.part for word in shape if word.part and any(all(w.part != word.part for w in o) for o in others)]
        name = "_".join(own) or next(iter(some), None) or next((w.text for w in shape if w.part is None), "variant")
        while name in names:
            name += "_"
        names.append(name)
    return names

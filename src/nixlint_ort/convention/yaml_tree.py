"""YAML as a tree of located text: no types are guessed, nothing is built, and nothing can explode.

`12.4`, `1.20` and `on` stay the text that was written. Anchors, aliases, tags, merge keys, directives and
duplicate keys are refused, because a convention needs none of them and each has a trap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from nixlint_ort.convention.errors import ConventionError, did_you_mean

if TYPE_CHECKING:
    Event = Any  # ruamel.yaml tells of the attributes of an event only what all kinds have

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 50_000
"""Values in one file, and in all files of a convention together. The shipped convention has about 3,000."""


class YamlNode(NamedTuple):
    """A part of a YAML file: exactly one of `text`, `items` and `entries` is set."""

    path: str
    line: int
    column: int
    text: str | None = None
    items: tuple[YamlNode, ...] | None = None
    entries: Mapping[str, YamlEntry] | None = None

    def fail(self, message: str) -> NoReturn:
        """Raise a ConventionError at this node."""
        raise ConventionError(self.path, message, self.line, self.column)

    def scalar(self, what: str) -> str:
        """The text of a scalar; `what` names it in the ConventionError that anything else raises."""
        if self.text is None:
            self.fail(f"{what} must be text, not {self.kind}")
        return self.text

    def word(self, what: str, allowed: Iterable[str]) -> str:
        """A scalar out of a closed set; raises ConventionError naming the nearest allowed word."""
        allowed = list(allowed)
        text = self.scalar(what)
        if text not in allowed:
            self.fail(f"{what} must be one of {', '.join(allowed)}, not {text!r}{did_you_mean(text, allowed)}")
        return text

    def sequence(self, what: str) -> tuple[YamlNode, ...]:
        """The items of a list; raises ConventionError for anything else."""
        if self.items is None:
            self.fail(f"{what} must be a list, not {self.kind}")
        return self.items

    def texts(self, what: str) -> tuple[str, ...]:
        """The texts of a list of scalars; raises ConventionError for anything else."""
        return tuple(item.scalar(f"an item of {what}") for item in self.sequence(what))

    def mapping(
        self, what: str, *, required: Iterable[str] = (), optional: Iterable[str] | None = ()
    ) -> dict[str, YamlNode]:
        """The values of a mapping by key; `optional=None` admits any further key.

        Raises ConventionError for anything else, for an unknown key and for one that is missing.
        """
        if self.entries is None:
            self.fail(f"{what} must be a mapping of keys to values, not {self.kind}")
        required = list(required)
        if optional is not None:
            known = [*required, *optional]
            for key, entry in self.entries.items():
                if key not in known:
                    entry.key.fail(f"{what} has no key {key!r}{did_you_mean(key, known)}")
        for key in required:
            if key not in self.entries:
                self.fail(f"{what} needs the key {key!r}")
        return {key: entry.value for key, entry in self.entries.items()}

    @property
    def kind(self) -> str:
        """What this node is, with its article, for messages."""
        if self.text is not None:
            return "text"
        return "a list" if self.items is not None else "a mapping"


class YamlEntry(NamedTuple):
    """One key of a mapping with its value."""

    key: YamlNode
    value: YamlNode


class Budget:
    """How many nodes may still be read, of one file or of several together."""

    def __init__(self, nodes: int = MAX_NODES) -> None:
        self.left = nodes


def read_yaml(path: str, data: bytes, budget: Budget | None = None) -> YamlNode:
    """The tree of a YAML file; `path` is only for messages. Raises ConventionError for whatever is not plain YAML."""
    if len(data) > MAX_BYTES:
        raise ConventionError(path, f"the file has {len(data)} bytes; nixlint-ort reads at most {MAX_BYTES}")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConventionError(path, "the file is not UTF-8", line, 1) from None
    from ruamel.yaml import YAML  # loaded only where YAML is read: importing it costs a third of a run
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        root = _Reader(path, text, YAML(typ="safe", pure=True).parse(text), budget or Budget()).document()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark and (empty := _empty_above(text.splitlines(), mark.line)):
            line, column, key = empty
            message = f"items follow in line {mark.line + 1}, so `{key}: []` is not empty; write `{key}:`"
            raise ConventionError(path, message, line, column) from None
        message = " ".join(part for part in (error.context, error.problem) if part)
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise ConventionError(path, f"invalid YAML: {message}", *place) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConventionError(path, f"invalid YAML: {str(error).splitlines()[0]}") from None
    if root is None:
        raise ConventionError(path, "the file is empty", 1, 1)
    return root


def _empty_above(lines: Sequence[str], at: int) -> tuple[int, int, str] | None:
    """The line and column (from 1) and the key of a list that is said to be empty, right above an item of a list.

    `at` is the line of the item, from 0; blank lines and comments between them do not count.
    """
    if at >= len(lines) or not re.match(r"\s*- ", lines[at]):
        return None
    above = next((n for n in range(at - 1, -1, -1) if not re.match(r"\s*(#|$)", lines[n])), None)
    found = re.match(r"\s*([\w.-]+):\s*(?=\[\]\s*(#|$))", lines[above]) if above is not None else None
    return (above + 1, found.end() + 1, found[1]) if above is not None and found else None


class _Reader:
    """Makes nodes of the events of one file, and refuses at once what is not plain, too deep or too much."""

    def __init__(self, path: str, text: str, events: Iterator[Event], budget: Budget) -> None:
        self.path = path
        self.text = text
        self.events = events
        self.budget = budget
        self.depth = 0

    def document(self) -> YamlNode | None:
        """The tree of the one document; None where there is none."""
        root = None
        for event in self.events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                if root is not None:
                    self._fail(event, "invalid YAML: a second document begins here")
                if event.version is not None or event.tags:
                    line = self.text[: self.text.index("%")].count("\n") + 1
                    raise ConventionError(self.path, "a directive (%) is not allowed here", line, 1)
                root = self._node(next(self.events))
        return root

    def _node(self, event: Event) -> YamlNode:
        self.budget.left -= 1
        if self.budget.left < 0:
            self._fail(event, f"too many values; nixlint-ort reads at most {MAX_NODES:,}")
        kind = type(event).__name__
        if kind == "AliasEvent":
            self._fail(event, "an alias (*) is not allowed here")
        if event.anchor is not None:
            self._fail(event, "an anchor (&) is not allowed here")
        if event.tag is not None:
            self._fail(event, "a tag (!) is not allowed here")
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        if kind == "ScalarEvent":
            return YamlNode(self.path, line, column, event.value)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self._fail(event, f"too deep; nixlint-ort reads at most {MAX_DEPTH} levels")
        if kind == "SequenceStartEvent":
            node = YamlNode(self.path, line, column, None, tuple(self._items()))
        else:
            node = YamlNode(self.path, line, column, None, None, self._entries())
        self.depth -= 1
        return node

    def _items(self) -> Iterator[YamlNode]:
        for event in self.events:
            if type(event).__name__ == "SequenceEndEvent":
                return
            yield self._node(event)

    def _entries(self) -> dict[str, YamlEntry]:
        entries: dict[str, YamlEntry] = {}
        for event in self.events:
            if type(event).__name__ == "MappingEndEvent":
                break
            key = self._node(event)
            name = key.scalar("a key")
            if name == "<<":
                key.fail("a merge key (<<) is not allowed here")
            if name in entries:
                key.fail(f"duplicate key {name!r}; the first one is in line {entries[name].key.line}")
            begin = next(self.events)
            value = self._node(begin)
            if value.text == "" and begin.style is None:  # it is nowhere, and is missed at its key
                value = value._replace(line=key.line, column=key.column)
            entries[name] = YamlEntry(key, value)
        return entries

    def _fail(self, event: Event, message: str) -> NoReturn:
        raise ConventionError(self.path, message, event.start_mark.line + 1, event.start_mark.column + 1)

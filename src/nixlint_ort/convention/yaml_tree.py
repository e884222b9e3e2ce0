"""YAML as a tree of located text: no types are guessed, nothing is built, and nothing can explode.

`12.4`, `1.20` and `on` stay the text that was written. Anchors, aliases, tags, merge keys, directives and
duplicate keys are refused, because a convention needs none of them and each has a trap.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from nixlint_ort.convention.errors import ConventionError, did_you_mean

if TYPE_CHECKING:
    from ruamel.yaml.nodes import MappingNode
    from ruamel.yaml.nodes import Node as RuamelNode
    from ruamel.yaml.tokens import Token

MAX_BYTES = 1_000_000
MAX_DEPTH = 20


class Node(NamedTuple):
    """A part of a YAML file: exactly one of `text`, `items` and `entries` is set."""

    path: str
    line: int
    column: int
    text: str | None = None
    items: tuple[Node, ...] | None = None
    entries: Mapping[str, Entry] | None = None

    def fail(self, message: str) -> NoReturn:
        """Raise a ConventionError at this node."""
        raise ConventionError(self.path, message, self.line, self.column)

    def scalar(self, what: str) -> str:
        """The text of a scalar; `what` names it in the ConventionError that anything else raises."""
        if self.text is None:
            self.fail(f"{what} is one piece of text, not a {self.kind}")
        return self.text

    def word(self, what: str, allowed: Iterable[str]) -> str:
        """A scalar out of a closed set; raises ConventionError naming the nearest allowed word."""
        allowed = list(allowed)
        text = self.scalar(what)
        if text not in allowed:
            self.fail(f"{what} is one of {', '.join(allowed)}, not {text!r}{did_you_mean(text, allowed)}")
        return text

    def sequence(self, what: str) -> tuple[Node, ...]:
        """The items of a list; raises ConventionError for anything else."""
        if self.items is None:
            self.fail(f"{what} is a list, not a {self.kind}")
        return self.items

    def texts(self, what: str) -> tuple[str, ...]:
        """The texts of a list of scalars; raises ConventionError for anything else."""
        return tuple(item.scalar(f"an item of {what}") for item in self.sequence(what))

    def mapping(
        self, what: str, *, required: Iterable[str] = (), optional: Iterable[str] | None = ()
    ) -> dict[str, Node]:
        """The values of a mapping by key; `optional=None` admits any further key.

        Raises ConventionError for anything else, for an unknown key and for one that is missing.
        """
        if self.entries is None:
            self.fail(f"{what} is a mapping of keys to values, not a {self.kind}")
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
        """What this node is, for messages."""
        if self.text is not None:
            return "text"
        return "list" if self.items is not None else "mapping"


class Entry(NamedTuple):
    """One key of a mapping with its value."""

    key: Node
    value: Node


def read_yaml(path: str, data: bytes) -> Node:
    """The tree of a YAML file; `path` is only for messages. Raises ConventionError for whatever is not plain YAML."""
    if len(data) > MAX_BYTES:
        raise ConventionError(path, f"the file has {len(data)} bytes; {MAX_BYTES} are the most that are read")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConventionError(path, "the file is not UTF-8", line, 1) from None
    root = _compose(path, text)
    if root is None:
        raise ConventionError(path, "the file is empty", 1, 1)
    return _node(path, root)


def _compose(path: str, text: str) -> RuamelNode | None:
    from ruamel.yaml import YAML  # loaded only where YAML is read: importing it costs a third of a run
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    yaml = YAML(typ="safe", pure=True)
    try:
        _refuse_what_explodes(path, yaml.scan(text))
        return yaml.compose(text)  # type: ignore[no-any-return]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        message = " ".join(part for part in (error.context, error.problem) if part)
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise ConventionError(path, f"this is not YAML: {message}", *place) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConventionError(path, f"this is not YAML: {str(error).splitlines()[0]}") from None


def _refuse_what_explodes(path: str, tokens: Iterator[Token]) -> None:
    from ruamel.yaml import tokens as kinds

    refused = {
        kinds.AliasToken: "an alias (*)",
        kinds.AnchorToken: "an anchor (&)",
        kinds.TagToken: "a tag (!)",
        kinds.DirectiveToken: "a directive (%)",
    }
    opening = (kinds.FlowSequenceStartToken, kinds.FlowMappingStartToken, kinds.BlockSequenceStartToken)
    closing = (kinds.FlowSequenceEndToken, kinds.FlowMappingEndToken, kinds.BlockEndToken)
    depth = 0
    for token in tokens:
        mark = token.start_mark
        if type(token) in refused:
            message = f"{refused[type(token)]} is not accepted here"
            raise ConventionError(path, message, mark.line + 1, mark.column + 1)
        if isinstance(token, (*opening, kinds.BlockMappingStartToken)):
            depth += 1
        elif isinstance(token, closing):
            depth -= 1
        if depth > MAX_DEPTH:
            message = f"nested deeper than {MAX_DEPTH} levels"
            raise ConventionError(path, message, mark.line + 1, mark.column + 1)


def _node(path: str, node: RuamelNode) -> Node:
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, SequenceNode):
        return Node(path, line, column, items=tuple(_node(path, item) for item in node.value))
    if isinstance(node, MappingNode):
        return Node(path, line, column, entries=_entries(path, node))
    return Node(path, line, column, text=node.value)


def _entries(path: str, node: MappingNode) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key = _node(path, key_node)
        name = key.scalar("a key")
        if name == "<<":
            key.fail("a merge key (<<) is not accepted here")
        if name in entries:
            key.fail(f"the key {name!r} stands twice, first in line {entries[name].key.line}")
        value = _node(path, value_node)
        if value.text == "" and value_node.style is None:  # it is nowhere, and is missed at its key
            value = value._replace(line=key.line, column=key.column)
        entries[name] = Entry(key, value)
    return entries

"""The texts in a variant that speak to people: its comments, texts of `meta`, and what its phases print."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from nixlint_ort.convention.vocabulary import HEADER_LINES
from nixlint_ort.nix.values import Form
from nixlint_ort.source import Span
from nixlint_ort.variant.header import SUPPRESSION

if TYPE_CHECKING:
    import tree_sitter

    from nixlint_ort.nix.parse import Comment
    from nixlint_ort.variant.variant import Variant

COMMENT = "comment"
UNREAD = "\0"
"""What is in a line in place of each byte that is not a text, such as those of `${…}`."""
_STRINGS = {"string_expression": Form.STRING, "indented_string_expression": Form.INDENTED}
_OPENING = re.compile(r"\s*(?:#+!?|/\*+)\s?")
_SHELL_COMMENT = re.compile(r"(?:\A|\s)(#+(?!!)\s?)(.*)\Z")
_HEREDOC = re.compile(r"<<-?\s*[\"']?(\w+)[\"']?")
_SWITCHED_OFF = re.compile(
    r"\s*(?:[\w.'\-]+\s*=[^=].*;|inherit\s.*;|\"[^\"]*\"|[\[\](){};]+|export\s+\w+=.*|[A-Z_]{2,}=\S.*|-[DmfW]\S+|in|let)\s*\Z"
)
"""A line that is code, which somebody has switched off."""


Path = tuple[str, ...]


class Passage(NamedTuple):
    """Lines that belong together, each with the byte at which it begins, and what holds them."""

    holder: str
    """`comment`, or the name of the attribute or of the command."""
    form: Form
    lines: tuple[tuple[str, int], ...]
    is_in_meta: bool = False


def texts_of(variant: Variant, attributes: Collection[str], commands: Collection[str]) -> Iterator[Passage]:
    """The passages of a file that could be parsed: comments except for the header, and strings.

    `attributes` are the names of those whose strings are texts, and `commands` those of a shell that print.
    """
    yield from _comments(variant)
    data = variant.source.data
    words = rb"\b(?:%s)\b" % "|".join(map(re.escape, (*attributes, *commands))).encode()
    has_comments = b"''" in data and data.count(b"#") > sum(one.text.count("#") for one in variant.document.comments)
    if has_comments or re.search(words, data):
        yield from _strings(variant, attributes, commands)


def prose_of(variant: Variant) -> list[Span]:
    """The bytes of each string of several lines in `meta`, from its opening quotes to behind its closing ones."""
    root, data = variant.document.root, variant.source.data
    strings = _bound(root, data)[0] if root is not None else []
    return [
        Span(*node.byte_range)
        for path, node in strings
        if "meta" in path[:-1] and _STRINGS[node.type] is Form.INDENTED and node.start_point[0] < node.end_point[0]
    ]


def _comments(variant: Variant) -> Iterator[Passage]:
    document, source = variant.document, variant.source
    if not document.comments:
        return
    head = variant.fact(HEADER_LINES[0])
    taken = [*head.further, *(variant.fact(name).span for name in HEADER_LINES if not variant.fact(name).absent)]
    lines: list[tuple[str, int]] = []
    last: tuple[int, int] | None = None
    for comment in document.comments:
        if any(comment.span.start <= one.start < comment.span.end for one in taken):
            continue
        position = source.position(comment.span.start)
        before = source.data[source.line_span(position.line).start : comment.span.start].strip()
        place = (position.line, position.column)
        if lines and (before or last != (place[0] - 1, place[1]) or comment.text.startswith("/*")):
            yield Passage(COMMENT, Form.COMMENT, tuple(lines))
            lines = []
        lines += _lines_of(comment)
        last = place if not before and not comment.text.startswith("/*") else None
    if lines:
        yield Passage(COMMENT, Form.COMMENT, tuple(lines))


def _lines_of(comment: Comment) -> Iterator[tuple[str, int]]:
    at = comment.span.start
    for line in comment.text.split("\n"):
        opening = _OPENING.match(line) or re.match(r"\s*(?:\*(?!/)\s)?", line)
        start = opening.end() if opening else 0
        text = line[start:].removesuffix("*/")
        if SUPPRESSION.decode().partition(":")[0] in text or _SWITCHED_OFF.match(text):
            text = ""
        yield text, at + len(line[:start].encode())
        at += len(line.encode()) + 1


def _strings(variant: Variant, attributes: Collection[str], commands: Collection[str]) -> Iterator[Passage]:
    root = variant.document.root
    if root is None:
        return
    data = variant.source.data
    found, variables = _bound(root, data)
    named = set(attributes) | {data[slice(*span)].decode() for name, span in variables if name in attributes}
    printing = re.compile(rf"(?:\A|[\s;&|({{])(?:{'|'.join(map(re.escape, commands))})\s+(?=\S)") if commands else None
    for path, node in found:
        lines = list(_lines(node, data))
        name = next((one for one in reversed(path) if one in named), None)
        if name is not None:
            own = name if name in attributes else next(iter(attributes))
            yield Passage(own, _STRINGS[node.type], tuple(lines), is_in_meta="meta" in path)
        elif printing is not None:
            form = _STRINGS[node.type]
            yield from _shell_comments(lines) if form is Form.INDENTED else ()
            yield from _printed(lines, printing, form)


def _bound(root: tree_sitter.Node, data: bytes) -> tuple[list[tuple[Path, tree_sitter.Node]], list[tuple[str, Span]]]:
    """Every string, with the names of the bindings around it; of each binding to a name its last step and its value."""
    strings: list[tuple[Path, tree_sitter.Node]] = []
    variables: list[tuple[str, Span]] = []
    waiting: list[tuple[tree_sitter.Node, Path]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        kind = node.type
        if kind == "binding":
            path = (*path, *data[slice(*node.children[0].byte_range)].decode().split("."))
            value = node.child_by_field_name("expression")
            if value is not None and value.type == "variable_expression":
                variables.append((path[-1], Span(*value.byte_range)))
        elif kind in _STRINGS:
            strings.append((path, node))
        waiting += [(child, path) for child in reversed(node.named_children) if child.child_count]
    return strings, variables


def _lines(node: tree_sitter.Node, data: bytes) -> Iterator[tuple[str, int]]:
    """The lines of a string, in which each byte that is not a text is unread."""
    start, end = node.children[0].end_byte, node.children[-1].start_byte
    text = bytearray(data[start:end])
    for child in node.children[1:-1]:
        if child.type != "string_fragment":
            span = Span(child.start_byte - start, child.end_byte - start)
            text[span.start : span.end] = UNREAD.encode() * (span.end - span.start)
    for line in bytes(text).decode().split("\n"):
        yield line, start
        start += len(line.encode()) + 1


def _shell_comments(lines: Iterable[tuple[str, int]]) -> Iterator[Passage]:
    """The comments of a script; those alone in their lines, one below the other, are one passage."""
    together: list[tuple[str, int]] = []
    for line, base in lines:
        comment = _comment_in(line)
        if together and (comment is None or line[: comment.start(1)].strip()):
            yield Passage(COMMENT, Form.INDENTED, tuple(together))
            together = []
        if comment is not None:
            text = "" if _SWITCHED_OFF.match(comment[2]) else comment[2]
            together.append((text, base + len(line[: comment.start(2)].encode())))
    if together:
        yield Passage(COMMENT, Form.INDENTED, tuple(together))


def _comment_in(line: str) -> re.Match[str] | None:
    """The comment that a line of a script ends in; a `#` in quotes begins none."""
    comment = _SHELL_COMMENT.search(line)
    return comment if comment is not None and line[: comment.start(1)].count('"') % 2 == 0 else None


def _printed(lines: Iterable[tuple[str, int]], printing: re.Pattern[str], form: Form) -> Iterator[Passage]:
    """What a script prints: the arguments of commands, and what stands up to the end that `<<` names."""
    until = command_name = ""
    shown: list[tuple[str, int]] = []
    for line, base in lines:
        if until and line.strip() == until:
            yield Passage(command_name, form, tuple(shown))
            until, shown = "", []
        if until:
            shown.append((line, base))
            continue
        comment = _comment_in(line) if form is Form.INDENTED else None
        code = line[: comment.start(1)] if comment is not None else line
        command = printing.search(code)
        if command is None:
            continue
        command_name = command[0].strip(" \t;&|({")
        heredoc = _HEREDOC.search(code, command.start())
        text = _arguments(code[command.end() :])
        if heredoc is not None:
            until = heredoc[1]
        elif text:
            yield Passage(command_name, form, ((text, base + len(code[: command.end()].encode())),))


def _arguments(rest: str) -> str:
    """What a command is given, up to what ends it; nothing where it goes into a file."""
    sign = ""
    for at, char in enumerate(rest):
        if sign:
            sign = "" if char == sign else sign
        elif char in "\"'":
            sign = char
        elif char == ">":
            return rest[:at] if rest[at + 1 : at + 2] == "&" else ""
        elif char in ";|" or rest[at : at + 2] == "&&":
            return rest[:at]
    return rest

"""What to say of a file that tree-sitter finds errors in: what is missing or unexpected, where, and what to write."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from itertools import islice

import tree_sitter

from nixlint_ort.nix.walk import SyntaxProblem
from nixlint_ort.source import Span

MAX_PROBLEMS = 20
"""Of one file: the first ones tell enough, and what compares each with all others must stay fast."""

_MAX_QUOTE = 40
_MAX_SEMICOLONS = 5
_MAX_SEARCHED = 10_000
_SECONDS = 1.0
"""Bytes of a file in which a missing `;` is looked for, and CPU seconds: each try reads the file again."""

_TRIED_PLACES = 12
_ENDS_WITH_SEMICOLON = ("binding", "inherit", "inherit_from", "with_expression", "assert_expression")
_NEVER_BEFORE_SEMICOLON = frozenset(
    (
        *("=", ".", ",", "...", "{", "(", "[", "${", "let", "in", "if", "then", "else", "with", "assert", "rec", "!"),
        *("+", "-", "*", "/", "++", "//", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "->", "string_fragment"),
    )
)
"""The words after which the language has no `;`, or only as text; they are not tried, since each try is a reading."""

_HOME = rb"~/\$\{"
_ADVICE = {
    rb"\|>|<\|": "{} is an operator of newer versions of Nix than 2.8, the language that nixlint-ort reads",
    rb"'\$\{": 'nixlint-ort cannot read a quote right before {}; write `${{"\'"}}` for the quote',
    _HOME: 'nixlint-ort cannot read a path that starts with {}; write `~/. + "/${{…}}"`',
    rb"(?<!:)//(?=\S)": "write a space on both sides of // here",
    rb"\x00": "nixlint-ort cannot read a zero byte; remove it",
}
"""What stands where tree-sitter stops though some version of Nix goes on, and what to do about it."""

Read = Callable[[bytes], tree_sitter.Tree | None]


def is_only_empty_inherits(root: tree_sitter.Node) -> bool:
    """Whether all that the grammar misses is a name in `inherit;` or `inherit (x);`, which Nix does without."""
    return all(node.is_missing and _parent_type(node) == "inherited_attrs" for node in errors(root))


def _parent_type(node: tree_sitter.Node) -> str:
    return node.parent.type if node.parent else ""


def errors(root: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    """The errors of a tree that hold no smaller one, and what is missing in it, in the order of the file."""
    stack = [(root, False)]
    while stack:
        node, seen = stack.pop()
        if node.is_missing or seen:
            yield node
        elif node.has_error or node.is_error:
            if node.is_error:
                stack.append((node, True))
            stack += [(child, False) for child in reversed(node.children)]


def comments(root: tree_sitter.Node) -> list[tree_sitter.Node]:
    """The comments on the way to errors."""
    found = []
    stack = [root]
    while stack:
        node = stack.pop()
        if node.type == "comment":
            found.append(node)
        elif node.has_error:
            stack += node.children
    return found


def problems_of(data: bytes, root: tree_sitter.Node, read: Read) -> tuple[SyntaxProblem, ...]:
    """A problem for each error: for every `;` that is missing, and for what else is wrong."""
    put: list[int] = []
    if len(data) <= _MAX_SEARCHED:
        if at_home := _home_paths(data, read):
            return at_home
        put, data, root = _with_semicolons(data, root, read)
    problems = [SyntaxProblem(Span(at, at), "missing `;` after this") for at in put]
    for node in errors(root):
        if len(problems) == MAX_PROBLEMS:
            break
        if node.is_missing:
            if _parent_type(node) != "inherited_attrs":
                wanted = "expression or name" if node.is_named else f"`{node.type}`"
                problems.append(_moved(put, SyntaxProblem(Span(*node.byte_range), f"missing {wanted}")))
        else:
            found = _moved(put, _unexpected(data, node))
            if not any(found.span.start <= problem.span.start <= found.span.end for problem in problems):
                problems.append(found)
    return tuple(sorted(set(problems)))


def _home_paths(data: bytes, read: Read) -> tuple[SyntaxProblem, ...]:
    """The paths that start with `~/${`, where nothing else is wrong: the error that they make may be elsewhere."""
    places = [match.span() for match in re.finditer(_HOME, data)]
    tree = read(re.sub(_HOME, b"x/${", data)) if places else None
    if tree is None or tree.root_node.has_error:
        return ()
    nodes = [(Span(*place), tree.root_node.descendant_for_byte_range(place[0], place[0] + 1)) for place in places]
    message = _ADVICE[_HOME].format("`~/${`")
    return tuple(SyntaxProblem(span, message) for span, node in nodes if node and node.type == "path_fragment")


def _moved(put: list[int], problem: SyntaxProblem) -> SyntaxProblem:
    """A problem of the text with semicolons put in at `put`, places of the text without them."""
    start, end = (at - sum(1 for number, place in enumerate(sorted(put)) if place + number < at) for at in problem.span)
    return SyntaxProblem(Span(start, end), problem.message)


def _with_semicolons(data: bytes, root: tree_sitter.Node, read: Read) -> tuple[list[int], bytes, tree_sitter.Node]:
    """Where a `;` lets more of the file be read: the ends of what lacks one. The text and tree are those with them."""
    put: list[int] = []
    others = 0
    deadline = time.process_time() + _SECONDS
    while len(put) + others < _MAX_SEMICOLONS and time.process_time() < deadline:
        error = next(islice(errors(root), others, None), None)
        if error is None:
            break
        for end in _ends_before(root, max(error.start_byte, 1)):
            tried = data[:end] + b";" + data[end:]
            tree = read(tried)
            if tree is not None and _is_right(tree.root_node, end, others, error.end_byte):
                put.append(end - len(put))
                data, root = tried, tree.root_node
                break
        else:
            others += 1
    return put, data, root


def _is_right(root: tree_sitter.Node, at: int, others: int, before: int) -> bool:
    """Whether the `;` at a place ends something, and the error that ended at `before` is gone."""
    put = root.descendant_for_byte_range(at, at + 1)
    following = next(islice(errors(root), others, None), None)
    fits = put is not None and put.type == ";" and _parent_type(put) in _ENDS_WITH_SEMICOLON
    return fits and (following is None or following.start_byte > before + 1)


def _ends_before(root: tree_sitter.Node, offset: int) -> Iterator[int]:
    """Where the last words before a place end, nearest first; comments are not words."""
    count = 0
    stack = [root]
    while stack and count < _TRIED_PLACES:
        node = stack.pop()
        if node.start_byte >= offset or node.type == "comment":
            continue
        if node.child_count:
            stack += node.children
        elif node.end_byte <= offset and node.end_byte > node.start_byte:
            count += 1
            if node.type not in _NEVER_BEFORE_SEMICOLON:
                yield node.end_byte


def _unexpected(data: bytes, node: tree_sitter.Node) -> SyntaxProblem:
    """What to say of text that fits nowhere: its first line."""
    raw = data[node.start_byte : node.end_byte]
    raw = raw[: len(raw) - len(raw.lstrip(b"\r\n"))] + raw.lstrip(b"\r\n").split(b"\n")[0]
    span = Span(node.start_byte, node.start_byte + len(raw))
    word = max(data.rfind(sign, 0, span.start) for sign in (b" ", b"\n", b"\t")) + 1
    for pattern, advice in _ADVICE.items():
        around = re.compile(pattern).finditer(data, max(word, span.start - _MAX_QUOTE), span.end + 3)
        found = next(iter(reversed([*around])), None)
        if found:
            return SyntaxProblem(Span(*found.span()), advice.format(f"`{found[0].decode()}`"))
    text = raw.decode("utf-8", "replace").strip()
    if not text.isprintable() or not text:
        text = " ".join(f"U+{ord(character):04X}" for character in raw.decode("utf-8", "replace"))
    if len(text) > _MAX_QUOTE:
        text = text[:_MAX_QUOTE] + "…"
    return SyntaxProblem(span, f"unexpected `{text}`")

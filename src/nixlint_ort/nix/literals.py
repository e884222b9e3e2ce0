"""What literals of strings and paths say: escapes and indentation, with the bytes that each part came from."""

from __future__ import annotations

import re

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.values import Form, Origin, Piece
from nixlint_ort.source import Span

Part = Piece | Node
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}

# The plain runs, escapes and line ends of "…"; a `$` that starts an interpolation is left over.
_QUOTED = re.compile(
    rb'(?P<plain>(?:[^$"\\\r]|\$[^{"\\\r]|\$(?=[\\\r]|\Z))+)|(?P<escape>\\(?:[^\xc0-\xff]|[\xc0-\xff][\x80-\xbf]*))|(?P<line>\r\n?)',
    re.DOTALL,
)

# Nix's own tokens of ''…'', longest first where it matters: only `plain` takes part in the indentation.
_INDENTED = re.compile(
    rb"(?P<plain>(?:[^$']|\$[^{']|'[^'$])+)|(?P<dollar>''\$|\$(?!\{))|(?P<quotes>''')"
    rb"|(?P<escape>''\\(?:[^\xc0-\xff]|[\xc0-\xff][\x80-\xbf]*))|(?P<quote>'(?!'))",
    re.DOTALL,
)


def quoted_pieces(raw: bytes, offset: int) -> list[Piece] | None:
    """The pieces of a stretch of a `"…"` string without interpolation that starts at byte `offset`.

    None if Nix would divide the stretch otherwise than it was given.
    """
    pieces = []
    at = 0
    while at < len(raw):
        match = _QUOTED.match(raw, at)
        if match is None:
            return None
        at = match.end()
        span = Origin(Span(offset + match.start(), offset + at))
        text = match[0].decode()
        if match.lastgroup == "plain":
            pieces.append(Piece(text, span, Form.STRING))
        elif match.lastgroup == "line":
            pieces.append(Piece("\n", span, Form.DERIVED))
        else:
            pieces.append(Piece(_ESCAPES.get(text[1], text[1]), span, Form.DERIVED))
    return pieces


class _Token:
    """A token of an indented string: plain text with its bytes, or something that ends the indentation."""

    __slots__ = ("piece", "plain")

    def __init__(self, piece: Part, plain: bool) -> None:
        self.piece, self.plain = piece, plain


def _indented_tokens(raw: bytes, offset: int) -> list[_Token] | None:
    tokens = []
    at = 0
    while at < len(raw):
        match = _INDENTED.match(raw, at)
        if match is None:
            return None
        at = match.end()
        origin = Origin(Span(offset + match.start(), offset + at))
        kind, text = match.lastgroup, match[0].decode()
        if kind in ("plain", "quote") or text == "$":
            tokens.append(_Token(Piece(text, origin, Form.INDENTED), kind == "plain"))
        elif kind == "escape":
            tokens.append(_Token(Piece(_ESCAPES.get(text[3], text[3]), origin, Form.DERIVED), False))
        else:
            tokens.append(_Token(Piece("$" if kind == "dollar" else "''", origin, Form.DERIVED), False))
    return tokens


def _least_indentation(tokens: list[_Token]) -> int:
    least, current, at_start = 1_000_000, 0, True
    for token in tokens:
        if not token.plain or isinstance(token.piece, Node):
            if at_start:
                at_start = False
                least = min(least, current)
            continue
        for line_number, line in enumerate(token.piece.text.split("\n")):
            if line_number:
                at_start, current = True, 0
            if at_start:
                current += len(line) - len(line.lstrip(" "))
                if line.strip(" "):
                    at_start = False
                    least = min(least, current)
    return least


def _stripped(piece: Piece, at_start: bool, dropped: int, least: int) -> tuple[list[Piece], bool, int]:
    """One token's text without its indentation, line by line, and the state after it."""
    pieces = []
    offset = piece.origin.span.start
    for line in _lines(piece.text):
        body = line
        if at_start:
            spaces = len(line) - len(line.lstrip(" "))
            body = line[min(spaces, max(least - dropped, 0)) :]
            dropped += spaces
            if spaces < len(line):
                at_start, dropped = False, 0
        end = offset + len(line.encode())
        if body and piece.form is Form.INDENTED:
            pieces.append(Piece(body, Origin(Span(end - len(body.encode()), end)), Form.INDENTED))
        elif body:
            pieces.append(Piece(body, piece.origin, piece.form))
        if line.endswith("\n"):
            at_start, dropped = True, 0
        offset = end
    return pieces, at_start, dropped


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def indented_parts(stretches: list[tuple[bytes, int] | Node]) -> list[Part] | None:
    """The parts of a `''…''` string, given as its stretches of text (with their byte offsets) and expressions.

    None if Nix would divide the text otherwise than it was given.
    """
    tokens: list[_Token] = []
    for number, stretch in enumerate(stretches):
        if isinstance(stretch, Node):
            tokens.append(_Token(stretch, False))
            continue
        raw, offset = stretch
        opening = re.match(rb" *\n", raw) if number == 0 else None
        skipped = opening.end() if opening else 0
        found = _indented_tokens(raw[skipped:], offset + skipped)
        if found is None:
            return None
        tokens += found
    least = _least_indentation(tokens)
    parts: list[Part] = []
    at_start, dropped = True, 0
    for number, token in enumerate(tokens):
        if isinstance(token.piece, Node):
            parts.append(token.piece)
            at_start, dropped = False, 0
            continue
        pieces, at_start, dropped = _stripped(token.piece, at_start, dropped, least)
        if number == len(tokens) - 1 and pieces and not pieces[-1].text.strip(" ") and len(pieces) > 1:
            pieces.pop()
        parts += pieces
    return parts


def canonical(path: str) -> str:
    """An absolute path without `.`, `..` and needless slashes; a relative one as it is."""
    if not path.startswith("/"):
        return path
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return "/" + "/".join(steps)

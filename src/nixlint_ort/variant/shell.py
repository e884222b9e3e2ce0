"""The flags that a build phase exports: the few shell statements about a variable, followed without running them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from nixlint_ort.nix.values import Form, NixString, Origin, Unknown
from nixlint_ort.variant.fact import cut

_ASSIGNMENT = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?P<append>\+?)=
        (?:"(?P<double>(?:[^"\\`$]|\$\{?[A-Za-z_]\w*(?::-)?\}?)*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'`\\;&|()<>]*))
        [ \t]*;?[ \t]*(?:export[ \t]+(?P=name)[ \t]*;?[ \t]*)?(?:\#.*)?""",
    re.VERBOSE,
)
_CONTROL = re.compile(r"[ \t]*(?:if|for|while|until|case|function|select|[A-Za-z_]\w*[ \t]*\(\))\b")
MOST_WORDS = 1000
"""Of one variable: a script that refers to it twice a line doubles it every time."""

MOST_PIECES = 1000
"""Of one script: each line and each of its words is looked for among them."""

CARRIAGE = (
    "a carriage return stands in this script, which bash takes for part of the command; save the file with LF line ends"
)
_WORD = re.compile(r"[^ \t\n]+")
_OPAQUE = "\ufffc"
"""Stands for a piece of a script that is not known."""
_REFERENCE = re.compile(r"\$\{?([A-Za-z_]\w*)(?::-)?\}?")


@dataclass(slots=True)
class Flags:
    """The words of one variable so far; `unknown` says why where they cannot be told."""

    words: tuple[NixString, ...] = ()
    unknown: Unknown | None = None


def carriage_return(script: NixString) -> Unknown | None:
    """Why a script cannot be followed that holds a carriage return, where there is one; None for any other."""
    at = script.text.find("\r")
    return None if at < 0 else Unknown(CARRIAGE, cut(script, at, at + 1).pieces[0].origin)


def follow(script: NixString, flags: dict[str, Flags]) -> None:
    """Carry out the assignments of a script to the variables in `flags`, and let all else pass.

    An assignment that is conditional, or written in a way that cannot be followed, makes its variable unknown.
    """
    script = replace(
        script,
        pieces=tuple(p._replace(text=_OPAQUE) if p.form is Form.UNKNOWN else p for p in script.pieces),
    )
    if len(script.pieces) > MOST_PIECES:
        for name in flags:
            flags[name] = Flags(unknown=_lost(name, script, 0, 1))
        return
    conditional = False
    at = 0
    for line in script.text.split("\n"):
        conditional = conditional or _CONTROL.match(line) is not None
        begin = at + len(line) - len(line.lstrip(_OPAQUE))
        _follow_line(script, line.strip(_OPAQUE), begin, flags, conditional=conditional)
        at += len(line) + 1


def _follow_line(script: NixString, line: str, at: int, flags: dict[str, Flags], *, conditional: bool) -> None:
    match = _ASSIGNMENT.fullmatch(line)
    if match is None or conditional:
        for name in flags:
            if re.search(rf"(?<![A-Za-z0-9_$]){name}\+?=|\b(?:unset|read)\s+{name}\b", line):
                flags[name] = Flags(unknown=_lost(name, script, at, at + len(line)))
        return
    name = match["name"]
    if name not in flags:
        return
    group = next(group for group in ("double", "single", "bare") if match[group] is not None)
    start, end = match.span(group)
    assigned = _words(script, at + start, at + end, flags, expand=group != "single")
    before = flags[name]
    if match["append"]:
        words = before.words + assigned.words
        assigned = Flags(words[:MOST_WORDS], before.unknown or assigned.unknown)
    flags[name] = assigned


def _words(script: NixString, start: int, end: int, flags: dict[str, Flags], *, expand: bool) -> Flags:
    words: list[NixString] = []
    for match in _WORD.finditer(script.text, start, end):
        word = cut(script, match.start(), match.end())
        reference = _REFERENCE.fullmatch(match[0]) if expand else None
        if reference is not None and reference[1] in flags:
            known = flags[reference[1]]
            if known.unknown is not None:
                return Flags(unknown=known.unknown)
            words.extend(known.words)
        elif _OPAQUE in match[0] or (expand and "$" in match[0]):
            return Flags(unknown=_lost("a flag", script, match.start(), match.end()))
        else:
            words.append(word)
        if len(words) > MOST_WORDS:
            return Flags(unknown=_lost("a flag", script, match.start(), match.end()))
    return Flags(tuple(words))


def _lost(name: str, script: NixString, start: int, end: int) -> Unknown:
    pieces = cut(script, start, end).pieces
    origin: Origin = pieces[0].origin if pieces else script.origin
    return Unknown(f"{name} is set by a shell statement that cannot be followed", origin)

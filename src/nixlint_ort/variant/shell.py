"""What a build phase does to some variables: the few shell statements about them, followed without running them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from nixlint_ort.nix.values import Form, NixString, Origin, Piece, Unknown
from nixlint_ort.variant.fact import cut
from nixlint_ort.variant.shell_changes import may_set, sets_anything
from nixlint_ort.variant.shell_loops import loop_at
from nixlint_ort.variant.shell_state import MAX_WORDS, Shell, Variable
from nixlint_ort.variant.shell_words import LOST, OPAQUE, ShellWord, lex, statements, text_words, with_bare_names

MAX_PIECES = 1000
"""Of one script: each line and each of its words is looked for among them."""

CARRIAGE = (
    "a carriage return stands in this script, which bash takes for part of the command; save the file with LF line ends"
)
TOO_MUCH = "the script puts together more words than nixlint-ort follows"
_OPENING = re.compile(r"(?:if|for|while|until|case|select)\b|function\s|[A-Za-z_]\w*[ \t]*\(\)|\{(?:\s|$)")
_CLOSING = re.compile(r"(?:fi|done|esac)\b|\}")
_ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_]\w*)(?P<append>\+?)=(?P<array>\()?")
_EXPORT = re.compile(r"export[ \t]+(?!-)")
_UNSET = re.compile(r"unset[ \t]+(?:-v[ \t]+)?(?P<names>[A-Za-z_]\w*(?:[ \t]+[A-Za-z_]\w*)*[ \t]*)")
_NAME = re.compile(r"[A-Za-z_]\w*")
MAX_VARIABLES = 50
_TO_VARIABLE = re.compile(r"(?P<how>appendToVar|prependToVar)[ \t]+(?P<name>[A-Za-z_]\w*)(?=[ \t])")
_REFERENCE = re.compile(r"\$(?:\{(?P<braced>[A-Za-z_]\w*)(?::?-)?\}|(?P<bare>[A-Za-z_]\w*))")
_OF_ONE_WORD = frozenset(
    {"out", "dev", "lib", "src", "PWD", "NIX_BUILD_TOP", "NIX_BUILD_CORES", "TMPDIR", "sourceRoot"}
)
"""Variables of stdenv whose values hold no blank."""


def carriage_return(script: NixString) -> Unknown | None:
    """Why a script cannot be followed that holds a carriage return, where there is one; None for any other."""
    at = script.text.find("\r")
    return None if at < 0 else Unknown(CARRIAGE, cut(script, at, at + 1).pieces[0].origin)


def visible(text: NixString, is_harmless: Callable[[Unknown], bool]) -> NixString:
    """A text in which each piece that is not known can be seen: a path by its name, others by a mark."""

    def shown(piece: Piece) -> Piece:
        unknown = piece.unknown
        if unknown is None:
            return piece
        if is_harmless(unknown):
            return piece._replace(text=OPAQUE)
        if unknown.path is not None:
            return Piece(f"@{unknown.path}@", piece.origin, Form.DERIVED)
        return piece._replace(text=LOST)

    return replace(text, pieces=tuple(map(shown, text.pieces)))


def follow(script: NixString, shell: Shell) -> None:
    """Carry out what a script does to the shell's variables, and let all else pass.

    A statement that is conditional, or written in a way that cannot be followed, makes its variable unknown.
    """
    script = visible(script, shell.is_harmless)
    if len(script.pieces) > MAX_PIECES:
        shell.lose(_lost("a flag", script, 0, 1))
        return
    _follow_all(script, shell)


def _follow_all(script: NixString, shell: Shell) -> None:
    every = [*statements(script.text)]
    texts = [*script.cuts(every)]
    depth = at = behind = 0
    while at < len(every):
        shell.others += _own_texts(script, behind, every[at][0])
        loop = None if depth else loop_at(script, every, at, shell.variables)
        if loop is not None:
            for turn in loop.turns:
                _follow_all(turn, shell)
            at = loop.end
            behind = every[at - 1][1]
            continue
        start, end = every[at]
        text = script.text[start:end]
        if _CLOSING.match(text):
            depth = max(depth - 1, 0)
        if _OPENING.match(text):
            depth += 1
        shell.touched = set()
        if not _follow_statement(script, start, end, shell, conditional=depth > 0):
            shell.touched = set()
        if not shell.touched or not shell.touched <= shell.wanted:
            shell.others.append((texts[at], frozenset(shell.touched)))
        at, behind = at + 1, end
    shell.others += _own_texts(script, behind, len(script.text))


def own_text(name: str, origin: Origin) -> NixString:
    """Stands for a text of nixpkgs' own by the name of its attribute."""
    return NixString((Piece(OPAQUE + name, origin, Form.DERIVED),), origin)


def _own_texts(script: NixString, start: int, end: int) -> Iterator[tuple[NixString, frozenset[str]]]:
    """The texts of nixpkgs' own between two statements."""
    for piece in script.cut(start, end).pieces if OPAQUE in script.text[start:end] else ():
        if piece.unknown is not None and piece.unknown.own is not None:
            yield own_text(piece.unknown.own.path[-1].text, piece.origin), frozenset()


def _follow_statement(script: NixString, start: int, end: int, shell: Shell, *, conditional: bool) -> bool:
    """Whether a statement could be carried out, so that what it sets is known."""
    text = script.text[start:end]
    if not conditional and _carry_out(script, start, end, shell):
        return True
    is_any = sets_anything(text)
    for name, variable in shell.variables.items():
        if is_any or may_set(name, text):
            variable.words, variable.unknown = (), _lost(name, script, start, end)
    return False


def _carry_out(script: NixString, start: int, end: int, shell: Shell) -> bool:
    """Carry out a statement; False where it is none of those that are followed."""
    text = script.text[start:end]
    unset = _UNSET.fullmatch(text)
    if unset is not None:
        for name in unset["names"].split():
            shell.clear(name)
            shell.touched.add(name)
        return True
    export = _EXPORT.match(text)
    if export is not None:
        return _export(script, start + export.end(), end, shell)
    assignment = _ASSIGNMENT.match(text)
    if assignment is not None:
        return _assign(script, start, end, shell, assignment)
    call = _TO_VARIABLE.match(text)
    return call is not None and _add(script, start, end, shell, call)


def _export(script: NixString, start: int, end: int, shell: Shell) -> bool:
    """Carry out `export NAME NAME=word …`; False where it is more than that."""
    words = lex(script.text, start, end)
    script = with_bare_names(script, words or [])
    for word in words or ():
        assignment = _ASSIGNMENT.match(script.text, word.start, word.end)
        if assignment is None:
            name = script.text[word.start : word.end]
            if not _NAME.fullmatch(name):
                return False
        elif assignment["array"] or not _assign(script, word.start, word.end, shell, assignment):
            return False
        else:
            name = assignment["name"]
        shell.touched.add(name)
        if name in shell.variables:
            shell.variables[name].is_exported = True
    return words is not None


def _assign(script: NixString, start: int, end: int, shell: Shell, match: re.Match[str]) -> bool:
    """Carry out `NAME=word`, `NAME+=word` or `NAME=(words)`; False where it is more than that."""
    name, is_append = match["name"], bool(match["append"])
    shell.touched.add(name)
    words = _assigned(script.text, start + len(match[0]), end, is_array=bool(match["array"]))
    if words is None:
        return False
    if name not in shell.variables:
        if match["array"] or len(shell.variables) > MAX_VARIABLES:
            return True
        shell.variables[name] = Variable(unknown=_lost(name, script, start, end) if is_append else None)
    variable = shell.variables[name]
    if bool(match["array"]) is not variable.is_array:
        return False
    value = _values(script, words, shell, split=not variable.is_array)
    if is_append:
        more = value.words
        if not variable.is_array and variable.words and more and words and _is_glued(script, words[0]):
            return False
        value = Variable((*variable.words, *more)[:MAX_WORDS], variable.unknown or value.unknown)
    variable.words, variable.unknown = value.words, value.unknown
    return True


def _assigned(text: str, start: int, end: int, *, is_array: bool) -> list[ShellWord] | None:
    """The words of an assignment's right side; None where something else is there too."""
    if not is_array:
        words = lex(text, start, end)
        is_one = words is not None and (not words or (len(words) == 1 and words[0].start == start))
        return words if is_one else None
    close = text.rfind(")", start, end)
    return None if close < 0 or text[close + 1 : end].strip() else lex(text, start, close)


def _is_glued(script: NixString, word: ShellWord) -> bool:
    """Whether what is appended to a text continues its last word."""
    first = next((script.text[a:b] for a, b, _ in word.segments if b > a), " ")
    return first[0] not in " \t\n"


def _add(script: NixString, start: int, end: int, shell: Shell, match: re.Match[str]) -> bool:
    shell.touched.add(match["name"])
    variable = shell.variables.get(match["name"])
    words = lex(script.text, start + match.end(), end)
    if variable is None or words is None:
        return variable is None
    value = _values(script, words, shell, split=False)
    ordered = (*value.words, *variable.words) if match["how"] == "prependToVar" else (*variable.words, *value.words)
    variable.words, variable.unknown = ordered[:MAX_WORDS], variable.unknown or value.unknown
    return True


def _values(script: NixString, words: list[ShellWord], shell: Shell, *, split: bool) -> Variable:
    """The words with what they refer to put in; `split` where blanks in them part words too."""
    found: list[NixString] = []
    for word in words:
        pieces: list[Piece] = []
        for start, end, expands in word.segments:
            part = _expanded(script, start, end, shell) if expands else cut(script, start, end)
            if isinstance(part, Unknown):
                return Variable(unknown=part)
            pieces += part.pieces
        shell.left -= len(pieces)
        if shell.left < 0:
            return Variable(unknown=Unknown(TOO_MUCH, cut(script, word.start, word.end).origin))
        whole = NixString(tuple(pieces), script.origin)
        parts = text_words(whole) if split else [whole]
        for one in parts:
            if one.text.strip(OPAQUE):
                found.append(one)
            if (OPAQUE in one.text.strip(OPAQUE)) or LOST in one.text or len(found) > MAX_WORDS:
                return Variable(unknown=_unknown_of(one) or _lost("a flag", script, word.start, word.end))
    return Variable(tuple(found))


def _unknown_of(word: NixString) -> Unknown | None:
    """Why a word is not known, where a piece of it is not."""
    return next((piece.unknown for piece in word.pieces if piece.unknown is not None and piece.text == LOST), None)


def _expanded(script: NixString, start: int, end: int, shell: Shell) -> NixString | Unknown:
    """A stretch of a script with the variables in it that are followed put in."""
    pieces: list[Piece] = []
    at = start
    for match in re.finditer(r"\$", script.text[start:end]):
        begin = start + match.start()
        reference = _REFERENCE.match(script.text, begin, end)
        name = (reference["braced"] or reference["bare"]) if reference else ""
        if reference is None or (name not in shell.variables and name not in _OF_ONE_WORD):
            return _lost("a flag", script, begin, reference.end() if reference else min(begin + 1, end))
        shell.read.add(name)
        variable = shell.variables.get(name)
        if variable is None:
            continue
        if variable.unknown is not None:
            return variable.unknown
        pieces += [*cut(script, at, begin).pieces, *_spaced(variable.words, script.origin)]
        at = reference.end()
    return NixString((*pieces, *cut(script, at, end).pieces), script.origin)


def _spaced(words: tuple[NixString, ...], origin: Origin) -> Iterator[Piece]:
    for number, word in enumerate(words):
        if number:
            yield Piece(" ", origin, Form.DERIVED)
        yield from word.pieces


def split_words(text: NixString, is_harmless: Callable[[Unknown], bool]) -> Variable:
    """The words of a text that is not a script, such as an attribute that becomes an environment variable."""
    text = visible(text, is_harmless)
    words = text_words(text)
    if any(LOST in word.text or OPAQUE in word.text.strip(OPAQUE) for word in words):
        unknown = next((piece.unknown for piece in text.pieces if piece.unknown is not None), None)
        return Variable(unknown=unknown)
    return Variable(tuple(word for word in words if word.text.strip(OPAQUE)))


def _lost(name: str, script: NixString, start: int, end: int) -> Unknown:
    """Why a statement is not followed: what of it is not known, or else its form."""
    pieces = cut(script, start, end).pieces
    unknown = next((piece.unknown for piece in pieces if piece.unknown is not None), None)
    if unknown is not None:
        return unknown
    origin: Origin = pieces[0].origin if pieces else script.origin
    return Unknown(f"{name} is set by a shell statement that nixlint-ort does not evaluate", origin)

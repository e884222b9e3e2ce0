"""Makes text from files and file names harmless in a terminal, a CI log, JSON and XML."""

from __future__ import annotations

import re
from collections.abc import Iterator

# GitHub takes `##[command]` anywhere in a line for a command, Azure `##vso[`, TeamCity `##teamcity[`.
_HASH_COMMAND = re.compile(r"##(?=\w*\[)")
# GitHub takes `::command` at a line's start for a command, and passes over white space there.
_COLON_COMMAND = re.compile(r"^((?:[^\S\n]|\x1b\[[0-9;]*m)*):(?=:)", re.MULTILINE)
_XML_FORBIDDEN = "[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
"""Compiled where it is used, as all others that few runs need: it takes longer than all of them together."""
_XML_SPECIAL = "[&<>\"'\\t\\n\\r\\x7f]"
_KEPT = r"\n|\t|\r\n|[\x20-\x7e]+|[^\S\x00-\x1f\x7f-\x9f\u2028\u2029]+"
_HARMLESS = rf"({_KEPT})|[^\x20-\x7e]"
_HARMLESS_IN_COLOR = rf"(\x1b\[[0-9;]*m|{_KEPT})|[^\x20-\x7e]"
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """The text on one line, with an escape such as `\\x1b` for every character that does not print.

    Control characters, line ends, bidirectional controls and all but the plain space count as such. A byte of a
    file name that is not UTF-8 is shown as that byte.
    """
    return text if text.isprintable() else "".join(map(_visible_char, text))


def _visible_char(char: str) -> str:
    code = ord(char)
    if char.isprintable():
        return char
    if char in _NAMED:
        return _NAMED[char]
    if 0xDC80 <= code <= 0xDCFF:  # how Python holds a byte that is not UTF-8
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def harmless(text: str, *, color: bool = False) -> str:
    """Lines for people in which every character that could drive a terminal is a visible escape, and none a command.

    Spaces of all widths stay, and so do tabs and the ends of lines, so that a diff can be applied. With `color`, so do
    codes of colour.
    """
    if not text.isprintable():
        kept = _HARMLESS_IN_COLOR if color else _HARMLESS
        text = re.sub(kept, lambda found: found[1] or "".join(map(_visible_char, found[0])), text)
    return without_commands(text)


def without_commands(report: str) -> str:
    """A report for people in which no line is a command to the CI system whose log it may end up in."""
    return _COLON_COMMAND.sub(r"\1\\x3a", without_hash_commands(report))


def without_hash_commands(report: str) -> str:
    """The same for a report whose lines are commands on purpose: nothing within a line is another one."""
    return _HASH_COMMAND.sub(r"#\\x23", report)


def json_text(value: object, *, indent: int | None = None) -> str:
    """JSON in printable ASCII that holds no command to a CI system; what reads it gets the original text."""
    import json

    return _HASH_COMMAND.sub(r"#\\u0023", json.dumps(value, indent=indent))


def json_parts(value: object) -> Iterator[str]:
    """The same with an indent of 2 and a newline at the end, in parts that together are the text.

    `value` may have iterators for arrays, of which one item at a time is held.
    """
    yield from _json_parts(value, "\n")
    yield "\n"


def _json_parts(value: object, margin: str) -> Iterator[str]:
    """A value in lines that each begin with the margin."""
    inner = f"{margin}  "
    if isinstance(value, Iterator):
        begin = "["
        for item in value:
            yield begin + inner
            yield from _json_parts(item, inner)
            begin = ","
        yield "[]" if begin == "[" else f"{margin}]"
    elif isinstance(value, dict) and _has_iterator(value):
        begin = "{"
        for key, item in value.items():
            yield f"{begin}{inner}{json_text(key)}: "
            yield from _json_parts(item, inner)
            begin = ","
        yield f"{margin}}}"
    else:
        yield json_text(value, indent=2).replace("\n", margin)


def _has_iterator(value: object) -> bool:
    return isinstance(value, Iterator) or (isinstance(value, dict) and any(map(_has_iterator, value.values())))


def xml_text(text: str) -> str:
    """The text for XML, in an attribute or between tags: printable ASCII, and no command to a CI system.

    What reads it gets the original text, except for characters that XML forbids: they become visible escapes.
    """
    allowed = re.sub(_XML_FORBIDDEN, lambda found: _visible_char(found[0]), text)
    quoted = re.sub(_XML_SPECIAL, lambda found: f"&#{ord(found[0])};", allowed)
    return _HASH_COMMAND.sub("#&#35;", quoted.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def path_bytes(path: str) -> bytes:
    """A path as the file system has it; a surrogate that stands for no byte is encoded as if it were a character."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")

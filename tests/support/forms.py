"""A variant in other forms that mean the same, and comments at every place where one can stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import tree_sitter

from nixlint_ort.nix.parse import parse

_META = r"(    description = .*;\n)(    platforms = .*;\n)"
_FLAGS = r"  cpuFlags = \[\n((?:    .*\n)+)  \];\n"
_OVERRIDE = r"\.override \{\n((?:    \w.*\n)+)  \}"


def _form(pattern: str, replacement: str, binding: str = "") -> Callable[[str], str | None]:
    """What turns a text into a form: one place of it, and a binding that is put in with groups of that place."""

    def of(text: str) -> str | None:
        found = list(re.finditer(pattern, text, re.MULTILINE))
        if len(found) != 1:
            return None
        text = text[: found[0].start()] + found[0].expand(replacement) + text[found[0].end() :]
        return text.replace("\nlet\n", f"\nlet\n{found[0].expand(binding)}", 1)

    return of


def _words(match: re.Match[str]) -> list[str]:
    return re.findall(r'"[^"]*"', match[1])


def _flags(write: Callable[[list[str]], str]) -> Callable[[str], str | None]:
    def of(text: str) -> str | None:
        match = re.search(_FLAGS, text)
        return text.replace(match[0], write(_words(match)), 1) if match else None

    return of


def _override_in_a_line(text: str) -> str | None:
    match = re.search(_OVERRIDE, text)
    return text.replace(match[0], f".override {{ {' '.join(match[1].split())} }}", 1) if match else None


def _meta_in_a_line(text: str) -> str | None:
    match = re.search(_META, text)
    if match is None:
        return None
    return text.replace(f"{{\n{match[0]}  }}", f"{{ {' '.join(one.strip() for one in match.groups())} }}", 1)


FORMS: dict[str, Callable[[str], str | None]] = {
    "as it is": lambda text: text,
    "SM through a binding": _form(r'gpuArchCMake = ("\d+");', "gpuArchCMake = sm;", r"  sm = \1;\n"),
    "SM in an interpolation": _form(r'gpuArchCMake = ("\d+");', 'gpuArchCMake = "${sm}";', r"  sm = \1;\n"),
    "SM out of a call": _form(r"\$\{gpuArchCMake\}", "${toString gpuArchCMake}"),
    "description through a binding": _form(r"description = (.*);", "description = text;", r"  text = \1;\n"),
    "version in an interpolation": _form('"ONNX Runtime 1.23.2', '"ONNX Runtime ${ort}', '  ort = "1.23.2";\n'),
    "description in pieces": _form(r'description = "(.*) \+ (.*)";', r'description = "\1" + " + \2";'),
    "meta that is inherited": _form(_META, "    inherit (about) description platforms;\n", r"  about = {\n\1\2  };\n"),
    "description that is inherited": _form(_META, r"    inherit description;\n\2", r"\1"),
    "pname that is inherited": _form(
        r"^  pname = variantName;", "  inherit (names) pname;", "  names.pname = variantName;\n"
    ),
    "pname in an interpolation": _form(r"^  pname = variantName;", '  pname = "${variantName}";'),
    "meta in one line": _meta_in_a_line,
    "platforms over lines": _form(r'platforms = \[ (".*") \];', r"platforms = [\n      \1\n    ];"),
    "platforms through a binding": _form(r'platforms = \[ (".*") \];', "platforms = [ system ];", r"  system = \1;\n"),
    "flags in one line": _flags(lambda flags: f"  cpuFlags = [ {' '.join(flags)} ];\n"),
    "flags as one text": _flags(
        lambda flags: f'  cpuFlags = [ "{" ".join(flag.strip(chr(34)) for flag in flags)}" ];\n'
    ),
    "flags in two lists": _flags(lambda flags: f"  cpuFlags = [ {flags[0]} ] ++ [ {' '.join(flags[1:])} ];\n"),
    "description in an indented string": _form(r'description = "(.*)";', r"description = ''\1'';"),
    "pin through a binding": _form(r"archive/([0-9a-f]{40})", "archive/${rev}", r'  rev = "\1";\n'),
    "override in one line": _override_in_a_line,
    "features that are inherited": _form(
        r"^    requiredSystemFeatures = (.*);",
        "    inherit requiredSystemFeatures;",
        r"  requiredSystemFeatures = \1;\n",
    ),
    "CUDA line through a binding": _form(
        r"cudaPackages = final\.(cudaPackages_12_\d)", "cudaPackages = final.${cuda}", r'  cuda = "\1";\n'
    ),
}
"""By name, what writes a variant so."""


def gaps(data: bytes) -> Iterator[int]:
    """The places between two tokens at which Nix allows a comment, in bytes from 0."""
    document = parse(data)
    root = document.root
    assert root is not None
    for token in document.tokens:
        if _allows_comment(root, token.span.start):
            yield token.span.start


def _allows_comment(root: tree_sitter.Node, at: int) -> bool:
    node = root.descendant_for_byte_range(at, at + 1)
    while node is not None:
        if node.start_byte < at and ("string" in node.type or ("path" in node.type and node.type != "attrpath")):
            return False
        node = node.parent
    return True


def commented(data: bytes) -> bytes:
    """A file with a numbered block comment at every place where one can stand."""
    parts, at = [], 0
    for number, gap in enumerate(gaps(data)):
        parts += [data[at:gap], b"/* c%d */ " % number]
        at = gap
    return b"".join([*parts, data[at:]])


def lined(data: bytes) -> bytes:
    """A file with a numbered comment behind every line of code, and one alone above each."""
    starts = set(gaps(data))
    lines, at = [], 0
    for number, line in enumerate(data.split(b"\n")):
        first = at + len(line) - len(line.lstrip())
        blank = line[: first - at]
        ends = at + len(line)
        next_start = ends + 1 + len(data[ends + 1 :]) - len(data[ends + 1 :].lstrip())
        if line.strip() and first in starts and not line.startswith(b"#"):
            lines.append(b"%b# above %d" % (blank, number))
        is_code = next_start in starts and line.strip() and not line.startswith(b"#")
        lines.append(b"%b # behind %d" % (line, number) if is_code else line)
        at = ends + 1
    return b"\n".join(lines)

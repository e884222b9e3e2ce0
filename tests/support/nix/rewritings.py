"""Rewritings of a variant's text that leave what it means as it is."""

from __future__ import annotations

import re
from collections.abc import Callable

Rewrite = Callable[[str], str]

_WORDS = re.compile(
    r"""(?P<kept>\#[^\n]*\n|/\*.*?\*/|''.*?''(?!['$\\])|"(?:[^"\\]|\\.)*")|(?P<name>\w[\w'-]*)|(?P<other>.)""",
    re.DOTALL,
)


def outside(text: str, change: Callable[[str], str]) -> str:
    """The text with each stretch that is neither comment nor string changed."""
    result, run = [], ""
    for match in _WORDS.finditer(text):
        if match["kept"]:
            result += [change(run), match["kept"]]
            run = ""
        else:
            run += match[0]
    return "".join([*result, change(run)])


def _renamed(text: str) -> str:
    for old, new in (
        ("nixpkgs_pinned", "p"),
        ("lib", "l'"),
        ("gpuArchCMake", "arch"),
        ("cpuFlags", "flags-of-the-cpu"),
        ("onnxruntimeCpp", "layer_1"),
        ("oldAttrs", "before"),
        ("final", "self"),
        ("prev", "super"),
    ):
        text = re.sub(rf"(?<![\w.\"-]){old}(?![\w\"'-])", new, text)
    return text.replace("inherit (p) l';", "l' = p.lib;")


def _in_let(text: str, binding: str) -> str:
    """The text with a binding more in front of the first let."""
    return re.sub(r"^let\n", f"let\n  {binding}\n", text, count=1, flags=re.MULTILINE)


def _split(pattern: str, put_together: str) -> Rewrite:
    """Takes the literal that `pattern` finds (before, text, after) apart at its middle."""

    def rewrite(text: str) -> str:
        def halves(match: re.Match[str]) -> str:
            before, body, after = match.groups()
            middle = len(body) // 2
            return before + put_together.format(body[:middle], body[middle:]) + after

        return re.sub(pattern, halves, text, count=1)

    return rewrite


_NAME = r'(variantName = )"([^"]*)"(;)'
_DESCRIPTION = r'(description = )"([^"]*)"(;)'
_URL = r'(url = )"([^"]*)"(;)'


def _interpolated_version(text: str) -> str:
    text = re.sub(r'(description = ".*?)1\.23\.2', r"\1${ortVersion}", text, count=1)
    return _in_let(text, 'ortVersion = lib.concatStringsSep "." [ "1" "23" "2" ];')


def _source_in_let(text: str) -> str:
    source = re.search(r"\((builtins\.fetchTarball \{.*?\})\)", text, re.DOTALL)
    return _in_let(text.replace(source[0], "source", 1), f"source = {source[1]};") if source else text


def _flags_by_words(text: str) -> str:
    def words(match: re.Match[str]) -> str:
        flags = " ".join(re.findall(r'"([^"]+)"', match[1]))
        return f'cpuFlags = lib.splitString " " "{flags}"'

    return re.sub(r"cpuFlags = \[(.*?)\]", words, text, count=1, flags=re.DOTALL)


def _wrapper_in_let(text: str) -> str:
    head, _, body = text.rpartition("\nin\n")
    return f"{head}\n  wrapper = {body.strip()};\nin\nwrapper\n"


def _replaced(*pairs: tuple[str, str]) -> Rewrite:
    def rewrite(text: str) -> str:
        for old, new in pairs:
            text = text.replace(old, new)
        return text

    return rewrite


_OVERLAY = r"\(final: prev: \{ cudaPackages = final\.(\w+); \}\)"


def _overlay(new: str) -> Rewrite:
    return lambda text: re.sub(_OVERLAY, new, text)


REWRITINGS: dict[str, Rewrite] = {
    "every binding renamed": _renamed,
    "the name by a sum": _split(_NAME, '"{0}" + "{1}"'),
    "the name by interpolation": _split(_NAME, '"${{"{0}"}}{1}"'),
    "the name in an indented string": _split(_NAME, "''{0}{1}''"),
    "the name on a line of its own": _split(_NAME, "lib.removeSuffix \"\\n\" ''\n    {0}{1}\n  ''"),
    "the name by a function": _split(_NAME, '(first: second: "${{first}}${{second}}") "{0}" "{1}"'),
    "the name from a set": _split(_NAME, '(rec {{ a = "{0}"; b = a + c; c = "{1}"; }}).b'),
    "the name joined": _split(_NAME, 'builtins.concatStringsSep "" [ "{0}" "{1}" ]'),
    "the name replaced": _split(_NAME, 'builtins.replaceStrings [ "@" ] [ "{1}" ] "{0}@"'),
    "the name under a condition": _split(_NAME, 'if 1 < 2 then "{0}{1}" else throw "no"'),
    "the description by a sum": _split(_DESCRIPTION, '"{0}" + "{1}"'),
    "the description with the version put in": _interpolated_version,
    "the pin by a sum": _split(_URL, '"{0}" + "{1}"'),
    "the pin's revision in its own let": lambda text: re.sub(
        r'url = "(.*/archive/)(\w+)(\.tar\.gz)"', r'url = let rev = "\2"; in "\1${rev}\3"', text
    ),
    "the pin through a binding": _source_in_let,
    "lib by selection": _replaced(("inherit (nixpkgs_pinned) lib;", "lib = nixpkgs_pinned.lib;")),
    "lib by with": _replaced(("inherit (nixpkgs_pinned) lib;", "lib = (with { p = nixpkgs_pinned; }; p).lib;")),
    "lib opened by with": _replaced(
        ("lib.concatStringsSep", "(with lib; concatStringsSep)"), ("!lib.hasPrefix", "with lib; !hasPrefix")
    ),
    "lib inherited in parts": _replaced(
        ("inherit (nixpkgs_pinned) lib;", "inherit (nixpkgs_pinned.lib) hasPrefix concatStringsSep;"),
        ("lib.", ""),
        ("nixpkgs_pinned.) hasPrefix", "nixpkgs_pinned.lib) hasPrefix"),
        ("(nixpkgs_pinned.hasPrefix", "(nixpkgs_pinned.lib.hasPrefix"),
    ),
    "packages by with": _replaced(("(nixpkgs_pinned.onnxruntime", "((with nixpkgs_pinned; onnxruntime)")),
    "packages by getAttr": _replaced(("(nixpkgs_pinned.onnxruntime", '((builtins.getAttr "onnxruntime" nixpkgs_pinned)')),
    "packages by a quoted name": _replaced(("nixpkgs_pinned.onnxruntime", 'nixpkgs_pinned."onnxruntime"')),
    "the overlay from prev": _overlay(r"(_: prev: { cudaPackages = prev.\1; })"),
    "the overlay by with": _overlay(r"(final: prev: with final; { cudaPackages = \1; })"),
    "the overlay in steps": _overlay(r"(final: prev: { mine = final.\1; }) (final: prev: { cudaPackages = prev.mine; })"),
    "the overlay twice": _overlay(r"(_: prev: { cudaPackages = throw ''no''; }) (_: prev: { cudaPackages = prev.\1; })"),
    "the overlay by a set": _overlay(r"(final: prev: { inherit ({ cudaPackages = final.\1; }) cudaPackages; })"),
    "the overlay by an update": _overlay(r"(final: prev: { other = 1; } // { cudaPackages = final.\1; })"),
    "overlays put together": _replaced(("overlays = [", "overlays = [ ] ++ [")),
    "config by an update": _replaced(("config = {", "config = { allowUnfree = false; } // {")),
    "an argument with a name": _replaced(("{ pkgs ? import <nixpkgs> {} }:", "args@{ pkgs ? import <nixpkgs> { }, ... }:")),
    "a trailing comma": _replaced(("{ pkgs ? import <nixpkgs> {} }:", "{\n  pkgs ? import <nixpkgs> { },\n}:")),
    "no argument": _replaced(("{ pkgs ? import <nixpkgs> {} }:", "")),
    "arguments by a function": _replaced((".override {\n  onnxruntime = onnxruntimeCpp;\n}", ".override (old: { onnxruntime = onnxruntimeCpp; })")),
    "attributes by two arguments": _replaced((".overrideAttrs (oldAttrs:", ".overrideAttrs (final: oldAttrs:")),
    "attributes in steps": _replaced(
        ("\nin\n(", "\nin\n(("), ("pname = variantName;", "pname = variantName;\n})).overrideAttrs (oldAttrs: {"),
    ),
    "python attributes": _replaced(("\nin\n(", "\nin\n((("), ("pname = variantName;", "pname = variantName;\n})).overridePythonAttrs (old: {\n  doCheck = false;\n})).overrideAttrs (oldAttrs: {")),
    "meta by names": lambda text: re.sub(r"meta = \(oldAttrs\.meta or \{\}\) // \{(.*?)\n  \};", r"meta = { homepage = 1; } // oldAttrs.meta or { } // {\1\n  };", text, flags=re.DOTALL),
    "meta by merged sets": lambda text: re.sub(r"(\n +)(platforms = .*?;)\n  \};", r"\n  } // {\1\2\n  };", text),
    "the flags as words": _flags_by_words,
    "the flags appended": lambda text: re.sub(r"cpuFlags = \[(.*?)\];", r"cpuFlags = [ ] ++ builtins.filter (f: f != null) [\1 null ];", text, flags=re.DOTALL),
    "the flags by map": _replaced(('lib.concatStringsSep " " cpuFlags', 'toString (map (flag: flag) cpuFlags)')),
    "the architecture by cmakeFeature": _replaced(
        ('"-DCMAKE_CUDA_ARCHITECTURES=${gpuArchCMake}"', '(lib.cmakeFeature "CMAKE_CUDA_ARCHITECTURES" gpuArchCMake)')
    ),
    "the architecture as a number": lambda text: re.sub(
        r'gpuArchCMake = "(\d+)"', r"gpuArchCMake = toString \1", text
    ),
    "bindings in a recursive set": lambda text: re.sub(
        r"^let\n(.*)\nin\n", r"let all = rec {\n\1\n}; in with all;\n", text, count=1, flags=re.DOTALL | re.MULTILINE
    ),
    "an old let": lambda text: re.sub(
        r"^let\n(.*)\nin\n(.*)\Z", r"let {\n\1\nbody = \2;\n}\n", text, count=1, flags=re.DOTALL | re.MULTILINE
    ),
    "the wrapper in the let": _wrapper_in_let,
    "an assertion": _replaced(("\nin\n", "\nin\nassert lib.hasPrefix \"onnxruntime\" variantName;\n")),
    "comments anywhere": lambda text: outside(text, lambda run: re.sub(r"([;{\[(=])", r"\1 /* ; } */ # { '' \"\n", run)),
    "one line where it may be": lambda text: outside(text, lambda run: re.sub(r"\s+", " ", run)),
    "parentheses": lambda text: re.sub(r"= (\"[^\"]*\");", r"= ((\1));", text),
}  # fmt: skip

WITHOUT_THE_BINDING = {"bindings in a recursive set", "an old let"}
"""Those after which no `let` around the file's value binds the variant's name."""

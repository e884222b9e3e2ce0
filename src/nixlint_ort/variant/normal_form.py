"""What a variant's code means apart from its facts, so that two can be compared however they are written."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Any

from nixlint_ort.cache.digest import blake2b
from nixlint_ort.convention.vocabulary import FACTS, HEADER_LINES, STEM, WORDED, Subject
from nixlint_ort.nix.values import (
    VERBATIM,
    Fetched,
    Form,
    Function,
    NixAttrs,
    NixBool,
    NixFloat,
    NixInt,
    NixList,
    NixPath,
    NixString,
    Package,
    PackageSet,
    Piece,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.source import Span
from nixlint_ort.variant.build import Build
from nixlint_ort.variant.build_form import BuildForm, build_form
from nixlint_ort.variant.function_form import form_of

if TYPE_CHECKING:
    from nixlint_ort.nix.node import Node
    from nixlint_ort.nix.values import Environment
    from nixlint_ort.variant.variant import Variant

OWN = "\ufffc"
"""Stands for what is a fact: right or wrong, that is for other rules to say."""
_OWN_RUN = re.compile(rf"{OWN}(?:\s*{OWN})+")
_MAX_DEPTH = 40
_MAX_VALUES = 20_000
_MAX_CHARACTERS = 2_000_000
"""Of code that stands for what is not known: it may be quoted more than once."""

_PYTHON = re.compile(r"python\d+")
"""Its `pkgs` are the package set of that Python."""

_SPACE = re.compile(rb"\s+")
_OWN_BYTES = re.compile(rb'\xff(?:(?:" ?")? ?\xff)+')

_FLAG_TYPE = re.compile(r"\A(-D\w+):(?:STRING|BOOL)=")
"""Of a flag's types, those that change nothing for CMake; one that is a path is made absolute."""

_OWN_FACTS = tuple(
    name
    for name, kind in FACTS.items()
    if kind.subject not in (Subject.NAME, Subject.HEADER) and kind.part_of is None and not kind.is_free
)
"""Facts that follow from the name, so that the code differs in them: not those outside it, nor parts of another."""


def own_spans(variant: Variant) -> frozenset[Span]:
    """The bytes that the variant's facts were written as."""
    return frozenset(
        piece.origin.span
        for name in (*_OWN_FACTS, *variant.convention.own_facts)
        for item in variant.fact(name).items or ()
        for piece in item.pieces
        if piece.form in VERBATIM and piece.text
    )


def outline(variant: Variant) -> bytes:
    """A digest of the file's bytes without comments, with one mark for its facts and single spaces."""
    data = variant.source.data
    holes = sorted(
        [(span, b"\xff") for span in own_spans(variant)] + [(c.span, b" ") for c in variant.document.comments]
    )
    parts: list[bytes] = []
    at = 0
    for span, mark in holes:
        if span.start >= at:
            parts += [data[at : span.start], mark]
            at = span.end
    parts.append(data[at:])
    return blake2b(_OWN_BYTES.sub(b"\xff", _SPACE.sub(b" ", b"".join(parts)).strip()), digest_size=16).digest()


def meaning(variant: Variant) -> object:
    """What the file asks for and evaluates to, with OWN for its facts: equal where two variants mean the same."""
    value = variant.evaluation.value
    formals = value.formals if isinstance(value, Function) else None
    return formals, Meaning(variant).of(variant.evaluation.result)


class Meaning:
    """Walks the values of one variant; what is not known is what its text says, less the name it is asked of.

    A set, a list or a package becomes a digest, worked out once however often it is shared; inside itself it is how
    many levels up it stands.
    """

    def __init__(self, variant: Variant) -> None:
        self._variant = variant
        self._evaluation = variant.evaluation
        self._python_packages = {variant.value(name) for name in ("python_packages", "layer_python_packages")} - {None}
        facts = (variant.fact(name) for name in ("pname", *WORDED) if name not in (STEM, *HEADER_LINES))
        self._texts = {item.origin.span for fact in facts for item in fact.items or ()}  # where they are written
        self._own = sorted(own_spans(variant))
        self._own_starts = [span.start for span in self._own]
        self._own_ends = list(accumulate((span.end for span in self._own), max))
        self._depth = 0
        self._seen: dict[int, tuple[object, object]] = {}
        self._left = _MAX_VALUES
        self._characters_left = _MAX_CHARACTERS

    def of(self, value: Value | None) -> object:
        """A value; None stands for what is not set, and for what is too much."""
        self._left -= 1
        if value is None or self._depth > _MAX_DEPTH or self._left < 0:
            return None
        reader: Callable[[Meaning, Any], object] | None = _READERS.get(type(value))
        if reader is None:
            return type(value).__name__
        if not isinstance(value, _SHARED):
            return reader(self, value)
        return self._once(value.items if isinstance(value, NixList) else value, lambda: reader(self, value))

    def _once(self, value: object, read: Callable[[], object]) -> object:
        """The digest of what `read` gives for a value; how many levels up it stands if this is inside of it."""
        known = self._seen.get(id(value))
        if known is not None:
            found = known[1]
            return ("up", self._depth - found) if isinstance(found, int) else found
        # The value is kept beside its digest, so that its id stays its own.
        self._seen[id(value)] = (value, self._depth)
        self._depth += 1
        digest = blake2b(repr(read()).encode("utf-8", "surrogateescape"), digest_size=16).digest()
        self._depth -= 1
        self._seen[id(value)] = (value, digest)
        return digest

    def string(self, value: NixString) -> object:
        """A text: without its facts, and without the type of a flag."""
        if value.origin.span in self._texts:
            return OWN
        text = "".join(self._pieces(value))
        return _FLAG_TYPE.sub(r"\1=", _OWN_RUN.sub(OWN, text.rstrip("\n") if "\n" in text else text))

    def _pieces(self, value: NixString) -> Iterator[str]:
        for piece in value.pieces:
            if piece.form is Form.UNKNOWN and piece.unknown is not None:
                yield str(self.unknown(piece.unknown))
            else:
                yield OWN if self._is_own(piece.origin.span) else self._without_own(piece)

    def _without_own(self, piece: Piece) -> str:
        """A piece's text, with a mark for each fact in it where it was written as it is."""
        span = piece.origin.span
        first = bisect_left(self._own_starts, span.start)
        inside = [one for one in self._own[first : bisect_left(self._own_starts, span.end)] if one.end <= span.end]
        data = piece.text.encode("utf-8", "surrogateescape")
        if not inside or piece.form not in VERBATIM or len(data) != span.end - span.start:
            return piece.text
        parts, at = [], span.start
        for one in inside:
            if one.start >= at:
                parts += [data[at - span.start : one.start - span.start].decode("utf-8", "replace"), OWN]
                at = one.end
        return "".join([*parts, data[at - span.start :].decode("utf-8", "replace")])

    def _is_own(self, span: Span) -> bool:
        before = bisect_right(self._own_starts, span.start)
        return before > 0 and span.end <= self._own_ends[before - 1]

    def plain(self, value: NixBool | NixInt | NixFloat) -> object:
        """A number, true or false."""
        return OWN if self._is_own(value.origin.span) else value.value

    def list(self, value: NixList) -> object:
        """A list's items; several facts in a row are one."""
        items = self._evaluation.items(value)
        if isinstance(items, Unknown):
            return self.unknown(items)
        found: list[object] = []
        for item in items:
            one = self.of(item)
            if not (one == OWN and found and found[-1] == OWN):
                found.append(one)
        return tuple(found)

    def attributes(self, value: NixAttrs) -> object:
        """A set's attributes, and whose others it has."""
        known = [(name, self.of(self._evaluation.force(value.attributes[name]))) for name in sorted(value.attributes)]
        return (known, self.further(value))

    def _path(self, value: Package) -> tuple[object, ...]:
        """The names of something in nixpkgs, where one Python set for another is a fact."""
        path = tuple(self.string(name) for name in value.path)
        if path[1:2] == ("pkgs",) and _PYTHON.fullmatch(str(path[0])):
            path = (f"{path[0]}Packages", *path[2:])
        return (OWN, *path[1:]) if path[0] in self._python_packages else path

    def further(self, value: NixAttrs) -> object:
        """Whose attributes a set has besides its own; None if it has no others."""
        return None if value.rest is None else self._reason(value.rest)

    def _reason(self, value: Unknown) -> object:
        return value.reason if value.own is None else self._path(value.own)

    def package(self, value: Package) -> object:
        """Something of nixpkgs with all that overrides have given it."""
        path = self._path(value)
        if not value.state:
            return (self.packages(value.root), path)
        given, own = self._evaluation.overridden(value)
        return (self.packages(value.root), path, self.attributes(given), self._built(value, own))

    def _built(self, package: Package, attributes: NixAttrs) -> object:
        """What a package's attributes come to: flags may be set in many ways."""
        form = build_form(Build(self._evaluation, package), attributes)
        return (*self.build(form), self.attributes(form.others)) if form else self.attributes(attributes)

    def build(self, form: BuildForm) -> tuple[object, object]:
        """What scripts do besides setting flags, and the flags."""
        statements = [" ".join(str(self.string(one)).split()) for one in form.statements]
        flags = [_OWN_RUN.sub(OWN, " ".join(str(self.string(word)) for word in words)) for words in form.flags]
        return statements, flags

    def packages(self, value: PackageSet) -> object:
        """nixpkgs as imported."""
        return self._once(value.source, lambda: self._source_and_layers(value))

    def _source_and_layers(self, value: PackageSet) -> object:
        layers = tuple(map(self.of, self._evaluation.overlaid(value)))
        return (self.fetched(value.source), self._further(value.arguments, "overlays"), layers)

    def fetched(self, value: Fetched) -> object:
        """What was fetched, and how."""
        return (value.fetcher, self.of(value.url), self._further(value.arguments, "url"))

    def _further(self, given: NixAttrs | None, known: str) -> object:
        """The arguments beside one that is looked at by itself."""
        if given is None:
            return ([], None)
        others = {name: thunk for name, thunk in given.attributes.items() if name != known}
        return self.attributes(replace(given, attributes=others))

    def rest(self, value: Rest) -> object:
        """A stretch of a list that is not known, with what was filtered out of it."""
        return (self.unknown(value.unknown), *map(self.of, value.filters))

    def function(self, value: Function) -> object:
        """A function, however its parameters are called."""
        node, env = value.closure or (None, None)
        form = form_of(node, env, self._closed) if node and env else None
        if form is None:
            form = self._written(value.origin.span) or value.name
        return (form, *(self.of(self._evaluation.force(one)) for one in value.given)) if value.given else form

    def _closed(self, node: Node, env: Environment) -> object:
        return self.of(self._evaluation.part(node, env))

    def _written(self, span: Span) -> str:
        """The tokens of the code at a place, so that neither blanks nor comments count."""
        self._characters_left -= span.end - span.start
        tokens = self._variant.document.tokens if self._characters_left > 0 else ()
        first = bisect_left(tokens, span.start, key=lambda token: token.span.start)
        inside = takewhile(lambda token: token.span.end <= span.end, tokens[first:])
        return " ".join(" ".join(token.text.split()) for token in inside)

    def unknown(self, value: Unknown) -> object:
        """What is not known, by what it is and how it is written."""
        written = self._written(value.origin.span).partition(" or ")[0]
        return f"{self._reason(value)}: {written.partition(' . ')[2] or written}"


_SHARED = (NixAttrs, NixList, Package)
_READERS: dict[type, Callable[[Meaning, Any], object]] = {
    NixString: Meaning.string,
    NixBool: Meaning.plain,
    NixInt: Meaning.plain,
    NixFloat: Meaning.plain,
    NixPath: lambda _, value: value.text,
    NixList: Meaning.list,
    NixAttrs: Meaning.attributes,
    Fetched: Meaning.fetched,
    Package: Meaning.package,
    PackageSet: Meaning.packages,
    Rest: Meaning.rest,
    Function: Meaning.function,
    Unknown: Meaning.unknown,
}

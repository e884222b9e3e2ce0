"""What an expression evaluates to: values that know the bytes they came from.

Nobody changes one, though the classes do not enforce it: frozen ones take three times as long to make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.origin import VERBATIM as VERBATIM
from nixlint_ort.nix.origin import Form as Form
from nixlint_ort.nix.origin import Origin as Origin
from nixlint_ort.source import Span


class Piece(NamedTuple):
    """A run of a string's text that came from one place."""

    text: str
    origin: Origin
    form: Form
    unknown: Unknown | None = None

    def cut(self, start: int, end: int) -> Piece:
        """Its code points `start` to `end` (from 0, end exclusive), where they are in the file if it is verbatim."""
        text = self.text[start:end]
        if self.form not in VERBATIM or len(text) == len(self.text):
            return Piece(text, self.origin, self.form, self.unknown)
        begin = self.origin.span.start + len(self.text[:start].encode("utf-8", "surrogateescape"))
        length = len(text.encode("utf-8", "surrogateescape"))
        return Piece(text, Origin(Span(begin, begin + length), self.origin.through), self.form)


class Value:
    """Anything that an expression can evaluate to."""

    __slots__ = ()


class Thunk:
    """A value that is worked out when it is first asked for."""

    __slots__ = ("compute", "env", "node", "value")

    def __init__(
        self,
        node: Node | None = None,
        env: Environment | None = None,
        compute: Callable[[], Value] | None = None,
        value: Value | None = None,
    ) -> None:
        self.node, self.env, self.compute, self.value = node, env, compute, value


def done(value: Value) -> Thunk:
    """A thunk whose value is already there."""
    return Thunk(value=value)


def later(compute: Callable[[], Value]) -> Thunk:
    """A thunk that `compute` gives its value, or raises Stuck."""
    return Thunk(compute=compute)


class Environment:
    """Names that can be used as variables: those of one scope, or a set that `with` opened, and what is around."""

    __slots__ = ("around", "depth", "names", "opened")

    def __init__(self, names: dict[str, Thunk], around: Environment | None, opened: Thunk | None = None) -> None:
        self.names, self.around, self.opened = names, around, opened
        self.depth: int = 0 if around is None else around.depth + 1


@dataclass(slots=True)
class Unknown(Value):
    """A value that cannot be known without building, or that Nix itself would refuse to compute."""

    reason: str
    origin: Origin
    fails: bool = False
    """True where Nix would stop with an error; False where Nix may well know the value."""
    own: Package | None = None
    """What of nixpkgs this is, untouched by the file; None for all else."""
    path: str | None = None
    """What it is called, where its text is a path, such as that of a package: one word in any script."""
    gave_up: bool = False
    """True where the budget was used up: Nix may have a value, stop with an error, or never end."""

    @property
    def is_value(self) -> bool:
        """Whether Nix is taken to have a value here, so that what is around it can be determined."""
        return not (self.fails or self.gave_up)


@dataclass(slots=True)
class NixString(Value):
    """A string as its pieces in order. `origin` is the whole literal or expression that wrote it."""

    pieces: tuple[Piece, ...]
    origin: Origin = field(compare=False)
    _whole: str | None = field(default=None, init=False, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The whole text. Meaningful only if no piece is unknown (see `unknown`)."""
        if len(self.pieces) == 1:  # as names have, which is most of what is asked
            return self.pieces[0].text
        if self._whole is None:
            self._whole = "".join([piece.text for piece in self.pieces])
        return self._whole

    @property
    def unknown(self) -> Unknown | None:
        """The first piece that is not known, or None if the whole text is known."""
        for piece in self.pieces:
            if piece.unknown is not None:
                return piece.unknown
        return None

    def cut(self, start: int, end: int) -> NixString:
        """The code points `start` to `end` (from 0, end exclusive), each piece with its own origin."""
        return next(self.cuts([(start, end)]))

    def cuts(self, ranges: Iterable[tuple[int, int]]) -> Iterator[NixString]:
        """The same for several ranges, which are in order and do not overlap, in one walk over the pieces."""
        number = at = 0
        for start, end in ranges:
            found = []
            while number < len(self.pieces) and at < end:
                piece = self.pieces[number]
                first, last = max(start - at, 0), min(end - at, len(piece.text))
                if first < last:
                    found.append(piece.cut(first, last))
                if at + len(piece.text) > end:
                    break
                at += len(piece.text)
                number += 1
            yield NixString(tuple(found), self.origin)


@dataclass(slots=True)
class NixInt(Value):
    """A 64-bit integer."""

    value: int
    origin: Origin = field(compare=False)


@dataclass(slots=True)
class NixFloat(Value):
    """A floating-point number."""

    value: float
    origin: Origin = field(compare=False)


@dataclass(slots=True)
class NixBool(Value):
    """true or false."""

    value: bool
    origin: Origin = field(compare=False)


@dataclass(slots=True)
class NixNull(Value):
    """null."""

    origin: Origin = field(compare=False)


@dataclass(slots=True)
class NixPath(Value):
    """A path as written; where it is on the disk is not evaluated."""

    text: str
    origin: Origin = field(compare=False)


@dataclass(slots=True)
class Rest(Value):
    """A stretch of a list that is not known, and what `filter` has put on its items; `mapped` is what `map` had."""

    unknown: Unknown
    filters: tuple[Value, ...] = ()
    mapped: tuple[Thunk, Rest] | None = None


@dataclass(slots=True)
class NixList(Value):
    """A list; each item is a thunk, or a `Rest` for a stretch that is not known."""

    items: tuple[Thunk | Rest, ...]
    origin: Origin = field(compare=False)


@dataclass(slots=True)
class NixAttrs(Value):
    """An attribute set. Where `rest` is set there may be further attributes, which are not known."""

    attributes: dict[str, Thunk]
    origin: Origin
    rest: Unknown | None = None
    names: dict[str, Span] = field(default_factory=dict)
    """Where each attribute's name is written, for those written in this file."""
    empty: tuple[Span, ...] = ()
    """The sets without attributes, as they are written in this file, that it was put together from."""


@dataclass(slots=True, eq=False)
class Function(Value):
    """A function: written in the file, built in, or of nixpkgs' lib."""

    name: str
    call: Callable[[Thunk, Span], Value]
    """Applies it to an argument; the span is the call, for what is not known."""
    origin: Origin
    formals: dict[str, bool] | None = None
    """The names of a set pattern, and whether each has a default; None without a set pattern."""
    closure: Any = None
    """The evaluator's own: the function as written and its environment."""
    given: tuple[Thunk, ...] = ()
    """What a function of several arguments was given already."""


@dataclass(slots=True, eq=False)
class Library(Value):
    """A large set of functions that is evaluated only as far as overrides need it: `builtins`, or nixpkgs' `lib`."""

    name: str
    member: Callable[[str], Value | None]
    """The member of that name, None if there is none; one that is not evaluated is Unknown."""
    origin: Origin


@dataclass(slots=True, eq=False)
class Fetched(Value):
    """What a fetcher (`fetchTarball`, `fetchGit`, `getFlake`, …) was asked for; also `<nixpkgs>` and an argument.

    `fetcher` is the builtin's name, `"search path"`, `"argument"` or `"import"`; `url` and `rev` are what it was given.
    """

    fetcher: str
    url: Value | None
    rev: Value | None
    origin: Origin
    arguments: NixAttrs | None = None


@dataclass(slots=True, eq=False)
class PackageSet(Value):
    """nixpkgs as imported: where it came from, and what it was given (`config`, `overlays`).

    Overlays are applied when an attribute is asked for. `arguments` is None for an argument of the file itself.
    """

    source: Fetched
    arguments: NixAttrs | None
    origin: Origin
    state: Any = None
    """The evaluator's own."""


@dataclass(slots=True, eq=False)
class Package(Value):
    """Something inside a package set, by its attribute path: a derivation, a function or a nested set.

    `path` holds the names from the package set inwards (`python312Packages`, `onnxruntime`). What overrides did is
    asked of the evaluator: `Evaluation.argument` and `Evaluation.attribute`.
    """

    root: PackageSet
    path: tuple[NixString, ...]
    origin: Origin
    state: Any = None
    """The evaluator's own: overrides in the order of their application."""
    doubt: Unknown | None = None
    """Why it is not known what lies below those overrides; None where that is nixpkgs' own package of that path."""
    made: Any = None
    """The evaluator's own: how to call the function of the file again that the package came from."""
    layers: Any = None
    """The evaluator's own: for a package set of nixpkgs, its extensions."""

    @property
    def name(self) -> str:
        """Its path as it is written, such as `python312Packages.onnxruntime`."""
        return ".".join(name.text for name in self.path)

    def inner(self, name: NixString) -> Package:
        """What nixpkgs has below this by a name."""
        return Package(self.root, (*self.path, name), name.origin, None, self.doubt)

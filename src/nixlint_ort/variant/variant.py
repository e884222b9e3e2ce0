"""One variant as read: its source, identity, syntax and facts, each worked out when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.convention.vocabulary import FACTS, HEADER_LINES, NAME_BINDING, NAME_FACT, STEM, own_fact
from nixlint_ort.source import Source, Span
from nixlint_ort.variant.fact import Fact
from nixlint_ort.variant.identity import Identity, identify
from nixlint_ort.variant.nixpkgs_use import NixpkgsUse, nixpkgs_use
from nixlint_ort.variant.path import renamed_path, stem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from nixlint_ort.convention import Convention
    from nixlint_ort.convention.tables import Fields
    from nixlint_ort.nix.evaluation import Evaluation
    from nixlint_ort.nix.parse import Document
    from nixlint_ort.source import Unreadable
    from nixlint_ort.template import Field
    from nixlint_ort.variant.derivation import Derivation
    from nixlint_ort.variant.header import HeaderWordings
    from nixlint_ort.variant.kept import Kept

_LARGE = ("document", "evaluation", "derivation")
_OF_BYTES = (*_LARGE, "judgeable")
"""What depends on a file's bytes alone, not on its name."""
_OF_NAME = (STEM, *HEADER_LINES)
"""Facts that are read by what the name says."""

FactValue = str | tuple[str, ...] | None


class Variant:
    """A file of the repository that is, or should be, a variant."""

    def __init__(
        self,
        source: Source,
        convention: Convention,
        problem: Unreadable | None = None,
        read: Callable[[str], bytes | str] | None = None,
        kept: Kept | None = None,
    ) -> None:
        """`read` gives the bytes of another file of the repository by its path, or why it is not read.

        Of many variants, those that are among the `kept` ones keep what was worked out; without it, this one does.
        """
        self.source = source
        self.read = read
        self.convention = convention
        self.problem = problem
        """Why the file cannot be read as text; None if it can."""
        self._facts: dict[str, Fact] = {}
        self._fitted: dict[tuple[str, object], Mapping[str, Field] | None] = {}
        self.is_judged = False
        """Whether all was asked of it that rules ask for, so that `imports` lacks nothing that its verdict hangs on."""
        self._imports: tuple[str, ...] = ()
        self._kept = kept

    @property
    def path(self) -> str:
        """The file's path, relative to the repository."""
        return self.source.path

    @cached_property
    def stem(self) -> str:
        """The name of the package that Flox makes of the file: the file's own without `.nix`, or its folder's."""
        return stem_of(self.source.path)

    @cached_property
    def identity(self) -> Identity | None:
        """What the name says; None where it is not the name of a variant."""
        return identify(self.stem, self.convention)

    def renamed(self, stem: str) -> Variant:
        """The same file under another name; what was worked out of its bytes is kept."""
        path = renamed_path(self.source.path, stem)
        other = Variant(Source(path, self.source.data), self.convention, self.problem, self.read)
        other.__dict__.update({key: self.__dict__[key] for key in _OF_BYTES if key in self.__dict__})
        other._facts.update({name: fact for name, fact in self._facts.items() if name not in _OF_NAME})
        return other

    def has_in_code(self, words: Iterable[str]) -> bool:
        """Whether one of some words stands anywhere but in a comment, also as a part of a longer one."""
        found = [word.encode() for word in words if word.encode() in self.source.data]
        if not found or self.problem is not None:
            return bool(found)
        code = bytearray(self.source.data)
        for comment in self.document.comments:
            code[slice(*comment.span)] = b" " * (comment.span.end - comment.span.start)
        return any(word in code for word in found)

    @cached_property
    def document(self) -> Document:
        """The file's syntax."""
        from nixlint_ort.nix.skeleton import SKELETONS  # not where every variant is remembered

        if self._kept is not None:
            self._kept.put(self)
        return SKELETONS.read(self.source.data)

    @cached_property
    def evaluation(self) -> Evaluation:
        """What the file evaluates to."""
        from nixlint_ort.nix.evaluation import evaluate

        if self.read is None:
            return evaluate(self.document)
        return evaluate(self.document, self.path, self.read)

    @property
    def imports(self) -> tuple[str, ...]:
        """The other files of the repository that were looked for whenever it was evaluated, by path."""
        found = self.evaluation.imports if "evaluation" in self.__dict__ else ()
        return tuple(dict.fromkeys((*self._imports, *found)))

    def judged(self, imports: tuple[str, ...] = ()) -> None:
        """That all was asked of it that rules ask for, here or elsewhere, where these files were looked for."""
        self.is_judged = True
        self._imports = tuple(dict.fromkeys((*self.imports, *imports)))

    @cached_property
    def judgeable(self) -> bool:
        """Whether the file could be read and parsed, so that it has facts."""
        return self.problem is None and not self.document.problems

    @cached_property
    def derivation(self) -> Derivation:
        """The derivation that the file evaluates to."""
        from nixlint_ort.variant.derivation import Derivation

        whole = Span(0, len(self.source.data))
        return Derivation(self.evaluation, self.convention.layer, self.convention.pin_urls, whole)

    @property
    def nixpkgs_use(self) -> NixpkgsUse:
        """What evaluating the file asks nixpkgs for."""
        _ = self.facts
        return nixpkgs_use(self.evaluation)

    def let_go(self) -> None:
        """Let go of all that is large and was worked out; what is asked for again is worked out again."""
        self._imports = self.imports
        if self._kept is not None:
            self._kept.drop(self)
        self._facts.clear()
        self._fitted.clear()
        if "evaluation" in self.__dict__:
            self.evaluation.let_go()
        for name in _LARGE:
            self.__dict__.pop(name, None)
        self.source.let_go()

    def value(self, name: str) -> FactValue:
        """A fact's value alone; None where it is not known or not set."""
        return self.fact(name).value

    def fact(self, name: str) -> Fact:
        """A fact by its name in the vocabulary, or one that a convention names; raises KeyError for any other name."""
        if name not in self._facts:
            if name in HEADER_LINES:
                from nixlint_ort.variant.header import read_header

                self._facts.update(read_header(self.source, self._header_wordings()))
            else:
                self._facts[name] = self._read(name)
        return self._facts[name]

    @property
    def facts(self) -> dict[str, Fact]:
        """Every fact of the vocabulary, in its order, and those that the convention names besides."""
        return {name: self.fact(name) for name in (*FACTS, *self.convention.own_facts)}

    def fitted(self, name: str, expected: Fields | None = None) -> Mapping[str, Field] | None:
        """The fields of a fact that is a text of this kind of variant; None if it fits no wording, or is none.

        `expected` are the variant's fields on a branch; without them, those that it has on any.
        """
        key = (name, expected.get(self._release_field) if expected else None)
        if key not in self._fitted:
            fields = expected or (self.identity.expected(self.convention, None) if self.identity else {})
            text = self.identity.kind.texts.get(name) if self.identity else None
            value = self.value(name)
            self._fitted[key] = text.fit(value, fields) if text and isinstance(value, str) else None
        return self._fitted[key]

    @cached_property
    def _release_field(self) -> str:
        return self.convention.releases.key_field

    def stated(self, name: str) -> dict[str, str] | None:
        """What the fields of such a text say, such as the driver of a header line; None if it fits no wording."""
        fields = self.fitted(name)
        return {field: found.text for field, found in fields.items()} if fields is not None else None

    def _header_wordings(self) -> HeaderWordings:
        from nixlint_ort.variant.header import HeaderWordings

        every = tuple(
            (name, kind.texts[name]) for kind in self.convention.kinds for name in HEADER_LINES if name in kind.texts
        )
        own = self.identity.kind.texts if self.identity else {}
        foreign = {name: text for name, text in every if name not in own} if self.identity else {}
        return HeaderWordings(own, foreign, every)

    def _read(self, name: str) -> Fact:
        if name == STEM:
            from nixlint_ort.nix.values import Form, NixString, Origin, Piece

            start = Origin(Span(0, 0))
            return Fact(name, Span(0, 0), (NixString((Piece(self.stem, start, Form.DERIVED),), start),))
        from nixlint_ort.variant.home import at_home

        return at_home(self.evaluation, self._evaluated(name))

    def _evaluated(self, name: str) -> Fact:
        if name == NAME_FACT:
            return self._variant_name()
        from nixlint_ort.variant.readers import READERS, read_fact

        if name in READERS:
            return read_fact(self.derivation, name)
        own = own_fact(name)
        if own is None:
            raise KeyError(name)
        from nixlint_ort.variant.own_facts import read_own_fact

        return read_own_fact(self.derivation, name, own)

    def _variant_name(self) -> Fact:
        from nixlint_ort.nix.values import NixString, Origin, Unknown

        name = NAME_FACT
        value = self.evaluation.binding(NAME_BINDING)
        span = self.evaluation.binding_span(NAME_BINDING)
        if value is None or span is None:
            return Fact(name, Span(0, 0), reason=f"the file has no binding {NAME_BINDING}")
        if isinstance(value, NixString) and value.unknown is None:
            return Fact(name, value.origin.span, (value,))
        unknown = value.unknown if isinstance(value, NixString) else value
        if not isinstance(unknown, Unknown):
            unknown = Unknown("it is not a string", Origin(span))
        return Fact(name, span, unknown=unknown)

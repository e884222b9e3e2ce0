"""What a package's build gives CMake and the compilers, by stdenv: attributes, phases, flags, and stdenv itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from nixlint_ort.nix.values import (
    Form,
    NixAttrs,
    NixBool,
    NixList,
    NixString,
    Origin,
    Package,
    Piece,
    Rest,
    Unknown,
    Value,
)
from nixlint_ort.source import Span
from nixlint_ort.variant.fact import cut
from nixlint_ort.variant.from_value import known_start, why_unknown
from nixlint_ort.variant.mapped_flags import replaced
from nixlint_ort.variant.platform_flags import platform_flags
from nixlint_ort.variant.shell import carriage_return, follow, own_text, split_words, visible
from nixlint_ort.variant.shell_state import MAX_WORDS, Configured, Shell, Variable

if TYPE_CHECKING:
    from nixlint_ort.nix.evaluation import Evaluation

PHASES = ("preUnpack", "postUnpack", "prePatch", "postPatch", "preConfigure")
"""What runs before CMake configures, in stdenv's order (nixpkgs manual, "Phases")."""
_REPLACED = ("configurePhase", "phases", "prePhases", "preConfigurePhases", "builder")
"""Attributes by which a package says itself how it is configured."""
_LATER = ("postConfigure", "preBuild", "buildPhase")
"""What runs after CMake has read the environment."""
_SCALARS = ("CXXFLAGS", "CFLAGS", "NIX_CFLAGS_COMPILE", "cmakeFlags")
ARRAY = "cmakeFlagsArray"
_NOWHERE = Origin(Span(0, 0))
_ATTRIBUTE = NixString((Piece("\ue000", _NOWHERE, Form.DERIVED),), _NOWHERE)
"""Stands for the flags of the attribute `cmakeFlags` among those of the variable of that name."""
_BLANKS = re.compile(r"[^ \t\n]+")
_STDENV = re.compile(r"(?:\w*[Ss]tdenv)(?:NoCC|NoLibs)?")
_LANGUAGES = {"CXX": "CXXFLAGS", "C": "CFLAGS"}
_SETTING = re.compile(r"-D\s*CMAKE_(?P<language>CXX|C)_FLAGS(?P<release>_RELEASE)?(?::[A-Z]+)?=")
_NAMED = re.compile(r"-D\s*[\w:]+=")


class Build:
    """One package's build, followed as far as it decides flags."""

    def __init__(self, evaluation: Evaluation, package: Package) -> None:
        self._evaluation = evaluation
        self.package = package
        self._attributes: dict[str, Value | None] = {}
        self._flags: dict[str, tuple[Variable, Span]] = {}

    def is_own(self, unknown: Unknown) -> bool:
        """Whether a piece that is not known is this package's own text of nixpkgs, which sets no machine flags."""
        own = unknown.own
        names = [name.text for name in own.path] if own is not None and own.doubt is None else []
        return len(names) > 1 and names[-1] != "arguments" and self.package.path[-1].text in names[:-1]

    def attribute(self, name: str) -> Value | None:
        """An attribute of the package; one that nixpkgs itself sets, or that nobody sets, is None."""
        if name not in self._attributes:
            self._attributes[name] = self._attribute(name)
        return self._attributes[name]

    @cached_property
    def _given(self) -> frozenset[str] | None:
        """The attributes that overrides give the package where all others are nixpkgs' own; None where they are not."""
        given = self._evaluation.overridden(self.package)[1]
        own = given.rest.own if given.rest is not None else None
        last = self.package.path[-1].text
        if not self.package.state or own is None or own.doubt is not None or own.path[-1].text != last:
            return None
        return frozenset(given.attributes) if "Packages" not in last else None  # a set of packages has overlays

    def _attribute(self, name: str) -> Value | None:
        if self._given is not None and name not in self._given:
            return None
        value = self._evaluation.attribute(self.package, name)
        if value is None or (isinstance(value, Package) and not value.state and value.doubt is None):
            return None if value is None or self.is_own_value(value) else value
        return value

    def is_own_value(self, value: Package) -> bool:
        """Whether something of nixpkgs is this package's own attribute."""
        return len(value.path) > 1 and value.path[-2].text == self.package.path[-1].text

    def _environment(self, name: str) -> Value | None:
        """What a variable is when the build starts: an attribute of that name, or one of `env`."""
        env = self.attribute("env")
        if isinstance(env, NixAttrs):
            if name in env.attributes:
                return self._evaluation.force(env.attributes[name])
            if env.rest is not None and env.rest.own is None:
                return env.rest
        elif env is not None:
            return why_unknown(env, "a set", self.package.origin.span)
        return self.attribute(name)

    def _initial(self, name: str) -> Variable:
        value = self._environment(name)
        if value is None:
            return Variable(is_exported=name == "NIX_CFLAGS_COMPILE")
        if isinstance(value, NixList):
            return self._of_list(value)
        if isinstance(value, NixString):
            found = split_words(value, self.is_own)
            found.is_exported = True
            return found
        return Variable(unknown=why_unknown(value, "a text or a list", self.package.origin.span), is_exported=True)

    def _of_list(self, value: NixList) -> Variable:
        """The words of a list, which stdenv writes with blanks between, so that blanks in an item part words too."""
        items = self._evaluation.items(value)
        words: list[NixString] = []
        for item in items if isinstance(items, list) else ():
            if isinstance(item, Rest):
                if self.is_own(item.unknown) and len(words) < MAX_WORDS:
                    continue
                return Variable(unknown=item.unknown, is_exported=True)
            if not isinstance(item, NixString):
                return Variable(unknown=why_unknown(item, "a text", self.package.origin.span), is_exported=True)
            found = split_words(item, self.is_own)
            if found.unknown is not None:
                return Variable(unknown=found.unknown, is_exported=True)
            words += found.words
        return Variable(tuple(words[:MAX_WORDS]), is_exported=True)

    @cached_property
    def configured(self) -> Configured:
        """What the scripts have done when CMake configures."""
        variables = {name: self._initial(name) for name in _SCALARS if name != "cmakeFlags"}
        variables["cmakeFlags"] = Variable((_ATTRIBUTE,), is_exported=True)
        variables[ARRAY] = Variable(is_array=True)
        shell = Shell(variables, self.is_own)
        span = self.package.origin.span
        for name in _REPLACED:
            value = self.attribute(name)
            if value is not None:
                shell.lose(Unknown(f"nixlint-ort does not evaluate {name}", _origin(value, self.package)))
                return shell.configured(span)
        for phase in PHASES:
            script = self.attribute(phase)
            if script is None:
                shell.others.append((own_text(phase, _NOWHERE), frozenset()))
                continue
            lost = carriage_return(script) if isinstance(script, NixString) else None
            if not isinstance(script, NixString):
                shell.lose(why_unknown(script, "a script", span))
            elif lost is not None:
                shell.lose(lost, script.text)
            else:
                follow(script, shell)
                span = script.origin.span
        self._lose_what_is_set_later(shell)
        return shell.configured(span)

    def _lose_what_is_set_later(self, shell: Shell) -> None:
        """Whoever sets a variable after CMake has read it means it to have an effect, which nobody can tell."""
        for phase in _LATER:
            script = self.attribute(phase)
            if isinstance(script, NixString):
                after = Shell({name: Variable(unknown=None) for name in _LANGUAGES.values()}, self.is_own)
                follow(script, after)
                for name, variable in after.variables.items():
                    if variable.words or variable.unknown:
                        why = f"{phase} sets {name} after CMake has read it"
                        shell.variables[name].unknown = Unknown(why, script.origin)

    @property
    def span(self) -> Span:
        """The last script before CMake configures, or the package."""
        return self.configured.span

    @cached_property
    def command_line(self) -> list[NixString | Rest | Unknown]:
        """The flags that CMake is given, in order: texts, stretches of nixpkgs' own, and what is not known."""
        variables = self.configured.variables
        found: list[NixString | Rest | Unknown] = []
        value = self._evaluation.attribute(self.package, "cmakeFlags")
        if isinstance(value, NixString):
            value = value if value.unknown is None or len(value.pieces) > 1 else value.unknown
        if isinstance(value, NixList):
            items = self._evaluation.items(value)
            for item in items if isinstance(items, list) else [items]:
                found += self._flags_of(item)
        elif isinstance(value, NixString):
            found += self._flags_of(value)
        elif isinstance(value, Package) and self.is_own_value(value) and value.doubt is None:
            found.append(Rest(Unknown("", value.origin, own=value)))
        elif isinstance(value, Unknown) and value.own is not None and self.is_own(value):
            found.append(Rest(value))
        elif value is not None:
            found.append(why_unknown(value, "a list of flags", self.package.origin.span))
        line: list[NixString | Rest | Unknown] = []
        for name in ("cmakeFlags", ARRAY):
            given = variables[name]
            for word in (given.unknown,) if given.unknown is not None else given.words:
                line += found if word == _ATTRIBUTE else [_not_glued(word)]
        return line

    def _flags_of(self, item: Value | Rest) -> Sequence[NixString | Rest | Unknown]:
        if isinstance(item, Rest):
            if item.mapped is not None and self.is_own(item.mapped[1].unknown):
                return replaced(self._evaluation, item) or [item.unknown]
            return [item if self.is_own(item.unknown) else item.unknown]
        if not isinstance(item, NixString):
            return [why_unknown(item, "a flag", self.package.origin.span)]
        if any(piece.unknown is not None for piece in item.pieces):
            seen = visible(item, self.is_own)
            parts = [cut(seen, *match.span()) for match in _BLANKS.finditer(seen.text)]
            return [self._part(part) for part in parts]
        return [cut(item, *match.span()) for match in _BLANKS.finditer(item.text)]

    def _part(self, part: NixString) -> NixString | Rest | Unknown:
        """A word of a text of which something is not known; nixpkgs' own words stand for a stretch of flags."""
        unknown = part.unknown
        if unknown is None:
            return part
        return Rest(unknown) if self.is_own(unknown) and len(part.pieces) == 1 else part

    def compiler_flags(self, language: str) -> tuple[Variable, Span]:
        """The words that a compiler is given for C++ (`CXX`) or C (`C`), and where most of them are written.

        CMake takes CXXFLAGS and CFLAGS only where no flag sets CMAKE_CXX_FLAGS or CMAKE_C_FLAGS; the compiler's
        wrapper puts what stdenv is made for before them and NIX_CFLAGS_COMPILE after them.
        """
        if language not in self._flags:
            self._flags[language] = self._compiler_flags(language)
        return self._flags[language]

    def _compiler_flags(self, language: str) -> tuple[Variable, Span]:
        variables, _, span = self.configured
        own = variables[_LANGUAGES[language]]
        of_cmake = own if own.is_exported or own.unknown else Variable()
        of_release = of_line = Variable()
        for flag in self.command_line:
            if isinstance(flag, Unknown):
                of_line = Variable(unknown=flag)
            elif isinstance(flag, NixString):
                match = _SETTING.match(flag.text)
                if match is None and flag.unknown is not None and not _NAMED.match(known_start(flag)):
                    of_line = Variable(unknown=flag.unknown)
                elif match is not None and match["language"] == language:
                    given = split_words(cut(flag, match.end(), len(flag.text)), self.is_own)
                    of_cmake, of_release = (of_cmake, given) if match["release"] else (given, of_release)
        late = variables["NIX_CFLAGS_COMPILE"]
        parts = (
            self._of_stdenv,
            of_cmake,
            of_release,
            late if late.is_exported or late.unknown else Variable(),
            of_line,
        )
        unknown = next((part.unknown for part in parts if part.unknown is not None), None)
        words = tuple(word for part in parts for word in part.words)
        return (Variable(unknown=unknown) if unknown else Variable(words)), span

    @cached_property
    def _of_stdenv(self) -> Variable:
        """The flags of the CPU that stdenv is made for, where the file says so."""
        evaluation, root = self._evaluation, self.package.root
        given = evaluation.argument(self.package, "stdenv")
        if given is None and evaluation.is_overlaid(root, "stdenv"):
            given = evaluation.select(root, "stdenv")
        if isinstance(given, Package) and given.doubt is None and _STDENV.fullmatch(given.path[-1].text):
            given = None if not given.state else given
        if given is not None and given is not self.package.doubt:
            return Variable(unknown=why_unknown(given, "a stdenv of nixpkgs", self.package.origin.span))
        arguments = root.arguments
        for name in ("localSystem", "crossSystem"):
            system = evaluation.select(arguments, name) if arguments is not None else None
            if isinstance(system, (NixString, NixBool)) or system is None:
                continue
            gcc = evaluation.select(system, "gcc") if isinstance(system, NixAttrs) else system
            if gcc is None:
                continue
            return platform_flags(evaluation, gcc, self.package.origin.span)
        return Variable()


def _origin(value: Value, package: Package) -> Origin:
    origin = getattr(value, "origin", None)
    return origin if isinstance(origin, Origin) else package.origin


def _not_glued(word: NixString | Unknown) -> NixString | Unknown:
    """A word of a variable, which is not known where it goes on with the attribute's flags."""
    if isinstance(word, NixString) and _ATTRIBUTE.text in word.text:
        return Unknown("nixlint-ort does not evaluate how cmakeFlags is put together", word.origin)
    return word

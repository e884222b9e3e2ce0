"""Random well-formed expressions over the whole language, most of them with a value and few with an error."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

NAMES = ("a", "b", "c", "x", "y", "z'", "some-name", "_u")
TEXTS = ("", "a", "b c", "90", "é", "-mavx2", "12.4", "a.b-c", "x_1", "/n/o", "A", "''", "$", "'", "{", "n ${")


@dataclass(frozen=True)
class Kind:
    """What an expression is to be: for a list, of what; for a set, with what; for a function, from and to what."""

    name: str
    of: tuple[Kind, ...] = ()
    fields: tuple[str, ...] = ()


INT, STRING, BOOL, FLOAT = Kind("int"), Kind("string"), Kind("bool"), Kind("float")
PLAIN = (INT, STRING, BOOL, FLOAT)


def list_of(kind: Kind) -> Kind:
    return Kind("list", (kind,))


Scope = tuple[tuple[str, Kind], ...]
Make = Callable[["Maker", Kind, Scope, int], str]


class Maker:
    """Makes expressions from one source of chance; some parts are of the wrong kind on purpose."""

    def __init__(self, chance: Random, mistakes: float) -> None:
        self.chance, self.mistakes = chance, mistakes

    def kind(self, depth: int) -> Kind:
        """Any kind of value."""
        pick = self.chance.randrange(8)
        if pick == 0 and depth > 0:
            return list_of(self.kind(depth - 1))
        if pick == 1 and depth > 0:
            names = tuple(sorted(self.chance.sample(NAMES, self.chance.randrange(4))))
            return Kind("set", tuple(self.kind(depth - 1) for _ in names), names)
        if pick == 2 and depth > 0:
            return Kind("function", (self.kind(depth - 1), self.kind(depth - 1)))
        return self.chance.choice(PLAIN)

    def data(self, depth: int) -> Kind:
        """Any kind of value that can be compared."""
        kind = self.kind(depth)
        while _has_function(kind):
            kind = self.kind(depth)
        return kind

    def make(self, kind: Kind, scope: Scope, depth: int) -> str:
        """An expression of a kind, in parentheses unless it is one word."""
        if self.chance.random() < self.mistakes:
            if self.chance.random() < 0.2:
                return self.chance.choice(('(throw "x")', "(assert false; 1)", "{ }.nothing", "null"))
            kind = self.kind(1)
        known = [name for name, found in dict(scope).items() if found == kind]
        if known and self.chance.random() < 0.35:
            return self.chance.choice(known)
        if depth <= 0:
            return _LEAVES[kind.name](self, kind, scope, 0)
        forms = _FORMS[kind.name] if self.chance.random() < 0.65 else _ANY
        return f"({self.chance.choice(forms)(self, kind, scope, depth - 1)})"


def expression(chance: Random, mistakes: float = 0.0) -> str:
    """A random expression; `mistakes` is the share of its parts that are of the wrong kind."""
    maker = Maker(chance, mistakes)
    return maker.make(maker.data(2), (), chance.randrange(1, 6))


def _has_function(kind: Kind) -> bool:
    return kind.name == "function" or any(_has_function(part) for part in kind.of)


# Leaves


def _int(m: Maker, _: Kind, __: Scope, ___: int) -> str:
    return str(m.chance.choice((0, 1, 2, 3, 7, 90, 1000)))


def _float(m: Maker, _: Kind, __: Scope, ___: int) -> str:
    return m.chance.choice(("0.5", "1.5", ".25", "2.0", "1.0e3", "3.75"))


def _bool(m: Maker, _: Kind, __: Scope, ___: int) -> str:
    return m.chance.choice(("true", "false"))


def quoted(text: str) -> str:
    """A text as a `"…"` literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "\\${") + '"'


def _string(m: Maker, _: Kind, __: Scope, ___: int) -> str:
    text = m.chance.choice(TEXTS)
    if m.chance.random() < 0.7:
        return quoted(text)
    body = text.replace("''", "'''").replace("${", "''${")
    ending = "." if text[-1:] in ("'", "$") else ""
    return f"''{body}{ending}''"


def _list_leaf(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    return "[ " + " ".join(m.make(kind.of[0], scope, depth) for _ in range(m.chance.randrange(4))) + " ]"


def _set_leaf(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    pairs = zip(kind.fields, kind.of, strict=True)
    return "{ " + " ".join(f"{name} = {m.make(of, scope, depth)};" for name, of in pairs) + " }"


def _function_leaf(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    name = m.chance.choice(NAMES)
    return f"({name}: {m.make(kind.of[1], (*scope, (name, kind.of[0])), depth)})"


# What gives a value of any kind


def _if(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    condition, one, other = m.make(BOOL, scope, depth), m.make(kind, scope, depth), m.make(kind, scope, depth)
    return f"if {condition} then {one} else {other}"


def _let(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    names = m.chance.sample(NAMES, m.chance.randrange(1, 3))
    inner = scope
    bindings: list[str] = []
    for name in names:
        of = m.kind(1)
        # Only earlier names are seen: what a name of the same let means outside is not meant.
        outside = tuple(pair for pair in inner if pair[0] not in names[len(bindings) :])
        bindings.append(f"{name} = {m.make(of, outside, depth)};")
        inner = (*inner, (name, of))
    if m.chance.random() < 0.2:
        bindings.append('unused = throw "not looked at";')
    m.chance.shuffle(bindings)
    return f"let {' '.join(bindings)} in {m.make(kind, inner, depth)}"


def _with(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    opened = Kind("set", (kind,), (m.chance.choice(NAMES),))
    bound = dict(scope)
    inner = scope if opened.fields[0] in bound else (*scope, (opened.fields[0], kind))
    return f"with {m.make(opened, scope, depth)}; {m.make(kind, inner, depth)}"


def _selected(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    names = tuple(sorted(m.chance.sample(NAMES, 2)))
    pick = m.chance.randrange(2)
    other = m.kind(0)
    of = (kind, other) if pick == 0 else (other, kind)
    subject = m.make(Kind("set", of, names), scope, depth)
    form = m.chance.randrange(4)
    if form == 0:
        return f"builtins.getAttr {quoted(names[pick])} {subject}"
    if form == 1:
        return f"{subject}.${{{quoted(names[pick])}}}"
    default = f" or {m.make(kind, scope, 0)}" if form == 2 else ""
    return f"{subject}.{names[pick]}{default}"


def _defaulted(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    subject = m.make(Kind("set", (INT,), ("a",)), scope, depth)
    return f"{subject}.nothing or {m.make(kind, scope, depth)}"


def _applied(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    of = m.kind(1)
    return f"{m.make(Kind('function', (of, kind)), scope, depth)} {m.make(of, scope, depth)}"


def _pattern(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    first, second = m.chance.sample(NAMES, 2)
    one, other = m.kind(0), m.kind(0)
    inner = (*scope, (first, one), (second, other))
    default = m.make(other, (*(p for p in scope if p[0] not in (first, second)), (first, one)), 0)
    rest = m.chance.choice(("", ", ...", ","))
    at = m.chance.choice(("", " @ all", ""))
    given = f"{first} = {m.make(one, scope, depth)};"
    if m.chance.random() < 0.5:
        given += f" {second} = {m.make(other, scope, depth)};"
    if rest == ", ...":
        given += ' more = throw "lazy";'
    return f"({{ {first}, {second} ? {default}{rest} }}{at}: {m.make(kind, inner, depth)}) {{ {given} }}"


def _assert(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    return f"assert {m.make(BOOL, scope, depth)} || true; {m.make(kind, scope, depth)}"


def _head(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    items = f"([ {m.make(kind, scope, depth)} ] ++ {m.make(list_of(kind), scope, depth)})"
    return m.chance.choice((f"builtins.head {items}", f"builtins.elemAt {items} 0"))


def _forced(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    return f"builtins.seq {m.make(m.kind(1), scope, depth)} {m.make(kind, scope, depth)}"


# Numbers and truth


def _operation(*operators: str) -> Make:
    def make(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
        return f"{m.make(kind, scope, depth)} {m.chance.choice(operators)} {m.make(kind, scope, depth)}"

    return make


def _written(*templates: str) -> Make:
    """Templates in which `%i`, `%s`, `%b`, `%f`, `%l` stand for an int, string, bool, float, list of strings."""

    def make(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
        parts = m.chance.choice(templates).split("%")
        result = parts[0]
        for part in parts[1:]:
            result += m.make(_MARKS.get(part[0], kind), scope, depth) + part[1:]
        return result

    return make


_MARKS = {
    "i": INT,
    "s": STRING,
    "b": BOOL,
    "f": FLOAT,
    "l": list_of(STRING),
    "n": list_of(INT),
    "t": Kind("set", (INT, STRING), ("a", "x")),
}


def _compared(m: Maker, _: Kind, scope: Scope, depth: int) -> str:
    kind = m.data(2)
    return f"{m.make(kind, scope, depth)} {m.chance.choice(('==', '!='))} {m.make(kind, scope, depth)}"


def _ordered(m: Maker, _: Kind, scope: Scope, depth: int) -> str:
    kind = m.chance.choice((INT, FLOAT, STRING, list_of(INT)))
    return f"{m.make(kind, scope, depth)} {m.chance.choice(('<', '<=', '>', '>='))} {m.make(kind, scope, depth)}"


def _asked(m: Maker, _: Kind, scope: Scope, depth: int) -> str:
    value = m.make(m.kind(1), scope, depth)
    question = m.chance.choice(("isInt", "isString", "isBool", "isList", "isAttrs", "isFunction", "isFloat"))
    return f"builtins.{question} {value}"


# Strings


def _interpolated(m: Maker, _: Kind, scope: Scope, depth: int) -> str:
    before, after = (quoted(m.chance.choice(TEXTS))[1:-1] for _ in range(2))
    return f'"{before.removesuffix("$")}${{{m.make(STRING, scope, depth)}}}{after}"'


def _indented(m: Maker, _: Kind, scope: Scope, depth: int) -> str:
    lines = []
    for __ in range(m.chance.randrange(1, 4)):
        indent = " " * m.chance.randrange(5)
        word = m.chance.choice(
            ("a", "", "b  c", "''$x", "'''", "''\\n", "$", '"', "\t", f"${{{m.make(STRING, scope, 0)}}}")
        )
        lines.append(indent + word + m.chance.choice(("", " ", "!")))
    opening = m.chance.choice(("\n", "", "  \n"))
    return "''" + opening + "\n".join(lines) + m.chance.choice(("\n", "\n  ", " ")) + "''"


def _to_string(m: Maker, _: Kind, scope: Scope, depth: int) -> str:
    kind = m.chance.choice((INT, BOOL, STRING, FLOAT, list_of(INT), list_of(STRING)))
    return f"toString {m.make(kind, scope, depth)}"


# Lists, sets and functions


def _mapped(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    of = m.kind(0)
    function = m.make(Kind("function", (of, kind.of[0])), scope, depth)
    return f"map {function} {m.make(list_of(of), scope, depth)}"


def _filtered(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    predicate = m.make(Kind("function", (kind.of[0], BOOL)), scope, depth)
    return f"builtins.filter {predicate} {m.make(kind, scope, depth)}"


def _joined(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    return f"builtins.concatLists {m.make(list_of(kind), scope, depth)}"


def _generated(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    function = m.make(Kind("function", (INT, kind.of[0])), scope, depth)
    return f"builtins.genList {function} {m.chance.randrange(4)}"


def _tail(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    return f"builtins.tail ([ {m.make(kind.of[0], scope, 0)} ] ++ {m.make(kind, scope, depth)})"


def _updated(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    more = m.make(kind, scope, depth)
    return f"{m.make(kind, scope, depth)} // {more}"


def _set(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    bindings = []
    for name, of in zip(kind.fields, kind.of, strict=True):
        form = m.chance.randrange(7)
        if form == 0 and dict(scope).get(name) == of:
            bindings.append(f"inherit {name};")
        elif form == 1:
            bindings.append(f"inherit ({m.make(Kind('set', (of,), (name,)), scope, depth)}) {name};")
        elif form == 2:
            bindings.append(f"${{{quoted(name)}}} = {m.make(of, scope, depth)};")
        elif form == 3 and of.name == "set" and of.fields:
            pairs = zip(of.fields, of.of, strict=True)
            bindings += [f'{name}."{inner}" = {m.make(part, scope, depth)};' for inner, part in pairs]
        elif form == 4:
            bindings.append(f'"${{{quoted(name)}}}" = {m.make(of, scope, depth)};')
        else:
            bindings.append(f"{name} = {m.make(of, scope, depth)};")
    m.chance.shuffle(bindings)
    return "{ " + " ".join(bindings) + " }"


def _recursive(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    inner = tuple(pair for pair in scope if pair[0] not in kind.fields)
    bindings = []
    for name, of in zip(kind.fields, kind.of, strict=True):
        bindings.append(f"{name} = {m.make(of, inner, depth)};")
        inner = (*inner, (name, of))
    m.chance.shuffle(bindings)
    return "rec { " + " ".join(bindings) + " }"


def _listed(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    pairs = zip(kind.fields, kind.of, strict=True)
    items = [f'{{ name = "{name}"; value = {m.make(of, scope, depth)}; }}' for name, of in pairs]
    return f"builtins.listToAttrs [ {' '.join(items)} ]"


def _removed(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    return f'removeAttrs ({m.make(kind, scope, depth)} // {{ more = {m.make(INT, scope, 0)}; }}) [ "more" "none" ]'


def _composed(m: Maker, kind: Kind, scope: Scope, depth: int) -> str:
    middle = m.kind(0)
    first = m.make(Kind("function", (kind.of[0], middle)), scope, depth)
    second = m.make(Kind("function", (middle, kind.of[1])), scope, depth)
    return f"q: {second} ({first} q)"


_LEAVES: dict[str, Make] = {
    "int": _int,
    "float": _float,
    "bool": _bool,
    "string": _string,
    "list": _list_leaf,
    "set": _set_leaf,
    "function": _function_leaf,
}
_ANY: tuple[Make, ...] = (
    _if,
    _let,
    _let,
    _with,
    _selected,
    _defaulted,
    _applied,
    _pattern,
    _assert,
    _head,
    _forced,
)
_FORMS: dict[str, tuple[Make, ...]] = {
    "int": (
        _operation("+", "-", "*"),
        _written(
            "-%i", "builtins.stringLength %s", "builtins.length %l", "%i / 3", "builtins.foldl' (p: q: p + q) %i %n",
            "builtins.compareVersions %s %s", "builtins.add %i %i",
            "builtins.length (builtins.attrNames %t)", "(%t // %t).a",
        ),
    ),
    "float": (_operation("+", "-", "*"), _written("%f + %i", "%i * %f", "%f / 4", "-%f")),
    "bool": (
        _compared, _ordered, _asked,
        _operation("&&", "||", "->"),
        _written(
            "!%b", "builtins.elem %i %n", "builtins.elem %s %l", "builtins.any (p: p == %s) %l", "%t ? a", "%t ? a.b",
            "builtins.all (p: p > %i) %n", "builtins.hasAttr \"x\" %t",
        ),
    ),
    "string": (
        _interpolated, _interpolated, _indented, _to_string,
        _written(
            "%s + %s", "%s + \"-\" + %s", "builtins.concatStringsSep %s %l", "builtins.substring 1 3 (%s + \"abc\")",
            "builtins.replaceStrings [ \"a\" \".\" ] [ \"-\" %s ] %s", "builtins.typeOf %i",
            "baseNameOf %s", "builtins.concatStringsSep \",\" "
            "(builtins.attrNames %t)", "builtins.head (builtins.splitVersion (\"1.\" + %s))",
            "builtins.foldl' (p: q: p + q) %s %l", "toString (map toString %n)",
        ),
    ),
    "list": (_list_leaf, _list_leaf, _operation("++"), _mapped, _filtered, _joined, _generated, _tail),
    "set": (_set_leaf, _set, _set, _recursive, _updated, _listed, _removed),
    "function": (_function_leaf, _function_leaf, _composed),
}  # fmt: skip

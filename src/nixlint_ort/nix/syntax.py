"""The expression tree that evaluation walks: small nodes, with what Nix itself settles while parsing settled."""

from __future__ import annotations

from collections.abc import Iterator

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.values import Form, NixString, Origin, Piece, Value


class Literal(Node):
    """A number, a path or a string without interpolation: its value is known as soon as it is read."""

    __slots__ = ("value",)

    def __init__(self, start: int, end: int, value: Value) -> None:
        self.start, self.end, self.value = start, end, value


class Text(Node):
    """A string with interpolations, as the pieces and the expressions in it."""

    __slots__ = ("parts",)
    PARTS = ("parts",)

    def __init__(self, start: int, end: int, parts: tuple[Piece | Node, ...]) -> None:
        self.start, self.end, self.parts = start, end, parts


class PathText(Node):
    """A path with interpolations, as the text and the expressions in it."""

    __slots__ = ("parts",)
    PARTS = ("parts",)

    def __init__(self, start: int, end: int, parts: tuple[str | Node, ...]) -> None:
        self.start, self.end, self.parts = start, end, parts


class SearchPath(Node):
    """`<name>`."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start, self.end, self.name = start, end, name


class Position(Node):
    """`__curPos`."""

    __slots__ = ()

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end


class Variable(Node):
    """A name in the place of an expression."""

    __slots__ = ("name",)

    def __init__(self, start: int, end: int, name: str) -> None:
        self.start, self.end, self.name = start, end, name


class Name(Node):
    """An attribute's name that is fixed: an identifier, or a string without interpolation (`literal`)."""

    __slots__ = ("literal", "text")

    def __init__(self, start: int, end: int, text: str, literal: NixString | None = None) -> None:
        self.start, self.end, self.text, self.literal = start, end, text, literal

    def string(self) -> NixString:
        """The name as a string that knows where it was written."""
        if self.literal is not None:
            return self.literal
        origin = Origin(self.span)
        return NixString((Piece(self.text, origin, Form.NAME),), origin)


AttributePath = tuple[Node, ...]
"""A `Name` for each fixed name, any other node for one that is computed."""


class Select(Node):
    """`subject.path`, with what follows `or` as `default`."""

    __slots__ = ("default", "path", "subject")
    PARTS = ("subject", "path", "default")

    def __init__(self, start: int, end: int, subject: Node, path: AttributePath, default: Node | None) -> None:
        self.start, self.end = start, end
        self.subject, self.path, self.default = subject, path, default


class HasAttribute(Node):
    """`subject ? path`."""

    __slots__ = ("path", "subject")
    PARTS = ("subject", "path")

    def __init__(self, start: int, end: int, subject: Node, path: AttributePath) -> None:
        self.start, self.end, self.subject, self.path = start, end, subject, path


class Apply(Node):
    """A function and one argument."""

    __slots__ = ("argument", "function")
    PARTS = ("function", "argument")

    def __init__(self, start: int, end: int, function: Node, argument: Node) -> None:
        self.start, self.end, self.function, self.argument = start, end, function, argument


class Formal(Node):
    """One name of a set pattern, and its default if it has one."""

    __slots__ = ("default", "name")
    PARTS = ("default",)

    def __init__(self, start: int, end: int, name: str, default: Node | None) -> None:
        self.start, self.end, self.name, self.default = start, end, name, default


class Formals(Node):
    """A set pattern: its names, and whether `...` lets others pass."""

    __slots__ = ("ellipsis", "names")
    PARTS = ("names",)

    def __init__(self, start: int, end: int, names: tuple[Formal, ...], ellipsis: bool) -> None:
        self.start, self.end, self.names, self.ellipsis = start, end, names, ellipsis


class Lambda(Node):
    """A function; `parameter` is its plain argument or the name before or after `@`."""

    __slots__ = ("body", "formals", "parameter")
    PARTS = ("parameter", "formals", "body")

    def __init__(self, start: int, end: int, parameter: Variable | None, formals: Formals | None, body: Node) -> None:
        self.start, self.end = start, end
        self.parameter, self.formals, self.body = parameter, formals, body


class Binding(Node):
    """`name = value;`, or one name of an `inherit`; `inherited` means the value is looked up outside."""

    __slots__ = ("inherited", "name", "value")
    PARTS = ("name", "value")

    def __init__(self, start: int, end: int, name: Node, value: Node, inherited: bool = False) -> None:
        self.start, self.end = start, end
        self.name, self.value, self.inherited = name, value, inherited


class Bindings:
    """The bindings of a set or a let: by name, and those whose name is computed."""

    __slots__ = ("dynamic", "named")

    def __init__(self) -> None:
        self.named: dict[str, Binding] = {}
        self.dynamic: list[Binding] = []

    def __iter__(self) -> Iterator[Binding]:
        yield from self.named.values()
        yield from self.dynamic


class AttributeSet(Node):
    """`{ … }` or `rec { … }`."""

    __slots__ = ("ambiguous_merge", "bindings", "recursive")
    PARTS = ("bindings",)

    def __init__(self, start: int, end: int, bindings: Bindings, recursive: bool) -> None:
        self.start, self.end, self.bindings, self.recursive = start, end, bindings, recursive
        self.ambiguous_merge = False
        """Written in two places in a way that Nix's versions put together differently."""


class Let(Node):
    """`let … in body`."""

    __slots__ = ("bindings", "body")
    PARTS = ("bindings", "body")

    def __init__(self, start: int, end: int, bindings: Bindings, body: Node) -> None:
        self.start, self.end, self.bindings, self.body = start, end, bindings, body


class With(Node):
    """`with scope; body`."""

    __slots__ = ("body", "scope")
    PARTS = ("scope", "body")

    def __init__(self, start: int, end: int, scope: Node, body: Node) -> None:
        self.start, self.end, self.scope, self.body = start, end, scope, body


class Assert(Node):
    """`assert condition; body`."""

    __slots__ = ("body", "condition")
    PARTS = ("condition", "body")

    def __init__(self, start: int, end: int, condition: Node, body: Node) -> None:
        self.start, self.end, self.condition, self.body = start, end, condition, body


class If(Node):
    """`if condition then consequence else alternative`."""

    __slots__ = ("alternative", "condition", "consequence")
    PARTS = ("condition", "consequence", "alternative")

    def __init__(self, start: int, end: int, condition: Node, consequence: Node, alternative: Node) -> None:
        self.start, self.end = start, end
        self.condition, self.consequence, self.alternative = condition, consequence, alternative


class Items(Node):
    """`[ … ]`."""

    __slots__ = ("items",)
    PARTS = ("items",)

    def __init__(self, start: int, end: int, items: tuple[Node, ...]) -> None:
        self.start, self.end, self.items = start, end, items


class Unary(Node):
    """`!` or `-` before an operand."""

    __slots__ = ("operand", "operator")
    PARTS = ("operand",)

    def __init__(self, start: int, end: int, operator: str, operand: Node) -> None:
        self.start, self.end, self.operator, self.operand = start, end, operator, operand


class Binary(Node):
    """An operator between two operands."""

    __slots__ = ("left", "operator", "right")
    PARTS = ("left", "right")

    def __init__(self, start: int, end: int, operator: str, left: Node, right: Node) -> None:
        self.start, self.end = start, end
        self.operator, self.left, self.right = operator, left, right

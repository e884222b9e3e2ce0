"""Bindings put together the way Nix does while it parses: `a.b` with `a.c`, and names bound twice refused."""

from __future__ import annotations

from nixlint_ort.nix.node import Node
from nixlint_ort.nix.syntax import AttributePath, AttributeSet, Binding, Bindings, Name


class BoundTwiceError(Exception):
    """A name that is bound a second time; `binding` is the second one, `name` the name as a dotted path."""

    def __init__(self, name: str, node: Node) -> None:
        super().__init__(name)
        self.name, self.node = name, node


def add(bindings: Bindings, path: AttributePath, binding: Binding) -> None:
    """Adds `path = value;`; the binding's own name is the path's last step. Raises BoundTwiceError."""
    for step in path[:-1]:
        bindings = _nested(bindings, step, path, binding)
    last = path[-1]
    if not isinstance(last, Name):
        bindings.dynamic.append(binding)
        return
    earlier = bindings.named.get(last.text)
    if earlier is None:
        bindings.named[last.text] = binding
    elif isinstance(earlier.value, AttributeSet) and isinstance(binding.value, AttributeSet):
        _merge(earlier.value, binding.value)
    else:
        raise BoundTwiceError(_dotted(path), last)


def _nested(bindings: Bindings, step: Node, path: AttributePath, binding: Binding) -> Bindings:
    if isinstance(step, Name) and (earlier := bindings.named.get(step.text)) is not None:
        if not isinstance(earlier.value, AttributeSet):
            raise BoundTwiceError(_dotted(path), step)
        if earlier.value.recursive:
            earlier.value.ambiguous_merge = True
        return earlier.value.bindings
    nested = AttributeSet(binding.start, binding.end, Bindings(), recursive=False)
    outer = Binding(binding.start, binding.end, step, nested)
    if isinstance(step, Name):
        bindings.named[step.text] = outer
    else:
        bindings.dynamic.append(outer)
    return nested.bindings


def _merge(first: AttributeSet, second: AttributeSet) -> None:
    for name, binding in second.bindings.named.items():
        if name in first.bindings.named:
            raise BoundTwiceError(name, binding.name)
        first.bindings.named[name] = binding
    first.ambiguous_merge |= (
        first.recursive or second.recursive or bool(second.bindings.dynamic) or second.ambiguous_merge
    )


def _dotted(path: AttributePath) -> str:
    return ".".join(step.text if isinstance(step, Name) else "${…}" for step in path)

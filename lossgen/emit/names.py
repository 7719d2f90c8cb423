"""How the quantities of a plan are spelled in a row function: arrays, views and local scalars."""

from __future__ import annotations

from typing import Any

from lossgen.language.symbols import Element, Index, Size
from lossgen.plan import Plan

from .form import Form


class Names:
    """Spelling of every leaf of an expression, in the loop that is being written.

    `block` is the index whose loop runs over blocks, where rows of arrays are seen through views.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self.plan: Plan = form.plan
        self.arrays = {a.name: a.domain.axes for a in form.arguments if a.domain.axes}
        self.arrays |= {name: form.axes(name) for name in form.outputs if form.axes(name)}
        self.declined: set[str] = set()  # outputs that may be None, which no view can be taken of
        self.block: Index | None = None
        self.views: dict[str, str] = {}
        self.instances: dict[tuple[str, tuple[Any, ...]], str] = {}

    def leaf(self, node: Any) -> str:
        """Return the spelling of a symbol or element."""
        if isinstance(node, Index):
            return f"start + {node.name}" if node == self.block else str(node.name)
        if isinstance(node, Size):
            return self.extent(node.name)
        if isinstance(node, Element):
            return self.element(node)
        return self.instances.get((node.name, ()), str(node.name))

    def element(self, node: Element) -> str:
        """Return the spelling of an element: local name of a macro, local scalar, view or array."""
        if (node.name, node.indices) in self.instances:
            return self.instances[node.name, node.indices]
        places = self.kept(node.name, node.indices)
        if not places:
            return node.name
        return self.place(node.name, places)

    def kept(self, name: str, indices: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the indices of an element that its storage has."""
        if name in self.arrays:
            return indices
        return tuple(indices[at] for at in self.plan.stored.get(name, ()))

    def place(self, name: str, places: tuple[Any, ...]) -> str:
        """Return `name[places]`, through a view where the last index is the blocked one."""
        seen = self.block is not None and places[-1] == self.block and self.block not in places[:-1]
        if seen and name not in self.declined:
            return f"{self.view(name, places)}[{places[-1].name}]"
        return f"{name}[{', '.join(self.index(place) for place in places)}]"

    def view(self, name: str, places: tuple[Any, ...]) -> str:
        """Return the name of the view of one block of a row."""
        fixed = ", ".join(self.index(place) for place in places[:-1])
        key = f"{name}[{fixed}{', ' if fixed else ''}start:start + BLOCK]"
        if key not in self.views:
            taken = set(self.views.values())
            chosen = f"{name}_block"
            while chosen in taken:
                chosen += "_2"
            self.views[key] = chosen
        return self.views[key]

    def index(self, node: Any) -> str:
        """Return the spelling of an index."""
        if getattr(node, "is_Integer", False):
            return str(int(node))
        return self.leaf(node)

    def extent(self, axis: str) -> str:
        """Return the extent of an axis, read off the first argument that has it."""
        for argument in self.form.arguments:
            axes = argument.domain.axes
            if axis in axes:
                if len(axes) == 1:
                    return f"{argument.name}.size"
                return f"{argument.name}.shape[{axes.index(axis)}]"
        raise KeyError(axis)

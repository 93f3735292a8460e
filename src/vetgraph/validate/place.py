"""Where a shape stands: the focus nodes it has there, and the way from each to its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vetgraph.validate.screen import Sign

if TYPE_CHECKING:
    from collections.abc import Callable

    from vetgraph.validate import paths


@dataclass(frozen=True)
class Place:
    """A shape where it stands: with its focus nodes.

    Attributes:
        shape: The shape, as an N-Quads term.
        nodes: Gives the pattern that binds the focus nodes to a variable.
        path: The path of a property shape.
        outer: Variables of the focus nodes around it: a node that is reached from two of them is reported twice.
    """

    shape: str
    nodes: Callable[[str], str]
    path: paths.Path | None = None
    outer: str = ""

    @property
    def focus(self) -> str:
        """The pattern that binds the focus nodes to ``?focus``."""
        return self.nodes("?focus")

    @property
    def value(self) -> str:
        """The pattern from a focus node to its values."""
        if self.path is None:
            return "BIND(?focus AS ?value)"
        step = f"?focus {self.path} ?value ."
        if self.path.reaches_itself:  # the engine does not find a node over no step if no statement has it
            return f"{{ {self.focus} {step} }} UNION {{ {self.focus} BIND(?focus AS ?value) }}"
        return step

    def sign(self, kind: Literal["wrong", "many", "few"], holds: str = "true") -> Sign | None:
        """Return what shows that something is wrong here, where that can be asked together with other properties."""
        if self.path is None or not self.path.simple or self.outer:
            return None
        return Sign(kind, self.path.iri, holds)

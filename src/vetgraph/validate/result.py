"""One result of validation, as SHACL means it, in N-Quads terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vetgraph.validate.paths import Path

SPARQL_COMPONENT = "<http://www.w3.org/ns/shacl#SPARQLConstraintComponent>"


@dataclass(frozen=True)
class Result:
    """What one constraint found at one focus node.

    Attributes:
        focus: The focus node.
        shape: The shape (for a property shape, that one).
        component: The constraint component.
        severity: The severity.
        path: The property, where there is one.
        value: The value, or the part that took part.
        constraint: The ``sh:sparql`` constraint, where it is one.
        messages: The message by language.
        described: The path, where it is more than a property; ``path`` then has it as SPARQL writes it.
    """

    focus: str
    shape: str
    component: str
    severity: str
    path: str | None = None
    value: str | None = None
    constraint: str | None = None
    messages: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)
    described: Path | None = field(default=None, compare=False, hash=False)

    @property
    def key(self) -> tuple[str, str, str, str | None, str | None]:
        """What two engines must agree on: focus, component, shape or constraint, path, value."""
        return self.focus, self.component, self.constraint or self.shape, self.path, self.value

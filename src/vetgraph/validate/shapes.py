"""The shapes graph: what each shape and constraint says, where it stands, and whom it checks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetgraph import resources
from vetgraph.errors import DataError, Problem, Text
from vetgraph.names import expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from vetgraph.validate.facts import Facts

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

SH = "http://www.w3.org/ns/shacl#"
ELSEWHERE = Text(zh="见形状文件", en="see the shapes")


@dataclass(frozen=True)
class Constraint:
    """One ``sh:sparql`` constraint of one shape.

    Attributes:
        iri: The constraint node, as an N-Quads term.
        shape: The shape that carries it.
        select: The query with its prefixes, ``$PATH`` replaced.
        path: The path of the shape, where it is a property shape.
        messages: The message by language, with ``{?name}`` where a value of the solution goes in.
        severity: IRI of the severity, as an N-Quads term.
        set_based: Whether the query may be asked once for all focus nodes.
        needs_graphs: Whether the query looks into named graphs.
    """

    iri: str
    shape: str
    select: str
    path: str | None
    messages: Mapping[str, str]
    severity: str
    set_based: bool
    needs_graphs: bool


class Shapes:
    """The shapes of some Turtle files.

    Args:
        files: The files; ``load`` finds them.

    Raises:
        DataError: A file is no Turtle.
    """

    def __init__(self, files: Iterable[Path]) -> None:
        self.triples: list[ox.Triple] = []
        self._index: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._file: dict[str, str] = {}
        for file in files:
            self._read(file)
        self.constraints: tuple[Constraint, ...] = tuple(self._constraints())

    def _read(self, file: Path) -> None:
        import pyoxigraph as ox

        try:
            parsed = list(ox.parse(path=file, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
        except SyntaxError as error:
            raise DataError(
                [
                    Problem(
                        file=str(file),
                        row=None,
                        column=None,
                        line=error.lineno,
                        message=Text(zh=f"不是合法的 Turtle：{error.msg}", en=f"no valid Turtle: {error.msg}"),
                        fix=Text(zh="改正该行", en="correct this line"),
                    )
                ]
            ) from error
        for quad in parsed:
            subject = str(quad.subject)
            self.triples.append(quad.triple)
            self._index[subject][quad.predicate.value].append(quad.object)
            self._file.setdefault(subject, f"{file.parent.name}/{file.name}")

    def values(self, node: str, name: str) -> list[Term]:
        """Return the values of a property, named as a CURIE, of a node given as an N-Quads term."""
        return self._index.get(node, {}).get(expand(name), [])

    def iris(self, node: str, name: str) -> list[str]:
        """Return the values of a property as N-Quads terms."""
        return [str(value) for value in self.values(node, name)]

    def texts(self, node: str, name: str) -> dict[str, str]:
        """Return the values of a property by language."""
        return {
            getattr(value, "language", None) or "": getattr(value, "value", "") for value in self.values(node, name)
        }

    def file(self, node: str) -> str:
        """Return the file that describes a shape or constraint, e.g. ``shapes/school.ttl``."""
        return self._file.get(node, "shapes/")

    def fix(self, node: str) -> Text:
        """Return what to do where a shape or constraint is broken."""
        said = self.texts(node, "vetg:fix")
        zh = said.get("zh", "改正该单元格")
        en = said.get("en", "correct the cell")
        where = self.file(node)
        return Text(zh=f"{zh}（{where}）", en=f"{en} ({where})")

    def message(self, node: str) -> dict[str, str]:
        """Return the messages of a shape or constraint by language."""
        return self.texts(node, "sh:message")

    def severity(self, shape: str) -> str:
        """Return the severity of a shape, as an N-Quads term."""
        return next(iter(self.iris(shape, "sh:severity")), f"<{SH}Violation>")

    def focus(self, shape: str, facts: Facts) -> dict[str, None]:
        """Return the focus nodes of a shape in the data, in the order of the data."""
        found: dict[str, None] = {}
        for cls in self.iris(shape, "sh:targetClass"):
            found.update(facts.instances(cls))
        for predicate in self.iris(shape, "sh:targetSubjectsOf"):
            found.update(facts.subjects_of(predicate))
        for predicate in self.iris(shape, "sh:targetObjectsOf"):
            found.update(facts.objects_of(predicate))
        found.update(dict.fromkeys(self.iris(shape, "sh:targetNode")))
        return found

    def _constraints(self) -> Iterable[Constraint]:
        for shape in list(self._index):
            path = next(iter(self.iris(shape, "sh:path")), None)
            for node in self.iris(shape, "sh:sparql"):
                select = next((str(getattr(v, "value", "")) for v in self.values(node, "sh:select")), None)
                if select is None or self._true(node, "sh:deactivated") or self._true(shape, "sh:deactivated"):
                    continue
                yield Constraint(
                    iri=node,
                    shape=shape,
                    select=self._prefixes(node) + select.replace("$PATH", path or "$PATH"),
                    path=path,
                    messages=self.message(node) or self.message(shape),
                    severity=self.severity(shape),
                    set_based=self._true(node, "vetg:setBased"),
                    needs_graphs=self._true(node, "vetg:needsGraphs"),
                )

    def _true(self, node: str, name: str) -> bool:
        return any(getattr(value, "value", "") in {"true", "1"} for value in self.values(node, name))

    def _prefixes(self, node: str) -> str:
        lines = []
        for ontology in self.iris(node, "sh:prefixes"):
            for declared in self.iris(ontology, "sh:declare"):
                prefix = next(getattr(v, "value", "") for v in self.values(declared, "sh:prefix"))
                space = next(getattr(v, "value", "") for v in self.values(declared, "sh:namespace"))
                lines.append(f"PREFIX {prefix}: <{space}>\n")
        return "".join(lines)


def load(folder: Path | None = None) -> Shapes:
    """Read the shapes.

    Args:
        folder: Where the Turtle files are; the project's own when left out.

    Returns:
        All of them as one.

    Raises:
        DataError: A file is no Turtle.
    """
    return Shapes(sorted((folder or resources.folder("shapes")).glob("*.ttl")))

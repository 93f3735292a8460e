"""The shapes graph: what each shape and constraint says, where it stands, and whom it checks."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from vetgraph import resources
from vetgraph.errors import DataError, Problem, Text, UsageError
from vetgraph.names import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from vetgraph.errors import QueryError

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

SH = "http://www.w3.org/ns/shacl#"
_TYPE = f"{PREFIXES['rdf']}type"
_RDFS = PREFIXES["rdfs"]
_SHAPES = frozenset({f"{SH}NodeShape", f"{SH}PropertyShape"})
_TARGETS = frozenset(
    {f"{SH}{name}" for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")}
)
_DESCRIBING = _TARGETS | {
    f"{SH}{name}"
    for name in (
        *("path", "name", "description", "order", "group", "severity", "message", "deactivated", "defaultValue"),
        *("ignoredProperties", "flags", "qualifiedValueShapesDisjoint", "qualifiedValueShape"),
    )
}
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
    messages: Mapping[str, str] = field(hash=False)
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
        self._parameters = {
            getattr(path, "value", "")
            for described in list(self._index.values())
            for node in described.get(f"{SH}parameter", [])
            for path in self._index.get(str(node), {}).get(f"{SH}path", [])
        }
        self.constraints: tuple[Constraint, ...] = tuple(self._constraints())

    def _read(self, file: Path) -> None:
        import pyoxigraph as ox

        try:
            parsed = list(
                ox.parse(
                    path=file, format=ox.RdfFormat.TURTLE, base_iri=file.resolve().as_uri(), rename_blank_nodes=True
                )
            )
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

    def by_iri(self, node: str, predicate: str) -> list[str]:
        """Return the values of a property, both and its name as N-Quads terms."""
        return [str(value) for value in self._index.get(node, {}).get(predicate.strip("<>"), [])]

    def numbers(self, node: str, name: str) -> list[int]:
        """Return the whole numbers that are values of a property.

        Raises:
            UsageError: A value is none.
        """
        texts = [str(getattr(value, "value", value)) for value in self.values(node, name)]
        for text in texts:
            if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
                raise UsageError(
                    Text(f"{node} 的 {name} 不是整数：{text}", f"{name} of {node} is no whole number: {text}"),
                    Text(f"改正 {self.file(node)}", f"correct {self.file(node)}"),
                )
        return [int(text) for text in texts]

    def not_askable(self, node: str, error: QueryError) -> UsageError:
        """Say that a shape or constraint makes no query that the engine understands."""
        return UsageError(
            Text(f"{node} 不能查询：{error.message.zh}", f"{node} cannot be asked: {error.message.en}"),
            Text(f"改正 {self.file(node)}", f"correct {self.file(node)}"),
        )

    def asked(self, shape: str) -> dict[str, int]:
        """Return the parameters of constraints that a shape has, and how many values each has.

        A parameter that only says more about another does not count, nor does one that asks nothing.
        """
        found = {
            predicate.removeprefix(SH) if predicate.startswith(SH) else predicate: len(values)
            for predicate, values in self._index.get(shape, {}).items()
            if predicate not in _DESCRIBING and (predicate.startswith(SH) or predicate in self._parameters)
        }
        for name, kept in (("closed", "sh:closed"), ("uniqueLang", "sh:uniqueLang")):
            if name in found and not self.true(shape, kept):
                del found[name]
        return found

    def deactivated(self, shape: str) -> bool:
        """Tell whether a shape is switched off."""
        return self.true(shape, "sh:deactivated")

    def targeted(self) -> list[str]:
        """Return the shapes that name their focus nodes themselves, in the order of the files."""
        classes = {f"{_RDFS}Class", "http://www.w3.org/2002/07/owl#Class"}
        return [
            node
            for node, described in self._index.items()
            if described.keys() & _TARGETS
            or (
                {getattr(kind, "value", "") for kind in described.get(_TYPE, [])} & classes
                and {getattr(kind, "value", "") for kind in described.get(_TYPE, [])} & _SHAPES
            )
        ]

    def classes(self, shape: str) -> list[str]:
        """Return the target classes of a shape; a shape that is a class is one."""
        kinds = {getattr(kind, "value", "") for kind in self.values(shape, "rdf:type")}
        own = [shape] if f"{_RDFS}Class" in kinds and kinds & _SHAPES else []
        return [*self.iris(shape, "sh:targetClass"), *own]

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

    def _constraints(self) -> Iterable[Constraint]:
        for shape in list(self._index):
            path = next(iter(self.iris(shape, "sh:path")), None)
            for node in self.iris(shape, "sh:sparql"):
                select = next((str(getattr(v, "value", "")) for v in self.values(node, "sh:select")), None)
                if select is None or self.true(node, "sh:deactivated") or self.true(shape, "sh:deactivated"):
                    continue
                yield Constraint(
                    iri=node,
                    shape=shape,
                    select=self._prefixes(node) + select.replace("$PATH", path or "$PATH"),
                    path=path,
                    messages=self.message(node) or self.message(shape),
                    severity=self.severity(shape),
                    set_based=self.true(node, "vetg:setBased"),
                    needs_graphs=self.true(node, "vetg:needsGraphs"),
                )

    def true(self, node: str, name: str) -> bool:
        """Tell whether a property of a node is the literal ``true``, as SHACL asks for."""
        return any(getattr(value, "value", "") == "true" for value in self.values(node, name))

    def _prefixes(self, node: str) -> str:
        lines = []
        ontologies = dict.fromkeys(self.iris(node, "sh:prefixes"))
        todo = list(ontologies)
        while todo:
            imported = [one for one in self.iris(todo.pop(), "owl:imports") if one not in ontologies]
            ontologies.update(dict.fromkeys(imported))
            todo += imported
        for ontology in ontologies:
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

"""The validation report as SHACL defines it (``sh:ValidationReport``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vetgraph.errors import Text
from vetgraph.names import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

    from vetgraph.errors import Problem
    from vetgraph.validate.result import Result

_SH = PREFIXES["sh"]
NO_GRAPHS = Text("数据没有命名图", "the data have no named graphs")


def listed(iris: Iterable[str]) -> str:
    """Return the short names of shapes or constraints, given as N-Quads terms, in one line."""
    return ", ".join(iri.strip("<>").rpartition("/")[2] for iri in iris)


def not_checked(iris: Iterable[str], why: Text) -> tuple[Text, ...]:
    """Say what was not checked.

    Args:
        iris: Shapes or constraints, as N-Quads terms.
        why: Why not.

    Returns:
        One line; none where there is nothing to say.
    """
    which = listed(iris)
    line = Text(f"未检查（{why.zh}）：{which}", f"not checked ({why.en}): {which}")
    return (line,) if which else ()


@dataclass(frozen=True)
class Report:
    """What validation found.

    Attributes:
        results: The results, as SHACL means them.
        problems: The same as problems that point at cells.
        notes: What was not checked and why, one line each.
    """

    results: tuple[Result, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Text, ...] = ()

    @property
    def conforms(self) -> bool:
        """Whether no shape is violated; warnings and notes do not count."""
        return not any(problem.severity == "violation" for problem in self.problems)

    def turtle(self) -> str:
        """Return the report as Turtle.

        Returns:
            A ``sh:ValidationReport`` with every result; by the standard it conforms only if there are no results.
        """
        import pyoxigraph as ox

        from vetgraph.terms import parse_term

        def sh(name: str) -> ox.NamedNode:
            return ox.NamedNode(_SH + name)

        kind = ox.NamedNode(f"{PREFIXES['rdf']}type")
        boolean = ox.NamedNode(f"{PREFIXES['xsd']}boolean")
        report = ox.BlankNode("report")
        triples = [
            ox.Triple(report, kind, sh("ValidationReport")),
            ox.Triple(report, sh("conforms"), ox.Literal(str(not self.results).lower(), datatype=boolean)),
        ]
        for number, result in enumerate(self.results, 1):
            node = ox.BlankNode(f"result{number}")
            triples += [ox.Triple(report, sh("result"), node), ox.Triple(node, kind, sh("ValidationResult"))]
            parts = dict(_parts(result))
            if result.described is not None:
                parts["resultPath"], described = result.described.write(lambda: f"_:{ox.BlankNode().value}")
                triples += [_triple(*each) for each in described]
            triples += [ox.Triple(node, sh(name), parse_term(text)) for name, text in parts.items() if text]
            triples += [
                ox.Triple(node, sh("resultMessage"), ox.Literal(text, language=lang) if lang else ox.Literal(text))
                for lang, text in sorted(result.messages.items())
            ]
        written = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))
        return (written or b"").decode()


def _triple(subject: str, predicate: str, value: str) -> ox.Triple:
    import pyoxigraph as ox

    from vetgraph.terms import parse_term

    return ox.Triple(parse_term(subject), parse_term(predicate), parse_term(value))


def _parts(result: Result) -> list[tuple[str, str | None]]:
    return [
        ("focusNode", result.focus),
        ("resultPath", result.path),
        ("value", result.value),
        ("sourceShape", result.shape),
        ("sourceConstraint", result.constraint),
        ("sourceConstraintComponent", result.component),
        ("resultSeverity", result.severity),
    ]

"""Validation with SHACL: tables or RDF files against the shapes, to problems that point at cells.

The shapes become SPARQL queries for the store's own engine, which has the named graphs; pySHACL is the referee, and
checks the shapes that cannot become queries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vetgraph import vocabulary
from vetgraph.errors import DataError, Problem, Text, UsageError
from vetgraph.store import EmbeddedStore
from vetgraph.validate import core
from vetgraph.validate import shapes as shape_files
from vetgraph.validate.checker import Checker
from vetgraph.validate.context import stated
from vetgraph.validate.facts import Facts
from vetgraph.validate.problems import Sources, problems_of
from vetgraph.validate.report import NO_GRAPHS, Report, listed, not_checked
from vetgraph.validate.spelling import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from vetgraph.cells import Cells
    from vetgraph.reading import Reading
    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result
    from vetgraph.validate.shapes import Shapes

__all__ = ["Report", "report_of", "validate", "validate_files", "validate_quads", "validate_store"]

ENGINES = ("auto", "pyshacl")


def validate(reading: Reading, *, engine: str = "auto", shapes: Shapes | None = None) -> Report:
    """Check what was read from tables.

    Args:
        reading: The tables' quads, and the way back to their cells.
        engine: ``auto``: the shapes as SPARQL queries, and pySHACL for a shape that cannot be one; ``pyshacl``: pySHACL
            for all that it can do, which leaves out the constraints that look into named graphs.
        shapes: The shapes; the project's own if not given.

    Returns:
        The report.

    Raises:
        UsageError: There is no such engine.
    """
    return _validate(reading.quads, Sources(reading.cells, quads=reading.quads), engine, shapes)


def validate_files(paths: Sequence[Path], *, engine: str = "auto", shapes: Shapes | None = None) -> Report:
    """Check RDF files: Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD by their ending.

    Args:
        paths: The files; what they say is checked together.
        engine: As for `validate`.
        shapes: The shapes; the project's own if not given.

    Returns:
        The report; its problems name the file that describes the focus node.

    Raises:
        DataError: A file is malformed.
        UsageError: The ending of a file tells no format, or there is no such engine.
    """
    quads: list[Quad] = []
    home: dict[str, str] = {}
    for path in paths:
        for quad in _parse(path):
            quads.append(quad)
            home.setdefault(quad[0], str(path))
    return _validate(quads, Sources(None, home, str(paths[0]) if paths else "", quads), engine, shapes)


def validate_quads(
    quads: Iterable[Quad],
    where: str,
    *,
    engine: str = "auto",
    shapes: Shapes | None = None,
    cells: Cells | None = None,
) -> Report:
    """Check what a store holds.

    Args:
        quads: The statements as N-Quads terms, without ontology and code lists.
        where: What the problems name as their place where no cell is known.
        engine: As for `validate`.
        shapes: The shapes; the project's own if not given.
        cells: The way back to the cells that the store was built from.

    Returns:
        The report.

    Raises:
        UsageError: There is no such engine.
    """
    listed = list(quads)
    return _validate(listed, Sources(cells, default=where, quads=listed), engine, shapes)


def validate_store(store: EmbeddedStore, shapes: Shapes | None = None, cells: Cells | None = None) -> Report:
    """Check a store where it lies.

    Args:
        store: A store as a build leaves it.
        shapes: The shapes; the project's own if not given.
        cells: The way back to the cells that it was built from.

    Returns:
        The report. Shapes for another engine are named and not checked.
    """
    asked = shapes or shape_files.load()
    found, left = Checker(store, asked).all()
    results = [result for each in found.values() for result in each]
    quads = stated(store, {result.focus for result in results if result.focus.startswith("<")})
    note = Text(f"未检查：{listed(left)}", f"not checked: {listed(left)}")
    return Report(tuple(results), problems_of(results, asked, Sources(cells, quads=quads)), (note,) if left else ())


def report_of(results: Sequence[Result], shapes: Shapes, reading: Reading) -> Report:
    """Make the report of results that are there already.

    Args:
        results: The results, with literals as the engine has them.
        shapes: The shapes.
        reading: The tables that the data were read from.

    Returns:
        The report.
    """
    cells = reading.cells
    focus = {result.focus for result in results if (result.value or "").startswith('"')}
    written = as_written(results, [triple for node in sorted(focus) for triple in cells.statements(node)], shapes)
    return Report(tuple(written), problems_of(written, shapes, Sources(cells, quads=reading.quads)), ())


def _validate(quads: Sequence[Quad], sources: Sources, engine: str, shapes: Shapes | None) -> Report:
    if engine not in ENGINES:
        raise UsageError(
            Text(f"没有引擎“{engine}”", f'there is no engine "{engine}"'),
            Text(f"用 {' 或 '.join(ENGINES)}", f"use {' or '.join(ENGINES)}"),
        )
    asked = shapes or shape_files.load()
    facts = Facts(quads, vocabulary.codes())
    checker = Checker(EmbeddedStore.of(facts.nquads()), asked, graphs=facts.has_graphs and engine == "auto")
    notes: tuple[Text, ...] = ()
    if engine == "pyshacl":
        results = core.check(facts, asked, sparql=True)
    else:
        results, notes = _compiled(checker, facts)
        results = as_written(results, facts.triples, asked)
    found = problems_of(results, asked, sources)
    return Report(tuple(results), found, (*notes, *_not_asked(checker, facts)))


def _compiled(checker: Checker, facts: Facts) -> tuple[list[Result], tuple[Text, ...]]:
    """Ask the store what can be asked in SPARQL, and pySHACL the rest."""
    by_question, left = checker.all()
    results = [result for found in by_question.values() for result in found]
    if not left:
        return results, ()
    asked = {result.constraint for result in results}
    theirs = core.check(facts, checker.shapes, sparql=True, only=frozenset(left))
    results += [result for result in theirs if result.constraint is None or result.constraint not in asked]
    return results, (_by_pyshacl(left),)


def _by_pyshacl(left: Sequence[str]) -> Text:
    which = listed(left)
    return Text(f"由 pySHACL 检查：{which}", f"checked by pySHACL: {which}")


def _not_asked(checker: Checker, facts: Facts) -> tuple[Text, ...]:
    """Say which constraints have something to check and could not be asked."""
    if facts.has_graphs:
        return not_checked(checker.not_asked(), Text("pySHACL 看不到命名图", "pySHACL sees no named graphs"))
    return not_checked(checker.not_asked(), NO_GRAPHS)


def _parse(path: Path) -> list[Quad]:
    import pyoxigraph as ox

    kind = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if kind is None:
        raise UsageError(
            Text(f"看不出 {path} 的格式", f"the ending of {path} tells no format"),
            Text("用 .ttl .trig .nt .nq .rdf .jsonld", "name it .ttl, .trig, .nt, .nq, .rdf or .jsonld"),
        )
    try:
        parsed = list(ox.parse(path=str(path), format=kind, rename_blank_nodes=True))
    except (SyntaxError, ValueError, OSError) as error:
        reason = getattr(error, "msg", None) or str(error)
        raise DataError(
            [
                Problem(
                    str(path),
                    None,
                    None,
                    Text(f"格式有误：{reason}", f"malformed: {reason}"),
                    Text("改正该行", "correct this line"),
                    line=getattr(error, "lineno", None),
                )
            ]
        ) from None
    return [
        (
            str(q.subject),
            str(q.predicate),
            str(q.object),
            "" if isinstance(q.graph_name, ox.DefaultGraph) else str(q.graph_name),
        )
        for q in parsed
    ]

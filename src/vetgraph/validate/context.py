"""Check what somebody has sent together with what a store states of the things that it names."""

from __future__ import annotations

from importlib.resources import files
from itertools import islice
from string import Template
from typing import TYPE_CHECKING, Final

from vetgraph import names, vocabulary
from vetgraph.results import Solutions
from vetgraph.store import EmbeddedStore
from vetgraph.validate import shapes as shape_files
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import Facts
from vetgraph.validate.problems import Sources, problems_of
from vetgraph.validate.report import NO_GRAPHS, Report, not_checked
from vetgraph.validate.spelling import as_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vetgraph.cells import Cells
    from vetgraph.store import Store
    from vetgraph.validate.facts import Quad
    from vetgraph.validate.result import Result
    from vetgraph.validate.shapes import Shapes

_OURS: Final = (f"<{names.BASE}id/", f"<{names.BASE}report/")
_MANY: Final = 500
_STEPS: Final = 6
"""How far things are followed that name others, as a school its district, and that its city."""


def validate_sent(quads: Sequence[Quad], store: Store, cells: Cells | None = None, where: str = "") -> Report:
    """Check statements that are not in a store.

    Args:
        quads: The statements.
        store: The store; what it states of the things that the statements name is taken as said.
        cells: The way back to the tables that they were read from.
        where: What the problems name as their place where there are no cells.

    Returns:
        The report on what the statements are about.
    """
    asked = shape_files.load()
    graphs = any(graph for *_, graph in quads)
    known = _known(quads, store)
    facts, about = Facts([*quads, *known], vocabulary.codes()), {quad[0] for quad in quads}
    # What is only a part of the store can break shapes that the whole keeps to.
    before = {result.key for result in _results(_checker(Facts(known, vocabulary.codes()), asked, graphs=graphs))}
    checker = _checker(facts, asked, graphs=graphs)
    found = [result for result in _results(checker) if result.focus in about and result.key not in before]
    written = as_written(found, facts.triples, asked)
    notes = not_checked(checker.not_asked(), NO_GRAPHS)
    return Report(tuple(written), problems_of(written, asked, Sources(cells, default=where, quads=quads)), notes)


def _checker(facts: Facts, shapes: Shapes, *, graphs: bool) -> Checker:
    return Checker(EmbeddedStore.of(facts.nquads()), shapes, graphs=graphs)


def _results(checker: Checker) -> list[Result]:
    found, _ = checker.all()
    return [result for each in found.values() for result in each]


def _known(quads: Sequence[Quad], store: Store) -> list[Quad]:
    """Return what the store states of the things that statements name, and of those that these name."""
    known: list[Quad] = []
    asked: set[str] = set()
    fresh: Sequence[Quad] = quads
    for _ in range(_STEPS):
        named = {term for s, _, o, graph in fresh for term in (s, o, graph) if term.startswith(_OURS)} - asked
        if not named:
            break
        fresh = list(stated(store, named))
        asked |= named
        known += fresh
    told = {(subject, graph) for subject, *_, graph in quads}  # a new edition of what a passage says of a thing
    return [quad for quad in known if (quad[0], quad[3]) not in told]


def stated(store: Store, things: Iterable[str]) -> Iterator[Quad]:
    """Give what a store states of things.

    Args:
        store: The store.
        things: IRIs, as N-Quads terms.

    Yields:
        The statements of its named graphs.
    """
    text = Template(files(__package__).joinpath("context.rq").read_text(encoding="utf-8"))
    rest = iter(sorted(things))
    while some := list(islice(rest, _MANY)):
        answer = store.query(text.substitute(THINGS=" ".join(some)))
        if not isinstance(answer, Solutions):
            raise TypeError(text)
        for row in answer:
            yield (
                str(row.term("thing")),
                str(row.term("property")),
                str(row.term("value")),
                str(row.term("graph")),
            )

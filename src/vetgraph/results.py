"""Answers of a query: solutions, a yes or no, or triples, as Python values or in a standard format.

The engine's iterators end the process when another thread touches them. So an answer remembers how to evaluate itself:
each use takes a fresh iterator in the thread that asks, and no iterator ever changes hands.
"""

from __future__ import annotations

import csv
import io
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import pyoxigraph as ox

from vetgraph.errors import Text, UsageError
from vetgraph.terms import Value, python_value

if TYPE_CHECKING:
    from pathlib import Path

RESULT_FORMATS: dict[str, ox.QueryResultsFormat] = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
"""Formats of solutions and yes/no answers, by name."""

GRAPH_FORMATS: dict[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}
"""Formats of triples, by name."""

BOM = "\ufeff"
_F = TypeVar("_F")
_PATHS = frozenset({"id", "code", "report"})


def _format(formats: Mapping[str, _F], name: str) -> _F:
    if name not in formats:
        known = ", ".join(formats)
        raise UsageError(
            Text(f"这种结果不能写成 {name}", f"this kind of answer cannot be written as {name}"),
            Text(f"可用的格式：{known}", f"use one of {known}"),
        )
    return formats[name]


class Row(Mapping[str, Value]):
    """One solution: a mapping from variable to Python value (``None`` where unbound)."""

    __slots__ = ("_terms",)

    def __init__(self, terms: dict[str, Any]) -> None:
        self._terms = terms

    def __getitem__(self, name: str) -> Value:
        return python_value(self._terms[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._terms)

    def __len__(self) -> int:
        return len(self._terms)

    def __repr__(self) -> str:
        return f"Row({dict(self)!r})"

    def terms(self) -> dict[str, Any]:
        """Return the RDF terms of the variables that are bound."""
        return {name: term for name, term in self._terms.items() if term is not None}

    def term(self, name: str) -> Any:  # noqa: ANN401 - any of the engine's term classes
        """Return the RDF term itself, with its language or datatype.

        Args:
            name: A variable of the query.

        Returns:
            A pyoxigraph term, or ``None`` where unbound.
        """
        return self._terms[name]


class Solutions:
    """Rows of a SELECT query. Iterate, take ``len()``, or write them in a standard format."""

    def __init__(self, evaluate: Callable[[], ox.QuerySolutions], first: ox.QuerySolutions) -> None:
        """Wrap a query's answer.

        Args:
            evaluate: Runs the query again.
            first: What it gave the first time.
        """
        self._evaluate = evaluate
        self._first: ox.QuerySolutions | None = first
        self._thread = threading.get_ident()
        self._rows: list[Row] | None = None
        self.variables: tuple[str, ...] = tuple(variable.value for variable in first.variables)

    def _take(self) -> ox.QuerySolutions:
        if self._first is not None and self._thread == threading.get_ident():
            first, self._first = self._first, None
            return first
        return self._evaluate()

    def rows(self) -> list[Row]:
        """Return all rows (read once, then kept)."""
        if self._rows is None:
            self._rows = list(self.once())
        return self._rows

    def once(self) -> Iterator[Row]:
        """Give the rows as the engine finds them; they are not kept, and who stops early leaves the rest unfound.

        Yields:
            Rows, in the thread that asked.
        """
        if self._rows is not None:
            yield from self._rows
            return
        names = self.variables
        for solution in self._take():
            yield Row(dict(zip(names, solution, strict=True)))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows())

    def __len__(self) -> int:
        return len(self.rows())

    def __getitem__(self, index: int) -> Row:
        return self.rows()[index]

    def __repr__(self) -> str:
        return f"Solutions(variables={list(self.variables)!r})"

    def serialize(self, format: str = "json") -> bytes:  # noqa: A002 - the word that users look for
        """Write the rows in a standard result format.

        Args:
            format: ``json``, ``xml``, ``csv`` or ``tsv``.

        Returns:
            The document, in UTF-8.

        Raises:
            UsageError: There is no such format.
        """
        chosen = _format(RESULT_FORMATS, format)
        return self._take().serialize(format=chosen) or b""

    def to_csv(self, path: str | Path | None = None) -> str:
        """Write the rows as CSV; a file gets a byte order mark, so that Excel reads Chinese.

        Args:
            path: File to write, or ``None`` for the text only.

        Returns:
            The CSV text, without byte order mark.
        """
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.variables)
        writer.writerows([["" if v is None else v for v in row.values()] for row in self.rows()])
        if path is not None:
            from pathlib import Path as File

            File(path).write_text(BOM + out.getvalue(), encoding="utf-8", newline="")
        return out.getvalue()

    def to_pandas(self) -> Any:  # noqa: ANN401 - pandas is optional
        """Return the rows as a ``pandas.DataFrame``.

        Returns:
            A data frame with a column for each variable.

        Raises:
            UsageError: pandas is not installed.
        """
        try:
            import pandas as pd  # type: ignore[import-untyped,unused-ignore]
        except ImportError:
            raise UsageError(
                Text("没有安装 pandas", "pandas is not installed"),
                Text("pip install 'vetgraph[pandas]'", "pip install 'vetgraph[pandas]'"),
            ) from None
        return pd.DataFrame([dict(row) for row in self.rows()], columns=list(self.variables))


class Answer:
    """Yes or no, from an ASK query. True in a condition when the answer is yes."""

    def __init__(self, value: bool) -> None:  # noqa: FBT001 - it is the value
        """Hold a yes or a no."""
        self.value = value

    def __bool__(self) -> bool:
        return self.value

    def __eq__(self, other: object) -> bool:
        return bool(other) == self.value if isinstance(other, (bool, Answer)) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return f"Answer({self.value})"

    def serialize(self, format: str = "json") -> bytes:  # noqa: A002 - the word that users look for
        """Write the answer in a standard result format.

        Args:
            format: ``json``, ``xml``, ``csv`` or ``tsv`` (the standard defines only the first two; the others hold
                ``true`` or ``false``).

        Returns:
            The document, in UTF-8.
        """
        chosen = _format(RESULT_FORMATS, format)
        native = ox.Store().query(f"ASK {{ FILTER({str(self.value).lower()}) }}")
        return (native.serialize(format=chosen) if isinstance(native, ox.QueryBoolean) else None) or b""


class Triples:
    """Triples of a CONSTRUCT or DESCRIBE query, each once. Iterate, take ``len()``, or write them as RDF."""

    def __init__(self, triples: list[ox.Triple], prefixes: Mapping[str, str]) -> None:
        """Hold triples.

        Args:
            triples: The triples; repeated ones are dropped.
            prefixes: Abbreviations for formats that have them.
        """
        self._triples = list(dict.fromkeys(triples))
        self._prefixes = dict(prefixes)

    def __iter__(self) -> Iterator[ox.Triple]:
        return iter(self._triples)

    def __len__(self) -> int:
        return len(self._triples)

    def serialize(self, format: str = "ttl") -> bytes:  # noqa: A002 - the word that users look for
        """Write the triples as RDF.

        Args:
            format: ``ttl``, ``nt``, ``jsonld`` or ``rdf`` (RDF/XML).

        Returns:
            The document, in UTF-8.

        Raises:
            UsageError: There is no such format.
        """
        chosen = _format(GRAPH_FORMATS, format)
        return ox.serialize(self._triples, format=chosen, prefixes=self._used_prefixes()) or b""

    def _used_prefixes(self) -> dict[str, str]:
        r"""Return the prefixes that occur; one whose names would need escaping (``id:school\\/a``) does not help."""
        spaces = {prefix: iri for prefix, iri in self._prefixes.items() if prefix not in _PATHS}
        iris = {
            term.value
            for triple in self._triples
            for term in (triple.subject, triple.predicate, triple.object, getattr(triple.object, "datatype", None))
            if isinstance(term, ox.NamedNode)
        }
        return {prefix: space for prefix, space in spaces.items() if any(iri.startswith(space) for iri in iris)}


def answer_of(json: bytes) -> Solutions | Answer:
    """Read an answer that another process gave.

    Args:
        json: SPARQL 1.1 Query Results JSON.

    Returns:
        Rows, or a yes or no.

    Raises:
        SyntaxError: It is none.
    """

    def read() -> Any:  # noqa: ANN401 - the engine's answers share no class
        return ox.parse_query_results(json, ox.QueryResultsFormat.JSON)

    first = read()
    return Answer(bool(first)) if isinstance(first, ox.QueryBoolean) else Solutions(read, first)


def triples_of(document: bytes, media_type: str, prefixes: Mapping[str, str]) -> Triples:
    """Read triples that another process gave.

    Args:
        document: RDF.
        media_type: Its format.
        prefixes: Abbreviations for formats that have them.

    Returns:
        The triples.

    Raises:
        SyntaxError: It is no RDF.
        ValueError: The media type is unknown.
    """
    form = ox.RdfFormat.from_media_type(media_type)
    if form is None:
        raise ValueError(media_type)
    return Triples([quad.triple for quad in ox.parse(input=document, format=form)], prefixes)

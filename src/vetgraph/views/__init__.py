"""Views of the graph as tables: a query, what its columns are called, and what can be done with them.

A view is an ``.rq`` file in ``queries/tables/``: a table of its own (``/tables/NAME``), and panels on the pages of
things. Beside title and description its head says::

    # class: vetg:AwardResult
    # column: recipient vetg:recipient facet
    # column: count vetg:count sum
    # column: series thing "大赛" | "competition" facet off
    # panel: ^vetg:recipient "获奖" | "Prizes won" 20
    # chart: stacked event prize count "各赛事获奖数" | "Prizes by event"

A column that names a property is called what the shape of the class calls it (``sh:name``); another has a kind and
names of its own: ``thing``, ``code``, ``number``, ``time``, ``text``, or ``count`` (how many values there are) and
``total`` (the sum of them all). ``facet`` lets a reader filter by its values, ``sum`` adds it up, ``off`` leaves it
out until it is asked for. A panel shows, on the page of a thing, those things of the view to which the path leads
from there. Every solution has ``?thing``, what it tells of, and perhaps ``?passage``, a graph that states it; the
solutions of one thing become one row, whose cells may have several values. So what a thing may have several of stands
in a UNION of its own, else each would be combined with each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from vetgraph import kinds, names, queries
from vetgraph.errors import Text, UsageError

if TYPE_CHECKING:
    from vetgraph.kinds import Field
    from vetgraph.queries import Query

_LABELS: Final = r'"(?P<zh>[^"]*)"\s*\|\s*"(?P<en>[^"]*)"'
_CLASS: Final = re.compile(r"#\s*class:\s*(?P<curie>\S+)\s*$", re.MULTILINE)
_COLUMN: Final = re.compile(
    rf"#\s*column:\s*(?P<name>\w+)\s+(?P<what>\S+)(?:\s+{_LABELS})?(?P<flags>(?:\s+(?:facet|sum|off))*)\s*$",
    re.MULTILINE,
)
_PANEL: Final = re.compile(rf"#\s*panel:\s*(?P<path>\S+)\s+{_LABELS}\s+(?P<order>\d+)\s*$", re.MULTILINE)
_CHART: Final = re.compile(
    rf"#\s*chart:\s*(?P<kind>\w+)\s+(?P<category>\w+)\s+(?P<series>\w+)\s+(?P<value>\w+)\s+{_LABELS}\s*$", re.MULTILINE
)
_LINES: Final = re.compile(r"^#\s*(?:class|column|panel|chart):", re.MULTILINE)
_LAST: Final = 50
_PREFIX: Final = re.compile(r"\^?[\w-]+:")
_STEP: Final = re.compile(r"\^?[\w-]+:[\w-]+")
KINDS: Final = frozenset({"thing", "code", "number", "time", "text", "count", "total"})


@dataclass(frozen=True)
class Column:
    """A column of a view.

    Attributes:
        name: The variable.
        label: What it is called.
        kind: ``thing``, ``code``, ``number``, ``time``, ``text``, ``count`` or ``total``.
        facet: Whether a reader can filter by its values.
        sum: Whether its numbers can be added up.
        off: Whether it is left out until it is asked for.
        property: IRI of the property, where it is one of the class.
    """

    name: str
    label: Text
    kind: str
    facet: bool = False
    sum: bool = False
    off: bool = False
    property: str = ""


@dataclass(frozen=True)
class Panel:
    """Those things of a view that a path leads to from the thing of a page.

    Attributes:
        name: The view and the properties of the path, as ``awards-recipient``.
        view: The name of the view.
        path: A path of SPARQL with our prefixes, as ``^vetg:recipient``.
        title: What the panel is called.
        order: Its place on the page.
    """

    name: str
    view: str
    path: str
    title: Text
    order: int

    @property
    def steps(self) -> tuple[tuple[str, bool], ...]:
        """The properties of the path, each with whether it is walked backwards."""
        return tuple((names.expand(step.lstrip("^")), step.startswith("^")) for step in self.path.split("/"))


@dataclass(frozen=True)
class Picture:
    """How a view is drawn: variables of category, series and number.

    Attributes:
        kind: As of ``charts.Chart``.
        category: Variable of what is compared.
        series: Variable of the colours.
        value: Variable of the numbers.
        title: What the chart is called.
    """

    kind: str
    category: str
    series: str
    value: str
    title: Text


@dataclass(frozen=True)
class View:
    """A query as a table.

    Attributes:
        query: The query.
        type: IRI of the class of its things.
        columns: Its columns, in order.
        panels: The pages it is part of.
        picture: How it is drawn, if it is.
    """

    query: Query
    type: str
    columns: tuple[Column, ...]
    panels: tuple[Panel, ...]
    picture: Picture | None

    @property
    def name(self) -> str:
        """Its name, that of the file."""
        return self.query.name

    def column(self, name: str) -> Column | None:
        """Return a column by name.

        Args:
            name: The variable.

        Returns:
            The column, or ``None``.
        """
        return next((column for column in self.columns if column.name == name), None)


@cache
def catalogue() -> dict[str, View]:
    """Return all views by name."""
    return {name: read(query) for name, query in queries.catalogue(queries.FOLDER / "tables").items()}


@cache
def of_class(iri: str) -> View | None:
    """Return the view of the things of a class.

    Args:
        iri: The class.

    Returns:
        The view, or ``None``.
    """
    return next((view for view in catalogue().values() if view.type == iri), None)


@cache
def panels() -> dict[str, Panel]:
    """Return all panels by name, in their order."""
    found = [panel for view in catalogue().values() for panel in view.panels]
    return {panel.name: panel for panel in sorted(found, key=lambda panel: (panel.order, panel.name))}


def panel(name: str) -> Panel | None:
    """Return a panel by name, also one that no head names: ``VIEW-PROPERTY`` walks the property of the view backwards.

    Args:
        name: Its name.

    Returns:
        The panel, or ``None``.
    """
    found = panels().get(name)
    if found is not None:
        return found
    head, _, key = name.rpartition("-")
    view = catalogue().get(head)
    if view is None:
        return None
    fields = (field for kind in kinds.load().of_class(view.type) for field in kind.fields.values())
    field = next((field for field in fields if field.key == key), None)
    return None if field is None else _plain(view, field)


def pointing(view: View, prop: str) -> Panel | None:
    """Return the panel of the things of a view that point somewhere by a property.

    Args:
        view: The view.
        prop: IRI of the property.

    Returns:
        The one that the head names, else a plain one; ``None`` where the shapes do not know the property.
    """
    for named in view.panels:
        if named.steps == ((prop, True),):
            return named
    fields = (field for kind in kinds.load().of_class(view.type) for field in kind.fields.values())
    field = next((field for field in fields if field.iri == prop), None)
    return None if field is None else _plain(view, field)


def _plain(view: View, field: Field) -> Panel:
    title = Text(f"{view.query.title.zh}（{field.label.zh}）", f"{view.query.title.en} ({field.label.en})")
    return Panel(f"{view.name}-{field.key}", view.name, f"^{names.shorten(field.iri)}", title, _LAST)


def get(name: str) -> View:
    """Return a table by name.

    Args:
        name: Its name.

    Returns:
        The view.

    Raises:
        UsageError: There is no such table.
    """
    known = catalogue()
    if name not in known:
        listed = ", ".join(known)
        raise UsageError(
            Text(f"没有表“{name}”", f'there is no table "{name}"'), Text(f"可用：{listed}", f"use one of {listed}")
        )
    return known[name]


def read(query: Query) -> View:
    """Read the head of a view.

    Args:
        query: The query with its head.

    Returns:
        The view.

    Raises:
        UsageError: A line of the head cannot be read.
    """
    text = query.text
    classed = _CLASS.search(text)
    found = [classed, *_COLUMN.finditer(text), *_PANEL.finditer(text), *_CHART.finditer(text)]
    if classed is None or len(found) != len(_LINES.findall(text)):
        raise UsageError(
            Text(f"视图 {query.name} 的开头有误", f"the head of the view {query.name} cannot be read"),
            Text("见 vetgraph.views 的说明", "vetgraph.views tells how it is written"),
        )
    iri = names.expand(classed["curie"])
    fields = {field.iri: field for kind in reversed(kinds.load().of_class(iri)) for field in kind.fields.values()}
    columns = tuple(_column(query, match, fields) for match in _COLUMN.finditer(text))
    made = tuple(
        Panel(
            f"{query.name}-{_PREFIX.sub('', match['path']).replace('/', '-')}",
            query.name,
            _path(query, match["path"]),
            Text(match["zh"], match["en"]),
            int(match["order"]),
        )
        for match in _PANEL.finditer(text)
    )
    drawn = _CHART.search(text)
    picture = (
        Picture(drawn["kind"], drawn["category"], drawn["series"], drawn["value"], Text(drawn["zh"], drawn["en"]))
        if drawn
        else None
    )
    return View(query, iri, columns, made, picture)


def _path(query: Query, path: str) -> str:
    if not all(_STEP.fullmatch(step) for step in path.split("/")):
        raise UsageError(
            Text(f"视图 {query.name} 的路径有误：{path}", f"view {query.name} has a path that cannot be read: {path}"),
            Text("写成 ^vetg:recipient 这样", "write it as ^vetg:recipient"),
        )
    return path


def _column(query: Query, match: re.Match[str], fields: dict[str, Field]) -> Column:
    flags = match["flags"].split()
    what, label, prop = match["what"], None, ""
    if match["zh"] is not None:
        label = Text(match["zh"], match["en"])
    if what not in KINDS:
        field = fields.get(names.expand(what))
        if field is None:
            raise UsageError(
                Text(
                    f"视图 {query.name}：形状没有属性 {what}", f"view {query.name}: the shapes have no property {what}"
                ),
                Text("给列写上种类和名称", "give the column a kind and names"),
            )
        label, prop = label or field.label, field.iri
        what = field.range if field.range in KINDS else "text"
    if label is None:
        raise UsageError(
            Text(f"视图 {query.name}：列 {match['name']} 没有名称", f"view {query.name}: {match['name']} has no name"),
            Text('写上 "中文" | "English"', 'write "zh" | "en"'),
        )
    return Column(match["name"], label, what, "facet" in flags, "sum" in flags, "off" in flags, prop)

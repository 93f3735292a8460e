"""Import a list into a store: a graph of its own, with DCAT metadata, through the same CSVW mapping as any table.

Without a schema each row becomes an entry: one column gives its name, one perhaps its code, and every other column is a
property of the list's own.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vetgraph import changes, codelists, csvw, datasets, names, sheets
from vetgraph.errors import DataError, MissingError, Problem, Text, UsageError
from vetgraph.listschema import CODES, NAMES, About, column_of, default_metadata, group_of
from vetgraph.mapping import RowMapping
from vetgraph.opening import is_address
from vetgraph.reading import Reading, References
from vetgraph.rows import TableReader, check_references
from vetgraph.store import EmbeddedStore, open_store
from vetgraph.working import WorkingCopy

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyoxigraph as ox

    from vetgraph.mapping import Quad
    from vetgraph.tableschema import Group, Schema

_XLSX: Final = (".xlsx", ".xlsm")


@dataclass(frozen=True)
class List:
    """A list that was read and has no problems.

    Attributes:
        key: Its key.
        quads: Its statements, in its own graph.
        rows: How many rows it has.
        sheet: The rows as they stand.
        metadata: What its metadata file would say (CSVW).
    """

    key: str
    quads: tuple[Quad, ...]
    rows: int
    sheet: sheets.Sheet
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        statements: How many statements the list's graph holds now.
        replaced: Whether it was there before.
        version: The content that readers find from now on.
    """

    statements: int
    replaced: bool
    version: str


def read_list(  # noqa: PLR0913 - what an import may be told
    file: Path,
    key: str,
    about: About | None = None,
    *,
    schema: Path | None = None,
    name: str = "",
    code: str = "",
    sheet: str = "",
) -> List:
    """Read a list from a file.

    Args:
        file: CSV (UTF-8 or GB18030) or XLSX.
        key: Its key, as ``quality-schools-2025``.
        about: What is said of it.
        schema: A CSVW schema, or the metadata of a list, that tells what the columns mean.
        name: Header of the column of the names, where there is no schema.
        code: Header of the column of official codes.
        sheet: Name of the sheet of a workbook, where it has several.

    Returns:
        The list.

    Raises:
        UsageError: The key or a column is not what it must be.
        MissingError: There is no such file.
        DataError: A cell is bad; all are told.
    """
    about = about or About()
    if not datasets.KEY.fullmatch(key):
        raise UsageError(
            Text(f"“{key}”不能作名单的键", f'"{key}" is no key of a list'),
            Text("用小写字母、数字、连字符，如 quality-schools-2025", "write it like quality-schools-2025"),
        )
    problems: list[Problem] = []
    found = _sheet(file, sheet, problems)
    metadata = _metadata(key, schema, problems) if schema else None
    _stop(problems)
    metadata = metadata or default_metadata(found, key, about, name, code)
    group = _group(_told(metadata, file, about), schema or file)
    return _mapped(group, found, file, metadata)


def named_rows(file: Path, name: str = "", code: str = "", sheet: str = "") -> list[tuple[int, str, str]]:
    """Read only the names and codes of a list.

    Args:
        file: CSV or XLSX.
        name: Header of the column of the names; the likeliest if not given.
        code: Header of the column of official codes; the likeliest if not given.
        sheet: Name of the sheet of a workbook, where it has several.

    Returns:
        For each row its number, its name and its code, which may be empty.

    Raises:
        UsageError: There is no such column.
        MissingError: There is no such file.
        DataError: The file cannot be read.
    """
    problems: list[Problem] = []
    found = _sheet(file, sheet, problems)
    _stop(problems)
    names_at = found.header.index(column_of(found, name, NAMES, "--name"))
    codes = column_of(found, code, CODES, "--code", needed=False)
    codes_at = found.header.index(codes) if codes else None
    return [
        (row.number, row.cells[names_at], "" if codes_at is None else row.cells[codes_at])
        for row in found.rows
        if row.cells[names_at]
    ]


def _stop(problems: Sequence[Problem]) -> None:
    if problems:
        raise DataError(problems)


def _sheet(file: Path, name: str, problems: list[Problem]) -> sheets.Sheet:
    if not file.is_file():
        raise MissingError(
            Text(f"没有文件 {file}", f"there is no file {file}"), Text("检查路径", "check the path of the file")
        )
    if file.suffix.lower() not in _XLSX:
        found = sheets.read_csv(file, problems)
    else:
        book = sheets.Workbook(file, problems)
        found = book.sheet(_sheet_name(book, name), problems) if book.opened else None
    _stop(problems)
    if found is None:
        raise DataError(problems)
    empty = next((at for at, header in enumerate(found.header) if not header), None)
    if empty is not None:
        _stop(
            [
                Problem(
                    found.file,
                    1,
                    f"#{empty + 1}",
                    Text("该列没有表头", "the column has no header"),
                    Text("写上列名，或删去该列", "give it a name, or delete the column"),
                    line=1,
                )
            ]
        )
    return found


def _sheet_name(book: sheets.Workbook, name: str) -> str:
    if name in book.names or (not name and len(book.names) == 1):
        return name or book.names[0]
    listed = ", ".join(book.names)
    raise UsageError(
        Text(f"{book.path} 有这些工作表：{listed}", f"{book.path} has the sheets {listed}"),
        Text("用 --sheet 指定一张", "name one with --sheet"),
    )


def _metadata(key: str, schema: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """Return the metadata of a list, or put a schema alone into some."""
    try:
        found = json.loads(schema.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        csvw.read_schema(schema, problems)
        return None
    if isinstance(found, dict) and found.get("@type") == "TableGroup":
        tables = found.get("tables")
        if isinstance(tables, list) and len(tables) == 1 and isinstance(tables[0], dict):
            return {**found, "@id": names.dataset(key), "tables": [_beside(tables[0], schema)]}
        raise UsageError(
            Text(f"{schema} 应有恰一张表", f"{schema} must have one table"),
            Text("名单的元数据只写一张表", "the metadata of a list have one table"),
        )
    if csvw.read_schema(schema, problems) is None or problems:
        return None
    return {**group_of(key), "tables": [{"url": f"{key}.csv", "tableSchema": found}]}


def _beside(table: dict[str, Any], schema: Path) -> dict[str, Any]:
    """Write the schema that a table names into it, since it is read from elsewhere."""
    named = table.get("tableSchema")
    if not isinstance(named, str):
        return table
    return {**table, "tableSchema": json.loads((schema.parent / named).read_text(encoding="utf-8"))}


def _told(metadata: dict[str, Any], file: Path, about: About) -> dict[str, Any]:
    """Put what the user says of a list into its metadata, in place of what a schema says."""

    def spoken(text: str) -> list[dict[str, str]]:
        return [{"@value": text, "@language": about.language}]

    given = {
        "dc:title": spoken(about.title) if about.title else None,
        "dc:publisher": spoken(about.publisher) if about.publisher else None,
        "dc:issued": about.issued or None,
        "dc:license": about.licence or None,
        "dc:source": about.source or None,
    }
    metadata.update({key: value for key, value in given.items() if value is not None})
    metadata.setdefault("dc:title", spoken(file.stem))
    return metadata


def _group(metadata: dict[str, Any], told_in: Path) -> Group:
    """Read metadata as a file of them would be read; what is wrong is told of the file that the user knows."""
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{metadata['@id'].rpartition('/')[2]}.json"
        file.write_text(json.dumps(metadata), encoding="utf-8")
        group = datasets.read_list(file, problems)
    if group is None or problems or not group.tables:
        raise DataError(replace(problem, file=str(told_in)) for problem in problems)
    return group


def _mapped(group: Group, found: sheets.Sheet, file: Path, metadata: dict[str, Any]) -> List:
    schema: Schema = group.tables[0].schema
    reading, references = Reading(), References(codelists.load())
    TableReader(RowMapping(schema, group.id, group.key), found, reading, references).read()
    own = f"<{names.ENTRIES}{group.key}."
    references.allow({term for term in references.missing() if not term.startswith(own)})
    check_references(references, reading.problems)
    outside = {graph for *_, graph in reading.quads} - {f"<{group.id}>"}
    if outside:
        raise UsageError(
            Text(f"模式把行写到别的图：{min(outside)}", f"the schema puts rows into another graph: {min(outside)}"),
            Text(f"graphUrl 写 {{+_group}}（{group.id}）", f"write {{+_group}} as graphUrl, which is {group.id}"),
        )
    _stop(reading.problems)
    reading.quads += datasets.description(group, [(file.name, file.read_bytes())])
    _stop_at_violations(reading)
    return List(group.key, tuple(dict.fromkeys(reading.quads)), len(found.rows), found, metadata)


def _stop_at_violations(reading: Reading) -> None:
    """Check the list against its own shapes."""
    from vetgraph.validate import validate

    _stop([one for one in validate(reading).problems if one.severity == "violation"])


def import_list(
    found: List, store: str | Path, *, guard: bool = False, update_url: str | None = None, gsp_url: str | None = None
) -> Imported:
    """Put a list into a store, in the place of what was there under its key: all of it, or nothing.

    Args:
        found: The list.
        store: Folder of the store, or address of a SPARQL service.
        guard: Whether to refuse it where the store would break a shape that it did not break before.
        update_url: Where the service takes updates.
        gsp_url: Where the service takes whole graphs.

    Returns:
        What was done.

    Raises:
        DataError: The store would break a shape.
        StoreError: The store cannot be written.
        UsageError: A service is to be guarded, or has no address to write to.
    """
    if is_address(store):
        if guard:
            raise UsageError(
                Text(
                    "远程服务不能 --guard：要在本机逐步比较",
                    "a service cannot be guarded: the shapes are asked of a copy here",
                ),
                Text("去掉 --guard，或导入本机的图谱库", "leave out --guard, or import into a store on this machine"),
            )
        from vetgraph.remote import Endpoint
        from vetgraph.remote.publishing import replace_graph

        endpoint = Endpoint.from_environment(str(store), update_url, gsp_url)
        there, version = replace_graph(endpoint, names.dataset(found.key), _triples(found))
        return Imported(len(found.quads), there, version)
    open_store(store).close()  # a store that is not there is not made by an import

    def apply(native: ox.Store) -> bool:
        return _replace(native, found, str(store), guard=guard)

    try:
        there, version = WorkingCopy(store).change(apply)
    except DataError as error:
        refused = error.problems
    else:
        return Imported(len(found.quads), there, version)
    # Raised anew and swept up, since the first one's traceback would keep the engine's files open for a next import.
    gc.collect()
    raise DataError(refused)


def _triples(found: List) -> list[ox.Triple]:
    import pyoxigraph as ox

    lines = "".join(f"{s} {p} {o} .\n" for s, p, o, _ in found.quads)
    return [quad.triple for quad in ox.parse(lines.encode(), format=ox.RdfFormat.N_TRIPLES)]


def _replace(native: ox.Store, found: List, store: str, *, guard: bool) -> bool:
    import pyoxigraph as ox

    graph = ox.NamedNode(names.dataset(found.key))
    old = {
        (str(quad.subject), str(quad.predicate), str(quad.object), str(quad.graph_name))
        for quad in native.quads_for_pattern(None, None, None, graph)
    }
    new = set(found.quads)
    removed, added = sorted(old - new), sorted(new - old)
    changes.apply(native, removed, added)
    if guard:
        from vetgraph.validate.guard import guard as check

        before, after = open_store(store), EmbeddedStore(native)
        try:
            check(before, after, removed, added)
        finally:
            before.close()
            after.close()
    return bool(old)


def keep(found: List, data: Path) -> tuple[Path, Path]:
    """Put a list into a data folder, so that every build has it.

    Args:
        found: The list.
        data: The folder.

    Returns:
        The files of its rows and of its metadata.
    """
    folder = data / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    rows, about = folder / f"{found.key}.csv", folder / f"{found.key}.json"
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([found.sheet.header, *(row.cells for row in found.sheet.rows)])
    rows.write_text(out.getvalue(), encoding="utf-8")
    table = {**found.metadata["tables"][0], "url": rows.name}
    told = {**found.metadata, "tables": [table]}
    about.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return rows, about

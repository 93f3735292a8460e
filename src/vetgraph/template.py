"""What a new report begins with: its table group, and a workbook to fill in.

The sheets come from the table schemas. Where a column is a property of a shape, its drop-down, its range and what the
note demands come from that shape; the schema says the rest.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vetgraph import codelists, csvw, kinds, names, resources
from vetgraph.errors import Text, UsageError
from vetgraph.layout import find_layout

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence
    from decimal import Decimal

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from vetgraph.codelists import CodeLists
    from vetgraph.csvw import Column, Schema
    from vetgraph.kinds import Field, Kinds

_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_ROWS: Final = 2000
_TYPE: Final = names.expand("rdf:type")
_XSD: Final = names.PREFIXES["xsd"]
_NUMBERS: Final = frozenset({"decimal", "number", "integer", "positiveInteger", "nonNegativeInteger"})
#: Dates stand as texts, so a formula checks them.
_FORMULAS: Final = {
    "date": "AND(LEN({0})=10,ISNUMBER(DATEVALUE({0})))",
    "gYear": "AND(LEN({0})=4,ISNUMBER(VALUE({0})))",
    "gYearMonth": 'AND(LEN({0})=7,ISNUMBER(DATEVALUE({0}&"-01")))',
}
_NOTES: Final = (
    "怎样填写",
    "1. 每张表一页；表头是中文列名，鼠标停在表头上有说明。不用的表留空。",
    "2. “段落”一列写明报告的哪一段说了这件事；先填 passages 表。",
    "3. 下拉列表只能选代码；代码的中文名在表头的说明里，隐藏的 codes 页也有。",
    "4. 报告怎么写就怎么填。前后不一的两处都填，各写各的段落，并在 notes 表记下疑点。",
    "5. 学校、机构、专业、大赛、区划先在 data/registry 里有编号；没有的先加上。",
    "6. 填好后运行 vetgraph validate，它会指出哪一格不对、怎样改。",
    "",
    "How to fill it in",
    "1. One sheet a table; point at a header for its explanation. Leave a sheet empty if you do not need it.",
    "2. The column 段落 (passage) says which passage of the report states the row; fill in the sheet passages first.",
    "3. Drop-downs take codes; the note at the header has their names, and so has the hidden sheet codes.",
    "4. Write what the report says. Where it contradicts itself, enter both, each with its passage, and add a note.",
    "5. Schools, bodies, programmes, competitions, regions have keys in data/registry; add missing ones there first.",
    "6. Then run vetgraph validate: it names each cell that is wrong, and how to mend it.",
)


def _report_schemas() -> dict[str, Schema]:
    """Return the schemas of a report's tables, by name; those of the registry have a fixed graph."""
    found = {file.stem: csvw.read_schema(file, []) for file in sorted(resources.folder("tables").glob("*.json"))}
    used = {name: one for name, one in found.items() if one is not None and "_group" in (one.graph_url or "")}
    # The report and its passages come first: the rows of the others name a passage.
    return dict(sorted(used.items(), key=lambda item: not (item[1].about_url or "").startswith("{+_group}")))


def table_names() -> tuple[str, ...]:
    """Return the names of the tables that a report can have."""
    return tuple(_report_schemas())


def new_report(folder: Path, key: str) -> Path:
    """Make a folder for a report: its table group and a workbook to fill in.

    Args:
        folder: Where reports are, as ``data/reports``.
        key: The key of the report, as ``luoyang-2025``.

    Returns:
        The new folder.

    Raises:
        UsageError: The key is malformed, or the folder exists or cannot be made.
    """
    target = report_folder(folder, key)
    template(kinds.load()).save(target / f"{key}.xlsx")
    return target


def report_folder(folder: Path, key: str, only: Container[str] | None = None) -> Path:
    """Make a folder for a report with nothing but its table group.

    Args:
        folder: Where reports are.
        key: The key of the report.
        only: The tables that it has; all that a report can have where left out.

    Returns:
        The new folder.

    Raises:
        UsageError: The key is malformed, or the folder exists or cannot be made.
    """
    if not _KEY.fullmatch(key):
        raise UsageError(
            Text(f"报告编号“{key}”不合要求", f'the key "{key}" is malformed'),
            Text("只用小写字母、数字、连字符，如 luoyang-2025", "use a-z, 0-9 and hyphens, as luoyang-2025"),
        )
    target = folder / key
    if target.exists():
        raise UsageError(Text(f"{target} 已存在", f"{target} exists"), Text("换一个编号", "choose another key"))
    schemas = _report_schemas()
    try:
        target.mkdir(parents=True)
    except OSError as error:
        raise UsageError(
            Text(f"无法建立文件夹 {target}", f"cannot make the folder {target}: {error.strerror}"),
            Text("换一个位置", "choose another place"),
        ) from error
    group = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@id": f"{names.BASE}report/{key}",
        "@type": "TableGroup",
        "tables": [
            {"url": f"{name}.csv", "tableSchema": Path(os.path.relpath(_schema_file(folder, name), target)).as_posix()}
            for name in schemas
            if only is None or name in only
        ],
    }
    text = json.dumps(group, ensure_ascii=False, indent=2) + "\n"
    (target / "report.json").write_text(text, encoding="utf-8")
    return target


def _schema_file(folder: Path, name: str) -> Path:
    """Prefer the schemas that stand beside the reports, so that the folder can be moved as a whole."""
    beside = folder.parent / "tables" / f"{name}.json"
    return (beside if beside.is_file() else resources.folder("tables") / f"{name}.json").absolute()


def template(shaped: Kinds) -> Workbook:
    """Make the workbook to fill in.

    Args:
        shaped: What the shapes say of each kind of thing.

    Returns:
        A workbook with a sheet for each table that a report can have.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    notes: Any = book.active
    notes.title = "说明 notes"
    notes.column_dimensions["A"].width = 110
    for row, line in enumerate(_NOTES, 1):
        cell = notes.cell(row, 1, line)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if line in {"怎样填写", "How to fill it in"}:
            cell.font = Font(bold=True, size=14)
    lists = codelists.load()
    ranges = _codes_sheet(book, lists)
    schemas = _report_schemas()
    for name, schema in schemas.items():
        _table_sheet(book.create_sheet(name), _columns(schema, shaped), ranges, lists)
    book.move_sheet("codes", offset=len(schemas))
    return book


def _codes_sheet(book: Workbook, lists: CodeLists) -> dict[str, str]:
    """Write every code list, and return the range of the codes of each."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet("codes")
    sheet.sheet_state = "hidden"
    ranges = {}
    for number, scheme in enumerate(lists.schemes):
        first = number * 4 + 1
        title = sheet.cell(1, first, scheme)
        title.font = Font(bold=True)
        sheet.cell(1, first + 1, lists.titles[scheme].zh)
        keys = lists.keys(scheme)
        for row, key in enumerate(keys, 2):
            label = lists.label(scheme, key)
            for offset, text in enumerate((key, label.zh, label.en)):
                sheet.cell(row, first + offset, text)
        letter = get_column_letter(first)
        ranges[scheme] = f"codes!${letter}$2:${letter}${len(keys) + 1}"
    return ranges


@dataclass(frozen=True)
class _Offer:
    """What a cell of a column may hold.

    Attributes:
        column: The column.
        scheme: Key of the code list that its codes are from; empty where it takes none.
        base: Name of the datatype in XML Schema.
        several: Whether a cell may hold several values.
        least: The least number.
        demand: What the shape demands, in its own words.
    """

    column: Column
    scheme: str
    base: str
    several: bool
    least: Decimal | float | None
    demand: Text | None = None


def _columns(schema: Schema, shaped: Kinds) -> list[_Offer]:
    """Return what the cells of each column may hold: as the shape of the rows' things says, else as the schema does."""
    classes = {column.value_url for column in schema.columns if column.property_url == _TYPE}
    fields = {each.iri: each for kind in shaped.by_key.values() if kind.iri in classes for each in kind.fields.values()}
    schemes = find_layout(schema).schemes
    return [_offer(each, schemes.get(each.name, ""), fields.get(each.property_url or "")) for each in schema.real]


def _offer(column: Column, scheme: str, field: Field | None) -> _Offer:
    base, least = column.datatype.base, column.datatype.minimum
    if field is None:
        return _Offer(column, scheme, base, bool(column.separator), least)
    if field.datatype.startswith(_XSD):
        base = field.datatype.removeprefix(_XSD)
    return _Offer(column, field.scheme, base, field.many and bool(column.separator), field.least, field.demand)


def _table_sheet(sheet: Worksheet, offers: Sequence[_Offer], ranges: Mapping[str, str], lists: CodeLists) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    for number, offer in enumerate(offers, 1):
        column, letter = offer.column, get_column_letter(number)
        title = (column.titles.get("zh") or (column.name,))[0]
        cell = sheet.cell(1, number, title)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F4D9C6" if column.required else "E8E8E8")
        lines = _explanation(offer, lists.labels.get(offer.scheme, {}))
        cell.comment = Comment("\n".join(lines), "vetgraph", width=360, height=max(140, 20 * len(lines)))
        sheet.column_dimensions[letter].width = max(12, 2 * len(title) + 6)
        if offer.base not in _NUMBERS:
            # As text, so that a spreadsheet program does not turn keys and dates into something else.
            sheet.column_dimensions[letter].number_format = "@"
        rule = _rule(offer, f"{letter}2", ranges.get(offer.scheme))
        if rule is not None:
            rule.add(f"{letter}2:{letter}{_ROWS}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"


def _explanation(offer: _Offer, labels: Mapping[str, Text]) -> list[str]:
    column = offer.column
    english = ", ".join(column.titles.get("en", ()))
    lines = [f"{column.name} · {english}", column.description.get("zh", ""), column.description.get("en", "")]
    if column.required:
        lines.append("必填 required")
    if offer.demand is not None:
        lines += [offer.demand.zh, offer.demand.en]
    if offer.several:
        lines.append(f"几个值之间用 {column.separator} 隔开 · several values, parted by {column.separator}")
    lines += [f"{key} = {label.zh}" for key, label in labels.items()]
    return [line for line in lines if line]


def _rule(offer: _Offer, first: str, codes: str | None) -> Any:  # noqa: ANN401 - openpyxl's class is imported where it is used
    """Return what the spreadsheet program should check while typing; several codes in a cell it cannot."""
    from openpyxl.worksheet.datavalidation import DataValidation

    # Blank cells pass here: most columns may be empty, and the check of the tables names those that may not.
    shared: dict[str, Any] = {"allow_blank": True, "showErrorMessage": True}
    if codes is not None:
        if offer.several:
            return None
        return DataValidation(type="list", formula1=codes, **shared)
    if offer.base in {"positiveInteger", "nonNegativeInteger"}:
        low = "1" if offer.base == "positiveInteger" else "0"
        return DataValidation(type="whole", operator="greaterThanOrEqual", formula1=low, **shared)
    if offer.base == "decimal":
        low = str(offer.least if offer.least is not None else -1e15)
        return DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=low, **shared)
    if offer.base in _FORMULAS and not offer.several:
        formula = _FORMULAS[offer.base].format(first)
        return DataValidation(type="custom", formula1=formula, **shared)
    return None

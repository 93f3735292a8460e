"""What the columns of a list mean that came without a schema: a name, perhaps a code, and properties of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vetgraph import datasets, names
from vetgraph.errors import Text, UsageError
from vetgraph.tableschema import GRAPH_URL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph import sheets

KINDS: Final = {
    "institution": "Institution",
    "region": "Region",
    "programme": "Programme",
    "competition": "Competition",
    "body": "PublicBody",
}
"""What the rows of a list may name, and the classes of these."""

NAMES: Final = ("学校名称", "院校名称", "单位名称", "名称", "学校", "院校", "单位", "name", "school", "institution")
"""Headers that are taken for the column of the names, the likeliest first."""

CODES: Final = ("学校标识码", "标识码", "学校代码", "院校代码", "代码", "code")
"""Headers that are taken for the column of official codes, the likeliest first."""

_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_NO_SEGMENT: Final = re.compile(r"[\s/\\<>\"{}|^`\[\]#?%:.]+")


@dataclass(frozen=True)
class About:
    """What is said of a list.

    Attributes:
        title: Its title; by default the one in the schema, or the file's name.
        publisher: Who published it.
        issued: When, as ``2025-10-21``, ``2025-10`` or ``2025``.
        licence: IRI of its licence.
        source: IRI of where it is from.
        language: Language of the names and texts.
        kind: What its rows name, one of `KINDS`; empty where that is not told.
    """

    title: str = ""
    publisher: str = ""
    issued: str = ""
    licence: str = ""
    source: str = ""
    language: str = "zh"
    kind: str = "institution"


def group_of(key: str) -> dict[str, Any]:
    """Return the beginning of the metadata of a list."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "@type": "TableGroup",
        "@id": names.dataset(key),
    }


def default_metadata(found: sheets.Sheet, key: str, about: About, name: str, code: str) -> dict[str, Any]:
    """Make the metadata of a list without a schema.

    Args:
        found: Its rows.
        key: Its key.
        about: What is said of it.
        name: Header of the column of the names; the likeliest if not given.
        code: Header of the column of official codes; the likeliest if not given.

    Returns:
        What its metadata file would say (CSVW).

    Raises:
        UsageError: There is no such column.
    """
    name = column_of(found, name, NAMES, "--name")
    code = column_of(found, code, CODES, "--code", needed=False)
    at = found.header.index(code) if code else -1
    codes = [row.cells[at] for row in found.rows] if code else []
    keyed = bool(codes) and all(codes) and len(set(codes)) == len(codes)
    columns = [
        _default_column(header, n, header == name, header == code, about) for n, header in enumerate(found.header)
    ]
    _part(columns)
    variable = next(column["name"] for column in columns if column["titles"] == code) if keyed else ""
    schema: dict[str, Any] = {
        "@type": "Schema",
        GRAPH_URL: "{+_group}",
        "aboutUrl": f"{names.ENTRIES}{{_report}}.{{{variable}}}"
        if keyed
        else f"{names.ENTRIES}{{_report}}.row-{{_row}}",
        **({"primaryKey": variable} if keyed else {}),
        "columns": [*columns, *_of_every_row(about)],
    }
    return {**group_of(key), "tables": [{"url": f"{key}.csv", "tableSchema": schema}]}


def column_of(found: sheets.Sheet, named: str, usual: Sequence[str], option: str, *, needed: bool = True) -> str:
    """Return the header of a column: the one that is named, or the likeliest.

    Args:
        found: The rows.
        named: The header that the user names.
        usual: The headers to look for otherwise.
        option: The option by which it is named.
        needed: Whether there must be one.

    Returns:
        The header, or the empty text.

    Raises:
        UsageError: There is no such column.
    """
    if named in found.header and named:
        return named
    guessed = next((header for header in usual if header in found.header), "")
    if not named and (guessed or not needed):
        return guessed
    listed = ", ".join(found.header)
    raise UsageError(
        Text(f"没有列“{named}”", f'there is no column "{named}"')
        if named
        else Text("看不出哪一列是名称", "it cannot be seen which column holds the names"),
        Text(f"用 {option} 指定：{listed}", f"name one with {option}: {listed}"),
    )


def _default_column(header: str, number: int, is_name: bool, is_code: bool, about: About) -> dict[str, Any]:  # noqa: FBT001
    column: dict[str, Any] = {
        "name": header if _PLAIN.fullmatch(header) else f"column{number + 1}",
        "titles": header,
    }
    if is_name:
        return {**column, "required": True, "lang": about.language, "propertyUrl": "skos:prefLabel"}
    if is_code:
        return {**column, "propertyUrl": "skos:notation"}
    return {**column, "propertyUrl": datasets.COLUMN + (_NO_SEGMENT.sub("_", header).strip("_") or column["name"])}


def _part(columns: list[dict[str, Any]]) -> None:
    """Give each column a property of its own, where two headers differ only in signs that no IRI takes."""
    seen: set[str] = set()
    for number, column in enumerate(columns, 1):
        if column["propertyUrl"] in seen:
            column["propertyUrl"] += f"_{number}"
        seen.add(column["propertyUrl"])


def _of_every_row(about: About) -> list[dict[str, Any]]:
    made = [
        ("entry", "rdf:type", "https://schema.org/ListItem"),
        ("list", "dc:isPartOf", "{+_group}"),
        *([("kind", "dc:type", names.expand(f"vetg:{KINDS[about.kind]}"))] if about.kind else []),
    ]
    return [
        {"virtual": True, "name": f"of_every_row_{name}", "propertyUrl": prop, "valueUrl": value}
        for name, prop, value in made
    ]

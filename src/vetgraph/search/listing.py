"""Results as a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from vetgraph import names
from vetgraph.errors import Text

if TYPE_CHECKING:
    from vetgraph.search.found import Found, Hit

WAYS: Final = {
    "": Text("", ""),
    "name": Text("名称", "name"),
    "alias": Text("别名", "alias"),
    "heading": Text("标题", "heading"),
    "pinyin": Text("拼音", "pinyin"),
    "initials": Text("拼音首字母", "initials"),
    "sound": Text("同音字", "same sound"),
    "abbreviation": Text("简称", "abbreviation"),
    "spelling": Text("近似写法", "similar spelling"),
}
"""Why a result is one, in words."""

_HEAD: Final = {
    "zh": ("名称", "类别", "匹配的名称", "匹配方式", "IRI"),
    "en": ("name", "kind", "matched", "match", "iri"),
}


def head(lang: str) -> tuple[str, ...]:
    """Return the names of the columns.

    Args:
        lang: ``zh`` or ``en``.

    Returns:
        One for each cell of a row.
    """
    return _HEAD[lang]


def rows(found: Found, lang: str) -> list[tuple[str, ...]]:
    """Return results as rows.

    Args:
        found: The results.
        lang: ``zh`` or ``en``.

    Returns:
        Name, kind, the name that matched, why, and IRI.
    """
    return [
        (named(hit.label, lang), kind(hit).get(lang), hit.name, WAYS[hit.way].get(lang), hit.iri) for hit in found.hits
    ]


def named(label: Text, lang: str) -> str:
    """Return a label in a language, or in the other one where it has none.

    Args:
        label: The label.
        lang: ``zh`` or ``en``.

    Returns:
        What to show.
    """
    return label.get(lang) or label.zh or label.en


def kind(hit: Hit) -> Text:
    """Return what the class of a result is called.

    Args:
        hit: The result.

    Returns:
        The label of the class, or its short name where the graph has no label.
    """
    short = names.shorten(hit.kind)
    return hit.kind_label if hit.kind_label.zh else Text(short, short)


def to_csv(found: Found, lang: str) -> bytes:
    """Write results as CSV.

    Args:
        found: The results.
        lang: ``zh`` or ``en``.

    Returns:
        The document, in UTF-8, without a BOM.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head(lang))
    writer.writerows(rows(found, lang))
    return out.getvalue().encode()


def plain(found: Found) -> dict[str, Any]:
    """Return results as JSON can hold them.

    Args:
        found: The results.

    Returns:
        ``total``, ``more``, ``results`` and ``facets``; ``marks`` are offsets in ``matched``, in code points.
    """
    return {
        "total": found.total,
        "more": found.more,
        "results": [plain_hit(hit) for hit in found.hits],
        "facets": {
            facet: [
                {"iri": value.iri, "key": value.key, "label": _plain(value.label), "count": value.count}
                for value in values
            ]
            for facet, values in found.facets.items()
        },
    }


def plain_hit(hit: Hit) -> dict[str, Any]:
    """Return one result as JSON can hold it.

    Args:
        hit: The result.

    Returns:
        Its parts.
    """
    return {
        "iri": hit.iri,
        "label": _plain(hit.label),
        "kind": {"iri": hit.kind, "label": _plain(kind(hit))},
        "matched": hit.name,
        "way": hit.way,
        "marks": [list(mark) for mark in hit.marks],
        "facets": {facet: list(values) for facet, values in hit.facets.items() if facet != "kind"},
    }


def to_json(found: Found) -> bytes:
    """Write results as JSON.

    Args:
        found: The results.

    Returns:
        The document.
    """
    return (json.dumps(plain(found), ensure_ascii=False, indent=1) + "\n").encode()


def _plain(text: Text) -> dict[str, str]:
    return {lang: said for lang, said in (("zh", text.zh), ("en", text.en)) if said}

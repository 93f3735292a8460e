"""The comparison of two networks as JSON, CSV and XLSX."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, Final

from vetgraph.errors import Text, UsageError
from vetgraph.export.sheets import unlike_formula, write_sheet
from vetgraph.networks.measures import GRAPH_MEASURES
from vetgraph.results import BOM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vetgraph.networks.building import Tie
    from vetgraph.networks.comparing import Comparison

HEAD: Final = (
    "change",
    "source",
    "source_label",
    "target",
    "target_label",
    "relation",
    "weight_before",
    "weight_after",
    "passages_before",
    "passages_after",
)
"""Columns of the changes; a node has no target."""

FORMS: Final = ("json", "csv", "xlsx")

WORDS: Final = {
    "joined": Text("加入", "joined"),
    "left": Text("退出", "left"),
    "new": Text("新增的边", "new tie"),
    "gone": Text("消失的边", "gone tie"),
    "changed": Text("权重变了", "changed weight"),
}
"""What a change is called."""


def rows(found: Comparison, lang: str) -> Iterator[Sequence[Any]]:
    """Give each change.

    Args:
        found: The comparison.
        lang: Language of labels.

    Yields:
        Values in the order of ``HEAD``; ``change`` is a key of ``WORDS``.
    """
    labels = {node.id: node.label.get(lang) for each in (found.before, found.after) for node in each.nodes.values()}
    for change, nodes in (("joined", found.joined), ("left", found.left)):
        for node in nodes:
            yield change, node.id, labels[node.id], "", "", "", "", "", "", ""
    told: list[tuple[str, Tie | None, Tie | None]] = [("new", None, tie) for tie in found.new]
    told += [("gone", tie, None) for tie in found.gone] + [("changed", *pair) for pair in found.changed]
    for change, was, now in told:
        tie = was or now
        if tie is not None:
            ends = (tie.source, labels[tie.source], tie.target, labels[tie.target], tie.relation)
            weights = ("" if was is None else was.weight, "" if now is None else now.weight)
            proofs = ("" if was is None else " ".join(was.passages), "" if now is None else " ".join(now.passages))
            yield change, *ends, *weights, *proofs


def figures(found: Comparison, lang: str) -> Iterator[tuple[str, Any, Any]]:
    """Give the figures of the whole that one of the two has.

    Args:
        found: The comparison.
        lang: Language of names.

    Yields:
        Name, before and after.
    """
    for name, (before, after) in found.figures.items():
        if before is not None or after is not None:
            yield GRAPH_MEASURES[name][0].get(lang), before, after


def write(found: Comparison, form: str, lang: str) -> bytes:
    """Write a comparison.

    Args:
        found: The comparison.
        form: ``json``, ``csv`` or ``xlsx``.
        lang: Language of labels.

    Returns:
        The file.

    Raises:
        UsageError: There is no such form.
    """
    writers = {"json": _json, "csv": _csv, "xlsx": _workbook}
    if form not in writers:
        known = ", ".join(writers)
        raise UsageError(
            Text(f"比较不能写成“{form}”", f'a comparison cannot be written as "{form}"'),
            Text(f"可用：{known}", f"use one of {known}"),
        )
    return writers[form](found, lang)


def _json(found: Comparison, lang: str) -> bytes:
    changes: dict[str, list[dict[str, Any]]] = {change: [] for change in WORDS}
    for row in rows(found, lang):
        told = {name: value for name, value in zip(HEAD[1:], row[1:], strict=True) if value != ""}
        for name in ("passages_before", "passages_after"):
            if name in told:
                told[name] = told[name].split()
        changes[row[0]].append(told)
    whole = {name: {"before": before, "after": after} for name, (before, after) in found.figures.items()}
    titles = {"before": found.before.title.get(lang), "after": found.after.title.get(lang)}
    kept = {"nodes": found.stayed, "ties": found.kept}
    named = {**found.before.words.relations, **found.after.words.relations}
    relations = {name: text.get(lang) for name, text in sorted(named.items())}
    told = {"titles": titles, "unchanged": kept, **changes, "relations": relations, "figures": whole}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _csv(found: Comparison, lang: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEAD, *([unlike_formula(value) for value in row] for row in rows(found, lang))])
    return (BOM + out.getvalue()).encode()


def _workbook(found: Comparison, lang: str) -> bytes:
    import openpyxl

    zh = lang == "zh"
    book = openpyxl.Workbook(write_only=True)
    told = ([WORDS[row[0]].get(lang), *row[1:]] for row in rows(found, lang))
    write_sheet(book, "变化" if zh else "changes", HEAD, told, (14, 44, 26, 44, 26, 14))
    heads = ("指标", "之前", "之后") if zh else ("figure", "before", "after")
    write_sheet(book, "指标" if zh else "figures", heads, figures(found, lang), (32, 12, 12))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

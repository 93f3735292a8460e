"""What is said of links: a table for people, JSON and CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from vetgraph import render
from vetgraph.errors import Text
from vetgraph.linking.mappings import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.linking.entries import Decision, Link
    from vetgraph.linking.task import Linked

FIELDS: Final = ("row", "name", "decision", "target", "target_name", "confidence", "evidence")
_SAID: Final[dict[Decision, Text]] = {
    "match": Text("匹配", "match"),
    "review": Text("待核", "review"),
    "none": Text("无", "none"),
}


def objects(found: Linked) -> Iterator[dict[str, Any]]:
    """Give one object for each row of the source.

    Args:
        found: The links.

    Yields:
        ``row``, ``name``, ``decision``, ``target``, ``target_name``, ``confidence`` and ``evidence``.
    """
    for row, link in zip(found.source.rows, found.links, strict=True):
        best = link.best
        evidence = best.evidence if best else ()
        yield {
            "row": row,
            "name": link.source.label,
            "decision": link.decision,
            "target": best.target if best else None,
            "target_name": best.label if best else None,
            "confidence": round(link.candidates[0].confidence, 4) if link.candidates else 0.0,
            "evidence": [
                *(
                    {
                        "key": one.key,
                        "value": one.value,
                        "weight": one.weight,
                        "zh": one.text.zh,
                        "en": one.text.en,
                    }
                    for one in evidence
                ),
                *({"key": "note", "value": "conflict", "weight": 0.0, "zh": n.zh, "en": n.en} for n in link.notes),
            ],
        }


def written(found: Linked, style: str, lang: str, *, room: int = 0) -> bytes:
    """Write links.

    Args:
        found: The links.
        style: ``table``, ``json``, ``csv`` or ``sssom``.
        lang: Language of the table.
        room: Width of the terminal.

    Returns:
        The text, in UTF-8.
    """
    if style == "sssom":
        return found.sssom(lang)
    if style == "json":
        lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in objects(found))
        return f"[\n{lines}\n]\n".encode()
    if style == "csv":
        return _csv(found, lang)
    header = ("行", "名称", "结论", "对象", "把握", "依据") if lang == "zh" else _HEADER
    return (render.table(header, list(_lines(found, lang)), room) + "\n").encode()


_HEADER: Final = ("row", "name", "decision", "target", "confidence", "evidence")


def _lines(found: Linked, lang: str) -> Iterator[tuple[Any, ...]]:
    for row, link in zip(found.source.rows, found.links, strict=True):
        best = link.best
        sure = f"{best.confidence:.3f}" if best else ""
        said = _SAID[link.decision].get(lang)
        yield row, link.source.label, said, best.label if best else "", sure, _evidence(link, lang)


def _evidence(link: Link, lang: str) -> str:
    parts = [note.get(lang) for note in link.notes]
    if link.best is not None:
        parts.append(spoken(link.best.evidence, lang))
    return "; ".join(parts)


def _csv(found: Linked, lang: str) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\n")
    table.writerow(FIELDS)
    for one, link in zip(objects(found), found.links, strict=True):
        table.writerow([*(one[name] for name in FIELDS[:-1]), _evidence(link, lang)])
    return out.getvalue().encode()


def summary(found: Linked) -> Text:
    """Count the decisions.

    Args:
        found: The links.

    Returns:
        A line.
    """
    count = Counter(link.decision for link in found.links)
    notes = sum(bool(link.notes) for link in found.links)
    match, review, none = count["match"], count["review"], count["none"]
    zh, en = f"匹配 {match}，待核 {review}，无 {none}", f"{match} matched, {review} to review, {none} none"
    if notes:
        zh, en = f"{zh}；{notes} 行有冲突", f"{en}; {notes} with conflicts"
    return Text(zh, en)

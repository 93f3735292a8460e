"""Decide on mappings: accept, reject, name another; each decision is written at once, whole, and can be taken back.

A decision names the row by its token, which changes with the row: two people may review one file, and what one decided
the other cannot overwrite unseen.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from vetgraph import names, sssom
from vetgraph.errors import ConflictError, DataError, MissingError, Problem, StoreError, Text, UsageError
from vetgraph.sssom import MappingSet, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no flock; there the rename alone keeps the file whole
    fcntl = None  # type: ignore[assignment]

Verdict = Literal["accept", "reject", "other"]
VERDICTS: Final[tuple[Verdict, ...]] = ("accept", "reject", "other")

_IDS: Final = f"{names.BASE}id/"


@dataclass(frozen=True)
class Decision:
    """What a person decided on a row.

    Attributes:
        verdict: ``accept`` or ``reject`` the pair, or name an ``other`` object for its subject.
        author: Who decided.
        target: IRI of the other object.
        label: Its name.
        comment: Why, in a line.
    """

    verdict: Verdict
    author: str
    target: str = ""
    label: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Change:
    """What a decision changed in a file, so that it can be taken back.

    Attributes:
        before: The row as it was.
        after: The rows that stand in its place.
    """

    before: Row
    after: tuple[Row, ...]


def read(file: Path) -> MappingSet:
    """Read a file to be reviewed.

    Args:
        file: The file.

    Returns:
        Its mappings.

    Raises:
        MissingError: There is no such file.
        DataError: It is no SSSOM, or a row is malformed; nothing is reviewed until that is mended.
    """
    if not file.is_file():
        raise MissingError(
            Text(f"没有文件 {file}", f"there is no file {file}"),
            Text("先运行 vetgraph link … -o 文件", f"make it with: vetgraph link … -o {file}"),
        )
    problems: list[Problem] = []
    found = sssom.read(file, problems)
    if found is None or problems:
        raise DataError(problems)
    return found


def pending(found: MappingSet, *, nothing: bool = False) -> list[Row]:
    """Return what is still to be decided.

    Args:
        found: The mappings.
        nothing: Whether to include the subjects for which nothing was found, so that a person may name the object.

    Returns:
        The rows in the order of the file, those of one subject together, the likeliest first.
    """
    settled = {row.get("subject_id") for row in found.rows if row.accepted and _is_exact(found, row)}
    settled |= {row.get("subject_id") for row in found.rows if row.reviewed and row.empty}
    places: dict[str, int] = {}
    for row in found.rows:
        places.setdefault(row.get("subject_id"), len(places))
    left = [
        row
        for row in found.rows
        if not row.reviewed and row.get("subject_id") not in settled and (nothing or not row.empty)
    ]
    return sorted(left, key=lambda row: (places[row.get("subject_id")], -_number(row.get("confidence")), row.line))


def counts(found: MappingSet) -> dict[str, int]:
    """Count the rows by what became of them.

    Args:
        found: The mappings.

    Returns:
        The numbers of rows ``accepted``, ``rejected``, ``pending``, and of subjects with ``nothing``.
    """
    return {
        "accepted": sum(row.accepted for row in found.rows),
        "rejected": sum(row.reviewed and row.negative for row in found.rows),
        "pending": len(pending(found)),
        "nothing": sum(row.empty for row in found.rows),
    }


def decide(file: Path, token: str, decision: Decision) -> Change:
    """Write a decision.

    Args:
        file: The file.
        token: Names the row as the person saw it.
        decision: The decision.

    Returns:
        What was changed.

    Raises:
        UsageError: Nobody is named as the author, or no other object is.
        ConflictError: The row is not as it was, or its subject has been accepted as another thing; nothing was written.
        StoreError: The file cannot be written.
    """
    _check(decision)
    with _held(file):
        found = read(file)
        row = _row_of(found, token)
        if decision.verdict != "reject":
            _refuse_second(found, row, decision)
        if decision.target:
            found = _with_prefix(found, decision.target)
        after = tuple(_decided(found, row, decision))
        _write(file, found.with_rows(_replaced(found.rows, row, after)))
    return Change(row, after)


def undo(file: Path, change: Change) -> None:
    """Take a decision back.

    Args:
        file: The file.
        change: What the decision changed.

    Raises:
        ConflictError: The rows have been changed since; nothing was written.
        StoreError: The file cannot be written.
    """
    with _held(file):
        found = read(file)
        first, *others = (_row_of(found, row.token) for row in change.after)
        rows = [row for row in found.rows if row not in others]
        _write(file, found.with_rows(_replaced(rows, first, (change.before,))))


def _check(decision: Decision) -> None:
    if not decision.author.strip():
        raise UsageError(
            Text("没有写明谁决定的", "it is not told who decides"),
            Text("写上姓名或单位", "give a name, of a person or a body"),
        )
    told = f"{decision.author}{decision.label}{decision.comment}"
    if any(ord(character) < ord(" ") for character in told):
        raise UsageError(
            Text("姓名和说明里不能有换行和制表符", "a name or a comment holds a tab or a line break"),
            Text("写成一行", "write it in one line"),
        )
    if decision.verdict == "other" and not decision.target.startswith(_IDS):
        raise UsageError(
            Text(f"“{decision.target}”不是图谱中的事物", f'"{decision.target}" is no thing of the graph'),
            Text("写像 school/xuchang-keji 的编号", "name it by its key, as school/xuchang-keji"),
        )


def _row_of(found: MappingSet, token: str) -> Row:
    row = next((row for row in found.rows if row.token == token), None)
    if row is None:
        raise ConflictError(
            Text(
                "这一对已被改动（也许别人刚刚决定了）", "this pair has been changed, perhaps decided by somebody else"
            ),
            Text("重新载入再看；没有写入任何内容", "look again; nothing was written"),
        )
    return row


def _refuse_second(found: MappingSet, row: Row, decision: Decision) -> None:
    """Refuse to say that one subject is two things."""
    for other in found.rows:
        same = other.get("subject_id") == row.get("subject_id") and other is not row
        if same and other.accepted and _is_exact(found, other):
            label = other.get("object_label") or other.get("object_id")
            raise ConflictError(
                Text(f"此条目已对应到“{label}”", f'this entry has been accepted as "{label}"'),
                Text("先撤销或拒绝那一个", "take that back first"),
            )
        if same and decision.target and found.expand(other.get("object_id")) == decision.target and other.reviewed:
            raise ConflictError(
                Text("这一对已经决定过", "this pair has been decided before"),
                Text("先撤销那个决定", "take that decision back first"),
            )


def _is_exact(found: MappingSet, row: Row) -> bool:
    return found.expand(row.get("predicate_id")) == names.expand("skos:exactMatch")


def _decided(found: MappingSet, row: Row, decision: Decision) -> Iterator[Row]:
    """Give the rows that a decision leaves in the place of one."""
    by_hand = {
        "mapping_justification": sssom.MANUAL,
        "author_label": decision.author.strip().replace("|", "/"),
        "mapping_date": dt.datetime.now(dt.UTC).date().isoformat(),
        "confidence": "1.0",
        "reviewer_label": "",
        "mapping_tool": "",
        "mapping_tool_version": "",
    }
    if decision.comment:
        by_hand["comment"] = decision.comment.strip()
    # How sure the machine was is kept: a person's word is no probability.
    if row.get("confidence") and not row.reviewed:
        by_hand["similarity_score"] = row.get("confidence")
        by_hand["similarity_measure"] = "vetgraph link"
    modifier = "" if decision.verdict == "accept" else sssom.NOT
    if decision.verdict != "other" or not row.empty:
        yield Row(row.line, {**row.values, **by_hand, "predicate_modifier": modifier})
    if decision.verdict == "other":
        cleared = dict.fromkeys(("match_string", "similarity_score", "similarity_measure", "other", "comment"), "")
        named = {"object_id": found.shorten(decision.target), "object_label": decision.label.strip()}
        told = {"comment": decision.comment.strip()}
        yield Row(row.line, {**row.values, **by_hand, **cleared, **named, **told, "predicate_modifier": ""})


def _replaced(rows: Iterable[Row], old: Row, new: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        if row is old:
            yield from new
        else:
            yield row


def _with_prefix(found: MappingSet, iri: str) -> MappingSet:
    """Declare the prefix that an IRI of ours needs, as ``school:``."""
    kind = iri.removeprefix(_IDS).partition("/")[0]
    space = f"{_IDS}{kind}/"
    if space in found.prefixes.values() or kind in found.prefixes:
        return found
    header = list(found.header)
    if not any(line.strip() == "curie_map:" for line in header):
        header.append("curie_map:")
    at = next(number for number, line in enumerate(header) if line.strip() == "curie_map:")
    indent = header[at][: len(header[at]) - len(header[at].lstrip())] + "  "
    header.insert(at + 1, f'{indent}{kind}: "{space}"')
    return replace(found, header=tuple(header), prefixes={**found.prefixes, kind: space})


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


@contextlib.contextmanager
def _held(file: Path) -> Iterator[None]:
    """Hold the right to change the files of a folder, waiting for whoever has it."""
    if fcntl is None:
        yield
        return
    try:
        handle = os.open(file.parent, os.O_RDONLY)
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def rewrite(file: Path, make: Callable[[], MappingSet]) -> None:
    """Write a file anew while nobody else may change it.

    Args:
        file: The file; it need not be there.
        make: Gives the mappings; it is called once nobody else writes, so that it reads the latest decisions.

    Raises:
        StoreError: The file cannot be written.
    """
    with _held(file):
        _write(file, make())


def _write(file: Path, found: MappingSet) -> None:
    """Write a file so that a reader, or a power cut, finds the old one or the new one."""
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with new.open("wb") as stream:
            stream.write(found.tsv())
            stream.flush()
            os.fsync(stream.fileno())
        if file.exists():
            new.chmod(file.stat().st_mode & 0o777)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise _unwritable(file, error) from None


def _unwritable(file: Path, error: OSError) -> StoreError:
    return StoreError(
        Text(f"无法写入 {file}：{error.strerror}", f"cannot write {file}: {error.strerror}"),
        Text("检查路径、磁盘空间和权限", "check the path, disk space and permissions"),
    )

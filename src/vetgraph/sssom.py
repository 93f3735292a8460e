"""SSSOM files (*Simple Standard for Sharing Ontological Mappings*): TSV with metadata in comment lines before it.

The metadata are YAML. The prefixes (``curie_map``) and the values that stand for every row are read; all of it is kept
as it stands when a file is written again.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from vetgraph import names, separated
from vetgraph.errors import Problem, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SUFFIX: Final = ".sssom.tsv"
"""What the name of a file of mappings ends with."""

MANUAL: Final = "semapv:ManualMappingCuration"
"""The justification of what a person decided."""

NOT: Final = "Not"
"""The predicate modifier of what was rejected."""

NO_TERM: Final = "sssom:NoTermFound"
"""The object of a subject for which nothing was found."""

REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification")

_BUILT_IN: Final = ("owl", "rdf", "rdfs", "xsd", "skos", "semapv", "sssom")
_SETTING: Final = re.compile(r"([A-Za-z_]\w*):(?:\s+(.*))?")
_PREFIX: Final = re.compile(r"\s+['\"]?([\w.-]+)['\"]?:\s+(\S.*)")
_FOR_EVERY_ROW: Final = ("mapping_justification", "mapping_date", "author_label", "author_id", "reviewer_label")


@dataclass(frozen=True)
class Row:
    """One row.

    Attributes:
        line: The physical line where it stands.
        values: The text of each column, empty where there is none.
    """

    line: int
    values: Mapping[str, str]

    def get(self, column: str) -> str:
        """Return the text of a column; empty where there is none."""
        return self.values.get(column, "")

    @property
    def reviewed(self) -> bool:
        """Whether a person has decided: made the mapping by hand, or reviewed what a program made."""
        by_hand = self.get("mapping_justification") in {MANUAL, names.expand(MANUAL)}
        return by_hand or bool(self.get("reviewer_label") or self.get("reviewer_id"))

    @property
    def negative(self) -> bool:
        """Whether it says that the two do not match."""
        return self.get("predicate_modifier") == NOT

    @property
    def empty(self) -> bool:
        """Whether it says that nothing was found."""
        return self.get("object_id") in {NO_TERM, names.expand(NO_TERM)}

    @property
    def accepted(self) -> bool:
        """Whether a person has said that the two match."""
        return self.reviewed and not self.negative and not self.empty

    @property
    def pair(self) -> tuple[str, str]:
        """The two that the row is about."""
        return self.get("subject_id"), self.get("object_id")

    @property
    def token(self) -> str:
        """A name of the row as it is now: another text anywhere in it makes another token."""
        told = "\x1f".join(f"{name}\x1e{text}" for name, text in sorted(self.values.items()) if text)
        return hashlib.sha256(told.encode()).hexdigest()[:20]


@dataclass(frozen=True)
class MappingSet:
    """A file of mappings.

    Attributes:
        file: Where it is.
        header: The lines of the metadata, without the comment sign.
        columns: The columns in their order.
        rows: The rows.
        prefixes: The prefixes of its CURIEs.
    """

    file: str
    header: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict)

    def expand(self, curie: str) -> str | None:
        """Return the IRI of a CURIE.

        Args:
            curie: The CURIE; an IRI of the web comes back as it is.

        Returns:
            The IRI, or nothing if the prefix is not known.
        """
        prefix, colon, rest = curie.partition(":")
        if colon and prefix in self.prefixes:
            return self.prefixes[prefix] + rest
        return curie if curie.startswith(("https://", "http://", "urn:")) else None

    def shorten(self, iri: str) -> str:
        """Return the CURIE of an IRI.

        Args:
            iri: The IRI.

        Returns:
            The shortest CURIE with a prefix of the file, or the IRI itself.
        """
        found = [f"{name}:{iri[len(space) :]}" for name, space in self.prefixes.items() if iri.startswith(space)]
        return min(found, key=len, default=iri)

    def with_rows(self, rows: Iterable[Row]) -> MappingSet:
        """Return the same set with other rows, and the columns that they need.

        Args:
            rows: The rows.

        Returns:
            The set.
        """
        listed = tuple(rows)
        used = (name for row in listed for name, text in row.values.items() if text)
        return replace(self, rows=listed, columns=tuple(dict.fromkeys([*self.columns, *used])))

    def tsv(self) -> bytes:
        """Return the text of the file, in UTF-8."""
        out = io.StringIO(newline="")
        out.writelines(f"#{line}\n" for line in self.header)
        table = csv.writer(out, delimiter="\t", lineterminator="\n")
        table.writerow(self.columns)
        table.writerows([row.get(name) for name in self.columns] for row in self.rows)
        return out.getvalue().encode()


def read(file: Path, problems: list[Problem]) -> MappingSet | None:
    """Read a file of mappings.

    Args:
        file: The file.
        problems: Takes what is wrong with its form.

    Returns:
        The mappings, or nothing if there is no reading them.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = error.strerror or "?"
        problems.append(
            _problem(
                file,
                None,
                None,
                Text(f"读不出：{reason}", f"cannot be read: {reason}"),
                Text("检查路径", "check the path"),
            )
        )
        return None
    except UnicodeDecodeError:
        problems.append(
            _problem(file, None, None, Text("不是 UTF-8", "not UTF-8"), Text("存为 UTF-8", "save the file as UTF-8"))
        )
        return None
    return parse(str(file), text, problems)


def parse(file: str, text: str, problems: list[Problem]) -> MappingSet | None:
    """Read the text of a file of mappings.

    Args:
        file: What to call it.
        text: The text.
        problems: Takes what is wrong with its form.

    Returns:
        The mappings, or nothing if there is no reading them.
    """
    lines = text.splitlines(keepends=True)
    count = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    header = tuple(line[1:].rstrip("\r\n") for line in lines[:count])
    prefixes, settings = _metadata(header)
    records = separated.records(file, lines[count:], problems, first=count + 1, separator="\t")
    if records is None:
        return None
    columns = tuple(name.strip() for name in records[0][1]) if records else ()
    missing = [name for name in REQUIRED if name not in columns and name not in settings]
    problems += [
        _problem(
            file,
            count + 1,
            name,
            Text(f"缺少列“{name}”", f'the column "{name}" is missing'),
            Text("文件应为 SSSOM TSV；加上该列", "the file must be SSSOM TSV; add the column"),
        )
        for name in missing
    ]
    if missing:
        return None
    rows = []
    for line, record in records[1:]:
        if len(record) != len(columns) and any(record):
            problems.append(_ragged(file, line, len(record), columns))
        elif any(record):
            values = {name: cell.strip() for name, cell in zip(columns, record, strict=True)}
            rows.append(Row(line, {**values, **{k: v for k, v in settings.items() if not values.get(k)}}))
    return MappingSet(file, header, columns, tuple(rows), prefixes)


def _metadata(header: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Read the prefixes, and the values that the metadata give for every row."""
    prefixes = {name: names.PREFIXES[name] for name in _BUILT_IN}
    settings: dict[str, str] = {}
    key = ""
    for raw in header:
        # Some tools write "# key", others "#key"; what belongs to a key is further in.
        line = raw[1:] if raw.startswith(" ") and not raw.startswith("  ") else raw
        setting, prefix = _SETTING.fullmatch(line.rstrip()), _PREFIX.fullmatch(line.rstrip())
        if setting is not None:
            key = setting[1]
            if key in _FOR_EVERY_ROW and setting[2]:
                settings[key] = _plain(setting[2])
        elif prefix is not None and key == "curie_map":
            prefixes[prefix[1]] = _plain(prefix[2])
    return prefixes, settings


def _plain(text: str) -> str:
    """Return a scalar of YAML without its quotes."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _ragged(file: str, line: int, found: int, columns: tuple[str, ...]) -> Problem:
    return _problem(
        file,
        line,
        columns[min(found, len(columns) - 1)],
        Text(f"应有 {len(columns)} 格，实有 {found} 格", f"expected {len(columns)} cells, got {found}"),
        Text("检查该行的制表符", "check the tabs of this row"),
    )


def _problem(file: Path | str, line: int | None, column: str | None, message: Text, fix: Text) -> Problem:
    return Problem(str(file), line, column, message, fix, line=line)

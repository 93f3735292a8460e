"""Imported lists as DCAT datasets: who published them and when, under which licence, and the hash of the file.

A list has a named graph of its own, ``…/graph/dataset/{key}``, whose name is the IRI of the ``dcat:Dataset`` too. Each
of its rows is an entry, ``…/id/entry/{key}.{code}``.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from typing import TYPE_CHECKING, Final

from vetgraph import csvw, lexical, names
from vetgraph.errors import Cell, Problem, Text
from vetgraph.mapping import iri, literal
from vetgraph.reading import Part, Reading, References
from vetgraph.tableschema import DATATYPES, Datatype

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from vetgraph.codelists import CodeLists
    from vetgraph.mapping import Quad
    from vetgraph.reading import Stamp
    from vetgraph.tableschema import Group

KEY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What the key of a list looks like."""

COLUMN: Final = "{+_group}/column/"
"""What the templates of a list's own properties begin with."""

_DATES: Final = ("date", "gYearMonth", "gYear")
_PROPERTIES: Final = {"dc:title": "title", "dc:description": "description"}
_LINKS: Final = {"dc:license": "license", "dc:source": "source"}


def read_list(file: Path, problems: list[Problem]) -> Group | None:
    """Read the metadata of a list.

    Args:
        file: The JSON file; its name is the list's key.
        problems: Takes what is wrong.

    Returns:
        The table group, or nothing if it cannot be used.
    """
    group = csvw.read_group(file, problems)
    if group is None:
        return None
    before = len(problems)
    problems += _problems(group, file.stem)
    return group if len(problems) == before else None


def _problems(group: Group, key: str) -> Iterator[Problem]:
    def wrong(pointer: str, message: Text, fix: Text) -> Problem:
        return Problem(str(group.file), None, pointer, message, fix)

    wanted = names.dataset(key)
    if not KEY.fullmatch(key):
        yield wrong(
            "/",
            Text(f"名单的文件名“{key}”只能用小写字母、数字、连字符", f'the name "{key}" is no key of a list'),
            Text("改名，如 moe-colleges-2017.json", "rename the file, as moe-colleges-2017.json"),
        )
    elif group.id != wanted:
        yield wrong(
            "/@id",
            Text(f"应为 {wanted}，实为 {group.id}", f"expected {wanted}, as the file is named; got {group.id}"),
            Text(f"写 {wanted}", f"write {wanted}"),
        )
    if "dc:title" not in group.about:
        yield wrong(
            "/dc:title", Text("缺少 dc:title", "dc:title is missing"), Text("写上名单的名称", "write the list's title")
        )
    issued = text_of(group.about.get("dc:issued"))
    if issued and date_type(issued) is None:
        yield wrong(
            "/dc:issued",
            Text(f"应为日期、年月或年份，实为“{issued}”", f'expected a date, a month or a year; got "{issued}"'),
            Text("写成 2025-10-21、2025-10 或 2025", "write it as 2025-10-21, 2025-10 or 2025"),
        )
    for name in _LINKS:
        told = text_of(group.about.get(name))
        if told and not _is_iri(told):
            yield wrong(
                f"/{name}",
                Text(f"应为网址，实为“{told}”", f'expected an IRI; got "{told}"'),
                Text("写网址，如 https://spdx.org/licenses/MIT", "write one, as https://spdx.org/licenses/MIT"),
            )


def text_of(texts: Mapping[str, str] | None) -> str:
    """Return the one text of a key that needs no language.

    Args:
        texts: The texts by language.

    Returns:
        The first of them, or the empty text.
    """
    return next(iter((texts or {}).values()), "")


def date_type(text: str) -> str | None:
    """Return which kind of date a text is.

    Args:
        text: The text, as ``2025-12``.

    Returns:
        ``date``, ``gYearMonth``, ``gYear``, or nothing where it is none.
    """
    found = (name for name in _DATES if lexical.expected(text, Datatype(name, DATATYPES[name])) is None)
    return next(found, None)


def _is_iri(text: str) -> bool:
    return lexical.expected(text, Datatype("anyURI", DATATYPES["anyURI"])) is None


def read_part(group: Group, files: Iterable[Path], stamp: Stamp, codes: CodeLists) -> Part:
    """Make what is said of a list, to stand beside its rows.

    Args:
        group: Its metadata.
        files: The files that its rows stand in; those that are not there are left out.
        stamp: What they are now.
        codes: The code lists.

    Returns:
        The quads.
    """
    quads = description(group, [(file.name, file.read_bytes()) for file in files if file.is_file()])
    reading = Reading(quads=quads)
    reading.cells.places.update(dict.fromkeys((quad[0] for quad in quads), Cell(str(group.file), None, "/")))
    return Part(stamp, reading, References(codes))


def description(group: Group, files: Iterable[tuple[str, bytes]]) -> list[Quad]:
    """Describe a list in DCAT, in its own graph.

    Args:
        group: Its metadata.
        files: The names and contents of the files that its rows stand in.

    Returns:
        The quads.
    """
    own = iri(group.id)
    triples = [
        (own, _rdf("type"), _term("dcat:Dataset")),
        *_described(group),
        *(triple for name, content in files for triple in _distribution(group.id, name, content)),
        *_columns(group),
    ]
    return [(*triple, own) for triple in dict.fromkeys(triples)]


_Triple = tuple[str, str, str]


def _described(group: Group) -> Iterator[_Triple]:
    own, about = iri(group.id), group.about
    for key, name in _PROPERTIES.items():
        yield from ((own, _term(f"dcterms:{name}"), _text(text, lang)) for lang, text in about.get(key, {}).items())
    publisher = about.get("dc:publisher", {})
    if _is_iri(text_of(publisher)):
        yield own, _term("dcterms:publisher"), iri(text_of(publisher))
    elif publisher:
        agent = iri(f"{group.id}/publisher")
        yield own, _term("dcterms:publisher"), agent
        yield agent, _rdf("type"), _term("foaf:Agent")
        yield from ((agent, _term("foaf:name"), _text(text, lang)) for lang, text in publisher.items())
    issued = text_of(about.get("dc:issued"))
    if issued:
        yield own, _term("dcterms:issued"), literal(issued, datatype=DATATYPES[date_type(issued) or "string"])
    for key, name in _LINKS.items():
        told = text_of(about.get(key))
        if told:
            yield own, _term(f"dcterms:{name}"), iri(told)


def _distribution(own: str, name: str, content: bytes) -> Iterator[_Triple]:
    """Describe the file that was read: its name, size in bytes, media type and SHA-256."""
    file, checksum = iri(f"{own}/file"), iri(f"{own}/file/sha256")
    yield iri(own), _term("dcat:distribution"), file
    yield file, _rdf("type"), _term("dcat:Distribution")
    yield file, _term("dcterms:title"), literal(name)
    media = mimetypes.guess_type(name)[0] or "text/csv"
    yield file, _term("dcat:mediaType"), iri(f"https://www.iana.org/assignments/media-types/{media}")
    size = str(len(content))
    yield file, _term("dcat:byteSize"), literal(size, datatype=DATATYPES["nonNegativeInteger"])
    yield file, _term("spdx:checksum"), checksum
    yield checksum, _rdf("type"), _term("spdx:Checksum")
    yield checksum, _term("spdx:algorithm"), _term("spdx:checksumAlgorithm_sha256")
    value = hashlib.sha256(content).hexdigest()
    yield checksum, _term("spdx:checksumValue"), literal(value, datatype=f"{names.PREFIXES['xsd']}hexBinary")


def _columns(group: Group) -> Iterator[_Triple]:
    """Name the properties that are the list's own by the headers of their columns."""
    for table in group.tables:
        for column in table.schema.columns:
            if not (column.property_url or "").startswith(COLUMN) or column.virtual:
                continue
            prop = iri(f"{group.id}/column/{(column.property_url or '').removeprefix(COLUMN)}")
            yield prop, _rdf("type"), _rdf("Property")
            titles = column.titles or {"und": (column.name,)}
            for lang, texts in titles.items():
                yield from ((prop, _term("rdfs:label"), _text(text, lang)) for text in texts[:1])
            yield prop, _term("rdfs:isDefinedBy"), iri(group.id)


def _term(curie: str) -> str:
    return iri(names.expand(curie))


def _rdf(name: str) -> str:
    return _term(f"rdf:{name}")


def _text(text: str, lang: str) -> str:
    return literal(text, lang=None if lang == "und" else lang)

"""A thing, a table or a query of the service as a reference: BibTeX, RIS and GB/T 7714."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_TEX: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "&": r"\&",
        "%": r"\%",
        "$": r"\$",
        "#": r"\#",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


@dataclass(frozen=True)
class Reference:
    """What a reference says.

    Attributes:
        key: Names it among others, in ASCII.
        title: What is cited.
        container: The dataset that it is part of; empty where the dataset itself is cited.
        address: Where it is found.
        edition: The version of the dataset.
        sources: The reports that it rests on, each with its date where it has one.
        accessed: Today, as ``2026-11-26``.
        lang: Language of the title.
    """

    key: str
    title: str
    container: str
    address: str
    edition: str
    sources: str
    accessed: str
    lang: str

    @property
    def note(self) -> str:
        """What it rests on, in words."""
        if self.lang == "zh":
            told = f"数据版本 {self.edition}"
            return f"{told}；来源：{self.sources}" if self.sources else told
        told = f"edition {self.edition}"
        return f"{told}; source: {self.sources}" if self.sources else told


def bibtex(reference: Reference) -> str:
    """Write a reference for BibTeX and biblatex.

    Args:
        reference: The reference.

    Returns:
        An entry.
    """
    fields = {
        "title": f"{{{_tex(reference.title)}}}",
        "howpublished": _tex(reference.container or "dataset"),
        "note": _tex(reference.note),
        "url": re.sub(r"[{}\s\\]", "", reference.address),
        "urldate": reference.accessed,
        "language": "chinese" if reference.lang == "zh" else "english",
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{reference.key},\n{lines}\n}}\n"


def _tex(text: str) -> str:
    return _line(text).translate(_TEX)


def _line(text: str) -> str:
    return " ".join(text.split())


def ris(reference: Reference) -> str:
    """Write a reference for Zotero, EndNote and the like.

    Args:
        reference: The reference.

    Returns:
        A record; its lines end as the format wants it.
    """
    fields = [
        ("TY", "DATA"),
        ("ID", reference.key),
        ("TI", _line(reference.title)),
        *((("T2", _line(reference.container)),) if reference.container else ()),
        ("ET", reference.edition),
        ("N1", _line(reference.note)),
        ("UR", "".join(reference.address.split())),
        ("Y2", reference.accessed.replace("-", "/")),
        ("LA", reference.lang),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields)


def gbt(reference: Reference) -> str:
    """Write a reference as GB/T 7714-2015 asks for a part of a database online.

    Args:
        reference: The reference. The dataset names no author, so none stands in front.

    Returns:
        A line.
    """
    title, container = _line(reference.title), _line(reference.container)
    edition, address = reference.edition, "".join(reference.address.split())
    within = f"//{container}" if container else ""
    return f"{title}[DS/OL]{within}. {edition}[{reference.accessed}]. {address}.\n"


STYLES: Final[dict[str, tuple[str, str, str, Callable[[Reference], str]]]] = {
    "gbt": ("GB/T 7714", "text/plain", "txt", gbt),
    "bibtex": ("BibTeX", "application/x-bibtex", "bib", bibtex),
    "ris": ("RIS", "application/x-research-info-systems", "ris", ris),
}
"""Name, media type, ending and writer of each style."""

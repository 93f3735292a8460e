"""What linking takes and gives: entries with their names, candidates with their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vetgraph.errors import Text

Kind = Literal["institution", "programme", "region", "competition"]
NameKind = Literal["label", "alias", "former", "newer", "plate", "english"]
Decision = Literal["match", "review", "none"]

KINDS: tuple[Kind, ...] = ("institution", "programme", "region", "competition")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an entry.

    Attributes:
        text: The name as written.
        kind: What kind of name it is.
    """

    text: str
    kind: NameKind = "label"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list: something to be linked, or something to link to.

    Attributes:
        id: Its IRI, or the row's id.
        names: Its names, the label first.
        region: Where it is, as a name (许昌市) or a code (411000); several in the order of the source.
        ownership: ``public`` or ``private``, or as written (公办, 民办).
        level: ``province``, ``city`` or ``county``, or as written (市属).
        codes: Official codes.
        kind: What kind of thing it is.
        type: The class or type that the source tells, for those who filter by it.
    """

    id: str
    names: tuple[Name, ...]
    region: tuple[str, ...] = ()
    ownership: str = ""
    level: str = ""
    codes: tuple[str, ...] = ()
    kind: Kind = "institution"
    type: tuple[str, ...] = ()

    @classmethod
    def of(  # noqa: PLR0913 - one for each attribute
        cls,
        name: str,
        id: str = "",  # noqa: A002 - the attribute's name
        *,
        aliases: Iterable[str] = (),
        region: str = "",
        ownership: str = "",
        level: str = "",
        codes: Iterable[str] = (),
        kind: Kind = "institution",
    ) -> Self:
        """Make an entry of plain texts.

        Args:
            name: Its label.
            id: Its id; the name if not given.
            aliases: Its other names.
            region: Where it is.
            ownership: Who runs it.
            level: Its administrative level.
            codes: Official codes.
            kind: What kind of thing it is.

        Returns:
            The entry.
        """
        names = (Name(name), *(Name(alias, "alias") for alias in aliases))
        regions = (region,) if region else ()
        return cls(id or name, names, regions, ownership, level, tuple(codes), kind)

    @property
    def label(self) -> str:
        """The first name."""
        return self.names[0].text if self.names else self.id


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was compared.

    Attributes:
        key: What, as ``place``.
        value: How it came out, as ``same`` or ``conflict``.
        weight: How much it counts, in log-odds; below 0 it speaks against.
        text: The same in words.
    """

    key: str
    value: str
    weight: float
    text: Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that an entry may be linked to.

    Attributes:
        target: The id of the entry.
        name: Which of its names was compared.
        label: Its label.
        confidence: The probability that both are the same; of 100 candidates with 0.9 about 90 are right.
        decision: ``match`` (safe to accept), ``review`` (a person should look) or ``none``.
        evidence: What agreed and what did not.
    """

    target: str
    name: str
    label: str
    confidence: float
    decision: Decision
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """What was found for one source.

    Attributes:
        source: The entry that was looked up.
        candidates: What it may be, the likeliest first.
        decision: The decision on the first of them; ``none`` if there is none.
        notes: Conflicts that a person should know of.
    """

    source: Entry
    candidates: tuple[Candidate, ...] = ()
    decision: Decision = "none"
    notes: tuple[Text, ...] = field(default=())

    @property
    def best(self) -> Candidate | None:
        """The likeliest candidate, if any is worth a look."""
        return self.candidates[0] if self.candidates and self.decision != "none" else None

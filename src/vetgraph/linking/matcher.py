"""Find what a name means among the entries of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from rapidfuzz import process

from vetgraph.linking import assignment, features, model
from vetgraph.linking.entries import Candidate, Entry, Kind, Link
from vetgraph.linking.retrieval import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from vetgraph.linking.features import Form

_LOOKED_AT: Final = 12
_WORTH_TELLING: Final = 0.001
"""Below this a candidate is left out, unless it is the only one."""


class Compared(NamedTuple):
    """What a name was compared with, before the candidates of a source share one probability.

    Attributes:
        entry: The position of the entry.
        name: Which of its names.
        evidence: What agreed and what did not.
        logit: The sum of the evidence's weights.
        barred: Whether something keeps it from being accepted without a person.
    """

    entry: int
    name: str
    evidence: tuple[tuple[str, str], ...]
    logit: float
    barred: bool


def _compare(source: Form, target: Form) -> Compared:
    evidence = features.compare(source, target)
    logit, barred = model.odds(evidence)
    return Compared(target.entry, target.name, evidence, logit, barred or not target.sure)


class Matcher:
    """Entries that names can be linked to.

    Attributes:
        entries: The entries.
        kind: What kind of things they are.
    """

    def __init__(self, entries: Iterable[Entry], *, kind: Kind = "institution") -> None:
        """Read the names of entries and index them.

        Args:
            entries: What to link to.
            kind: What kind of things they are: ``institution``, ``programme``, ``region`` or ``competition``.
        """
        self.entries: tuple[Entry, ...] = tuple(entries)
        self.kind: Kind = kind
        self._forms = features.forms(self.entries, kind)
        # Two rows of one id are one thing.
        first: dict[str, int] = {}
        self._first = [first.setdefault(entry.id, at) for at, entry in enumerate(self.entries)]
        self._index = Index(self._forms)
        self._sounds: list[str] | None = None

    def best(self, query: Entry | str, limit: int = 5) -> list[Candidate]:
        """Find what one name or entry may mean.

        Args:
            query: A name, or an entry with what else is known of it.
            limit: How many candidates to return at most.

        Returns:
            Candidates, the likeliest first.
        """
        return self.best_of([query], limit)[0]

    def best_of(self, queries: Sequence[Entry | str], limit: int = 5) -> list[list[Candidate]]:
        """Find what many names or entries may mean; much faster than one by one.

        Args:
            queries: Names or entries.
            limit: How many candidates to return for each at most.

        Returns:
            Candidates for each, in the same order.
        """
        return list(self.each(queries, limit))

    def each(self, queries: Sequence[Entry | str], limit: int = 5) -> Iterator[list[Candidate]]:
        """Find what many names may mean, one after the other, as for a progress bar.

        Args:
            queries: Names or entries.
            limit: How many candidates to return for each at most.

        Yields:
            Candidates for each, in the same order.
        """
        for compared in self.compare(queries):
            yield self._rank(compared, limit)

    def compare(self, queries: Sequence[Entry | str]) -> Iterator[list[Compared]]:
        """Compare names with those that share something rare with them, before the evidence is weighed.

        Args:
            queries: Names or entries.

        Yields:
            For each the entries that it was compared with, each by the pair of names that speaks most for it.
        """
        sources = [Entry.of(query, kind=self.kind) if isinstance(query, str) else query for query in queries]
        found = features.forms(sources, self.kind)
        near = zip(found, self._index.search(found, _LOOKED_AT), strict=True)
        coming = next(near, None)
        for number in range(len(sources)):
            best: dict[int, Compared] = {}
            while coming is not None and coming[0].entry == number:
                form, positions = coming
                for position in [*positions, *(self._sounding(form) if form.parts.latin else ())]:
                    one = _compare(form, self._forms[position])
                    at = self._first[one.entry]
                    if at not in best or one.logit > best[at].logit:
                        best[at] = one
                coming = next(near, None)
            yield sorted(best.values(), key=lambda one: (-one.logit, one.entry))

    def link(
        self,
        sources: Iterable[Entry],
        *,
        one_to_one: bool = False,
        limit: int = 5,
        progress: Callable[[int], None] | None = None,
    ) -> list[Link]:
        """Link a list.

        Args:
            sources: Its entries.
            one_to_one: Whether both lists are sets, so that no two sources may mean the same target.
            limit: How many candidates to keep for each.
            progress: Is told how many sources are done.

        Returns:
            What was found for each source, in the same order.
        """
        listed = list(sources)
        links = []
        for done, (source, candidates) in enumerate(zip(listed, self.each(listed, limit), strict=True), 1):
            links.append(Link(source, tuple(candidates), candidates[0].decision if candidates else "none"))
            if progress is not None:
                progress(done)
        return assignment.one_to_one(links) if one_to_one else links

    def _rank(self, compared: list[Compared], limit: int) -> list[Candidate]:
        """Share the probability among what was compared; keep the best."""
        shares = model.share([one.logit for one in compared])
        result: list[Candidate] = []
        for one, confidence in zip(compared[:limit], shares, strict=False):
            if confidence < _WORTH_TELLING and result:
                break
            entry, decision = self.entries[one.entry], model.decide(confidence, barred=one.barred)
            told = model.tell(one.evidence)
            result.append(Candidate(entry.id, one.name, entry.label, confidence, decision, told))
        return result

    def _sounding(self, form: Form) -> list[int]:
        """Find names by sound, for a name in Latin letters."""
        if self._sounds is None:
            self._sounds = [features.sound(each) for each in self._forms]
        found = process.extract(features.sound(form), self._sounds, limit=_LOOKED_AT)
        return [position for _, _, position in found]

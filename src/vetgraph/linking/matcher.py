"""Find what a name means among the entries of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz import process

from vetgraph.linking import assignment, features, model
from vetgraph.linking.entries import Candidate, Entry, Kind, Link
from vetgraph.linking.retrieval import Index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from vetgraph.linking.features import Form

_LOOKED_AT: Final = 12


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
        sources = [Entry.of(query, kind=self.kind) if isinstance(query, str) else query for query in queries]
        found = features.forms(sources, self.kind)
        near = zip(found, self._index.search(found, _LOOKED_AT), strict=True)
        form_and_near = next(near, None)
        for number in range(len(sources)):
            pairs: list[tuple[Form, Form]] = []
            while form_and_near is not None and form_and_near[0].entry == number:
                form, positions = form_and_near
                pairs += [(form, self._forms[position]) for position in positions]
                if form.parts.latin:
                    pairs += [(form, self._forms[position]) for position in self._sounding(form)]
                form_and_near = next(near, None)
            yield self._rank(pairs, limit)

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

    def _rank(self, pairs: list[tuple[Form, Form]], limit: int) -> list[Candidate]:
        """Score pairs; keep the best pair of each target."""
        best: dict[int, tuple[float, bool, list[tuple[str, str]], Form]] = {}
        for source, target in pairs:
            evidence = features.compare(source, target)
            logit, barred = model.odds(evidence)
            barred = barred or not target.sure
            if target.entry not in best or logit > best[target.entry][0]:
                best[target.entry] = (logit, barred, evidence, target)
        ranked = sorted(best.items(), key=lambda one: (-one[1][0], one[0]))
        shares = model.share([found[0] for _, found in ranked])
        result = []
        for (at, (_, barred, evidence, form)), confidence in zip(ranked[:limit], shares, strict=False):
            entry = self.entries[at]
            decision = model.decide(confidence, barred=barred)
            result.append(Candidate(entry.id, form.name, entry.label, confidence, decision, model.tell(evidence)))
        return result

    def _sounding(self, form: Form) -> list[int]:
        """Find names by sound, for a name in Latin letters."""
        if self._sounds is None:
            self._sounds = [features.sound(each) for each in self._forms]
        found = process.extract(features.sound(form), self._sounds, limit=_LOOKED_AT)
        return [position for _, _, position in found]

"""Which things a name may mean: linking finds them, the client's types and properties sort them out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from vetgraph.errors import BudgetError, Text, UsageError
from vetgraph.linking import KINDS, Entry, Matcher, Name, entries_of
from vetgraph.linking.script import fold_all
from vetgraph.reconciliation.evidence import Evidence, plain
from vetgraph.reconciliation.reading import MOST, wrong

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from vetgraph.linking import Candidate
    from vetgraph.reconciliation.asked import Asked, Condition
    from vetgraph.reconciliation.contents import Contents, Thing
    from vetgraph.reconciliation.schema import Property

LONGEST: Final = 500
"""Characters of a name; a longer one names nothing."""

CODES: Final = ("org:identifier", "skos:notation")
"""Properties whose values are official codes, each of one thing only."""

SECONDS: Final = 20.0
"""Time that a batch may take."""

_AT_ONCE: Final = 100
_WHOLE: Final = 100.0
_AGAINST: Final = 0.5
_OTHER: Final = "other"
_SPARE: Final = 5  # candidates more than are asked for, since types and properties may rule some out
_WEIGHED: Final = {"region": "region", "ownership": "ownership", "adminLevel": "level"}
"""Properties that linking weighs by itself, by the name that it has for them."""


@dataclass(frozen=True)
class Feature:
    """What spoke for a candidate or against it: yes or no, or its weight in log-odds."""

    value: float | bool
    text: Text


@dataclass(eq=False)
class Found:
    """A thing that a query may mean.

    Attributes:
        thing: The thing.
        score: 0 to 100: the probability in percent that it is meant.
        match: Whether it would be accepted without a look.
        features: What spoke for it and against it.
    """

    thing: Thing
    score: float
    match: bool
    features: dict[str, Feature] = field(default_factory=dict)


@dataclass(frozen=True)
class _Test:
    """A condition with its property."""

    property: Property
    condition: Condition


@dataclass(frozen=True)
class _Query:
    """A query whose types and properties are known."""

    asked: Asked
    types: tuple[str, ...]
    tests: tuple[_Test, ...]


class Matching:
    """Answers queries from the contents of a store."""

    def __init__(self, contents: Contents) -> None:
        """Index the names.

        Args:
            contents: What the store holds.
        """
        self._contents = contents
        self._evidence = Evidence(contents)
        things = dict(contents.things)
        self._matchers: dict[str, Matcher] = {}
        self._types: dict[str, set[str]] = {}
        for kind in KINDS:
            entries = [entry for entry in entries_of(contents.store, kind) if things.pop(entry.id, None)]
            self._add(kind, Matcher(entries, kind=kind))
        # What linking has no kind of is compared as a programme is: by its words, not by place and type.
        self._add(_OTHER, Matcher([_entry(thing) for thing in things.values()], kind="programme"))

    def _add(self, kind: str, matcher: Matcher) -> None:
        self._matchers[kind] = matcher
        self._types[kind] = set().union(*(self._contents.things[entry.id].types for entry in matcher.entries))

    def answer(self, batch: Sequence[Asked], seconds: float = SECONDS) -> list[list[Found]]:
        """Find what each query of a batch may mean.

        Args:
            batch: The queries.
            seconds: Time that it may take.

        Returns:
            Candidates of each, the best first.

        Raises:
            UsageError: A query names a type or a property that there is not.
            BudgetError: It took too long.
        """
        until = time.monotonic() + seconds
        queries = [self._understood(asked) for asked in batch]
        found: list[list[Found]] = []
        for start in range(0, len(queries), _AT_ONCE):
            if time.monotonic() > until:
                raise BudgetError(
                    Text(f"超过 {seconds:g} 秒", f"no answer in {seconds:g} seconds"),
                    Text("把这一批分小，或指定类型", "send smaller batches, or name a type"),
                )
            found += self._answered(queries[start : start + _AT_ONCE])
        return found

    def _answered(self, queries: Sequence[_Query]) -> list[list[Found]]:
        found = [self._known(query) for query in queries]
        named = [at for at, known in enumerate(found) if known is None]
        strict = [self._strict(queries[at]) for at in named]
        for at, candidates in zip(named, self._linked(strict), strict=True):
            found[at] = self._sorted(queries[at], candidates)
        wished = [at for at in named if queries[at].types and queries[at].asked.strict == "should" and not found[at]]
        loose = [replace(queries[at], types=()) for at in wished]
        for at, candidates in zip(wished, self._linked(loose), strict=True):
            for each in candidates:
                each.score, each.match = each.score * _AGAINST, False
            found[at] = self._sorted(loose[wished.index(at)], candidates)
        return [candidates or [] for candidates in found]

    def _understood(self, asked: Asked) -> _Query:
        try:
            types = tuple(self._contents.schema.type(each).iri for each in asked.types)
        except UsageError as error:
            raise wrong(f"{asked.place}.type", error.message, error.fix) from None
        tests = []
        for condition in asked.conditions:
            try:
                tests.append(_Test(self._contents.schema.property(condition.property), condition))
            except UsageError as error:
                raise wrong(condition.place, error.message, error.fix) from None
        return _Query(asked, types, tuple(test for test in tests if test.condition.values))

    @staticmethod
    def _strict(query: _Query) -> _Query:
        return query if query.asked.strict == "all" else replace(query, asked=replace(query.asked, strict="any"))

    def _known(self, query: _Query) -> list[Found] | None:
        """Return what an identifier, a code, or properties alone mean; ``None`` where a name is to be found."""
        asked = query.asked
        if asked.ids:
            things = [self._contents.thing(each) for each in asked.ids]
        elif asked.name:
            if len(asked.name) > LONGEST:
                return []
            things = [self._contents.thing(asked.name), *self._coded(asked.name)]
            if not any(things):
                return None
        else:
            return self._sorted(query, self._having(query.tests))
        found = dict.fromkeys(thing for thing in things if thing is not None)
        return self._sorted(query, [Found(thing, _WHOLE, match=True) for thing in found])

    def _coded(self, text: str) -> list[Thing]:
        """Return the things that have an official code."""
        if not any(char.isdigit() for char in text):
            return []
        return [self._contents.things[iri] for code in CODES for iri in self._evidence.with_key(code, plain(text))]

    def _having(self, tests: Sequence[_Test]) -> list[Found]:
        """Return the things that have some of the properties asked for; a code is of one thing only."""
        having = [set(self._evidence.having(test.property, test.condition)) for test in tests]
        coded = [each for each, test in zip(having, tests, strict=True) if test.property.id in CODES]
        together: set[str] = set().union(*having)
        found = []
        for iri in sorted(together & self._contents.things.keys()):
            score = _WHOLE * sum(iri in each for each in having) / len(having)
            found.append(Found(self._contents.things[iri], score, match=any(iri in each for each in coded)))
        return found

    def _linked(self, queries: Sequence[_Query]) -> list[list[Found]]:
        """Find names, all those that one matcher looks for at once."""
        found: list[list[Found]] = [[] for _ in queries]
        for kind, matcher in self._matchers.items():
            asked = [at for at, query in enumerate(queries) if self._concerns(kind, query.types)]
            entries = [self._source(queries[at], matcher) for at in asked]
            limit = max((queries[at].asked.limit for at in asked), default=1)
            for at, candidates in zip(asked, matcher.best_of(entries, min(limit, MOST) + _SPARE), strict=True):
                found[at] += self._candidates(kind, queries[at], candidates)
        return found

    def _concerns(self, kind: str, types: Iterable[str]) -> bool:
        wanted: set[str] = set().union(*(self._contents.schema.below(iri) for iri in types))
        return bool(self._matchers[kind].entries) and (not wanted or bool(wanted & self._types[kind]))

    def _source(self, query: _Query, matcher: Matcher) -> Entry:
        """Return the entry that a query stands for, with the evidence that linking can weigh."""
        told: dict[str, list[str]] = {}
        for test in query.tests:
            if test.condition.quantifier == "any":
                key = "codes" if test.property.id in CODES else _WEIGHED.get(test.property.id, "")
                told.setdefault(key, []).extend(value.text for value in test.condition.values)
        one = {key: values[0] for key, values in told.items() if len(values) == 1}
        return Entry.of(
            query.asked.name,
            region="" if matcher.kind == "region" else one.get("region", ""),
            ownership=one.get("ownership", ""),
            level=one.get("level", ""),
            codes=told.get("codes", ()),
            kind=matcher.kind,
        )

    def _candidates(self, kind: str, query: _Query, candidates: Iterable[Candidate]) -> list[Found]:
        found = []
        for each in candidates:
            match = each.decision == "match"
            if match and kind == _OTHER:  # linking was not measured on these: only the very name is safe
                name, known = fold_all((query.asked.name, each.name))
                match = name == known
            if each.decision != "none":
                features = {said.key: Feature(said.weight, said.text) for said in each.evidence}
                found.append(Found(self._contents.things[each.target], _WHOLE * each.confidence, match, features))
        return found

    def _sorted(self, query: _Query, candidates: Iterable[Found]) -> list[Found]:
        """Weigh candidates by types and properties; of several that would be accepted none is."""
        kept = [each for each in candidates if self._stands(each, query)]
        best = sorted(kept, key=lambda each: (-each.score, not each.match, each.thing.iri))
        if sum(each.match for each in best) > 1:
            for each in best:
                each.match = False
        return best[: min(query.asked.limit, MOST)]

    def _stands(self, found: Found, query: _Query) -> bool:
        """Weigh a candidate; tell whether it is still one."""
        fits = [bool(found.thing.types & self._contents.schema.below(iri)) for iri in query.types]
        if fits and not (all(fits) if query.asked.strict == "all" else any(fits)):
            return False
        for test in query.tests:
            agrees = self._evidence.agrees(found.thing.iri, test.property, test.condition)
            if test.condition.required and not agrees:
                return False
            if agrees is None:
                continue
            if not agrees:
                found.match = False
                weighed = test.property.id in found.features or test.property.id in CODES
                found.score *= 1 if weighed else _AGAINST
            found.features[test.property.id] = Feature(agrees, test.property.name)
        return True


def _entry(thing: Thing) -> Entry:
    label = thing.name()
    names = (Name(label), *(Name(name, "alias") for name in thing.names() if name != label))
    return Entry(thing.iri, names, kind="programme")

"""What is kept after changes equals what a full check finds, whatever the changes."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vetgraph import changes, tables, vocabulary
from vetgraph.store import EmbeddedStore
from vetgraph.validate import algebra, reach, shapes
from vetgraph.validate.checker import Checker
from vetgraph.validate.facts import RDF_TYPE, SUBCLASS, Facts
from vetgraph.validate.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vetgraph.validate.facts import Quad

ROOT = Path(__file__).parent.parent
SHAPES = shapes.load()
DATA = sorted(set(tables.read(ROOT / "data").quads))


def standing(quads: Sequence[Quad], asked: shapes.Shapes = SHAPES) -> Standing:
    facts = Facts(quads, vocabulary.codes())
    return Standing(Checker(EmbeddedStore.of(facts.nquads()), asked, graphs=True))


def change(kept: Standing, removed: Sequence[Quad], added: Sequence[Quad]) -> None:
    kept.change(removed, added, lambda: changes.apply(kept.checker.store.native, removed, added))


def found(kept: Standing) -> Counter[tuple[str | None, ...]]:
    return Counter(result.key for result in kept.results)


def edit(quads: list[Quad], chance: random.Random) -> tuple[list[Quad], list[Quad]]:
    """Choose some statements that go, and some that come, each like one that is there."""
    by_predicate: dict[str, list[Quad]] = {}
    for quad in quads:
        by_predicate.setdefault(quad[1], []).append(quad)
    removed, added = set(), set()
    for _ in range(chance.randint(1, 6)):
        old = chance.choice(by_predicate[chance.choice(sorted(by_predicate))])
        like = chance.choice(by_predicate[old[1]])
        kind = chance.randrange(5)
        if kind != 0:
            removed.add(old)
        if kind == 1:
            added.add((old[0], old[1], like[2], old[3]))
        elif kind == 2:
            added.add((old[0], old[1], old[2], chance.choice(quads)[3]))
        elif kind == 3:
            added.add((old[0], old[1], '"999999"^^<http://www.w3.org/2001/XMLSchema#decimal>', old[3]))
        elif kind == 0:
            added.add((like[0], old[1], old[2], old[3]))
    return sorted(removed - added), sorted(added - set(quads))


@pytest.mark.parametrize("seed", range(3))
def test_random_edits_leave_what_a_full_check_finds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    quads = list(DATA)
    kept = standing(quads)
    assert found(kept) == found(standing(quads))
    broken = 0
    for _ in range(5):
        removed, added = edit(quads, chance)
        change(kept, removed, added)
        quads = sorted({*quads, *added} - set(removed))
        broken += len(kept.results)
        assert found(kept) == found(standing(quads)), (removed, added)
    assert broken


def test_a_class_below_another_makes_its_members_focus_nodes() -> None:
    below = ("<urn:x-test:Kiln>", SUBCLASS, "<https://w3id.org/vetgraph/def#SecondarySchool>", "<urn:x-test:graph>")
    kiln = ("<urn:x-test:kiln>", RDF_TYPE, "<urn:x-test:Kiln>", "<urn:x-test:graph>")
    kept = standing([*DATA, kiln])
    assert not kept.results
    change(kept, [], [below])
    assert kept.results
    assert found(kept) == found(standing([*DATA, kiln, below]))
    change(kept, [below], [])
    assert not kept.results


def test_no_constraint_of_ours_is_asked_of_everything_after_each_change() -> None:
    for constraint in SHAPES.constraints:
        assert algebra.of_constraint(constraint)
    for shape in SHAPES.targeted():
        reach.of_shape(SHAPES, shape)


def test_a_changed_part_asks_its_total_again() -> None:
    kept = standing(DATA)
    value = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"
    part = next(quad for quad in DATA if quad[1] == value and quad[0].endswith("xuchang-2025-students-city>"))
    changed = (part[0], part[1], '"1"^^<http://www.w3.org/2001/XMLSchema#decimal>', part[3])
    change(kept, [part], [changed])
    broken = {result.constraint for result in kept.results if result.constraint}
    assert "<https://w3id.org/vetgraph/shape/figure-all-parts>" in broken
    change(kept, [changed], [part])
    assert found(kept) == found(standing(DATA))

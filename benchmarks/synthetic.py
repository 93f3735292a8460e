"""Write a synthetic vocational graph of any size, in our ontology, as N-Quads.

The same size and seed give the same bytes. Like our stores, it holds every statement in the passage that states it and
once in the default graph; sizes count each statement once.

    python benchmarks/synthetic.py 1000000 -o graph.nq
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from vetgraph import names

if TYPE_CHECKING:
    from collections.abc import Iterator

FIELDS: Final = ("机电", "电子", "财经", "旅游", "汽修", "幼师", "农业", "医药", "建筑", "信息")
KINDS: Final = ("职业中等专业学校", "职业教育中心", "技工学校", "职业高中")
PLACES: Final = ("东", "西", "南", "北", "中", "新", "长", "永", "安", "平")
PER_SCHOOL: Final = 27
"""Statements for each school, its awards and its figures among them, nearly."""

_V = names.PREFIXES["vetg"]
_SKOS = names.PREFIXES["skos"]
_ORG = names.PREFIXES["org"]
_QB = names.PREFIXES["qb"]
_TYPE = f"<{names.PREFIXES['rdf']}type>"
_INTEGER = f"^^<{names.PREFIXES['xsd']}integer>"
_DECIMAL = f"^^<{names.PREFIXES['xsd']}decimal>"
_YEAR = f"^^<{names.PREFIXES['xsd']}gYear>"
_VALUE = "<http://purl.org/linked-data/sdmx/2009/measure#obsValue>"
_PERIOD = "<http://purl.org/linked-data/sdmx/2009/dimension#refPeriod>"


def thing(kind: str, number: int) -> str:
    """Return the IRI of a thing, as an N-Quads term."""
    return f"<{names.thing(kind, f'n{number}')}>"


def school_name(number: int) -> str:
    """Return the name of a school; each has its own."""
    place = PLACES[number % 10] + PLACES[number // 10 % 10]
    return f"{place}{FIELDS[number // 100 % 10]}{KINDS[number // 1000 % 4]}{number}"


def schools(statements: int) -> int:
    """Return how many schools a graph of a size has."""
    return max(20, statements // PER_SCHOOL)


def triples(statements: int, seed: int = 1) -> Iterator[tuple[str, str, str, str]]:
    """Return the statements, each with the graph that states it, as N-Quads terms.

    Args:
        statements: About how many.
        seed: Another seed gives another graph.

    Yields:
        Subject, predicate, object and graph.
    """
    draw = random.Random(seed)  # noqa: S311 - nothing is secret
    count = schools(statements)
    regions, groups, programmes, events = (max(5, count // each) for each in (40, 12, 60, 30))
    registry = f"<{names.REGISTRY}>"
    for number in range(regions):
        region = thing("region", number)
        yield region, _TYPE, f"<{_V}Region>", registry
        yield region, f"<{_SKOS}prefLabel>", f'"{PLACES[number % 10]}{number}区"@zh', registry
        if number:
            yield region, f"<{_SKOS}broader>", thing("region", (number - 1) // 8), registry
    for number in range(groups):
        yield thing("group", number), _TYPE, f"<{_V}EducationGroup>", registry
        yield thing("group", number), f"<{_SKOS}prefLabel>", f'"职教集团{number}"@zh', registry
    for number in range(programmes):
        yield thing("programme", number), f"<{_SKOS}prefLabel>", f'"{FIELDS[number % 10]}专业{number}"@zh', registry
    for number in range(count):
        passage = f"<{names.passage(f'synthetic-{number // 200}', f's{number % 20}')}>"
        yield from _school(draw, number, passage, registry, (regions, groups, programmes, events))


def _school(
    draw: random.Random, number: int, passage: str, registry: str, counts: tuple[int, int, int, int]
) -> Iterator[tuple[str, str, str, str]]:
    regions, groups, programmes, events = counts
    school = thing("school", number)
    yield school, _TYPE, f"<{_V}SecondarySchool>", registry
    yield school, _TYPE, f"<{_V}Institution>", registry
    yield school, f"<{_SKOS}prefLabel>", f'"{school_name(number)}"@zh', registry
    if number % 3 == 0:
        yield school, f"<{_SKOS}altLabel>", f'"市{school_name(number)}"@zh', passage
    owner = names.code("ownership", "private" if draw.random() < 0.3 else "public")  # noqa: PLR2004 - three of ten
    yield school, f"<{_V}ownership>", f"<{owner}>", passage
    yield school, f"<{_V}region>", thing("region", draw.randrange(regions)), passage
    yield school, f"<{_ORG}memberOf>", thing("group", draw.randrange(groups)), passage
    for _ in range(3):
        yield school, f"<{_V}offers>", thing("programme", draw.randrange(programmes)), passage
    for index in range(2):
        award = thing("award", 2 * number + index)
        yield award, _TYPE, f"<{_V}AwardResult>", passage
        yield award, f"<{_V}holder>", school, passage
        yield award, f"<{_V}event>", thing("event", draw.randrange(events)), passage
        yield award, f"<{_V}count>", f'"{draw.randrange(1, 9)}"{_INTEGER}', passage
    figure = thing("observation", number)
    yield figure, _TYPE, f"<{_QB}Observation>", passage
    yield figure, f"<{_V}about>", school, passage
    yield figure, f"<{_V}indicator>", f"<{names.code('indicator', 'students')}>", passage
    yield figure, _VALUE, f'"{draw.randrange(200, 9000)}"{_DECIMAL}', passage
    yield figure, _PERIOD, f'"{draw.randrange(2019, 2026)}"{_YEAR}', passage
    for _ in range(2):
        yield school, f"<{_ORG}linkedTo>", thing("school", draw.randrange(max(1, number))), passage


def write(out: IO[str], statements: int, seed: int = 1) -> int:
    """Write a graph as N-Quads.

    Args:
        out: Where to.
        statements: About how many statements.
        seed: Of the random numbers.

    Returns:
        The number of statements, each counted once.
    """
    count = 0
    for s, p, o, g in triples(statements, seed):
        out.write(f"{s} {p} {o} {g} .\n{s} {p} {o} .\n")
        count += 1
    return count


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("statements", type=int)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with asked.output.open("w", encoding="utf-8") as out:
        print(write(out, asked.statements, asked.seed), "statements")


if __name__ == "__main__":
    main()

import pytest

import samples
from vetgraph import names, queries
from vetgraph.errors import UsageError
from vetgraph.results import Solutions
from vetgraph.store import EmbeddedStore

HEAD = """# title.zh: 学校
# title.en: Schools
# description.zh: 说明
# description.en: About
# param: school thing:school "学校" | "School"
# param: year year "年份" | "Year" = 2025
# param: least integer "至少" | "At least" optional
SELECT ?school ?year ?least ?n { ?school vetg:count ?n }
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.of(samples.nquads())


def test_head() -> None:
    query = queries.parse("q", HEAD)
    assert query.title.get("zh") == "学校"
    assert query.description.get("en") == "About"
    assert [(p.name, p.type, p.default, p.optional) for p in query.params] == [
        ("school", "thing:school", None, False),
        ("year", "year", "2025", False),
        ("least", "integer", None, True),
    ]


def test_bad_head() -> None:
    with pytest.raises(UsageError, match="parameter line"):
        queries.parse("q", '# param: a colour "x" | "y"\nASK {}')
    with pytest.raises(UsageError, match="parameter line"):
        queries.parse("q", "# param: a string\nASK {}")


@pytest.mark.parametrize("given", ["a", "school/a", "甲学校", "甲校", names.thing("school", "a")])
def test_things_by_key_name_alias_and_iri(store: EmbeddedStore, given: str) -> None:
    found = queries.ask(store, queries.parse("q", HEAD), {"school": given})
    assert isinstance(found, Solutions)
    assert [dict(row) for row in found] == [{"school": names.thing("school", "a"), "year": 2025, "least": None, "n": 3}]


@pytest.mark.parametrize(
    ("values", "message", "fix"),
    [
        ({}, "needs the parameter school", "--param school="),
        ({"school": "没有"}, 'cannot be "没有"', "in the graph"),
        ({"school": "a", "yaer": "2025"}, "no parameter yaer", "did you mean year"),
        ({"school": "a", "year": "25"}, "year", "four digits"),
        ({"school": "a", "least": "x"}, "least", "whole number"),
    ],
)
def test_wrong_values(store: EmbeddedStore, values: dict[str, str], message: str, fix: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        queries.ask(store, queries.parse("q", HEAD), values)
    assert caught.value.fix is not None
    assert fix in caught.value.fix.en
    assert caught.value.exit_code == 2


def test_iri_parameters(store: EmbeddedStore) -> None:
    query = queries.parse("q", '# param: s iri "a" | "b"\nSELECT ?s ?n { ?s vetg:count ?n }')
    for given in ("id:school/a", names.thing("school", "a")):
        found = queries.ask(store, query, {"s": given})
        assert isinstance(found, Solutions)
        assert len(found) == 1
    with pytest.raises(UsageError, match="cannot be"):
        queries.ask(store, query, {"s": "nope:a"})


def test_unknown_query(store: EmbeddedStore) -> None:
    with pytest.raises(UsageError, match="no query named privat-schools") as caught:
        queries.run(store, "privat-schools")
    assert caught.value.fix is not None
    assert "private-schools" in caught.value.fix.en


@pytest.mark.parametrize("name", [*queries.catalogue()])
def test_every_named_query_has_titles_and_takes_its_parameters(store: EmbeddedStore, name: str) -> None:
    query = queries.get(name)
    assert query.title.zh != name
    assert query.title.en != name
    assert query.description.zh
    assert query.description.en
    given = {"integer": "1", "year": "2025", "iri": "id:school/a"}
    values = {p.name: given.get(p.type, "甲学校") for p in query.params if not p.type.startswith(("code:", "thing:"))}
    missing = [p for p in query.params if p.name not in values and p.default is None and not p.optional]
    if not missing:  # a substituted variable must be projected: the engine says so only when it runs
        queries.ask(store, query, values)


def test_iris_are_parted_so_that_a_query_can_hold_them() -> None:
    iris = [f"https://example.org/service/{number}" for number in range(100)]
    found = list(queries.parts(iris))
    assert [iri for part in found for iri in part] == iris
    assert max(len(part) for part in found) == 15
    assert list(queries.parts([])) == []
    assert [len(part) for part in queries.parts(["x:" + "a" * 20_000] * 5)] == [2, 2, 1]
    assert [len(part) for part in queries.parts(["x:" + "a" * 20_000] * 5, times=3)] == [1] * 5

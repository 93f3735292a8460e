"""What a client of the Reconciliation Service API asks: read from JSON, checked, and told what is wrong and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from vetgraph.errors import Text
from vetgraph.reconciliation import reading

_MOST_CONDITIONS: Final = 50
_MOST_VALUES: Final = 100
_QUERY_KEYS: Final = frozenset({"query", "type", "limit", "properties", "type_strict"})
_STRICT: Final = ("any", "should", "all")
_QUANTIFIERS: Final = ("any", "all", "none")


@dataclass(frozen=True)
class Value:
    """A value that a property is compared with.

    Attributes:
        text: Its text; of a thing its name.
        id: The identifier of a thing; empty for any other value.
    """

    text: str
    id: str = ""


@dataclass(frozen=True)
class Condition:
    """What a property of the thing should be.

    Attributes:
        property: Identifier of the property.
        values: The values asked for.
        required: Whether a thing that does not have it is no candidate.
        quantifier: ``any``, ``all`` or ``none`` of the values.
        place: Where it stands in the request.
    """

    property: str
    values: tuple[Value, ...]
    required: bool = False
    quantifier: str = "any"
    place: str = ""


@dataclass(frozen=True)
class Asked:
    """A reconciliation query.

    Attributes:
        name: The name that is looked for; empty where only properties are given.
        ids: Identifiers, one of which the thing must have.
        types: Identifiers of types.
        strict: ``any`` of the types, ``all`` of them, or ``should`` where they are only wished for.
        limit: Candidates wanted.
        conditions: Further evidence.
        place: Where it stands in the request.
    """

    name: str = ""
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    strict: str = "any"
    limit: int = reading.LIMIT
    conditions: tuple[Condition, ...] = ()
    place: str = ""


@dataclass(frozen=True)
class Wanted:
    """A property whose values are wanted, with its settings."""

    property: str
    settings: dict[str, Any]
    place: str = ""


@dataclass(frozen=True)
class Extension:
    """A data extension query: the values of some properties of some things."""

    ids: tuple[str, ...]
    properties: tuple[Wanted, ...]


def batch(found: Any) -> dict[str, Asked]:  # noqa: ANN401 - JSON
    """Read a query batch of the versions 0.1 and 0.2.

    Args:
        found: The JSON.

    Returns:
        Queries by their key.

    Raises:
        UsageError: It is none.
    """
    asked = reading.mapping(found, "queries")
    reading.check_size(len(asked), "queries")
    return {key: query(each, f"queries.{reading.short(key)}") for key, each in asked.items()}


def query(found: Any, place: str) -> Asked:  # noqa: ANN401 - JSON
    """Read a query of the versions 0.1 and 0.2.

    Args:
        found: The JSON.
        place: Where it stands.

    Returns:
        The query.

    Raises:
        UsageError: It is none.
    """
    asked = reading.mapping(found, place)
    unknown = [key for key in asked if key not in _QUERY_KEYS]
    if unknown:
        raise reading.wrong(
            f"{place}.{reading.short(unknown[0])}",
            Text("查询没有这一项", "a query has no such member"),
            Text(f"可用：{', '.join(sorted(_QUERY_KEYS))}", f"use {', '.join(sorted(_QUERY_KEYS))}"),
        )
    name = reading.string(asked.get("query", ""), f"{place}.query").strip()
    properties = reading.array(asked.get("properties", []), f"{place}.properties", _MOST_CONDITIONS)
    if not properties and "query" not in asked:
        raise reading.wrong(place, Text("应有 query 或 properties", "expected query or properties"))
    strict = asked.get("type_strict") or "any"
    return Asked(
        name=name,
        types=_types(asked.get("type"), f"{place}.type"),
        strict=reading.one_of(strict, _STRICT, f"{place}.type_strict"),
        limit=reading.limit(asked.get("limit"), f"{place}.limit"),
        conditions=tuple(_property(each, f"{place}.properties[{i}]") for i, each in enumerate(properties)),
        place=place,
    )


def conditions(found: Any) -> list[Asked]:  # noqa: ANN401 - JSON
    """Read a query batch of the 1.0 draft.

    Args:
        found: The JSON.

    Returns:
        Queries in their order.

    Raises:
        UsageError: It is none.
    """
    listed = reading.mapping(found, "body").get("queries")
    if not isinstance(listed, list):
        raise reading.wrong("queries", Text("应为数组", "expected an array"), Text("", ""))
    reading.check_size(len(listed), "queries")
    return [_draft(each, f"queries[{index}]") for index, each in enumerate(listed)]


def _draft(found: Any, place: str) -> Asked:  # noqa: ANN401 - JSON
    asked = reading.mapping(found, place)
    listed = reading.array(asked.get("conditions"), f"{place}.conditions", _MOST_CONDITIONS)
    if not listed:
        raise reading.wrong(f"{place}.conditions", Text("应至少有一个条件", "expected at least one condition"))
    name = ""
    ids: tuple[str, ...] = ()
    rest: list[Condition] = []
    for index, each in enumerate(listed):
        where = f"{place}.conditions[{index}]"
        condition = reading.mapping(each, where)
        kind = reading.one_of(condition.get("matchType"), ("name", "id", "property"), f"{where}.matchType")
        if condition.get("matchQualifier"):
            raise reading.wrong(
                f"{where}.matchQualifier",
                Text("此服务没有匹配方式可选", "this service offers no match qualifiers"),
                Text("去掉 matchQualifier", "leave matchQualifier out"),
            )
        values = _values(condition.get("propertyValue"), f"{where}.propertyValue")
        if kind == "name":
            name = " ".join(value.text for value in values)
        elif kind == "id":
            ids = tuple(value.id or value.text for value in values)
        else:
            rest.append(_condition(condition, values, where))
    wanted = asked.get("type")
    return Asked(
        name=name.strip(),
        ids=ids,
        types=(reading.string(wanted, f"{place}.type"),) if wanted else (),
        limit=reading.limit(asked.get("limit"), f"{place}.limit"),
        conditions=tuple(rest),
        place=place,
    )


def _condition(found: dict[str, Any], values: tuple[Value, ...], place: str) -> Condition:
    required = found.get("required") or False
    if not isinstance(required, bool):
        raise reading.wrong(f"{place}.required", Text("应为 true 或 false", "expected true or false"))
    return Condition(
        reading.string(found.get("propertyId"), f"{place}.propertyId"),
        values,
        required,
        reading.one_of(found.get("matchQuantifier") or "any", _QUANTIFIERS, f"{place}.matchQuantifier"),
        f"{place}.propertyId",
    )


def extension(found: Any) -> Extension:  # noqa: ANN401 - JSON
    """Read a data extension query.

    Args:
        found: The JSON.

    Returns:
        The query.

    Raises:
        UsageError: It is none.
    """
    asked = reading.mapping(found, "extend")
    ids = asked.get("ids")
    if not isinstance(ids, list):
        raise reading.wrong("extend.ids", Text("应为标识符的数组", "expected an array of identifiers"))
    reading.check_size(len(ids), "extend.ids")
    wanted = []
    for index, each in enumerate(reading.array(asked.get("properties"), "extend.properties", _MOST_CONDITIONS)):
        place = f"extend.properties[{index}]"
        prop = reading.mapping(each, place)
        settings = reading.mapping(prop.get("settings") or {}, f"{place}.settings")
        wanted.append(Wanted(reading.string(prop.get("id"), f"{place}.id"), settings, place))
    return Extension(tuple(reading.string(each, f"extend.ids[{i}]") for i, each in enumerate(ids)), tuple(wanted))


def _property(found: Any, place: str) -> Condition:  # noqa: ANN401 - JSON
    asked = reading.mapping(found, place)
    pid = asked.get("pid", asked.get("p"))
    if "v" not in asked:
        raise reading.wrong(f"{place}.v", Text("缺少值", "there is no value"))
    return Condition(reading.string(pid, f"{place}.pid"), _values(asked["v"], f"{place}.v"), place=f"{place}.pid")


def _values(found: Any, place: str) -> tuple[Value, ...]:  # noqa: ANN401 - JSON
    listed = reading.array(found, place, _MOST_VALUES) if isinstance(found, list) else [found]
    return tuple(_value(each, place) for each in listed if each not in (None, ""))


def _value(found: Any, place: str) -> Value:  # noqa: ANN401 - JSON
    if isinstance(found, str):
        return Value(found.strip())
    if isinstance(found, bool):
        return Value("true" if found else "false")
    if isinstance(found, float) and found.is_integer():
        return Value(str(int(found)))
    if isinstance(found, (int, float)):
        return Value(str(found))
    if isinstance(found, dict) and isinstance(found.get("id"), str):
        name = found.get("name")
        return Value(name.strip() if isinstance(name, str) else found["id"], found["id"])
    raise reading.wrong(
        place,
        Text(
            "应为文字、数、true/false、{id, name}，或它们的数组",
            "expected text, a number, true or false, {id, name}, or an array of these",
        ),
    )


def _types(found: Any, place: str) -> tuple[str, ...]:  # noqa: ANN401 - JSON
    if found is None or found == "":
        return ()
    listed = reading.array(found, place, _MOST_VALUES) if isinstance(found, list) else [found]
    ids = (each.get("id") if isinstance(each, dict) else each for each in listed)
    return tuple(dict.fromkeys(reading.string(each, place) for each in ids if each != ""))

"""The texts of cells against the datatypes of their columns, and their canonical form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vetgraph import csvw, lexical


def number(base: str) -> csvw.Datatype:
    return csvw.Datatype(base, csvw.DATATYPES[base])


@pytest.mark.parametrize(
    ("base", "good", "bad"),
    [
        ("string", ["", "x"], []),
        ("integer", ["0", "-12", "+3"], ["1.0", "x", "", "1e3", "１２"]),
        ("nonNegativeInteger", ["0", "12"], ["-1", "1.5"]),
        ("positiveInteger", ["1", "007"], ["0", "-1"]),
        ("decimal", ["1", "-0.5", ".5", "3."], ["1,5", "1e3", "NaN", "9 313"]),
        ("number", ["1", "1e3"], ["x"]),
        ("boolean", ["true", "false", "0", "1"], ["yes", "TRUE"]),
        ("date", ["2024-02-29"], ["2025-02-29", "2025-13-01", "2025/12/25", "20251225", "2025-1-2"]),
        ("gYear", ["2025"], ["25", "2025年", "20255"]),
        ("gYearMonth", ["2025-12"], ["2025-13", "2025-1", "2025"]),
        ("anyURI", ["https://example.org/学校"], ["example", "a b"]),
    ],
)
def test_lexical_forms(base: str, good: list[str], bad: list[str]) -> None:
    for text in good:
        assert lexical.expected(text, number(base)) is None, text
    for text in bad:
        assert lexical.expected(text, number(base)) is not None, text


@pytest.mark.parametrize(
    ("datatype", "text", "message"),
    [
        (csvw.Datatype(format="[a-z]+"), "a1", "a text of the form [a-z]+"),
        (csvw.Datatype("integer", minimum=1), "0", "a number not below 1"),
        (csvw.Datatype("decimal", maximum=2.5), "2.6", "a number not above 2.5"),
        (csvw.Datatype(min_length=2), "a", "at least 2 characters"),
        (csvw.Datatype(max_length=2), "abc", "at most 2 characters"),
    ],
)
def test_limits(datatype: csvw.Datatype, text: str, message: str) -> None:
    found = lexical.expected(text, datatype)
    assert found is not None
    assert found.en == message
    assert found.zh


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_the_canonical_number_is_the_same_number(value: Decimal) -> None:
    text = format(value, "f")
    same = lexical.canonical(text, number("decimal"))
    assert Decimal(same) == value
    assert lexical.canonical(f"+0{text}" if not text.startswith("-") else text, number("decimal")) == same


@pytest.mark.parametrize(
    ("base", "text", "same"),
    [
        ("decimal", "+007.50", "7.5"),
        ("decimal", "3.", "3"),
        ("decimal", ".5", "0.5"),
        ("decimal", "-0.00", "0"),
        ("decimal", "-10", "-10"),
        ("integer", "+0120", "120"),
        ("positiveInteger", "007", "7"),
        ("boolean", "1", "true"),
        ("boolean", "0", "false"),
        ("string", "007", "007"),
        ("gYear", "0800", "0800"),
        ("number", "1e3", "1e3"),
    ],
)
def test_canonical_forms(base: str, text: str, same: str) -> None:
    assert lexical.canonical(text, number(base)) == same
    assert lexical.canonical(same, number(base)) == same


def test_every_datatype_has_what_to_expect_in_both_languages() -> None:
    for base in csvw.DATATYPES:
        found = lexical.expected("\t<>", number(base))
        assert base == "string" or (found is not None and found.zh and found.en), base

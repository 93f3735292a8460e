"""Charts: the numbers that are drawn, the pictures as documents, and what they say to who cannot see."""

from __future__ import annotations

import runpy
import shutil
import struct
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from vetgraph import charts, lettering
from vetgraph.charts import frame
from vetgraph.errors import UsageError

ROOT = Path(__file__).parent.parent
ROWS = [("甲校", "一等奖", 2.0), ("甲校", "二等奖", 1.0), ("乙校 <&>\x07", "一等奖", 1.0), ("甲校", "一等奖", 3.0)]
SVG = "{http://www.w3.org/2000/svg}"


def test_rows_become_series_and_what_meets_is_added() -> None:
    made = charts.chart("奖", ROWS)
    assert made.table() == [["", "一等奖", "二等奖"], ["甲校", 5.0, 1.0], ["乙校 <&>\x07", 1.0, None]]


@pytest.mark.parametrize("kind", ["bars", "stacked", "targets", "lines"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_kind_says_its_numbers_and_its_source(kind: str, lang: str) -> None:
    made = charts.chart("奖", ROWS, kind=kind, unit="项", source="某报告", note="注", lang=lang, key="k")
    root = ET.fromstring(charts.svg(made))  # noqa: S314 - our own document
    said = ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]
    assert "来源：某报告" in said or "Source: 某报告" in said
    assert "注" in said
    assert any("一等奖" in text for text in said)
    assert any("甲校" in text for text in said)
    assert root.get("aria-labelledby") == "k-title k-told"
    told = root.find(f"{SVG}desc")
    assert told is not None
    assert "甲校 一等奖 5" in str(told.text)
    assert not [e for e in root.iter() if e.get("style") or e.tag == f"{SVG}script"]


def test_bars_are_as_long_as_their_numbers() -> None:
    root = ET.fromstring(charts.svg(charts.chart("n", [("a", "", 10.0), ("b", "", 5.0)])))  # noqa: S314
    wide = [float(e.get("width", "")) for e in root.iter(f"{SVG}rect") if e.get("class") == "c-0"]
    assert wide[0] == pytest.approx(2 * wide[1])


@pytest.mark.parametrize(("most", "last"), [(0, 1), (1, 1), (3, 3), (9, 10), (36672, 40000), (0.4, 0.4)])
def test_ticks_are_round_and_reach_the_largest(most: float, last: float) -> None:
    found = frame.ticks(most, whole=most >= 1)
    assert found[0] == 0
    assert found[-1] == pytest.approx(last)


def test_a_line_has_a_gap_where_a_year_is_missing() -> None:
    rows = [("2023", "甲", 1.0), ("2025", "甲", 2.0), ("2024", "乙", 1.0), ("2025", "乙", 3.0)]
    root = ET.fromstring(charts.svg(charts.chart("n", rows, kind="lines")))  # noqa: S314
    first, second = [path.get("d", "") for path in root.iter(f"{SVG}path")]
    assert (first.count("M"), first.count("L")) == (2, 0)
    assert (second.count("M"), second.count("L")) == (1, 1)


def test_a_picture_of_many_says_what_it_leaves_out() -> None:
    made = charts.chart("n", [(f"c{number}", "", 1.0) for number in range(charts.MOST + 3)])
    assert f"共 {charts.MOST + 3} 项" in charts.svg(made)


def test_nothing_can_be_drawn_too() -> None:
    for kind in ("bars", "stacked", "lines", "targets"):
        assert "<svg" in charts.svg(charts.chart("n", [], kind=kind))
    with pytest.raises(UsageError, match="pie"):
        charts.svg(charts.chart("n", [], kind="pie"))


def test_a_picture_of_pixels_has_chinese_letters() -> None:
    drawn = charts.png(charts.chart("许昌", [("甲", "", 1.0)]))
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", drawn[16:20])[0] == 2 * frame.WIDTH
    other = charts.png(charts.chart("洛阳", [("甲", "", 1.0)]))
    assert drawn != other  # letters that the font has not would both be boxes
    (part,) = lettering.subset(frozenset("许昌"))
    assert len(part) < 10_000


def test_a_font_that_the_build_has_not_unpacked_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = runpy.run_path(str(ROOT / "hatch_build.py"))
    vendor = ROOT / "src" / "vetgraph" / "web" / "static" / "vendor"
    shutil.copy(vendor / "noto-sans-sc-latin.woff2", tmp_path)
    monkeypatch.setattr(lettering, "_FOLDER", tmp_path)
    late = lettering._font("noto-sans-sc-latin")  # noqa: SLF001 - one part: the Chinese one takes seconds
    build["unpack"](tmp_path / "noto-sans-sc-latin.woff2", tmp_path / "noto-sans-sc-latin.ttf")
    (tmp_path / "noto-sans-sc-latin.woff2").unlink()
    assert lettering._font("noto-sans-sc-latin") == late  # noqa: SLF001
    assert late[:4] == b"\0\1\0\0"  # TrueType
    with pytest.raises(UsageError, match="noto-sans-sc "):
        lettering._font("noto-sans-sc")  # noqa: SLF001

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from vetgraph import sssom
from vetgraph.build import build
from vetgraph.errors import DataError, UsageError
from vetgraph.linking import listing, task
from vetgraph.linking.listing import Columns
from vetgraph.linking.mappings import Decisions
from vetgraph.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vetgraph.linking.task import Linked
    from vetgraph.store import Store

DATA = Path(__file__).parent.parent / "data"
LIST = """河南省中职学校名单,,
序号,学校名称,所在地
1,禹州市中等專業學校,禹州市
2,许昌县职业中专,
3,"长葛市
立兴职业高中",许昌市
4,长葛市职业技术教育中心,长葛市
5,许昌科计学校,
6,,
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lists") / "store"
    build(DATA, made, validate=False)
    return made


@pytest.fixture(scope="module")
def store(path: Path) -> Iterator[Store]:
    opened = open_store(path)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "list.csv"
    made.write_text(LIST, encoding="utf-8")
    return made


def linked(file: Path, store: Store, **options: Any) -> Linked:  # noqa: ANN401 - options of the task
    return task.link_list(str(file), Columns("学校名称", region="所在地"), store=store, **options)


def decisions(found: Linked) -> list[str]:
    return [link.decision for link in found.links]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_list_is_read_in_every_encoding_below_its_title(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "名单.csv"
    file.write_text(LIST, encoding=encoding)
    if encoding == "utf-16":
        with pytest.raises(DataError):
            listing.read(str(file), Columns("学校名称"), "institution")
        return
    found = listing.read(str(file), Columns(" 学校 名称"), "institution")
    assert found.rows == (3, 4, 5, 6, 7, 8)
    assert found.entries[0].label == "禹州市中等專業學校"
    assert found.key.startswith("list-")


def test_workbook_is_read_by_the_sheet_that_has_the_column(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["notes"])  # type: ignore[union-attr]
    sheet = book.create_sheet("名单")
    for row in (["名单"], ["学校名称", "代码"], ["开封大学", 4141011069]):
        sheet.append(row)
    sheet.merge_cells("A1:B1")
    book.save(tmp_path / "book.xlsx")
    found = listing.read(str(tmp_path / "book.xlsx"), Columns("学校名称", codes=("代码",)), "institution")
    assert [(entry.label, entry.codes) for entry in found.entries] == [("开封大学", ("4141011069",))]
    assert found.rows == (3,)
    with pytest.raises(DataError) as caught:
        listing.read(f"{tmp_path / 'book.xlsx'}#nix", Columns("学校名称"), "institution")
    assert "名单" in caught.value.problems[0].fix.en


def test_missing_column_is_told_with_those_that_are_there(file: Path) -> None:
    with pytest.raises(DataError) as caught:
        listing.read(str(file), Columns("校名"), "institution")
    problem = caught.value.problems[0]
    assert (problem.row, problem.column) == (1, "校名")
    assert "学校名称" in problem.fix.zh


def test_a_column_that_looks_alike_does_not_hide_the_others(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("number,school\n1,甲学校\n", encoding="utf-8")
    with pytest.raises(DataError) as told:
        listing.read(str(path), Columns("name"), "institution")
    assert told.value.problems[0].fix.en == "use one of number, school"


def test_no_list_is_told(store: Store) -> None:
    with pytest.raises(UsageError):
        listing.read("nothing-here", Columns("name"), "institution", store)


def test_list_of_the_graph_is_read_by_its_key(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = listing.read("moe-colleges-2017-henan", Columns("name", region="city"), "institution", store)
    assert len(found.entries) == 134
    assert found.entries[0].region


def test_subjects_of_our_lists_are_their_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA.parent)
    schools = listing.read("henan-quality-schools-2025", Columns("school"), "institution")
    programmes = listing.read("henan-quality-schools-2025", Columns("programme"), "programme")
    assert schools.entries[0].id.endswith("entry/henan-quality-schools-2025.1")
    assert programmes.entries[0].id.endswith("entry/henan-quality-schools-2025.1-1")


def test_links_of_a_list(file: Path, store: Store) -> None:
    assert decisions(linked(file, store)) == ["match", "match", "match", "none", "review", "none"]


def test_subjects_survive_another_order(file: Path, store: Store) -> None:
    before = {link.source.label: link.source.id for link in linked(file, store).links}
    head, *rows = LIST.split("\n序号,学校名称,所在地\n")
    lines = rows[0].replace('"长葛市\n立兴职业高中"', "长葛市立兴职业高中").splitlines()
    file.write_text("\n".join([head, "序号,学校名称,所在地", *reversed(lines)]), encoding="utf-8")
    after = {link.source.label: link.source.id for link in linked(file, store).links}
    assert after["许昌科计学校"] == before["许昌科计学校"]
    assert after["长葛市立兴职业高中"] == before["长葛市\n立兴职业高中"]


def test_sssom_is_valid_for_the_reference_tool(file: Path, store: Store, tmp_path: Path) -> None:
    out = tmp_path / "links.sssom.tsv"
    out.write_bytes(linked(file, store).sssom())
    # A process of its own: the tool sets options of pandas that warn.
    code = "import sys; from sssom.parsers import parse_sssom_table as read; from sssom.validators import validate\n"
    code += "found = read(sys.argv[1]); validate(found); print(len(found.df))"
    checked = subprocess.run([sys.executable, "-c", code, str(out)], capture_output=True, text=True, check=False)
    assert checked.stdout.split()[-1:] == ["5"], checked.stderr
    assert "not well-formed" not in checked.stderr
    mappings = sssom.read(out, [])
    assert mappings is not None
    assert len(mappings.rows) == 5
    assert {row.get("mapping_justification") for row in mappings.rows} <= {
        "semapv:LexicalMatching",
        "semapv:CompositeMatching",
    }
    assert "school:yuzhou-zhongzhuan" in {row.get("object_id") for row in mappings.rows}
    assert any(row.empty for row in mappings.rows)


def manual(found: Linked, out: Path, subject: str, **values: str) -> None:
    """Decide on the rows of a subject as a person would, by hand."""
    out.write_bytes(found.sssom())
    mappings = sssom.read(out, [])
    assert mappings is not None
    changed = [
        sssom.Row(0, {**row.values, "mapping_justification": sssom.MANUAL, "author_label": "李老师", **values})
        if row.get("subject_label") == subject
        else row
        for row in mappings.rows
    ]
    out.write_bytes(mappings.with_rows(changed).tsv())


def test_accepted_and_rejected_pairs_survive_linking_again(file: Path, store: Store, tmp_path: Path) -> None:
    out = tmp_path / "links.sssom.tsv"
    manual(linked(file, store), out, "许昌科计学校", comment="电话确认", confidence="1.0")
    again = linked(file, store, decided=[out])
    assert decisions(again)[4] == "match"
    manual(again, out, "禹州市中等專業學校", predicate_modifier="Not")
    third = linked(file, store, decided=[out])
    assert decisions(third)[0] == "none"
    mappings = sssom.parse("again", third.sssom().decode(), [])
    assert mappings is not None
    kept = {row.get("subject_label"): row for row in mappings.rows if row.get("author_label")}
    assert kept["许昌科计学校"].get("comment") == "电话确认"
    assert kept["禹州市中等專業學校"].negative
    assert sum(row.get("subject_label") == "许昌科计学校" for row in mappings.rows) == 1


def test_reviewed_links_of_the_data_folder_are_known(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DATA.parent)
    found = task.link_list("henan-quality-schools-2025", Columns("programme"), store=store, kind="programme")
    assert set(decisions(found)) == {"match"}
    assert found.links[0].candidates[0].evidence[0].key == "review"


def test_file_that_cannot_be_read_is_not_written_over(file: Path, path: Path, tmp_path: Path) -> None:
    out = tmp_path / "links.sssom.tsv"
    out.write_text("no mappings\n", encoding="utf-8")
    ran = vetgraph("link", str(file), "--column", "学校名称", "-o", str(out), "--store", str(path))
    assert ran.returncode == 1
    assert "links.sssom.tsv" in ran.stderr
    assert out.read_text(encoding="utf-8") == "no mappings\n"


def vetgraph(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "vetgraph", *words], capture_output=True, text=True, check=False)


def test_command_prints_one_object_a_row(file: Path, path: Path) -> None:
    ran = vetgraph("link", str(file), "--column", "学校名称", "--format", "json", "--store", str(path))
    assert ran.returncode == 0, ran.stderr
    objects = json.loads(ran.stdout)
    assert [one["row"] for one in objects] == [3, 4, 5, 6, 7, 8]
    assert set(objects[0]) == {"row", "name", "decision", "target", "target_name", "confidence", "evidence"}
    assert objects[0]["target"].endswith("school/yuzhou-zhongzhuan")
    assert objects[3]["target"] is None
    assert "3 matched, 1 to review, 2 none" in ran.stderr


def test_two_files_need_no_store(file: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.write_text("name,code\n许昌科技学校,1\n禹州市中等专业学校,2\n", encoding="utf-8")
    ran = vetgraph(
        *("link", str(file), "--column", "学校名称", "--to", str(there), "--to-column", "name", "--to-id", "code"),
        *("--format", "csv", "--store", str(tmp_path / "none")),
    )
    assert ran.returncode == 0, ran.stderr
    first = next(csv.DictReader(io.StringIO(ran.stdout)))
    assert first["target"].endswith("entry/there.2")


def test_conflicts_of_codes_are_reported(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text(
        "name,code\n许昌陶瓷职业学院,4141014301\n许昌陶瓷职业学院,4141014399\n开封大学,4141014301\n", encoding="utf-8"
    )
    found = task.link_list(str(file), Columns("name", codes=("code",)), store=store)
    assert all(link.notes for link in found.links)
    assert "two codes" in found.links[1].notes[-1].en
    assert [link.decision for link in found.links[1:]] == ["review", "review"]


def test_decisions_of_nothing() -> None:
    assert Decisions().applied([]) == []


def test_decision_made_meanwhile_is_kept(file: Path, store: Store, tmp_path: Path) -> None:
    out = tmp_path / "links.sssom.tsv"
    found = linked(file, store, decided=[out])
    manual(found, out, "许昌科计学校", confidence="1.0")
    found.save(out)
    mappings = sssom.read(out, [])
    assert mappings is not None
    rows = [row for row in mappings.rows if row.get("subject_label") == "许昌科计学校"]
    assert [row.reviewed for row in rows] == [True]

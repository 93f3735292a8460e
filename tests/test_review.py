"""Decisions on mappings: written at once, never lost, never overwritten, taken back."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
from typing import TYPE_CHECKING

import pytest

from vetgraph import names, review, sssom
from vetgraph.errors import ConflictError, DataError, MissingError, StoreError, UsageError
from vetgraph.review import Decision

if TYPE_CHECKING:
    from pathlib import Path

HEAD = (
    "#mapping_set_id: https://w3id.org/vetgraph/graph/link/some-list\n"
    "#license: https://creativecommons.org/licenses/by/4.0/\n"
    "#curie_map:\n"
    "#  entry: https://w3id.org/vetgraph/id/entry/\n"
    "#  school: https://w3id.org/vetgraph/id/school/\n"
    "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification\tconfidence\tmapping_date"
    "\tcomment\n"
)
ROWS = (
    "entry:some-list.1\t许昌科技学校\tskos:exactMatch\tschool:xuchang-keji\t许昌科技学校\tsemapv:LexicalMatching\t0.97"
    "\t2025-01-01\t+ same place\n"
    "entry:some-list.2\t新县高中\tskos:exactMatch\tschool:xinan-zhigao\t新安县职业高级中学\tsemapv:LexicalMatching"
    "\t0.31\t2025-01-01\t\n"
    "entry:some-list.2\t新县高中\tskos:exactMatch\tschool:xinxian-zhigao\t新县职业高级中学\tsemapv:LexicalMatching"
    "\t0.62\t2025-01-01\t\n"
    "entry:some-list.3\t某学院\tskos:exactMatch\tsssom:NoTermFound\t\tsemapv:LexicalMatching\t\t2025-01-01\t\n"
)
ACCEPT, REJECT = Decision("accept", "张三"), Decision("reject", "张三")
KEJI = names.thing("college", "luohe-shipin")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "links" / "some-list.sssom.tsv"
    made.parent.mkdir()
    made.write_text(HEAD + ROWS, encoding="utf-8")
    return made


def left(file: Path) -> list[str]:
    return [row.get("object_id") for row in review.pending(review.read(file))]


def row(file: Path, target: str) -> sssom.Row:
    return next(row for row in review.read(file).rows if row.get("object_id") == target)


def test_what_is_pending_goes_by_subject_and_confidence(file: Path) -> None:
    assert left(file) == ["school:xuchang-keji", "school:xinxian-zhigao", "school:xinan-zhigao"]
    assert len(review.pending(review.read(file), nothing=True)) == 4


def test_an_accepted_pair_is_by_hand(file: Path) -> None:
    review.decide(file, row(file, "school:xuchang-keji").token, ACCEPT)
    found = row(file, "school:xuchang-keji")
    assert found.accepted
    assert found.get("mapping_justification") == "semapv:ManualMappingCuration"
    assert (found.get("author_label"), found.get("confidence"), found.get("similarity_score")) == (
        "张三",
        "1.0",
        "0.97",
    )
    assert found.get("mapping_date") == time.strftime("%Y-%m-%d", time.gmtime())
    assert left(file) == ["school:xinxian-zhigao", "school:xinan-zhigao"]


def test_a_rejected_pair_says_not(file: Path) -> None:
    review.decide(file, row(file, "school:xinan-zhigao").token, REJECT)
    found = row(file, "school:xinan-zhigao")
    assert found.reviewed
    assert found.get("predicate_modifier") == "Not"
    assert left(file) == ["school:xuchang-keji", "school:xinxian-zhigao"]


def test_another_thing_is_accepted_beside_the_rejected_one(file: Path) -> None:
    review.decide(file, row(file, "school:xinan-zhigao").token, Decision("other", "张三", KEJI, "漯河食品工程职业大学"))
    assert row(file, "school:xinan-zhigao").negative
    found = row(file, "college:luohe-shipin")
    assert found.accepted
    assert found.get("object_label") == "漯河食品工程职业大学"
    assert review.read(file).expand("college:luohe-shipin") == KEJI
    assert left(file) == ["school:xuchang-keji"]


def test_a_thing_is_named_where_none_was_found(file: Path) -> None:
    review.decide(file, row(file, sssom.NO_TERM).token, Decision("other", "张三", KEJI, "漯河食品工程职业大学"))
    assert sssom.NO_TERM not in [row.get("object_id") for row in review.read(file).rows]
    assert row(file, "college:luohe-shipin").accepted


@pytest.mark.parametrize("verdict", ["accept", "reject", "other"])
def test_every_decision_can_be_taken_back(file: Path, verdict: review.Verdict) -> None:
    before = review.read(file)
    for token in [one.token for one in before.rows if not one.empty or verdict == "other"]:
        change = review.decide(file, token, Decision(verdict, "张三", KEJI if verdict == "other" else "", "某"))
        review.undo(file, change)
        assert [one.token for one in review.read(file).rows] == [one.token for one in before.rows]


def test_what_somebody_else_decided_is_not_overwritten(file: Path) -> None:
    token = row(file, "school:xuchang-keji").token
    change = review.decide(file, token, REJECT)
    before = file.read_bytes()
    with pytest.raises(ConflictError, match="has been changed"):
        review.decide(file, token, ACCEPT)
    assert file.read_bytes() == before
    review.undo(file, change)
    with pytest.raises(ConflictError, match="has been changed"):
        review.undo(file, change)


def test_one_entry_is_not_accepted_as_two_things(file: Path) -> None:
    review.decide(file, row(file, "school:xinxian-zhigao").token, ACCEPT)
    with pytest.raises(ConflictError, match="accepted as"):
        review.decide(file, row(file, "school:xinan-zhigao").token, ACCEPT)


def test_many_reviewers_lose_nothing(file: Path) -> None:
    lines = [
        f"entry:some-list.{number}\t校{number}\tskos:exactMatch\tschool:s{number}\t校{number}"
        "\tsemapv:LexicalMatching\t0.9\t2025-01-01\t\n"
        for number in range(40)
    ]
    file.write_text(HEAD + "".join(lines), encoding="utf-8")
    tokens = [one.token for one in review.read(file).rows]
    conflicts: list[str] = []

    def work(author: str) -> None:
        for token in tokens:
            try:
                review.decide(file, token, Decision("accept", author))
            except ConflictError:
                conflicts.append(author)

    workers = [threading.Thread(target=work, args=(author,)) for author in "甲乙丙"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    rows = review.read(file).rows
    assert len(rows) == 40
    assert all(one.accepted for one in rows)
    assert len(conflicts) == 80
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (Decision("accept", " "), "not told who decides"),
        (Decision("accept", "a\tb"), "tab or a line break"),
        (Decision("other", "张三"), "no thing of the graph"),
        (Decision("other", "张三", "https://example.org/x"), "no thing of the graph"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(file: Path, decision: Decision, message: str) -> None:
    before = file.read_bytes()
    with pytest.raises(UsageError, match=message):
        review.decide(file, row(file, "school:xuchang-keji").token, decision)
    assert file.read_bytes() == before


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(MissingError):
        review.read(tmp_path / "none.sssom.tsv")
    (tmp_path / "bad.sssom.tsv").write_text("a\tb\n", encoding="utf-8")
    with pytest.raises(DataError):
        review.read(tmp_path / "bad.sssom.tsv")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_told(file: Path) -> None:
    file.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError):
            review.decide(file, row(file, "school:xuchang-keji").token, ACCEPT)
    finally:
        file.parent.chmod(0o700)


def test_a_decided_file_is_valid_sssom(file: Path) -> None:
    review.decide(file, row(file, "school:xuchang-keji").token, ACCEPT)
    review.decide(file, row(file, "school:xinan-zhigao").token, Decision("other", "张三", KEJI, "漯河食品工程职业大学"))
    script = (
        "import sys; from sssom.parsers import parse_sssom_table; from sssom.validators import validate\n"
        "validate(parse_sssom_table(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", script, str(file)], check=True, timeout=120)


def reviewing(file: Path, typed: str, *more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vetgraph", "review", str(file), "--author", "张三", "--lang", "en", *more],
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_terminal_takes_keys_from_a_pipe(file: Path) -> None:
    done = reviewing(file, "a\ns\nr\n")
    assert done.returncode == 0, done.stderr
    assert row(file, "school:xuchang-keji").accepted
    assert not row(file, "school:xinxian-zhigao").reviewed
    assert row(file, "school:xinan-zhigao").negative
    assert "许昌科技学校" in done.stdout
    assert "+ same place" in done.stdout
    assert "1 accepted, 1 rejected, 1 skipped" in done.stderr


def test_the_terminal_takes_back(file: Path) -> None:
    before = [one.token for one in review.read(file).rows]
    done = reviewing(file, "a\nr\nu\nu\nq\n")
    assert done.returncode == 0, done.stderr
    assert [one.token for one in review.read(file).rows] == before


def test_the_terminal_takes_another_thing_by_its_key(file: Path) -> None:
    done = reviewing(file, "o\ncollege/luohe-shipin\nq\n", "--store", str(file.parent / "none"))
    assert done.returncode == 0, done.stderr
    assert row(file, "college:luohe-shipin").accepted


def test_the_terminal_asks_by_single_keys(file: Path) -> None:
    """In a terminal a key needs no return."""
    parent, child = pty.openpty()
    command = [sys.executable, "-m", "vetgraph", "review", str(file), "--author", "张三", "--lang", "en"]
    process = subprocess.Popen(command, stdin=child, stdout=child, stderr=child, close_fds=True)
    try:
        for pairs, key in ((1, b"a"), (1, b"q")):
            assert shown(parent, pairs)
            assert listening(child)
            os.write(parent, key)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
        os.close(parent)
        os.close(child)
    assert row(file, "school:xuchang-keji").accepted
    assert left(file) == ["school:xinxian-zhigao", "school:xinan-zhigao"]


def shown(terminal: int, wanted: int) -> bool:
    """Read what a terminal shows until so many more pairs have been shown."""
    seen = b""
    deadline = time.monotonic() + 60
    while seen.count(b"[q]") < wanted and time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            seen += os.read(terminal, 4096)
    return seen.count(b"[q]") == wanted


def listening(terminal: int) -> bool:
    """Wait until the program reads keys: what is typed before that is thrown away."""
    deadline = time.monotonic() + 60
    while termios.tcgetattr(terminal)[3] & termios.ICANON:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_without_a_name_nothing_begins(file: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vetgraph", "review", str(file)],
        input="a\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "--author" in done.stderr

"""Reviewed mappings: what becomes a link, what does not, and what is wrong with a file of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vetgraph import names, sssom, tables
from vetgraph.build import build_graph
from vetgraph.results import Solutions
from vetgraph.validate import validate

if TYPE_CHECKING:
    from vetgraph.errors import Problem
    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parent.parent
KEY = "moe-colleges-2017-henan"
FILE = f"links/{KEY}.sssom.tsv"
SHIPPED = sorted((ROOT / "data" / "links").glob(f"*{sssom.SUFFIX}"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    for name in ("registry", "tables"):
        shutil.copytree(ROOT / "data" / name, folder / name)
    for name in ("lists", "links"):
        (folder / name).mkdir()
    for name in (f"lists/{KEY}.csv", f"lists/{KEY}.json", FILE):
        shutil.copy(ROOT / "data" / name, folder / name)
    return folder


def edit(data: Path, old: str, new: str) -> None:
    text = (data / FILE).read_text(encoding="utf-8")
    assert old in text
    (data / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")


def linked(graph: VetGraph) -> dict[str, str]:
    found = graph.query(
        "SELECT ?name ?code { GRAPH ?link { ?entry skos:exactMatch ?college } ?college skos:prefLabel ?name . "
        "?entry skos:notation ?code }"
    )
    assert isinstance(found, Solutions)
    return {str(row["name"]): str(row["code"]) for row in found}


def test_the_three_colleges_carry_the_ministrys_codes() -> None:
    codes = linked(build_graph(ROOT / "data", validate=False))
    assert codes["许昌职业技术学院"] == "4141012067"
    assert codes["许昌电气职业学院"] == "4141014350"
    assert codes["许昌陶瓷职业学院"] == "4141014301"


def test_the_row_behind_a_link_can_be_asked_for(data: Path) -> None:
    found = build_graph(data).query(
        "SELECT ?who ?when ?why ?sure { GRAPH ?g { ?row owl:annotatedSource ?entry ; owl:annotatedTarget ?college ; "
        "owl:annotatedProperty skos:exactMatch ; sssom:author_label ?who ; sssom:mapping_date ?when ; "
        "sssom:mapping_justification ?why ; sssom:confidence ?sure . ?entry skos:exactMatch ?college } "
        f"FILTER(?college = <{names.thing('college', 'xuchang-zhiye')}>) }}"
    )
    assert isinstance(found, Solutions)
    ((who, when, why, sure),) = ([str(row[n]) for n in ("who", "when", "why", "sure")] for row in found)
    assert (who, why, sure) == ("vetgraph contributors", names.expand(sssom.MANUAL), "1")
    assert when.startswith("20")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("semapv:ManualMappingCuration", "semapv:LexicalMatching"),
        ("college:kaifeng-daxue", "sssom:NoTermFound"),
    ],
)
def test_what_nobody_accepted_makes_no_link(data: Path, old: str, new: str) -> None:
    edit(data, old, new)
    assert "开封大学" not in linked(build_graph(data))
    assert len(linked(build_graph(data))) == 5


def test_what_was_rejected_makes_no_link(data: Path) -> None:
    file = data / FILE
    problems: list[Problem] = []
    found = sssom.read(file, problems)
    assert found is not None
    rows = [sssom.Row(row.line, {**row.values, "predicate_modifier": "Not"}) for row in found.rows]
    file.write_bytes(found.with_rows(rows).tsv())
    assert linked(build_graph(data)) == {}


def test_a_program_s_mapping_that_a_person_reviewed_is_a_link(data: Path) -> None:
    text = (data / FILE).read_text(encoding="utf-8").replace("semapv:ManualMappingCuration", "semapv:LexicalMatching")
    (data / FILE).write_text(text.replace("\tauthor_label\t", "\treviewer_label\t"), encoding="utf-8")
    assert len(linked(build_graph(data))) == 6


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("college:kaifeng-daxue", "colege:kaifeng-daxue", "object_id", 'the prefix of "colege:kaifeng-daxue" is not'),
        ("college:kaifeng-daxue", "college:kaifeng", "object_id", 'there is no college with the key "kaifeng"'),
        (f"entry:{KEY}.4141011069", f"entry:{KEY}.414101106", "subject_id", "there is no entry with the key"),
        ("skos:exactMatch", "owl:sameAs", "predicate_id", "expected one of skos:exactMatch, "),
        ("\tvetgraph contributors\t", "\t\t", "author_label", "it is not told who decided"),
        ("\t2026-11-26\t", "\t\t", "mapping_date", "it is not told when it was decided"),
        ("\t2026-11-26\t", "\t2026-11-31\t", "mapping_date", 'expected a date as 2025-10-21; got "2026-11-31"'),
        ("\t1.0\t", "\t1.5\t", "confidence", 'expected a number not above 1; got "1.5"'),
        ("\t1.0\tvetgraph", "\tvetgraph", "comment", "expected 10 cells, got 9"),
        ("semapv:Manual", "sempav:Manual", "mapping_justification", "the prefix of"),
    ],
)
def test_a_bad_row_is_named(data: Path, old: str, new: str, column: str, message: str) -> None:
    edit(data, old, new)
    (problem,) = tables.read(data).problems
    assert (problem.file, problem.row, problem.column) == (str(data / FILE), 8, column)
    assert problem.message.en.startswith(message)


def test_a_file_without_a_column_that_must_be_there_is_named(data: Path) -> None:
    edit(data, "predicate_id", "predicate")
    (problem,) = tables.read(data).problems
    assert str(problem.cell) == f"{data / FILE}:7:predicate_id"


@pytest.mark.parametrize(
    ("old", "new", "constraint", "severity"),
    [
        ("college:puyang-zhiye", "region:henan", "entry-match-kind", "violation"),
        ("4141011787\t濮阳职业技术学院", "4141011069\t濮阳职业技术学院", "entry-one-match", "violation"),
        ("4141011787\t濮阳", "4141010459\t濮阳", "entry-codes-agree", "warning"),
    ],
)
def test_a_link_that_cannot_be_is_found_at_its_row(
    data: Path, old: str, new: str, constraint: str, severity: str
) -> None:
    edit(data, "#curie_map:\n", '#curie_map:\n#  region: "https://w3id.org/vetgraph/id/region/"\n')
    edit(data, old, new)
    reading = tables.read(data)
    assert reading.problems == []
    found = validate(reading).problems
    assert {(one.shape or "").rpartition("/")[2] for one in found} >= {constraint}
    (problem, *_) = [one for one in found if (one.shape or "").endswith(constraint)]
    assert problem.severity == severity
    assert {(cell.file, cell.row) for cell in problem.cells} >= {(str(data / FILE), 10)}


def run(script: str, *arguments: str | Path) -> None:
    """Run the tools of SSSOM's makers in a process of their own: they warn of what they themselves import."""
    subprocess.run([sys.executable, "-W", "ignore", "-c", script, *map(str, arguments)], check=True, timeout=120)


def test_the_shipped_files_are_valid_sssom() -> None:
    """The tools of SSSOM's makers find no fault, and our own reading gives the same bytes again."""
    run(
        "import sys; from sssom.parsers import parse_sssom_table; from sssom.validators import validate\n"
        "for file in sys.argv[1:]: validate(parse_sssom_table(file))",
        *SHIPPED,
    )
    for file in SHIPPED:
        problems: list[Problem] = []
        own = sssom.read(file, problems)
        assert own is not None
        assert problems == []
        assert own.tsv() == file.read_bytes()


def test_what_another_program_wrote_is_read(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.sssom.tsv"
    run(
        "import sys; from sssom.parsers import parse_sssom_table; from sssom.writers import write_table\n"
        "write_table(parse_sssom_table(sys.argv[1]), open(sys.argv[2], 'w', encoding='utf-8'))",
        SHIPPED[0],
        theirs,
    )
    problems: list[Problem] = []
    read_again, own = sssom.read(theirs, problems), sssom.read(SHIPPED[0], problems)
    assert read_again is not None
    assert own is not None
    assert problems == []
    assert {tuple(map(read_again.expand, row.pair)) for row in read_again.rows} == {
        tuple(map(own.expand, row.pair)) for row in own.rows
    }
    assert all(row.accepted for row in read_again.rows)


def test_linking_again_keeps_every_decision_as_it_was_written() -> None:
    """A list with two columns of names is linked one column at a time, into one file."""
    from vetgraph.linking.listing import Columns
    from vetgraph.linking.task import link_list

    key = "henan-quality-schools-2025"
    (file,) = [path for path in SHIPPED if path.name.startswith(key)]
    with build_graph(ROOT / "data", validate=False) as graph:
        again = link_list(key, Columns("school"), store=graph.store, decided=[file]).sssom()
    problems: list[Problem] = []
    before, after = sssom.read(file, problems), sssom.parse("again", again.decode(), problems)
    assert before is not None
    assert after is not None
    assert problems == []
    assert {row.pair: row.accepted for row in before.rows}.items() <= {
        row.pair: row.accepted for row in after.rows
    }.items()

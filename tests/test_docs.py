"""What users touch is documented: commands, options, routes, Python names; and what the README says is so."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import vetgraph
from vetgraph.cli import cli
from vetgraph.web.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def doc(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def graph() -> Iterator[vetgraph.VetGraph]:
    with vetgraph.build(ROOT / "data") as built:
        yield built


def commands() -> Mapping[str, click.Command]:
    return cli.commands


@pytest.mark.parametrize("name", commands())
def test_every_command_and_option_is_documented(name: str) -> None:
    text = doc("cli")
    assert re.search(rf"^#+ .*`?vetgraph {name}\b", text, re.MULTILINE), name
    for parameter in commands()[name].params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert any(option in text for option in (*parameter.opts, *parameter.secondary_opts)), parameter.opts


def test_every_route_is_documented(graph: vetgraph.VetGraph) -> None:
    app = create_app(graph.store)
    text = doc("http")
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
            assert path in text, path


def test_every_public_name_is_documented() -> None:
    text = doc("python")
    for name in vetgraph.__all__:
        assert f"`{name}" in text or f"vetgraph.{name}" in text, name


def test_the_readme_links_exist() -> None:
    for text in (README, *(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))):
        for target in re.findall(r"\]\(([\w./-]+\.md)\)", text):
            assert (ROOT / target).exists() or (ROOT / "docs" / target).exists(), target


def test_the_readme_query_gives_the_readme_answer(graph: vetgraph.VetGraph) -> None:
    query = re.search(r"```sparql\n(.+?)```", README, re.DOTALL)
    assert query is not None
    answer = graph.query(query[1])
    assert isinstance(answer, vetgraph.Solutions)
    found = [list(row) for row in csv.reader(io.StringIO(answer.to_csv()))]
    shown = re.findall(r"^\| (许昌\S+|长葛\S+) \| (\S+) \|$", README, re.MULTILINE)
    assert found[1:] == [list(row) for row in shown]


def test_every_file_of_the_docs_is_reached_from_the_readme() -> None:
    for path in (ROOT / "docs").glob("*.md"):
        assert f"docs/{path.name}" in README, path.name


def test_every_makefile_target_in_the_docs_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for text in (README, (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")):
        for target in re.findall(r"`?make ([a-z-]+)", text):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target

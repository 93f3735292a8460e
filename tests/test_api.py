import subprocess
import sys
from pathlib import Path

import pytest

import samples
import vetgraph
from vetgraph.store import write_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_store(tmp_path / "store", samples.nquads())
    return tmp_path / "store"


def test_open_query_run_close(path: Path) -> None:
    with vetgraph.open(path) as graph:
        found = graph.query("SELECT ?s { ?s a vetg:SecondarySchool }")
        assert isinstance(found, vetgraph.Solutions)
        assert len(found) == 3
        assert isinstance(graph.run("private-schools"), vetgraph.Solutions)
        assert "private-schools" in {query.name for query in graph.queries()}
        assert len(graph.rdflib()) > 0
    with pytest.raises(vetgraph.StoreError):
        graph.query("ASK {}")


def test_every_public_name_loads() -> None:
    for name in vetgraph.__all__:
        assert getattr(vetgraph, name) is not None
    assert set(vetgraph.__all__) == set(dir(vetgraph))
    with pytest.raises(AttributeError):
        vetgraph.nothing  # noqa: B018


def test_build_stays_callable_whatever_was_imported() -> None:
    code = "import vetgraph.build, vetgraph; from vetgraph.build import BuildResult; print(callable(vetgraph.build))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


def test_importing_is_light() -> None:
    heavy = {"rdflib", "flask", "openpyxl", "pandas", "pyoxigraph"}
    code = f"import sys, vetgraph, vetgraph.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

"""Exported networks, read by other programs: igraph, Graphviz, lxml with the schemas, pandas, openpyxl, jsonschema."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import igraph
import jsonschema
import networkx as nx
import openpyxl
import pandas as pd  # type: ignore[import-untyped,unused-ignore]
import pytest
from lxml import etree

from vetgraph import export, networks
from vetgraph.build import build_graph
from vetgraph.errors import Text, UsageError
from vetgraph.networks.building import Network, Node, Tie, Words

if TYPE_CHECKING:
    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parent.parent
SCHEMAS = os.environ.get("VETGRAPH_XSD", "")
JGF = os.environ.get("VETGRAPH_JGF", "")
ODD = '甲 "校"\n<&>\'\\ 🏫 ;,|=1+1'
NAMED = list(networks.catalogue())


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


@pytest.fixture(scope="module", params=[False, True], ids=["undirected", "directed"])
def odd(request: pytest.FixtureRequest) -> Network:
    """Parallel ties, a loop, years with a gap, columns of each type, missing values, and a name that breaks things."""
    nodes = {name: Node(f"https://example.org/{name}", Text(name, name)) for name in "abc"}
    nodes["a"].label, nodes["a"].kind, nodes["a"].groups = Text(ODD, "A"), "School", ["g"]
    nodes["a"].columns = {"students": 5, "share": 0.25, "note": ODD}
    nodes["b"].columns = {"students": 10**12, "share": 1}
    ids = {name: node.id for name, node in nodes.items()}
    ties = [
        Tie(ids["a"], ids["b"], "helps", 1.0, years=[2025]),
        Tie(ids["a"], ids["b"], "knows", 2.5, ["https://example.org/p"], ["共同"], ODD, [2023, 2024, 2026]),
        Tie(ids["b"], ids["b"]),
        Tie(ids["b"], ids["c"], weight=0.001),
    ]
    words = Words(groups={"g": Text("集团", "group")})
    title = Text(f"网络{ODD}", "net")
    return Network(
        title, Text("说明", ""), request.param, {node.id: node for node in nodes.values()}, ties, words=words
    )


def test_igraph_reads_graphml(odd: Network, tmp_path: Path) -> None:
    file = tmp_path / "odd.graphml"
    file.write_bytes(export.write(odd, "graphml"))
    read = igraph.Graph.Read_GraphML(str(file))
    assert (read.vcount(), read.ecount(), read.is_directed()) == (3, 4, odd.directed)
    told = {vertex["iri"]: vertex for vertex in read.vs}
    first = told["https://example.org/a"]
    assert first["label_zh"] == ODD
    assert first["note"] == ODD
    assert (first["students"], first["share"], first["group_zh"]) == (5, 0.25, "集团")
    assert told["https://example.org/b"]["students"] == 10**12
    assert sorted(edge["weight"] for edge in read.es) == [0.001, 1, 1, 2.5]
    assert {edge["tie_label"] for edge in read.es} == {ODD, ""}


def test_igraph_reads_pajek(odd: Network, tmp_path: Path) -> None:
    file = tmp_path / "odd.net"
    file.write_bytes(export.write(odd, "net"))
    read = igraph.Graph.Read_Pajek(str(file))
    assert (read.vcount(), read.ecount(), read.is_directed()) == (3, 4, odd.directed)
    assert read.vs["name"][0] == ODD.replace('"', "'").replace("\n", " ").replace("\\", "/")
    assert read.es["weight"] == [1, 2.5, 1, 0.001]


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_reads_dot(odd: Network) -> None:
    done = subprocess.run(["dot", "-Tjson"], input=export.write(odd, "dot"), capture_output=True, check=True)
    assert not done.stderr
    read = json.loads(done.stdout)
    assert read["directed"] == odd.directed
    assert len(read["edges"]) == 4
    label = read["objects"][0]["label"]
    assert label.replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\") == ODD
    drawn = subprocess.run(["dot", "-Tsvg"], input=export.write(odd, "dot"), capture_output=True, check=True)
    assert ODD.split("\n", maxsplit=1)[0] in "".join(etree.fromstring(drawn.stdout).itertext())


def test_gexf_has_dates_and_types(odd: Network) -> None:
    root = etree.fromstring(export.write(odd, "gexf"))
    space = {"g": "http://gexf.net/1.3"}
    graph = root.find("g:graph", space)
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat")) == ("dynamic", "date")
    edges = root.findall(".//g:edge", space)
    assert [(spell.get("start"), spell.get("end")) for spell in edges[1].iter("{*}spell")] == [
        ("2023-01-01", "2024-12-31"),
        ("2026-01-01", "2026-12-31"),
    ]
    assert (edges[0].get("start"), edges[0].get("end")) == ("2025-01-01", "2025-12-31")
    assert edges[2].get("start") is None
    types = {told.get("title"): told.get("type") for told in root.iter("{*}attribute")}
    assert (types["students"], types["share"], types["note"], types["degree"]) == (
        "long",
        "double",
        "string",
        "integer",
    )
    node = root.find(".//g:node", space)
    assert node is not None
    assert node.get("label") == ODD
    assert len({each.get("id") for each in root.iter("{*}node", "{*}edge")}) == 7


@pytest.mark.w3c
@pytest.mark.skipif(not SCHEMAS, reason="VETGRAPH_XSD names no folder with the schemas of GEXF and GraphML")
@pytest.mark.parametrize(("form", "schema"), [("gexf", "gexf-1.3/gexf.xsd"), ("graphml", "graphml/graphml.xsd")])
def test_xml_keeps_to_its_schema(odd: Network, graph: VetGraph, form: str, schema: str) -> None:
    rules = etree.XMLSchema(etree.parse(Path(SCHEMAS, schema)))
    rules.assertValid(etree.fromstring(export.write(odd, form)))
    for name in NAMED:
        rules.assertValid(etree.fromstring(export.write(networks.build(graph.store, networks.get(name)), form)))


def check_jgf(document: dict[str, Any]) -> None:
    """What the schema of JSON Graph Format 2 asks of a graph; the schema itself where it is there."""
    if JGF:
        schema = json.loads(Path(JGF, "json-graph-schema_v2.json").read_text(encoding="utf-8"))
        jsonschema.validate(document, schema)
    assert set(document) == {"graph"}
    assert set(document["graph"]) <= {"id", "label", "directed", "type", "metadata", "nodes", "edges"}
    for node in document["graph"]["nodes"].values():
        assert set(node) == {"label", "metadata"}
    for edge in document["graph"]["edges"]:
        assert set(edge) <= {"id", "source", "target", "relation", "directed", "label", "metadata"}
        assert {edge["source"], edge["target"]} <= document["graph"]["nodes"].keys()


def test_json_graph_format(odd: Network) -> None:
    document = json.loads(export.write(odd, "jgf"))
    check_jgf(document)
    assert document["graph"]["nodes"]["n0"]["label"] == ODD
    assert document["graph"]["edges"][1]["label"] == ODD


def test_json_holds_no_nan(odd: Network) -> None:
    for form in ("json", "cyjs", "jgf"):
        json.loads(export.write(odd, form), parse_constant=pytest.fail)


def test_pandas_reads_the_csv_pair(odd: Network) -> None:
    nodes, ties = (pd.read_csv(io.BytesIO(export.write(odd, form))) for form in ("nodes.csv", "edges.csv"))
    assert set(ties["Source"]) | set(ties["Target"]) <= set(nodes["Id"])
    assert nodes["Label"][0] == ODD
    assert nodes["students"].tolist()[:2] == [5, 10**12]
    assert ties["Weight"].tolist() == [1, 2.5, 1, 0.001]
    assert ties["years"][1] == "2023 2024 2026"


def test_no_cell_of_a_csv_is_a_formula() -> None:
    bad = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"]
    nodes = {name: Node(name, Text(name, name), columns={"note": name}) for name in bad}
    ties = [Tie(bad[0], bad[1], bad[2], shared=[bad[3]])]
    made = Network(Text("", ""), Text("", ""), directed=False, nodes=nodes, ties=ties)
    for form in ("nodes.csv", "edges.csv"):
        for row in pd.read_csv(io.BytesIO(export.write(made, form)), dtype=str, keep_default_na=False).to_numpy():
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "＝")) for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(export.write(made, "xlsx", "en")))
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


def test_networkx_reads_what_networkx_can(odd: Network) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read = nx.node_link_graph(json.loads(export.write(odd, "json")), edges="edges")
    assert (len(read), read.number_of_edges(), read.is_directed()) == (3, 4, odd.directed)
    assert nx.read_gexf(io.BytesIO(export.write(odd, "gexf")), version="1.3").number_of_edges() == 4


@pytest.mark.parametrize("name", NAMED)
def test_the_report_s_networks_are_read(graph: VetGraph, name: str, tmp_path: Path) -> None:
    found = networks.build(graph.store, networks.get(name))
    file = tmp_path / "file"
    for form, read in (("graphml", igraph.Graph.Read_GraphML), ("net", igraph.Graph.Read_Pajek)):
        file.write_bytes(export.write(found, form))
        told = read(str(file))
        assert (told.vcount(), told.ecount()) == (len(found.nodes), len(found.ties))
        labels = told.vs["label_zh"] if form == "graphml" else told.vs["name"]
        assert labels == [node.label.zh for node in found.nodes.values()]
    assert told.is_directed() == found.directed
    check_jgf(json.loads(export.write(found, "jgf")))
    assert b'start="2025-01-01"' in export.write(found, "gexf") or name == "same-competition"


def test_a_saved_network_is_read_as_it_was(odd: Network, graph: VetGraph, tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    for found in (odd, networks.build(graph.store, networks.get("group-membership"))):
        file.write_bytes(export.write(found, "json", "en"))
        read = networks.read(file)
        assert (read.title, read.directed, read.ties) == (found.title, found.directed, found.ties)
        assert [node.label for node in read.nodes.values()] == [node.label for node in found.nodes.values()]
        assert [node.columns for node in read.nodes.values()] == [node.columns for node in found.nodes.values()]
        compared = networks.compare(found, read)
        assert not [*compared.joined, *compared.left, *compared.new, *compared.gone, *compared.changed]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"graph": {}, "nodes": [{}]}', '{"graph": 1, "nodes": 2, "edges": 3}', "[" * 100_000, "\x00"],
)
def test_what_is_no_saved_network_is_told(text: str, tmp_path: Path) -> None:
    file = tmp_path / "saved.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"saved\.json is no saved network") as told:
        networks.read(file)
    assert told.value.fix is not None
    with pytest.raises(UsageError, match="cannot read"):
        networks.read(tmp_path / "missing.json")

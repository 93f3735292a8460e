"""Networks: what the named ones say, figures checked by hand, and files that other programs open."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import openpyxl
import pytest
from lxml import etree

from serving import serving
from vetgraph import export, networks
from vetgraph.build import build_graph
from vetgraph.errors import BudgetError, Text, UsageError
from vetgraph.export.figure import Figure
from vetgraph.networks.building import Network, Node, Tie
from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES, measure
from vetgraph.web import create_app

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from serving import Served
    from vetgraph.graph import VetGraph

ROOT = Path(__file__).parent.parent
SCHEMAS = os.environ.get("VETGRAPH_XSD", "")
SCHOOL = "https://w3id.org/vetgraph/id/school/"
ODD = '甲 "校"\n<&>\x07 🏫 =1+1'


@pytest.fixture(scope="module")
def graph() -> VetGraph:
    return build_graph(ROOT / "data", validate=False)


@pytest.fixture(scope="module")
def web(graph: VetGraph) -> FlaskClient:
    return create_app(graph.store).test_client()


def network(ties: list[tuple[str, str]], *, directed: bool = False, **ownership: str) -> Network:
    """A network of nodes with names of one letter."""
    names = sorted({end for tie in ties for end in tie})
    nodes = {name: Node(name, Text(name, name), "School", ownership.get(name, "")) for name in names}
    made = [Tie(source, target, "knows", 1.0, ["https://example.org/p"], ["共同"]) for source, target in ties]
    return Network(Text("小网络", "small"), Text("说明", "told"), directed, nodes, made)


# A kite: the triangle a b c, c tied to d, d to e. Every figure below was worked out by hand.
KITE = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d", "e")]


def test_figures_of_a_kite() -> None:
    found = measure(network(KITE, a="public", b="public", c="public", d="private", e="private"))
    assert found.whole["nodes"] == 5
    assert found.whole["ties"] == 5
    assert found.whole["density"] == pytest.approx(5 / 10)
    assert (found.whole["components"], found.whole["largest"], found.whole["bridges"]) == (1, 5, 2)
    assert found.whole["transitivity"] == pytest.approx(3 * 1 / 6)  # one triangle; 1 + 1 + 3 + 1 connected triples
    assert {node: figures["degree"] for node, figures in found.nodes.items()} == {
        "a": 2,
        "b": 2,
        "c": 3,
        "d": 2,
        "e": 1,
    }
    # pairs that c lies between: a-d, a-e, b-d, b-e, of 6 pairs without c
    assert found.nodes["c"]["betweenness"] == pytest.approx(4 / 6)
    assert found.nodes["d"]["betweenness"] == pytest.approx(3 / 6)
    assert found.nodes["a"]["closeness"] == pytest.approx(4 / (1 + 1 + 2 + 3))
    assert [found.nodes[node]["core"] for node in "abcde"] == [2, 2, 2, 1, 1]
    assert [found.nodes[node]["clustering"] for node in "abc"] == pytest.approx([1, 1, 1 / 3])
    assert [found.nodes[node]["articulation"] for node in "abcde"] == [0, 0, 1, 1, 0]
    assert sum(figures["pagerank"] for figures in found.nodes.values()) == pytest.approx(1)
    # e = ((3+1) tied alike)/5 of ends; by Newman: trace 0.8, sum of squares 0.7² + 0.3² = 0.58
    assert found.whole["assortativity_ownership"] == pytest.approx((0.8 - 0.58) / (1 - 0.58))
    assert set(found.whole) == set(GRAPH_MEASURES)
    assert set(found.nodes["a"]) == set(NODE_MEASURES)


@pytest.mark.parametrize("ties", [[], [("a", "a")], [("a", "b")], [("a", "b"), ("a", "b"), ("b", "a")]])
def test_small_networks_are_measured_drawn_and_written(ties: list[tuple[str, str]]) -> None:
    for form in export.FORMS:
        assert export.write(network(ties), form)


def test_ties_of_a_pair_are_one_with_their_weights_added() -> None:
    found = measure(network([("a", "b"), ("a", "b"), ("b", "c")]))
    assert (found.nodes["b"]["degree"], found.nodes["b"]["strength"]) == (2, 3)


def test_a_layout_is_the_same_each_time_and_keeps_nodes_apart() -> None:
    first, second = Figure.of(network(KITE)), Figure.of(network(KITE))
    assert first.places == second.places
    assert len(set(first.places.values())) == 5


def test_a_layout_is_the_same_in_another_process() -> None:
    """Strings have another hash, and sets another order, in each process."""
    code = """
from vetgraph.errors import Text
from vetgraph.export.figure import Figure
from vetgraph.networks.building import Network, Node, Tie
ties = [("abcdefgh"[a], "abcdefgh"[(a * 3 + 1) % 8]) for a in range(8)] + [("x", "y"), ("y", "z")]
nodes = {name: Node(name, Text(name, name)) for name in sorted({end for tie in ties for end in tie})}
made = Network(Text("", ""), Text("", ""), False, nodes, [Tie(*tie) for tie in ties])
print(Figure.of(made).places)
"""
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1


def test_the_named_networks_say_what_the_report_says(graph: VetGraph) -> None:
    groups = graph.network("group-membership")
    assert isinstance(groups, nx.MultiDiGraph)
    assert (len(groups), groups.number_of_edges()) == (17, 15)  # 1+5 and 2+7, and the two groups themselves
    lead = [source for source, _, told in groups.edges(data=True) if told["relation"] == "lead"]
    assert len(lead) == 3
    assert groups.nodes[lead[0]]["label_zh"]
    colleges = graph.network("industry-colleges")
    assert {target.rpartition("/")[2] for _, target in colleges.edges()} == {
        "future-automobile",
        "meichen-drone",
        "jd-e-commerce",
    }
    fellows = graph.network("group-fellows")
    assert fellows.number_of_edges() == 6 * 5 // 2 + 9 * 8 // 2
    assert not any(iri.endswith(("jd", "meichen")) for name in graph.networks() for iri in graph.network(name))


def test_every_tie_of_a_named_network_is_proved_by_a_passage(graph: VetGraph) -> None:
    for name, asked in networks.catalogue().items():
        found = networks.build(graph.store, asked)
        assert found.ties, name
        assert all(tie.passages for tie in found.ties), name
        assert all("/report/xuchang-2025/" in passage for tie in found.ties for passage in tie.passages)
        assert asked.query.title.zh != name
        assert asked.query.description.en
        assert asked.affinity == ("affinity" in asked.query.title.en)


def test_readers_are_told_names_passages_and_groups(graph: VetGraph) -> None:
    found = networks.build(graph.store, networks.get("collaboration"))
    assert found.words.kinds["SecondarySchool"] == Text("中等职业学校", "secondary vocational school")
    assert found.words.relations["lead"].zh == "龙头"
    assert found.words.relations["hasUnit"] == Text("下设", "has unit")  # a term that is not ours
    assert found.words.ownerships["public"].zh == "公办"
    passages = {passage for tie in found.ties for passage in tie.passages}
    assert set(found.passages) == passages
    told = found.passages["https://w3id.org/vetgraph/report/xuchang-2025/s6-2"]
    assert (told.section, told.heading) == ("六.2", "多措并举提高质量")
    assert found.reports[told.report].title.zh == "许昌市中等职业教育质量年度报告"
    assert found.reports[told.report].issued == "2025-12-25"
    group = "https://w3id.org/vetgraph/id/group/xuchang-1-5"
    assert found.nodes[group].groups == [group]
    assert sum(node.groups == [group] for node in found.nodes.values()) == 1 + 6


def test_a_text_that_looks_like_an_iri_is_a_node_too(graph: VetGraph) -> None:
    found = graph.network('SELECT ?source ?target { VALUES (?source ?target) { ("see http://x y" "<> http://") } }')
    assert sorted(found) == ["<> http://", "see http://x y"]


def test_a_network_may_be_told_how_large_it_may_be(graph: VetGraph) -> None:
    asked = networks.get("group-fellows")
    assert len(networks.build(graph.store, asked, most=51).ties) == 51
    with pytest.raises(BudgetError, match="more than 50 ties") as told:
        networks.build(graph.store, asked, most=50)
    assert told.value.resource == "rows"


def test_any_select_with_source_and_target_is_a_network(graph: VetGraph) -> None:
    found = graph.network("SELECT ?source ?target ?weight { ?source vetg:within ?target BIND(2.5 AS ?weight) }")
    assert all(told["weight"] == 2.5 for *_, told in found.edges(data=True))
    texts = graph.network(
        'SELECT ?source ?target { VALUES (?source ?target) { ("乙" "甲") ("甲" "乙") ("甲" UNDEF) } }'
    )
    assert (sorted(texts), texts.number_of_edges()) == (["乙", "甲"], 1)
    with pytest.raises(UsageError, match="source"):
        graph.network("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(UsageError, match="no network named nothing") as told:
        graph.network("nothing")
    assert told.value.fix is not None
    assert "group-fellows" in told.value.fix.en


@pytest.fixture(scope="module", params=[False, True], ids=["undirected", "directed"])
def odd(request: pytest.FixtureRequest) -> Network:
    """Parallel ties, a loop, a name with quotes, a line break, markup, emoji and a control character."""
    made = network([("a", "b"), ("a", "b"), ("b", "b"), ("b", "c")], directed=request.param)
    made.nodes["a"].label = Text(ODD, ODD)
    made.ties[1].relation = ODD
    made.nodes["c"].kind = ""
    return made


def clean(text: str) -> str:
    return text.replace("\x07", " ")


def test_gexf_is_read_by_networkx(odd: Network) -> None:
    read = nx.read_gexf(io.BytesIO(export.write(odd, "gexf")), version="1.3")
    assert (len(read), read.number_of_edges(), read.is_directed()) == (3, 4, odd.directed)
    node = read.nodes["n0"]
    assert node["label_zh"].split() == clean(ODD).split()
    assert (node["degree"], node["kind"]) == (1, "School")
    root = etree.fromstring(export.write(odd, "gexf"))
    assert root.get("version") == "1.3"
    shown = {etree.QName(each).localname for each in next(root.iter("{*}node"))}
    assert shown == {"attvalues", "color", "position", "size"}
    ids = [edge.get("id") for edge in root.iter("{*}edge")]
    assert len(set(ids)) == 4


def test_graphml_is_read_by_networkx(odd: Network) -> None:
    read = nx.read_graphml(io.BytesIO(export.write(odd, "graphml")), force_multigraph=True)
    assert (len(read), read.number_of_edges(), read.is_directed()) == (3, 4, odd.directed)
    assert read.nodes["n0"]["label"] == clean(ODD)
    assert isinstance(read.nodes["n0"]["x"], float)
    assert any(told["relation"] == clean(ODD) for *_, told in read.edges(data=True))


@pytest.mark.w3c
@pytest.mark.skipif(not SCHEMAS, reason="VETGRAPH_XSD names no folder with the schemas of GEXF and GraphML")
@pytest.mark.parametrize(("form", "schema"), [("gexf", "gexf-1.3/gexf.xsd"), ("graphml", "graphml/graphml.xsd")])
def test_xml_keeps_to_its_schema(odd: Network, form: str, schema: str) -> None:
    rules = etree.XMLSchema(etree.parse(Path(SCHEMAS, schema)))
    rules.assertValid(etree.fromstring(export.write(odd, form)))


def test_json_forms_are_read_by_networkx(odd: Network) -> None:
    cytoscape = nx.cytoscape_graph(json.loads(export.write(odd, "cyjs")))
    assert (len(cytoscape), cytoscape.nodes["n0"]["name"]) == (3, ODD)
    linked = nx.node_link_graph(json.loads(export.write(odd, "json")), edges="edges")
    assert (linked.number_of_edges(), linked.graph["title"]) == (4, "小网络")


def test_pajek_and_dot_are_read(odd: Network) -> None:
    text = export.write(odd, "net").decode("utf-8-sig").splitlines()
    read = nx.parse_pajek(text)
    assert (len(read), read.number_of_edges()) == (3, 4)
    dot = export.write(odd, "dot").decode()
    assert dot.count("->" if odd.directed else " -- ") == 4
    assert '\\"校\\"\\n<&>' in dot


def test_the_csv_pair_is_what_gephi_imports(odd: Network) -> None:
    nodes, edges = (export.write(odd, form) for form in ("nodes.csv", "edges.csv"))
    assert nodes.startswith(b"\xef\xbb\xbf")
    told = list(csv.DictReader(io.StringIO(nodes.decode("utf-8-sig"), newline="")))
    assert [row["Id"] for row in told] == ["a", "b", "c"]
    assert told[0]["Label"] == ODD
    ties = list(csv.DictReader(io.StringIO(edges.decode("utf-8-sig"), newline="")))
    assert {tie["Source"] for tie in ties} | {tie["Target"] for tie in ties} <= {row["Id"] for row in told}
    assert {tie["Type"] for tie in ties} == {"Directed" if odd.directed else "Undirected"}


def test_the_workbook_opens_and_takes_no_name_for_a_formula(odd: Network) -> None:
    odd.nodes["b"].label = Text("=1+1", "=1+1")
    book = openpyxl.load_workbook(io.BytesIO(export.write(odd, "xlsx", "en")))
    assert book.sheetnames == ["nodes", "ties", "figures", "cuts"]
    assert [cell.value for cell in book["nodes"]["B"]][2] == "=1+1"
    assert book["nodes"]["B3"].data_type == "s"


def test_the_drawing_is_well_formed_and_has_title_legend_and_source(graph: VetGraph) -> None:
    found = networks.build(graph.store, networks.get("group-membership"))
    root = etree.fromstring(export.write(found, "svg", "en"))
    words = [text for text in root.itertext() if text.strip()]
    assert "Groups and their members" in words
    assert {"education group", "higher vocational college", "secondary vocational school", "lead", "member"} <= set(
        words
    )
    assert any("许昌市中等职业教育质量年度报告 (2025-12-25) 六.2" in text for text in words)
    assert len(list(root.iter("{*}circle"))) == 17 + 3


def test_an_unknown_form_is_told(graph: VetGraph) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        export.write(networks.build(graph.store, networks.get("group-fellows")), "pdf")


def test_the_pages(web: FlaskClient) -> None:
    browser = {"Accept": "text/html", "Accept-Language": "zh"}
    listed = web.get("/networks", headers=browser).text
    for name in networks.catalogue():
        assert f'href="/networks/{name}"' in listed
        page = web.get(f"/networks/{name}", headers=browser)
        assert page.status_code == 200
        assert "<svg" in page.text
        assert "/page/report/xuchang-2025/" in page.text
    for form, (media, _) in export.FORMS.items():
        answer = web.get(f"/networks/industry-colleges.{form}")
        assert (answer.status_code, answer.mimetype) == (200, media)
        assert f'industry-colleges.{form}"' in answer.headers["Content-Disposition"]
    assert web.get("/networks/nothing").status_code == 404
    assert web.get("/networks/industry-colleges.pdf").status_code == 404


def test_the_page_of_a_query(web: FlaskClient) -> None:
    query = "SELECT ?source ?target { ?source vetg:within ?target }"
    page = web.get("/network", query_string={"query": query}, headers={"Accept": "text/html"})
    assert "<svg" in page.text
    dot = web.get("/network", query_string={"query": query, "format": "dot", "directed": "1"})
    assert dot.text.startswith("digraph")
    assert web.get("/network").status_code == 303
    assert web.get("/network", query_string={"query": "SELECT ?s { ?s ?p ?o }"}).status_code == 400
    many = "SELECT ?source ?target { ?source a ?x . ?target a ?y }"
    assert web.get("/network", query_string={"query": many}).status_code == 422
    none = web.get("/network", query_string={"query": "SELECT ?source ?target { ?source <x:x> ?target }"})
    assert none.status_code == 200


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "vetgraph", *arguments], capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_the_command_line(tmp_path: Path) -> None:
    from vetgraph.build import build

    store = str(tmp_path / "store")
    build(ROOT / "data", store, validate=False)
    assert "group-fellows" in run("network", "--list").stdout
    figures = run("network", "group-fellows", "--store", store, "--lang", "en").stdout
    assert "density" in figures
    assert "许昌科技学校" in figures
    made = run("network", "group-fellows", "--store", store, "--format", "json").stdout
    assert json.loads(made)["graph"]["measures"]["nodes"] == 15
    out = tmp_path / "own.graphml"
    query = "SELECT ?source ?target { ?source vetg:within ?target }"
    told = run("export", "network", query, "--store", store, "-o", str(out), "--lang", "en")
    assert "nodes" in told.stderr
    assert nx.read_graphml(out).number_of_edges()
    assert run("export", "network", "group-fellows", "--store", store, "-o", str(tmp_path / "x.pdf")).returncode == 2
    assert run("export", "graph", "--store", store, "-o", str(tmp_path / "all.trig")).returncode == 0
    assert (tmp_path / "all.trig").stat().st_size > 100_000
    assert run("export", "graph", "--store", store, "-o", str(tmp_path / "all.csv")).returncode == 2
    assert run("network", "nothing", "--store", store).returncode == 2


def test_the_docs_tell_every_network_figure_and_form() -> None:
    text = (ROOT / "docs" / "networks.md").read_text(encoding="utf-8")
    for title, told in (*GRAPH_MEASURES.values(), *NODE_MEASURES.values()):
        assert f"| {title.zh} | {title.en} | {told.zh} | {told.en} |" in text
    for name, asked in networks.catalogue().items():
        assert f"| `{name}` | {asked.query.title.zh} | {asked.query.title.en} |" in text
    for form in export.FORMS:
        assert f"`{form}`" in text


def test_a_service_has_networks_made_by_its_workers(report: Served) -> None:
    """What strangers send is asked, measured and drawn where it can be stopped."""
    query = "SELECT ?source ?target { ?source vetg:within ?target }"
    with report.client() as client:

        def status(text: str, form: str = "view.json") -> int:
            return client.get("/network", params={"query": text, "format": form}).status_code

        assert (status(query), status(query, "gexf")) == (200, 200)
        assert status("SELECT ?source ?target { SERVICE <http://127.0.0.1/> { ?source ?x ?target } }") == 403
        assert status("SELECT ?source ?target { ?source a ?x . ?target a ?y }") == 422
        assert status("SELECT ?source ?target { ?source") == 400
        assert status("ASK {}") == 400
        assert (status(query, "page"), status(query, "../svg")) == (404, 404)
        assert client.get("/networks/group-fellows.page").status_code == 404


def test_a_service_before_another_has_networks_too(report: Served) -> None:
    with serving(f"{report.url}/sparql") as front, front.client() as client:
        told = client.get("/networks/group-membership.view.json").json()
        assert len(told["nodes"]["id"]) == 17
        assert told["passages"][0]["section"] == "六.2"

"""Figures of networks: worked out by hand on small ones; the engines agree on random ones."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vetgraph.errors import Text, UsageError
from vetgraph.networks import fast
from vetgraph.networks.arrays import Arrays
from vetgraph.networks.building import Network, Node, Tie
from vetgraph.networks.layout import layout
from vetgraph.networks.measures import GRAPH_MEASURES, NODE_MEASURES, measure
from vetgraph.networks.progress import reporting

if TYPE_CHECKING:
    from collections.abc import Sequence


def network(
    ties: Sequence[tuple[Any, ...]], *, directed: bool = False, modes: str = "mixed", alone: Sequence[str] = ()
) -> Network:
    """A network of ties between names, perhaps with weights."""
    sources, targets = {str(tie[0]) for tie in ties}, {str(tie[1]) for tie in ties}
    nodes = {name: Node(name, Text(name, name)) for name in sorted(sources | targets | set(alone))}
    for name, node in nodes.items():
        node.mode = {(True, False): "source", (False, True): "target"}.get((name in sources, name in targets), "")
    made = [Tie(str(one), str(two), weight=float(rest[0]) if rest else 1.0) for one, two, *rest in ties]
    return Network(Text("网", "net"), Text("", ""), directed, nodes, made, modes=modes)


# A kite: the triangle a b c, c tied to d, d to e.
KITE = [("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d", "e")]
BOTH = pytest.mark.parametrize("engine", ["networkx", "networkit"])


@BOTH
def test_paths_and_cuts_of_a_kite(engine: str) -> None:
    found = measure(network(KITE), engine)
    assert found.engine == engine
    # distances: ab 1 ac 1 ad 2 ae 3 bc 1 bd 2 be 3 cd 1 ce 2 de 1 = 17 over 10 pairs; the longest is 3
    assert found.whole["average_path"] == pytest.approx(1.7)
    assert found.whole["diameter"] == 3
    assert found.bridges == [("c", "d"), ("d", "e")]
    assert found.articulation == ["c", "d"]
    assert found.whole["degeneracy"] == 2
    # c lies between a-d, a-e, b-d and b-e, of the 6 pairs without c; d between a-e, b-e and c-e
    assert found.nodes["c"]["betweenness"] == pytest.approx(4 / 6)
    assert found.nodes["d"]["betweenness"] == pytest.approx(3 / 6)
    assert found.nodes["e"]["closeness"] == pytest.approx(4 / (1 + 2 + 3 + 3))
    assert [found.nodes[node]["clustering"] for node in "abcde"] == pytest.approx([1, 1, 1 / 3, 0, 0])


@BOTH
def test_eigenvector_is_told_within_each_component(engine: str) -> None:
    # a star of two leaves: the leaves have x, the middle has 2x/λ … with λ = √2, so middle : leaf = √2 : 1;
    # the pair p q is a component of its own, both 1; z has no tie
    found = measure(network([("m", "a"), ("m", "b"), ("p", "q")], alone=["z"]), engine)
    told = {node: figures["eigenvector"] for node, figures in found.nodes.items()}
    assert told["z"] is None
    assert [told[node] for node in "mabpq"] == pytest.approx([1, 2**-0.5, 2**-0.5, 1, 1])


@BOTH
def test_a_two_mode_network(engine: str) -> None:
    # members 1 2 3, groups x y: 1 and 2 are in both, 3 in y
    found = measure(network([("1", "x"), ("1", "y"), ("2", "x"), ("2", "y"), ("3", "y")], modes="two-mode"), engine)
    assert (found.whole["first_mode"], found.whole["second_mode"]) == (3, 2)
    assert found.whole["density_two_mode"] == pytest.approx(5 / 6)
    # paths of three ties: each tie's ends, less itself: 1x 1·1, 1y 1·2, 2x 1·1, 2y 1·2, 3y 0·2 = 6; one square 1x2y
    assert found.whole["clustering_two_mode"] == pytest.approx(4 * 1 / 6)
    assert found.nodes["3"]["degree_two_mode"] == pytest.approx(1 / 2)
    assert found.nodes["y"]["degree_two_mode"] == pytest.approx(1)
    # 3 shares y with 1 and with 2: one of the two that either has
    assert found.nodes["3"]["clustering_two_mode"] == pytest.approx(1 / 2)
    # 1 shares both with 2 (2 of 2), and y with 3 (1 of 2)
    assert found.nodes["1"]["clustering_two_mode"] == pytest.approx((1 + 1 / 2) / 2)
    one = measure(network(KITE), engine)
    assert one.whole["density_two_mode"] is None
    assert one.nodes["a"]["degree_two_mode"] is None


@BOTH
def test_directions(engine: str) -> None:
    found = measure(network([("a", "b"), ("b", "a"), ("a", "c"), ("a", "a")], directed=True), engine)
    assert found.whole["reciprocity"] == pytest.approx(2 / 3)
    assert [found.nodes[node]["in_degree"] for node in "abc"] == [1, 1, 1]
    assert [found.nodes[node]["out_degree"] for node in "abc"] == [2, 1, 0]
    assert measure(network(KITE), engine).nodes["a"]["in_degree"] is None


def test_assortativity_by_group() -> None:
    made = network([("a", "b"), ("c", "d"), ("b", "c")])
    for node, group in {"a": "g", "b": "g", "c": "h", "d": "h"}.items():
        made.nodes[node].groups = [group]
    # ends of ties: 4 of 6 alike; half of all ends are of g: (2/3 - 1/2) / (1 - 1/2)
    assert measure(made).whole["assortativity_group"] == pytest.approx(1 / 3)
    assert measure(made).whole["assortativity_ownership"] is None


@BOTH
@pytest.mark.parametrize("ties", [[], [("a", "a", 1)], [("a", "b", 0)], [("a", "b", -2), ("b", "c", 3)]])
def test_odd_networks(engine: str, ties: list[tuple[str, str, float]]) -> None:
    found = measure(network(ties), engine)
    assert set(found.whole) == set(GRAPH_MEASURES)
    assert all(set(figures) == set(NODE_MEASURES) for figures in found.nodes.values())
    assert all(value is None or np.isfinite(value) for figures in found.nodes.values() for value in figures.values())


def test_an_unknown_engine_is_told() -> None:
    with pytest.raises(UsageError, match="gephi"):
        measure(network(KITE), "gephi")


edges = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14), st.integers(1, 5)), min_size=1, max_size=40).map(
    lambda ties: [(f"{one:02}", f"{two:02}", weight) for one, two, weight in ties]
)


@settings(max_examples=40, deadline=None)
@given(edges, st.booleans())
def test_the_engines_agree(ties: list[tuple[str, str, int]], directed: bool) -> None:  # noqa: FBT001 - drawn
    made = network(ties, directed=directed, alone=["99"])
    one, other = measure(made, "networkx"), measure(made, "networkit")
    assert (one.bridges, one.articulation) == (other.bridges, other.articulation)
    for node, figures in one.nodes.items():
        for name in set(NODE_MEASURES) - {"community"}:
            assert other.nodes[node][name] == pytest.approx(figures[name], abs=1e-6), (node, name)
    for name in set(GRAPH_MEASURES) - {"communities", "modularity"}:
        assert other.whole[name] == pytest.approx(one.whole[name], abs=1e-6), name
    if one.whole["modularity"] is not None:
        assert (other.whole["modularity"] or 0) >= one.whole["modularity"] - 0.05


@settings(max_examples=30, deadline=None)
@given(edges)
def test_numpy_agrees_with_networkx(ties: list[tuple[str, str, int]]) -> None:
    """What both engines leave to numpy and scipy is compared with networkx too."""
    made = network(ties)
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(made.nodes)
    for one, two, weight in ties:
        if one != two:
            before = graph.edges[one, two]["weight"] if graph.has_edge(one, two) else 0
            graph.add_edge(one, two, weight=before + weight)
    found = measure(made)
    assert (
        found.whole["transitivity"] == pytest.approx(nx.transitivity(graph))
        or not graph.number_of_edges()
        or (found.whole["transitivity"] is None)
    )
    assert {node: figures["strength"] for node, figures in found.nodes.items()} == dict(graph.degree(weight="weight"))
    groups: dict[int, set[str]] = {}
    for node, figures in found.nodes.items():
        groups.setdefault(figures["community"], set()).add(node)
    if graph.number_of_edges():
        assert found.whole["modularity"] == pytest.approx(nx.community.modularity(graph, groups.values()))
    for part in nx.connected_components(graph):
        if len(part) > 2:  # scipy warns of smaller ones
            wanted = nx.eigenvector_centrality_numpy(graph.subgraph(part), weight="weight")
            most = max(abs(value) for value in wanted.values())
            for node in part:
                assert found.nodes[node]["eigenvector"] == pytest.approx(abs(wanted[node]) / most, abs=1e-6)
    kinds = {node: "ab"[number % 2] for number, node in enumerate(made.nodes)}
    for node, kind in kinds.items():
        made.nodes[node].ownership = kind
    nx.set_node_attributes(graph, kinds, "kind")
    told = measure(made).whole["assortativity_ownership"]
    if told is not None:
        assert told == pytest.approx(nx.attribute_assortativity_coefficient(graph, "kind"))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=1, max_size=30))
def test_two_modes_agree_with_networkx(pairs: list[tuple[int, int]]) -> None:
    ties = [(f"s{one}", f"t{two}") for one, two in pairs]
    graph = nx.Graph(ties)
    sources = {one for one, _ in ties}
    found = measure(network(ties, modes="two-mode"))
    assert found.whole["density_two_mode"] == pytest.approx(nx.bipartite.density(graph, sources))
    if found.whole["clustering_two_mode"] is not None:
        assert found.whole["clustering_two_mode"] == pytest.approx(nx.bipartite.robins_alexander_clustering(graph))
    for node, value in nx.bipartite.degree_centrality(graph, sources).items():
        assert found.nodes[node]["degree_two_mode"] == pytest.approx(value)
    for node, value in nx.bipartite.latapy_clustering(graph).items():
        assert (found.nodes[node]["clustering_two_mode"] or 0) == pytest.approx(value)


def ring(count: int, chords: int) -> Network:
    """A ring with chords drawn with a fixed seed."""
    drawn = np.random.default_rng(1).integers(0, count, (chords, 2)).tolist()
    around = [(number, (number + 1) % count) for number in range(count)]
    return network([(f"{one:05}", f"{two:05}") for one, two in [*around, *drawn] if one != two])


def test_long_chains_are_followed_too() -> None:
    chain = network([(f"{number:03}", f"{number + 1:03}") for number in range(150)] + [("149", "151"), ("150", "151")])
    one, other = measure(chain, "networkx"), measure(chain, "networkit")
    assert (one.whole["diameter"], other.whole["diameter"]) == (150, 150)
    assert other.whole["average_path"] == pytest.approx(one.whole["average_path"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-1, 30), min_size=1, max_size=30))
def test_a_forest_is_measured_at_once_and_alike(above: list[int]) -> None:
    ties = [(f"{node:02}", f"{parent:02}") for node, parent in enumerate(above) if -1 < parent < node]
    made = network(ties, alone=[f"{node:02}" for node in range(len(above))])
    one, other = measure(made, "networkx"), measure(made, "networkit")
    for node, figures in one.nodes.items():
        for name in ("betweenness", "closeness"):
            assert other.nodes[node][name] == pytest.approx(figures[name], abs=1e-9), (node, name)
    for name in ("diameter", "average_path"):
        assert other.whole[name] == pytest.approx(one.whole[name], abs=1e-9), name


def test_a_chain_of_thousands_takes_no_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast.Fast, "_graph", lambda *_told, **_more: pytest.fail("networkit was asked for paths"))
    count = 9000
    arrays = Arrays.of(network([(f"{number:04}", f"{number + 1:04}") for number in range(count - 1)]))
    chain = fast.Fast(arrays, 1)
    between, (_, diameter, average) = chain.betweenness(), chain.closeness()
    middle = 4000
    assert between[middle] == pytest.approx(middle * (count - 1 - middle) / ((count - 1) * (count - 2) / 2), abs=1e-9)
    assert diameter == count - 1
    assert average == pytest.approx((count + 1) / 3)


def test_sampled_betweenness_is_near_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    made = ring(900, 1500)
    exact = measure(made, "networkit")
    assert exact.sampled == 0
    monkeypatch.setattr(fast, "EXACT_PATHS", 1000)
    first, second = measure(made, "networkit"), measure(made, "networkit")
    assert first.sampled == fast.SAMPLES
    assert first.nodes == second.nodes
    values = [[found.nodes[node]["betweenness"] for node in made.nodes] for found in (exact, first)]
    assert np.corrcoef(values)[0, 1] > 0.9
    assert sum(values[1]) == pytest.approx(sum(values[0]), rel=0.1)


def test_it_is_the_same_in_another_process() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_measures import *; made = ring(150, 150); "
        "print([measure(made, engine).nodes for engine in ('networkx', 'networkit')], layout(made))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize("count", [2, 100, 400])
def test_a_layout_keeps_nodes_apart_and_neighbours_together(count: int) -> None:
    made = ring(count, 0) if count > 2 else network([("a", "b")])
    places = layout(made)
    assert places == layout(made)
    points = np.array(list(places.values()))
    assert len(np.unique(points.round(6), axis=0)) == count
    if count > 2:
        tied = np.linalg.norm(points - np.roll(points, 1, axis=0), axis=1).mean()
        opposite = np.linalg.norm(points - np.roll(points, count // 2, axis=0), axis=1).mean()
        assert tied * 10 < opposite


def test_progress_is_told_and_can_stop_the_work() -> None:
    told: list[tuple[Text, int, int]] = []
    with reporting(lambda *step: told.append(step)):
        measure(network(KITE))
    assert NODE_MEASURES["betweenness"][0] in [step for step, _, _ in told]
    assert all(done < steps for _, done, steps in told)

    def stop(step: Text, done: int, steps: int) -> None:
        raise KeyboardInterrupt(step, done, steps)

    with pytest.raises(KeyboardInterrupt), reporting(stop):
        measure(network(KITE))
    measure(network(KITE))


def test_ctrl_c_stops_networkit() -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests'); from test_measures import *; fast.EXACT_PATHS = 10**12\n"
        "made = ring(6000, 60000); told = lambda step, done, steps: print(step.en, flush=True)\n"
        "try:\n with reporting(told): measure(made, 'networkit')\n"
        "except KeyboardInterrupt: sys.exit(130)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "betweenness\n"
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(1.0)
        running.send_signal(signal.SIGINT)
        assert running.wait(10) == 130


def test_networks_made_to_take_long_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast, "LONGEST", 1000)
    told = measure(network([(f"{number:03}", f"{(number + 1) % 150:03}") for number in range(150)]), "networkit")
    assert (told.whole["diameter"], told.nodes["000"]["closeness"]) == (None, None)
    many = [(f"{part:03}-{number:02}", f"{part:03}-{number + 1:02}") for part in range(120) for number in range(20)]
    made = network(many)
    places = layout(made)
    assert len({(round(x, 6), round(y, 6)) for x, y in places.values()}) == len(made.nodes) == 2520

"""A network from the JSON that ``vetgraph export network -o FILE.json`` wrote."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, Final

from vetgraph.errors import Text, UsageError
from vetgraph.networks.building import Network, Node, Tie, Words
from vetgraph.networks.meanings import NODE_MEASURES

_FACTS: Final = frozenset(
    (
        "id",
        "iri",
        "label",
        "label_zh",
        "label_en",
        "kind",
        "ownership",
        "level",
        "group_zh",
        "group_en",
        "mode",
        "x",
        "y",
    )
)


def read(path: str | Path) -> Network:
    """Read a network.

    Args:
        path: A file of node-link JSON, as ``vetgraph export network`` writes it.

    Returns:
        The network, without what its passages and codes are called.

    Raises:
        UsageError: The file cannot be read, or is no such file.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UsageError(
            Text(f"无法读取 {path}：{error.strerror}", f"cannot read {path}: {error.strerror}"),
            Text("检查路径", "check the path"),
        ) from None
    return parse(data, Text(str(path), str(path)))


def parse(data: bytes, name: Text) -> Network:
    """Read a network from the content of a file.

    Args:
        data: The content.
        name: What an error calls it.

    Returns:
        The network, without what its passages and codes are called.

    Raises:
        UsageError: It is no such file.
    """
    try:
        told = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise _no_network(name, Text("不是 JSON", "it is no JSON")) from None
    try:
        return _network(told)
    except KeyError as error:
        key = error.args[0]
        raise _no_network(name, Text(f"缺少“{key}”", f'"{key}" is missing')) from None
    except (TypeError, ValueError, AttributeError):
        raise _no_network(name, Text("结构不对", "it is built otherwise")) from None


def _no_network(name: Text, why: Text) -> UsageError:
    return UsageError(
        Text(f"{name.zh} 不是保存的网络：{why.zh}", f"{name.en} is no saved network: {why.en}"),
        Text(
            "用 vetgraph export network 名称 -o 文件.json 保存",
            "save one with vetgraph export network NAME -o FILE.json",
        ),
    )


def _network(told: dict[str, Any]) -> Network:
    about, words = told["graph"], Words()
    iris = {node["id"]: str(node["iri"]) for node in told["nodes"]}
    nodes = {iris[node["id"]]: _node(node, words) for node in told["nodes"]}
    ties = [
        Tie(
            iris[tie["source"]],
            iris[tie["target"]],
            str(tie["relation"]),
            _finite(tie["weight"]),
            [str(passage) for passage in tie["passages"]],
            [str(part) for part in tie["shared"]],
            str(tie.get("tie_label", "")),
            [int(year) for year in tie.get("years", [])],
        )
        for tie in told["edges"]
    ]
    texts = [Text(*(str(about[f"{name}_{lang}"]) for lang in ("zh", "en"))) for name in ("title", "description")]
    ordered = {node: nodes[node] for node in sorted(nodes)}
    ties.sort(key=lambda tie: (tie.source, tie.target, tie.relation))
    modes = str(about.get("modes", "mixed"))
    return Network(texts[0], texts[1], bool(told["directed"]), ordered, ties, words=words, modes=modes)


def _node(told: dict[str, Any], words: Words) -> Node:
    label = Text(str(told["label_zh"]), str(told["label_en"]))
    groups = []
    if told.get("group_zh"):
        group = Text(str(told["group_zh"]), str(told.get("group_en", told["group_zh"])))
        words.groups[group.zh] = group
        groups = [group.zh]
    facts = {name: str(told.get(name, "")) for name in ("kind", "ownership", "level", "mode")}
    columns = {
        name: value if isinstance(value, (int, float)) else str(value)
        for name, value in told.items()
        if name not in _FACTS and name not in NODE_MEASURES
    }
    return Node(str(told["iri"]), label, groups=groups, columns=columns, **facts)


def _finite(value: Any) -> float:  # noqa: ANN401 - what JSON holds
    found = float(value)
    if not math.isfinite(found):
        raise ValueError(value)
    return found

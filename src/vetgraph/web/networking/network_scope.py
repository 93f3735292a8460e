"""What of a network an address asks for: reports, a projection, and what it is compared with."""

from __future__ import annotations

import hashlib
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from flask import current_app

from vetgraph import names, queries
from vetgraph.errors import Text
from vetgraph.export.kept import Cut
from vetgraph.web.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug.datastructures import FileStorage, MultiDict

    from vetgraph.store import Store

MOST_SENT: Final = 32 << 20
"""Bytes of a saved network that is sent."""

_KEPT_FILES: Final = 32
_KEPT_BYTES: Final = 128 << 20
_DIGEST: Final = re.compile(r"[0-9a-f]{32}")
_REPORTS: Final = names.PREFIXES["report"]


def read(args: MultiDict[str, str]) -> tuple[Cut, dict[str, Any]]:
    """Read what of a network is wanted.

    Args:
        args: The values of the query string: ``report``, ``project``, ``against``, ``saved``.

    Returns:
        It, and the values that an address of the same needs.

    Raises:
        Refusal: The saved network is not here.
    """
    reports, against = (
        tuple(each for each in dict.fromkeys(args.getlist(name)) if each) for name in ("report", "against")
    )
    project, saved = args.get("project", ""), args.get("saved", "")
    cut = Cut(reports, project, () if saved else against, str(_kept(saved)) if saved else "")
    values = {"report": list(reports), "project": project, "against": list(cut.against), "saved": saved}
    return cut, {name: value for name, value in values.items() if value}


def _kept(digest: str) -> Path:
    file = _folder() / f"{digest}.json"
    if _DIGEST.fullmatch(digest) and file.is_file():
        return file
    raise Refusal(
        404,
        Text(
            "这个网络文件不在服务器上（只暂存一段时间）",
            "this network file is not here; files are kept for a while only",
        ),
        Text("在网络页面重新上传", "send it again on the page of the network"),
    )


def keep(file: FileStorage | None) -> str:
    """Keep a saved network that was sent, for as long as there is room.

    Args:
        file: The file of a form.

    Returns:
        What names it in addresses: the digest of its content.

    Raises:
        Refusal: There is none.
    """
    data = file.read() if file is not None else b""
    if not data:
        raise Refusal(
            400,
            Text("没有选择文件", "no file was chosen"),
            Text("选一个先前下载的网络 JSON 文件", "choose a network's JSON file that was downloaded before"),
        )
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    folder = _folder()
    fresh = folder / f"{digest}.new"
    fresh.write_bytes(data)
    fresh.replace(folder / f"{digest}.json")
    _make_room(folder)
    return digest


def _make_room(folder: Path) -> None:
    """Remove what was sent first, once there is too much."""
    files = sorted(folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    total = 0
    for number, file in enumerate(files):
        total += file.stat().st_size
        if number >= _KEPT_FILES or total > _KEPT_BYTES:
            file.unlink(missing_ok=True)


def _folder() -> Path:
    base = current_app.config.get("DUMP_FOLDER")
    if base is None:
        kept = current_app.extensions.setdefault(
            "vetgraph.networks-sent", tempfile.TemporaryDirectory(prefix="vetgraph-")
        )
        base = kept.name
    folder = Path(base) / "networks-sent"
    folder.mkdir(exist_ok=True)
    return folder


def reports(store: Store, lang: str) -> dict[str, str]:
    """Return the reports that there are.

    Args:
        store: What to ask.
        lang: The reader's language.

    Returns:
        What to call each, by its key.
    """
    found: dict[str, dict[str, str]] = {}
    for row in queries.page(store, "report-titles"):
        iri, title = str(row["report"]), row.term("title")
        key = iri.removeprefix(_REPORTS)
        titles = found.setdefault(key, {})
        if title is not None:
            titles[getattr(title, "language", None) or ""] = title.value
    told = {key: titles.get(lang) or next(iter(titles.values()), key) for key, titles in found.items()}
    many = len(set(told.values())) < len(told)
    apart = "（{}）" if lang == "zh" else " ({})"
    return {key: f"{title}{apart.format(key)}" if many and title != key else title for key, title in told.items()}


def fields(values: Mapping[str, Any], *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Return the hidden fields of a form that keep what an address says.

    Args:
        values: The values of the address.
        without: Those that the form asks for itself.

    Returns:
        Names and values.
    """
    listed = []
    for name, value in values.items():
        if name not in without:
            listed += [(name, each) for each in (value if isinstance(value, list) else [value])]
    return listed


def told(
    store: Store, query: str, values: dict[str, Any], modes: dict[str, list[dict[str, str]]] | None, lang: str
) -> dict[str, Any]:
    """Return what the forms of a network's page show: what can be chosen, and what is.

    Args:
        store: What to ask.
        query: The text of the network's query.
        values: The values of the address.
        modes: The kinds of both ends of a two-mode network.
        lang: The reader's language.

    Returns:
        The values of ``network_scope.html``.
    """
    known = reports(store, lang)
    chosen, against = values.get("report", []), values.get("against", [])
    between = "、" if lang == "zh" else ", "
    kinds = {end: between.join(kind[lang] for kind in found) for end, found in (modes or {}).items()}
    keys = [*chosen, *against]
    return {
        "reports": known if "?passage" in query else {},
        "chosen": [each.removeprefix(_REPORTS) for each in chosen],
        "against": [each.removeprefix(_REPORTS) for each in against],
        "saved": values.get("saved", ""),
        "names": {key: known.get(key.removeprefix(_REPORTS), key) for key in keys},
        "project": values.get("project", ""),
        "kinds": kinds,
        "kept": fields(values, without=("report", "project", "against", "saved")),
        "carried": fields(values, without=("against", "saved")),
    }

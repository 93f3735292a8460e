"""``/review``: decide on mappings in the browser, by keys or by plain forms; off unless the service is told where."""

from __future__ import annotations

import re
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote, unquote

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from vetgraph import names, queries, review, sssom
from vetgraph.errors import DataError, Text
from vetgraph.review import Decision
from vetgraph.web.reader import language
from vetgraph.web.refusal import Refusal
from vetgraph.web.things import locations

if TYPE_CHECKING:
    from pathlib import Path

    from vetgraph.review import Change, Verdict
    from vetgraph.sssom import MappingSet, Row
    from vetgraph.web.service.access import Tokens

blueprint = Blueprint("reviewing", __name__)

_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TOKEN: Final = "review-token"  # noqa: S105 - the name of a cookie
_AUTHOR: Final = "review-author"
_KEPT: Final = 100
"""Decisions of one person on one file that can be taken back."""

_DAY: Final = 24 * 3600
_HIDDEN: Final = frozenset(
    {
        *("subject_id", "subject_label", "object_id", "object_label", "predicate_id", "mapping_justification"),
        *("mapping_date", "mapping_tool", "mapping_tool_version", "comment", "confidence", "other"),
    }
)


@dataclass
class Desk:
    """Where decisions are made: the folder of the files, who may, and what can be taken back.

    Attributes:
        folder: The folder of the SSSOM files.
        tokens: Who may write.
        done: The last decisions of each person on each file.
    """

    folder: Path
    tokens: Tokens
    done: dict[tuple[str, str], list[Change]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def files(self) -> list[Path]:
        """Return the files that can be reviewed."""
        return sorted(self.folder.glob(f"*{sssom.SUFFIX}"))

    def file(self, key: str) -> Path:
        """Return the file of a key.

        Args:
            key: Its name without the ending.

        Returns:
            The file.

        Raises:
            Refusal: 404: there is none.
        """
        found = self.folder / f"{key}{sssom.SUFFIX}"
        if not _KEY.fullmatch(key) or not found.is_file():
            raise Refusal(
                404,
                Text(f"没有对应文件“{key}”", f'there is no file of mappings "{key}"'),
                Text("看 /review 所列", "see the list at /review"),
            )
        return found

    def remember(self, key: str, author: str, change: Change) -> None:
        """Keep what a decision changed, so that it can be taken back."""
        with self.lock:
            kept = self.done[key, author]
            kept.append(change)
            del kept[:-_KEPT]

    def take_back(self, key: str, author: str) -> None:
        """Take a person's last decision on a file back.

        Args:
            key: The file's key.
            author: The person.

        Raises:
            Refusal: 409: there is none since the service was started.
            ConflictError: The rows have been changed since.
        """
        with self.lock:
            kept = self.done[key, author]
            if not kept:
                raise Refusal(
                    409,
                    Text("没有可撤销的决定", "there is no decision to take back"),
                    Text("服务启动以来的决定才能在此撤销；更早的请改文件", "older ones are undone in the file"),
                )
            change = kept.pop()
        review.undo(self.file(key), change)


def _desk() -> Desk:
    desk = cast("Desk | None", current_app.extensions.get("vetgraph.review"))
    if desk is None:
        raise Refusal(
            403,
            Text("这里没有开启审核", "reviewing is off here"),
            Text(
                "运行者用 --links data/links --tokens 文件 开启",
                "the operator turns it on with --links data/links --tokens FILE",
            ),
        )
    return desk


def _author() -> str | None:
    """Return who is signed in; nobody without a valid token."""
    author = unquote(request.cookies.get(_AUTHOR, "")).strip()
    try:
        _desk().tokens.require(f"Bearer {request.cookies.get(_TOKEN, '')}")
    except Refusal as refused:
        if refused.status != 401:  # noqa: PLR2004 - writing is off altogether
            raise
        return None
    return author or None


def _require_author() -> str:
    """Return who decides; refuse forms that another site's page has sent."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Refusal(
            403,
            Text("表单来自别的网站", "the form comes from another site"),
            Text("在本页操作", "use this site's page"),
        )
    author = _author()
    if author is None:
        raise Refusal(
            401,
            Text("审核需要登录", "reviewing needs a token"),
            Text("在 /review 写上姓名和令牌", "give your name and token at /review"),
        )
    return author


def _page(template: str, status: int = 200, **values: Any) -> Response:  # noqa: ANN401 - for templates
    response = Response(render_template(template, **values), status, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/review")
def listing() -> Response:
    """List the files with what is left to decide, or ask who is there."""
    desk, author = _desk(), _author()
    if author is None:
        return _page("review-start.html", author="", wrong=False)
    files = [(file.name.removesuffix(sssom.SUFFIX), _counts(file)) for file in desk.files()]
    return _page("review-files.html", files=files, author=author)


def _counts(file: Path) -> dict[str, int] | None:
    """Count what is in a file; nothing where it is malformed, which its own page tells."""
    try:
        return review.counts(review.read(file))
    except DataError:
        return None


@blueprint.post("/review/session")
def session() -> Response:
    """Sign in with a name and a token, or out."""
    desk = _desk()
    there = cast("Response", redirect(url_for("reviewing.listing"), 303))
    if request.form.get("leave"):
        for name in (_TOKEN, _AUTHOR):
            there.delete_cookie(name, path="/review")
        return there
    author, token = request.form.get("author", "").strip(), request.form.get("token", "").strip()
    try:
        desk.tokens.require(f"Bearer {token}")
    except Refusal as refused:
        if refused.status != 401:  # noqa: PLR2004 - writing is off altogether
            raise
        return _page("review-start.html", 401, author=author, wrong=True)
    for name, value in ((_TOKEN, token), (_AUTHOR, quote(author))):
        there.set_cookie(
            name, value, max_age=_DAY, path="/review", httponly=True, samesite="Strict", secure=request.is_secure
        )
    return there


@blueprint.get("/review/<key>")
def pair(key: str) -> Response:
    """Show the next undecided pair of a file."""
    desk = _desk()
    author = _author()
    if author is None:
        return cast("Response", redirect(url_for("reviewing.listing"), 303))
    found = review.read(desk.file(key))
    nothing = request.args.get("nothing") == "1"
    rows = review.pending(found, nothing=nothing)
    skip = min(request.args.get("skip", 0, type=int), len(rows))
    row = rows[skip] if 0 <= skip < len(rows) else None
    shown = _shown(found, row, rows) if row is not None else {}
    return _page(
        "review.html",
        key=key,
        author=author,
        row=row,
        left=len(rows),
        skip=skip,
        nothing=nothing,
        **shown,
        counts=review.counts(found),
        undoable=bool(desk.done[key, author]),
    )


@blueprint.post("/review/<key>")
def decide(key: str) -> Response:
    """Take a decision, or take the last one back."""
    desk = _desk()
    author, file = _require_author(), _desk().file(key)
    skip = max(request.form.get("skip", 0, type=int), 0)
    verdict = request.form.get("verdict", "")
    if verdict == "skip":
        skip += 1
    elif verdict == "undo":
        desk.take_back(key, author)
    elif verdict in {"accept", "reject", "other"}:
        target, label = _target(request.form.get("target", "").strip()) if verdict == "other" else ("", "")
        comment = request.form.get("comment", "")
        decision = Decision(cast("Verdict", verdict), author, target, label, comment)
        desk.remember(key, author, review.decide(file, request.form.get("row", ""), decision))
    else:
        raise Refusal(
            400,
            Text(f"没有决定“{verdict}”", f'there is no decision "{verdict}"'),
            Text("用 accept、reject、other、skip 或 undo", "use accept, reject, other, skip or undo"),
        )
    nothing = "1" if request.form.get("nothing") == "1" else None
    return cast("Response", redirect(url_for("reviewing.pair", key=key, skip=skip or None, nothing=nothing), 303))


def _target(typed: str) -> tuple[str, str]:
    """Find the thing that somebody names by key or by name."""
    store = current_app.extensions["vetgraph.store"]
    iri = typed if typed.startswith(names.BASE) else ""
    if typed.isascii() and "/" in typed and not iri:
        iri = f"{names.BASE}id/{typed.strip('/')}"
    if iri:
        rows = [str(row["label"]) for row in queries.page(store, "labels", {"thing": iri})] if _is_iri(iri) else []
        if rows:
            return iri, rows[0]
    else:
        found = {str(row["thing"]) for row in queries.page(store, "named", {"name": typed})}
        things = sorted(thing for thing in found if not thing.startswith(names.ENTRIES))
        if len(things) == 1:
            return things[0], typed
    raise Refusal(
        400,
        Text(f"图谱中没有“{typed}”，或不止一个", f'the graph has no "{typed}", or several'),
        Text(
            "写编号，如 school/xuchang-keji（在 /search 查）",
            "write its key, as school/xuchang-keji; find it at /search",
        ),
    )


def _is_iri(text: str) -> bool:
    return re.fullmatch(r"[^\s<>\"{}|\\^`]+", text) is not None


def _shown(found: MappingSet, row: Row, rows: list[Row]) -> dict[str, Any]:
    """Return what a page shows of a pair: both sides with what is known of them, and the evidence."""
    sides = []
    for prefix in ("subject", "object"):
        iri = found.expand(row.get(f"{prefix}_id"))
        known = iri is not None and not (prefix == "object" and row.empty)
        sides.append(
            {
                "label": row.get(f"{prefix}_label"),
                "curie": row.get(f"{prefix}_id"),
                "address": locations.link(iri) if known and iri else None,
                "facts": _facts(iri) if known and iri else [],
            }
        )
    others = [
        (one.get("object_label"), one.get("confidence"))
        for one in rows
        if one is not row and one.get("subject_id") == row.get("subject_id") and not one.empty
    ]
    told = [(name, text) for name, text in row.values.items() if text and name not in _HIDDEN]
    evidence = [part.strip() for part in row.get("comment").split(";") if part.strip()]
    return {"sides": sides, "evidence": evidence, "told": told, "others": others}


def _facts(iri: str) -> list[tuple[str, str]]:
    """Return what is known of a thing: names of properties in the reader's language, and values."""
    if not _is_iri(iri):
        return []
    label = "zh" if language() == "zh" else "en"
    found = queries.page(current_app.extensions["vetgraph.store"], "review-facts", {"thing": iri})
    return [(str(row[label]), str(row["value"])) for row in found]

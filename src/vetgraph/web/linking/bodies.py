"""What clients of the reconciliation service send, as address, form or JSON, and the JSON that they get."""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import parse_qs

from flask import Response, request

from vetgraph.errors import Text
from vetgraph.web import negotiation
from vetgraph.web.refusal import Refusal
from vetgraph.web.service.exchange import too_large
from vetgraph.web.service.protocol import unsupported

MOST_BODY: Final = 4_000_000
"""Bytes of a batch."""

_CALLBACK: Final = re.compile(r"[A-Za-z_$][\w$]{0,100}(?:\.[A-Za-z_$][\w$]{0,100}){0,4}", re.ASCII)
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"


def lang() -> str:
    """Return the language of names: as asked, else that of the data, since programs seldom say one."""
    header = request.headers.get("Accept-Language", "")
    return negotiation.language(request.args.get("lang"), None, header or "zh")


def parameters() -> dict[str, str]:
    """Return the parameters of the address and of a form; of one that comes twice, the last."""
    data = request.query_string
    if request.method == "POST":
        if request.mimetype not in {_FORM, "multipart/form-data"}:
            raise unsupported(request.mimetype, (_FORM,))
        if request.mimetype == _FORM:
            data += b"&" + _content()
    try:
        given = parse_qs(data.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Refusal(
            400, Text("请求不是 UTF-8", "the request is not in UTF-8"), Text("用 UTF-8 发送", "send it in UTF-8")
        ) from None
    found = {key: values[-1] for key, values in given.items()}
    return {**found, **request.form.to_dict()} if request.mimetype == "multipart/form-data" else found


def _content() -> bytes:
    if (request.content_length or 0) > MOST_BODY:
        raise too_large(MOST_BODY)
    return request.get_data(cache=False)


def body() -> str:
    """Return the JSON that was sent, as text.

    Raises:
        Refusal: It is no JSON by its media type, too large, or not in UTF-8.
    """
    if request.mimetype != _JSON:
        raise unsupported(request.mimetype, (_JSON,))
    try:
        return _content().decode()
    except UnicodeDecodeError:
        raise Refusal(
            400, Text("请求不是 UTF-8", "the request is not in UTF-8"), Text("用 UTF-8 发送", "send it in UTF-8")
        ) from None


def answered(given: dict[str, str], told: dict[str, Any]) -> Response:
    """Answer with JSON, or with a call of a function where an old client names one (JSONP)."""
    text = json.dumps(told, separators=(",", ":"))  # in ASCII, so that no line separator can break a script
    callback = given.get("callback")
    if callback is None:
        response = Response(text, content_type=_JSON)
    elif _CALLBACK.fullmatch(callback):
        response = Response(f"/**/{callback}({text});", content_type="application/javascript; charset=utf-8")
    else:
        raise Refusal(
            400,
            Text("callback 应是一个函数名", "callback must be the name of a function"),
            Text("如 callback=jQuery123 或 callback=a.b", "write callback=jQuery123 or callback=a.b"),
        )
    response.headers["Content-Language"] = lang()
    return response

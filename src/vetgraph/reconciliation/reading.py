"""JSON that a stranger sends, read with care: what is wrong is told with its place."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from vetgraph.errors import Text, TooManyError, UsageError

BATCH: Final = 1_000
"""Queries of one batch, and things of one data extension, at most."""

LIMIT: Final = 5
"""Candidates of a query that does not say how many it wants."""

MOST: Final = 100
"""Candidates of a query, at most."""

_SHOWN: Final = 60
_KINDS: Final[dict[type[Any], Text]] = {
    dict: Text("对象", "an object"),
    list: Text("数组", "an array"),
    str: Text("文字", "text"),
    bool: Text("真假值", "a boolean"),
    type(None): Text("空", "nothing"),
}
_NUMBER: Final = Text("数", "a number")


def wrong(place: str, expected: Text, fix: Text | None = None) -> UsageError:
    """Return the error of a request whose JSON is not what it should be.

    Args:
        place: Where in it, as ``queries.q0.limit``.
        expected: What is expected there, or wrong.
        fix: How to mend it.

    Returns:
        The error.
    """
    return UsageError(
        Text(f"{place}：{expected.zh}", f"{place}: {expected.en}"),
        fix or Text("按 Reconciliation Service API 0.2 书写", "write it as the Reconciliation Service API 0.2 tells"),
    )


def parse(text: str, place: str) -> Any:  # noqa: ANN401 - JSON
    """Read a JSON text.

    Args:
        text: The text.
        place: The name of the parameter that holds it.

    Returns:
        What it says.

    Raises:
        UsageError: It is no JSON, is nested too deep, or has half of a character.
    """
    fix = Text("发送合格的 JSON（UTF-8，经百分号编码）", "send valid JSON, in UTF-8, percent-encoded")
    try:
        found = json.loads(text, parse_constant=_no_number, parse_float=_finite)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise wrong(
            place,
            Text(
                f"不是合格的 JSON：第 {error.lineno} 行第 {error.colno} 列，{error.msg}（{_near(text, error.pos)}）",
                f"no valid JSON: line {error.lineno}, column {error.colno}, {error.msg} ({_near(text, error.pos)})",
            ),
            fix,
        ) from None
    except RecursionError:
        raise wrong(place, Text("JSON 嵌套太深", "the JSON is nested too deep"), fix) from None
    except UnicodeEncodeError:
        half = Text("含有半个字符（\\ud800–\\udfff）", "half of a character (\\ud800–\\udfff)")
        raise wrong(place, half, fix) from None
    except ValueError as error:
        raise wrong(
            place, Text(f"有不能读的数：{error}"[:200], f"a number that cannot be read: {error}"[:200]), fix
        ) from None
    return found


def _no_number(word: str) -> None:
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    if abs(number) == float("inf"):
        raise ValueError(digits)
    return number


def _near(text: str, position: int) -> str:
    start = max(0, position - 20)
    return f"…{text[start : position + 20]}…".replace("\n", " ")


def check_size(size: int, place: str) -> None:
    """Refuse a batch that is too large.

    Args:
        size: How many it has.
        place: Where.

    Raises:
        TooManyError: There are more than ``BATCH``.
    """
    if size > BATCH:
        raise TooManyError(
            Text(f"{place}：一批最多 {BATCH} 个，收到 {size} 个", f"{place}: at most {BATCH} in one batch, got {size}"),
            Text(
                f"分批发送，每批不超过 {BATCH} 个",
                f"send them in batches of at most {BATCH} (batchSize in the manifest)",
            ),
        )


def limit(found: Any, place: str = "limit", default: int = LIMIT, least: int = 1) -> int:  # noqa: ANN401 - JSON
    """Read a limit.

    Args:
        found: A number, or a text that is one; nothing: the default.
        place: Where it stands.
        default: Where it is not given.
        least: The smallest allowed.

    Returns:
        The limit.

    Raises:
        UsageError: It is no whole number, or too small.
    """
    if found is None or found == "":
        return default
    text = str(found).strip()
    whole = re.fullmatch(r"(\d{1,15})(?:\.0*)?", text)
    if isinstance(found, bool) or whole is None or int(whole[1]) < least:
        raise wrong(
            place,
            Text(
                f"应为不小于 {least} 的整数，收到 {short(text)}",
                f"expected a whole number from {least}, got {short(text)}",
            ),
        )
    return int(whole[1])


def mapping(found: Any, place: str) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return what must be an object.

    Args:
        found: The JSON.
        place: Where it stands.

    Returns:
        The object.

    Raises:
        UsageError: It is none.
    """
    if not isinstance(found, dict):
        raise _other(place, found, Text("对象", "an object"))
    return found


def array(found: Any, place: str, most: int) -> list[Any]:  # noqa: ANN401 - JSON
    """Return what must be an array.

    Args:
        found: The JSON.
        place: Where it stands.
        most: Items that it may have.

    Returns:
        The array.

    Raises:
        UsageError: It is none, or too long.
    """
    if not isinstance(found, list):
        raise _other(place, found, Text("数组", "an array"))
    if len(found) > most:
        raise wrong(place, Text(f"最多 {most} 项，收到 {len(found)} 项", f"at most {most} items, got {len(found)}"))
    return found


def string(found: Any, place: str) -> str:  # noqa: ANN401 - JSON
    """Return what must be text; a number is taken as its digits.

    Args:
        found: The JSON.
        place: Where it stands.

    Returns:
        The text.

    Raises:
        UsageError: It is neither.
    """
    if isinstance(found, (int, float)) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str):
        raise _other(place, found, Text("文字", "text"))
    return found


def one_of(found: Any, known: tuple[str, ...], place: str) -> str:  # noqa: ANN401 - JSON
    """Return what must be one of some words.

    Args:
        found: The JSON.
        known: The words.
        place: Where it stands.

    Returns:
        The word.

    Raises:
        UsageError: It is another.
    """
    if found not in known:
        listed = ", ".join(known)
        raise wrong(place, Text(f"应为 {listed} 之一", f"expected one of {listed}"))
    return str(found)


def short(text: str) -> str:
    """Return as much of a stranger's text as an error may repeat.

    Args:
        text: The text.

    Returns:
        Its beginning.
    """
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _other(place: str, found: Any, expected: Text) -> UsageError:  # noqa: ANN401 - JSON
    kind = _KINDS.get(type(found), _NUMBER)
    return wrong(place, Text(f"应为{expected.zh}，收到{kind.zh}", f"expected {expected.en}, got {kind.en}"))

"""The rate limit and the answers that are kept."""

from __future__ import annotations

import pytest

from vetgraph.web.refusal import Refusal
from vetgraph.web.service.cache import AnswerCache, Kept, etag, repeatable
from vetgraph.web.service.limits import RateLimit


def test_a_client_that_asks_too_often_waits_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("vetgraph.web.service.limits.time.monotonic", lambda: now[0])
    limit = RateLimit(2, 3)
    for _ in range(3):
        limit.check("a")
    with pytest.raises(Refusal) as caught:
        limit.check("a")
    assert caught.value.status == 429
    assert ("Retry-After", "1") in tuple(caught.value.headers)
    limit.check("b")
    now[0] += 0.5
    limit.check("a")
    with pytest.raises(Refusal):
        limit.check("a")
    for _ in range(1000):
        RateLimit(0, 1).check("a")


def test_the_answers_asked_for_last_are_kept_within_their_room() -> None:
    cache = AnswerCache(40_000)
    assert cache.get("v1", (b"0",)) is None
    for number in range(11):
        cache.put("v1", (b"%d" % number,), Kept((), bytes(3000), b""))
        assert cache.get("v1", (b"0",)) is not None
    assert cache.get("v1", (b"1",)) is None
    assert cache.get("v1", (b"10",)) is not None
    cache.put("v1", (b"large",), Kept((), bytes(5000), b""))
    assert cache.get("v1", (b"large",)) is None


def test_an_answer_belongs_to_one_content() -> None:
    cache = AnswerCache(40_000)
    cache.get("v1", (b"q",))
    cache.put("v1", (b"q",), Kept((), b"old", b""))
    assert cache.get("v2", (b"q",)) is None
    cache.put("v1", (b"q",), Kept((), b"late", b""))
    assert cache.get("v2", (b"q",)) is None


def test_a_tag_names_the_content_and_the_request() -> None:
    tags = {etag("v1", b"q"), etag("v2", b"q"), etag("v1", b"q", b""), etag("v1", b"r"), etag("v1", b"q", b"x")}
    assert len(tags) == 5
    assert etag("v1", b"q") == etag("v1", b"q")
    assert repeatable("SELECT * { ?s ?p 'known' }")
    for text in ("SELECT (NOW() AS ?n) {}", "SELECT (rand() AS ?n) {}", "SELECT (\\u006EOW() AS ?n) {}"):
        assert not repeatable(text)

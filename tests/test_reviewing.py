"""Reviewing in the browser: by plain forms, by keys, only with a token, never over another's decision."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from browsing import NARROW, WIDE, browsing, overflow
from serving import TOKEN, serving
from test_review import HEAD, ROWS
from vetgraph import review
from vetgraph.build import build_graph
from vetgraph.review import Decision
from vetgraph.store import EmbeddedStore
from vetgraph.web.app import create_app
from vetgraph.web.linking.reviewing import Desk
from vetgraph.web.service.access import Tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient
    from playwright.sync_api import Browser
    from werkzeug.test import TestResponse

    from serving import Served

ROOT = Path(__file__).parent.parent
PATH = "/review/some-list"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    data = tmp_path_factory.mktemp("reviewing") / "data"
    for name in ("registry", "tables"):
        shutil.copytree(ROOT / "data" / name, data / name)
    found = build_graph(data, validate=False).store
    assert isinstance(found, EmbeddedStore)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "links" / "some-list.sssom.tsv"
    made.parent.mkdir()
    made.write_text(HEAD + ROWS, encoding="utf-8")
    return made


@pytest.fixture
def app(store: EmbeddedStore, file: Path, tmp_path: Path) -> Flask:
    (tmp_path / "tokens").write_text(f"{TOKEN}\n", encoding="utf-8")
    made = create_app(store)
    made.extensions["vetgraph.review"] = Desk(file.parent, Tokens(tmp_path / "tokens"))
    return made


def signed_in(app: Flask, author: str = "张三") -> FlaskClient:
    client = app.test_client()
    answer = client.post("/review/session", data={"author": author, "token": TOKEN})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/review")
    return client


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return signed_in(app)


def row_of(client: FlaskClient, query: str = "") -> str:
    found = re.search(r'name="row" value="(\w+)"', client.get(f"{PATH}{query}").text)
    assert found is not None
    return found[1]


def post(client: FlaskClient, verdict: str, **fields: str) -> TestResponse:
    return client.post(PATH, data={"verdict": verdict, **fields})


def decided(file: Path) -> dict[str, str]:
    rows = review.read(file).rows
    return {row.get("object_id"): row.get("predicate_modifier") or "yes" for row in rows if row.reviewed}


def test_it_is_off_unless_the_service_is_told_where(store: EmbeddedStore) -> None:
    client = create_app(store).test_client()
    for answer in (client.get("/review"), client.get(PATH), post(client, "accept")):
        assert answer.status_code == 403
        assert "--links" in answer.text


def test_it_is_shown_where_it_is_on(app: Flask, store: EmbeddedStore) -> None:
    assert 'href="/review"' in app.test_client().get("/tables").text
    assert 'href="/review"' not in create_app(store).test_client().get("/tables").text


def test_without_a_token_nothing_is_decided(app: Flask, file: Path) -> None:
    client = app.test_client()
    assert 'name="token"' in client.get("/review").text
    assert client.get(PATH).status_code == 303
    token = review.read(file).rows[0].token
    assert post(client, "accept", row=token).status_code == 401
    wrong = client.post("/review/session", data={"author": "张三", "token": "another-token-of-some-length"})
    assert wrong.status_code == 401
    assert "Set-Cookie" not in wrong.headers
    assert decided(file) == {}


def test_the_cookies_are_for_review_alone(app: Flask) -> None:
    answer = app.test_client().post("/review/session", data={"author": "张三", "token": TOKEN})
    cookies = answer.headers.getlist("Set-Cookie")
    assert len(cookies) == 2
    for cookie in cookies:
        assert {"HttpOnly", "Path=/review", "SameSite=Strict"} <= set(cookie.split("; "))


def test_another_site_cannot_decide(client: FlaskClient, file: Path) -> None:
    answer = client.post(
        PATH, data={"verdict": "accept", "row": row_of(client)}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert decided(file) == {}


def test_plain_forms_decide_and_lead_on(client: FlaskClient, file: Path) -> None:
    assert "some-list" in client.get("/review").text
    page = client.get(PATH).text
    assert "许昌科技学校" in page
    assert "0.97" in page
    assert "+ same place" in page
    answer = post(client, "accept", row=row_of(client), comment="同名同地")
    assert (answer.status_code, answer.headers["Location"]) == (303, PATH)
    assert decided(file) == {"school:xuchang-keji": "yes"}
    accepted = review.read(file).rows[0]
    assert (accepted.get("author_label"), accepted.get("comment")) == ("张三", "同名同地")
    post(client, "reject", row=row_of(client))
    assert decided(file) == {"school:xuchang-keji": "yes", "school:xinxian-zhigao": "Not"}
    skipped = post(client, "skip", row=row_of(client))
    assert skipped.headers["Location"] == f"{PATH}?skip=1"
    assert 'name="row"' not in client.get(skipped.headers["Location"]).text


def test_decisions_are_taken_back_one_by_one(client: FlaskClient, file: Path) -> None:
    before = {row.token for row in review.read(file).rows}
    for verdict in ("accept", "reject"):
        post(client, verdict, row=row_of(client))
    for _ in range(2):
        assert post(client, "undo").status_code == 303
    assert {row.token for row in review.read(file).rows} == before
    assert post(client, "undo").status_code == 409


@pytest.mark.parametrize(
    ("typed", "target"),
    [("college/luohe-shipin", "college:luohe-shipin"), ("漯河食品工程职业大学", "college:luohe-shipin")],
)
def test_another_thing_is_named_by_key_or_name(client: FlaskClient, file: Path, typed: str, target: str) -> None:
    assert post(client, "other", row=row_of(client), target=typed).status_code == 303
    assert decided(file) == {"school:xuchang-keji": "Not", target: "yes"}


@pytest.mark.parametrize("typed", ["", "school/none", "没有这个学校", "https://example.org/x", "a b/<script>"])
def test_a_thing_that_is_not_there_is_told(client: FlaskClient, file: Path, typed: str) -> None:
    assert post(client, "other", row=row_of(client), target=typed).status_code == 400
    assert decided(file) == {}


def test_what_another_decided_meanwhile_is_not_overwritten(app: Flask, client: FlaskClient, file: Path) -> None:
    seen = row_of(client)
    post(signed_in(app, "李四"), "reject", row=seen)
    answer = post(client, "accept", row=seen)
    assert answer.status_code == 409
    assert decided(file) == {"school:xuchang-keji": "Not"}
    # Nor does one take back what another decided.
    assert post(client, "undo").status_code == 409


@pytest.mark.parametrize("key", ["none", "..", ".hidden", "../../etc/passwd", "a%2Fb"])
def test_only_files_of_the_folder_are_there(client: FlaskClient, key: str) -> None:
    assert client.get(f"/review/{key}").status_code in {404, 308, 403}


def test_an_unknown_decision_is_refused(client: FlaskClient) -> None:
    assert post(client, "maybe", row="x").status_code == 400


def test_a_broken_file_is_told(client: FlaskClient, file: Path) -> None:
    file.write_text("subject_id\tobject_id\n", encoding="utf-8")
    assert client.get(PATH).status_code == 422
    assert "先改正" in client.get("/review?lang=zh").text


def test_markup_in_a_name_is_text(client: FlaskClient, file: Path) -> None:
    file.write_text(HEAD + ROWS.replace("+ same place", "<script>alert(1)</script>"), encoding="utf-8")
    assert "<script>alert" not in client.get(PATH).text


def test_leaving_forgets_who_was_there(client: FlaskClient) -> None:
    client.post("/review/session", data={"leave": "1"})
    assert 'name="token"' in client.get("/review").text


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    from vetgraph.build import build

    folder = tmp_path_factory.mktemp("reviewed")
    (folder / "links").mkdir()
    (folder / "links" / "some-list.sssom.tsv").write_text(HEAD + ROWS, encoding="utf-8")
    build(ROOT / "data", folder / "store", validate=False)
    with serving(folder / "store", "--links", str(folder / "links"), tokens=folder / "tokens") as running:
        yield running


@pytest.mark.browser
def test_one_key_decides(served: Served, browser: Browser) -> None:
    file = Path(served.store).parent / "links" / "some-list.sssom.tsv"
    file.write_text(HEAD + ROWS, encoding="utf-8")
    with browsing(browser, served.url, lang="zh", size=WIDE) as page:
        page.goto("/review")
        page.get_by_label("姓名或单位").fill("张三")
        page.get_by_label("令牌").fill(TOKEN)
        page.get_by_role("button", name="开始").click()
        page.get_by_role("link", name="some-list").click()
        page.wait_for_url(f"**{PATH}")
        for key, expected in (
            ("a", {"school:xuchang-keji": "yes"}),
            ("r", {"school:xuchang-keji": "yes", "school:xinxian-zhigao": "Not"}),
            ("u", {"school:xuchang-keji": "yes"}),
        ):
            with page.expect_navigation():
                page.keyboard.press(key)
            assert decided(file) == expected
        page.keyboard.press("o")
        page.keyboard.type("college/luohe-shipin")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert decided(file) == {
            "school:xuchang-keji": "yes",
            "school:xinxian-zhigao": "Not",
            "college:luohe-shipin": "yes",
        }
        page.get_by_text("都决定了").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_pages_open(served: Served, browser: Browser, lang: str, size: tuple[int, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    file = Path(served.store).parent / "links" / "some-list.sssom.tsv"
    file.write_text(HEAD + ROWS, encoding="utf-8")
    review.decide(file, review.read(file).rows[1].token, Decision("reject", "李四"))
    with browsing(browser, served.url, lang=lang, size=size) as page:
        page.goto("/review")
        found = Axe().run(page)
        assert not found.response["violations"], found.generate_report()
        page.locator('[name="author"]').fill("张三")
        page.locator('[name="token"]').fill(TOKEN)
        page.locator("main button").click()
        page.get_by_role("link", name="some-list").wait_for()
        for path in ("/review", PATH, f"{PATH}?nothing=1&skip=2", f"{PATH}?skip=9"):
            page.goto(path)
            assert overflow(page) <= 0
            found = Axe().run(page)
            assert not found.response["violations"], found.generate_report()

"""Pictures of every page, for whoever wants to see what the service looks like, and those that the README shows.

``make screenshots`` builds the report, serves it, and opens the pages of ``screenshots.csv`` in Chromium: Chinese and
English, wide and narrow, and the wide Chinese ones in the dark too. A row has a ``name`` for the files in
``build/screenshots/``, a ``path``, the selector of what must be there before the picture is taken (``ready``), the
name of the README's picture in ``docs/images/`` (``image``): the first screenful, or what ``ready`` selects; what is
typed into the box first (``typed``), and the name of the tutorial's pictures in ``docs/tutorial/`` (``tutorial``): a
screenful in each language.
"""

from __future__ import annotations

import csv
import itertools
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

ROOT: Final = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browsing import NARROW, WIDE, chromium  # noqa: E402 - it is with the tests
from serving import serving  # noqa: E402 - it is with the tests
from vetgraph.build import build  # noqa: E402 - after the path is set

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

OUT: Final = ROOT / "build" / "screenshots"
IMAGES: Final = ROOT / "docs" / "images"
TUTORIAL: Final = ROOT / "docs" / "tutorial"
SCREEN: Final = (1100, 720)
MOST_BYTES: Final = 300_000
FORMS: Final = ("zh-wide", "zh-narrow", "en-wide", "en-narrow", "zh-wide-dark")
_SETTLES: Final = 800


def main(wanted: tuple[str, ...]) -> None:
    """Take the pictures.

    Args:
        wanted: Names of pages; all where there are none.
    """
    with (ROOT / "docs" / "screenshots.csv").open(encoding="utf-8", newline="") as file:
        pages = [page for page in csv.DictReader(file) if not wanted or page["name"] in wanted]
    OUT.mkdir(parents=True, exist_ok=True)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        store = Path(folder) / "store"
        build(ROOT / "data", store, validate=False)
        with serving(store) as served:
            for page, form in itertools.product(pages, FORMS):
                _take(browser, served.url, page, form)
            for page, lang in itertools.product(pages, ("zh", "en")):
                if page["tutorial"]:
                    _teach(browser, served.url, page, lang)


def _take(browser: Browser, url: str, page: dict[str, str], form: str) -> None:
    lang, width, *dark = form.split("-")
    size = {"wide": WIDE, "narrow": NARROW}[width]
    context = browser.new_context(
        base_url=url,
        locale={"zh": "zh-CN", "en": "en-GB"}[lang],
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    tab = context.new_page()
    if not _open(tab, page):
        context.close()
        return
    tab.screenshot(path=OUT / f"{page['name']}-{form}.png", full_page=True)
    if page["image"] and form == "en-wide":
        image = IMAGES / page["image"]
        (tab.locator(page["ready"]) if page["ready"] else tab).screenshot(path=image)
        if image.stat().st_size > MOST_BYTES:
            raise click.ClickException(f"{image} is larger than {MOST_BYTES} bytes")
    context.close()


def _teach(browser: Browser, url: str, page: dict[str, str], lang: str) -> None:
    """Take a picture for the tutorial."""
    context = browser.new_context(
        base_url=url,
        locale={"zh": "zh-CN", "en": "en-GB"}[lang],
        viewport={"width": SCREEN[0], "height": SCREEN[1]},
        reduced_motion="reduce",
    )
    tab = context.new_page()
    if _open(tab, page):
        tab.screenshot(path=TUTORIAL / f"{page['tutorial']}-{lang}.png")
    context.close()


def _open(tab: Page, page: dict[str, str]) -> bool:
    """Open a page and wait until it is as it will be; tell whether there is one."""
    answer = tab.goto(page["path"])
    if answer is None or not answer.ok:
        click.echo(f"{page['path']}: no page", err=True)
        return False
    if page["typed"]:
        tab.locator("form.find input").press_sequentially(page["typed"])
        tab.wait_for_selector("[role=option]")
        tab.keyboard.press("ArrowDown")
    if page["ready"]:
        tab.wait_for_selector(page["ready"])
    tab.wait_for_timeout(_SETTLES)
    return True


if __name__ == "__main__":
    main(tuple(sys.argv[1:]))

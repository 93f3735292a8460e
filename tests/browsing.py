"""A real Chromium over the running service: pages in both languages, wide and narrow, that complain of nothing."""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

WIDE: Final = (1280, 900)
NARROW: Final = (375, 812)
_LANGUAGES: Final = {"zh": "zh-CN", "en": "en-US"}
_QUIET: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


_DRAWING: Final = "GL Driver Message"
"""Chromium says so of its own drawing without a graphics card."""


@dataclass
class Complaints:
    """What a page did that no page may do: errors on the console, failed answers, requests to another origin."""

    told: list[str] = field(default_factory=list)

    def watch(self, page: Page, url: str) -> None:
        """Listen to a page."""
        own = urlsplit(url).netloc

        def asked(address: str) -> None:
            parts = urlsplit(address)
            if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != own:
                self.told.append(f"asked another origin: {address}")

        page.on("request", lambda request: asked(request.url))
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.told.append(str(error)))

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and _DRAWING not in text:
            self.told.append(text)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, or the one that ``VETGRAPH_CHROMIUM`` names."""
    program = os.environ.get("VETGRAPH_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    assert program is not None, "the browser tests need Chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()


@contextlib.contextmanager
def browsing(
    browser: Browser, url: str, *, lang: str = "zh", size: tuple[int, int] = WIDE, allow: tuple[str, ...] = ()
) -> Iterator[Page]:
    """Open a tab; at its end nothing may have been complained of.

    Args:
        browser: The browser.
        url: Address of the service; paths are relative to it.
        lang: The reader's language.
        size: Width and height in pixels.
        allow: Parts of complaints that are meant, as of a page that shows an error.

    Yields:
        The tab.
    """
    width, height = size
    context = browser.new_context(
        base_url=url, locale=_LANGUAGES[lang], viewport={"width": width, "height": height}, accept_downloads=True
    )
    page = context.new_page()
    complaints = Complaints()
    complaints.watch(page, url)
    try:
        yield page
    finally:
        context.close()
    told = [each for each in complaints.told if not any(part in each for part in allow)]
    assert not told, told


def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    found = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return int(found)

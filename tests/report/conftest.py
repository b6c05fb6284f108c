"""A real browser, and pages that remember everything that went wrong in them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sestina.media.probe import probe
from sestina.report.page import write_report
from tests.report.sample import render_sample, sample_board, sample_tracks

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
]  # fmt: skip


class Visit:
    """An open page and what it did: console messages, errors, dialogs, requests."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", self._refuse)
        page.on("request", lambda request: self.asked.append(request.url))

    def _refuse(self, dialog: Dialog) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, path: Path) -> Visit:
        """Load a page and wait until it stands."""
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("html[data-ready=true]", timeout=15_000)
        return self

    def __call__(self, script: str, argument: Any = None) -> Any:
        """Run a JavaScript expression in the page."""
        return self.page.evaluate(script, argument)

    def until(self, condition: str, seconds: float = 8) -> None:
        """Wait until an expression is true; asked from outside, since the page's own policy forbids `eval`."""
        for _ in range(round(seconds * 50)):
            if self(condition):
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"never true: {condition}")

    def text(self, selector: str) -> str:
        """Return the text of an element."""
        return self.page.inner_text(selector)

    @property
    def fetched(self) -> list[str]:
        """What was asked for beyond the page itself and what it carries."""
        return [url for url in self.asked[1:] if not url.startswith(("data:", "blob:"))]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Open a page: `visit(path, width=..., height=..., theme=...)`."""
    contexts = []

    def opened(path: Path, *, width: int = 1280, height: int = 860, theme: Any = "light", touch: bool = False) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, has_touch=touch, is_mobile=touch
        )
        contexts.append(context)
        return Visit(context.new_page()).open(path)

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample clip, 14 s of 180x320."""
    return render_sample(tmp_path_factory.mktemp("clip") / "knots.mp4")


@pytest.fixture(scope="session")
def sample_page(clip: Path) -> Path:
    """The sample's page, beside the clip."""
    path = clip.with_name("knots.html")
    write_report(sample_board(probe(clip)), path, video=clip, tracks=sample_tracks())
    return path

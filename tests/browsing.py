"""Pages in headless Chromium, and what must hold of every one of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

REQUIRED = os.environ.get("ROUNDPLAN_BROWSER") == "required"
"""Whether a missing browser fails the tests (CI) or skips them."""

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

NASTY = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://example.org")',
    "</script><img src=x onerror=alert(1)>",
    "שלום עולם",
    "👩🏽‍⚕️ care 'n' \"comfort\"",
    "x" * 200,
)
"""Names that must come through unharmed and harmless."""


def need_browser() -> None:
    """Skip a test, or fail it where a browser is required, if there is none."""
    if CHROMIUM is None:
        if REQUIRED:
            pytest.fail("there is no Chromium, and ROUNDPLAN_BROWSER=required")
        pytest.skip("there is no Chromium: apt-get install chromium")


@contextmanager
def opened(path: Path, width: int = 1280, height: int = 800) -> Iterator[Any]:
    """A page that has said that it is ready; it must ask for nothing and not fail."""
    need_browser()
    from playwright.sync_api import sync_playwright

    asked: list[str] = []
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": width, "height": height})
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
        page.on(
            "console",
            lambda said: wrong.append(said.text) if said.type == "error" else None,
        )
        page.goto(path.absolute().as_uri())
        page.wait_for_selector("body[data-ready=yes]", timeout=30_000)
        yield page
        browser.close()
    assert asked == [path.absolute().as_uri()]
    assert wrong == []


CLIPPED = """() => {
  const found = [];
  if (document.documentElement.scrollWidth > window.innerWidth)
    found.push("the page is wider than the window");
  for (const element of document.querySelectorAll("body *")) {
    if (element.closest("svg, .leaflet-pane") || !element.offsetParent) continue;
    const style = getComputedStyle(element);
    if (element.scrollWidth > element.clientWidth + 1 && element.clientWidth
        && style.overflowX !== "auto" && style.overflowX !== "visible"
        && element.textContent.trim() && element.id !== "map")
      found.push(element.tagName + ": " + element.textContent.slice(0, 40));
    const box = element.getBoundingClientRect();
    if (box.right > window.innerWidth + 1 && style.position !== "absolute"
        && element.textContent.trim() && !element.closest("[data-scrolls]"))
      found.push("beyond: " + element.tagName + element.textContent.slice(0, 40));
  }
  return found;
}"""
"""A script that returns what text is cut off or hangs out of the window."""

"""A survey's page in a real browser: no request, no complaint, nothing beside the screen; paper."""

from __future__ import annotations

import io
import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
from fixtures.survey_pages import make_survey
from fixtures.unpacked import unpacked
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from usfasc.model import DISCLAIMER
from usfasc.report.survey_page import Wish
from usfasc.report.survey_report import write_survey_report

_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium")
    assert found, "the set-up of the tests installs chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(_FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    folder = make_survey(tmp_path_factory.mktemp("survey")).folder
    return write_survey_report(folder, Wish(), out=folder, pdf=True)


@pytest.mark.parametrize("width", [1280, 400])
def test_it_opens_without_a_complaint_or_a_request(
    browser: Browser, files: tuple[Path, ...], width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    told: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(files[0].as_uri())
    assert told == []
    assert [url for url in asked if not url.startswith("data:")] == [files[0].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    whole = "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
    assert page.evaluate(whole)
    page.close()


def test_loops_stand_still_for_those_who_want_less_movement(
    browser: Browser, files: tuple[Path, ...]
) -> None:
    page = browser.new_page()
    page.goto(files[0].as_uri())
    shown = "[...document.images].map(image => image.currentSrc)"
    moving = page.evaluate(shown)
    page.emulate_media(reduced_motion="reduce")
    page.wait_for_function(
        f"(moving) => {shown}.every(source => !moving.includes(source))", arg=moving
    )
    stills = page.evaluate(shown)
    assert len(stills) == len(moving) == 2
    for address, frames in [*((still, 1) for still in stills), *((loop, 2) for loop in moving)]:
        data = b64decode(address.removeprefix("data:image/webp;base64,"))
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.n_frames == frames
    page.close()


def test_on_paper_each_page_says_what_it_is_not_for(
    browser: Browser, files: tuple[Path, ...]
) -> None:
    page = browser.new_page()
    page.goto(files[0].as_uri())
    page.emulate_media(media="print")
    margins = """[...document.styleSheets[0].cssRules].filter(rule => rule.type === 6)
        .map(rule => rule.cssText)"""
    rules = page.evaluate(margins)
    assert DISCLAIMER in rules[0] and "@bottom-left" in rules[0]
    # The rules of single subjects leave the foot alone.
    assert len(rules) == 3 and not any("@bottom-left" in rule for rule in rules[1:])
    for paper in ("A4", "Letter"):
        assert pages_of(page.pdf(format=paper)) >= 4
    page.close()


def test_a_subject_alone_begins_on_the_page_of_the_title(
    browser: Browser, files: tuple[Path, ...]
) -> None:
    folder = files[0].parent
    alone = write_survey_report(folder, Wish(subjects=("S002",)), out=folder)[0]
    page = browser.new_page()
    breaks = []
    for path in (files[0], alone):
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        found = "getComputedStyle(document.querySelector('{}'))"
        breaks.append(page.evaluate(f"{found.format('.subject')}.breakBefore"))
        pages = [page.evaluate(f"{found.format(part)}.page") for part in ("header", ".subject")]
    assert breaks == ["page", "auto"]
    # Parts of differently named pages would be put on pages of their own.
    assert pages == ["subject-1", "subject-1"]
    page.close()


def test_copies_in_words_are_for_the_screen(browser: Browser, files: tuple[Path, ...]) -> None:
    page = browser.new_page()
    page.goto(files[0].as_uri())
    copies = page.locator("details.copy").first
    assert copies.is_visible()
    copies.locator("summary").click()
    assert copies.get_by_text("Fasciculations present: 6 in 32 s").is_visible()
    page.emulate_media(media="print")
    assert not copies.is_visible()
    page.close()


def test_the_pdf_is_of_whole_pages(files: tuple[Path, ...]) -> None:
    assert [path.name for path in files] == ["report.html", "report.pdf"]
    data = files[1].read_bytes()
    assert data.startswith(b"%PDF")
    assert pages_of(data) >= 4


def pages_of(pdf: bytes) -> int:
    """Number of pages, as the file's catalogue says, which may be packed."""
    counts = (re.findall(rb"/Count (\d+)", part) for part in unpacked(pdf))
    return max(int(number) for found in counts for number in found)

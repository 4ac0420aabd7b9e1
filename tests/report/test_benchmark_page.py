"""The benchmark's page: whole, without scripts, with everything escaped."""

import re
from base64 import b64decode
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from fixtures.judged import event, judged

from usfasc.benchmark.baselines import DIFFERENCING, Sweep
from usfasc.benchmark.figures import Chapter, Figure, Table
from usfasc.benchmark.lookalikes import negative_chapter
from usfasc.benchmark.orders import Order
from usfasc.benchmark.run import Report
from usfasc.benchmark.sections import phantom_chapter
from usfasc.model import DISCLAIMER
from usfasc.report.benchmark_page import benchmark_page, write_benchmark_page

_VOID = {"meta", "img", "br"}


class Tags(HTMLParser):
    """Tags in order; fails where one is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.fixture(scope="module")
def page() -> str:
    """Two families, another method, a look-alike, and a chapter with a hostile title."""
    truth = [event(1, 1), event(2, 9, amplitude_mm=0.08), event(3, 9.1, x_px=140)]
    swept = Sweep(by_threshold=dict.fromkeys(DIFFERENCING.thresholds, (event(1, 1),)))
    cases = [
        judged(truth, truth[:found], group=group, baselines={DIFFERENCING.key: swept})
        for group, found in (("points", 3), ("beams", 1))
    ]
    hostile = Table(title="<b>x</b>", figures=(Figure(name="<i>", value=1, at_most=0),))
    chapters = (
        phantom_chapter(cases, np.random.default_rng(0)),
        negative_chapter([judged([], [], group="points: sway")], np.random.default_rng(0)),
        Chapter(title="<script>alert(1)</script>", about="&amp;", tables=(hostile,)),
    )
    return benchmark_page(Report(order=Order(split="dev"), chapters=chapters, cases=tuple(cases)))


def test_the_page_is_well_formed_and_says_what_it_is_not_for(page: str) -> None:
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert DISCLAIMER in " ".join(tags.words)


def test_it_runs_no_script_and_loads_nothing(page: str) -> None:
    tags = Tags()
    tags.feed(page)
    assert not {"script", "link", "iframe", "object"} & set(tags.seen)
    assert "default-src 'none'" in page
    assert all(source.startswith("data:") for source in re.findall(r'src="([^"]*)"', page))


def test_every_text_is_escaped(page: str) -> None:
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<b>x</b>" not in page


def test_its_pictures_are_whole(page: str) -> None:
    coded = re.findall(r"data:image/svg\+xml;base64,([^\"]+)", page)
    assert len(coded) == 3
    for each in coded:
        assert ElementTree.fromstring(b64decode(each)).tag.endswith("svg")


def test_tables_tell_values_bars_and_whether_they_are_reached(page: str) -> None:
    assert "≥ 0.95 ✗" in page
    assert "recall, isolated ≥ 0.2 mm" in page
    assert "frame differencing" in page


def test_the_same_report_gives_the_same_file(tmp_path: Path) -> None:
    case = judged([event(1, 1)], [event(1, 1)])
    chapter = phantom_chapter([case], np.random.default_rng(0))
    report = Report(order=Order(), chapters=(chapter,), cases=(case,))
    for name in ("one.html", "two.html"):
        write_benchmark_page(tmp_path / name, report)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()

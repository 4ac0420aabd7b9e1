"""A survey's page as PDF: the same bytes, nothing fetched, and what to do where it cannot be."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from fixtures.payloads import PAYLOADS
from fixtures.surveyed import Survey
from fixtures.unpacked import unpacked

from usfasc.errors import Code, UsageError
from usfasc.report.survey_links import source_link
from usfasc.report.survey_page import Wish, survey_page
from usfasc.report.survey_print import page_pdf
from usfasc.rules import load_protocols, load_rule
from usfasc.survey.gathering import gather_findings

PAGE = "<html lang='en'><title>x</title><p>One twitch.</p>{}</html>"


def test_the_same_page_gives_the_same_bytes() -> None:
    page = PAGE.format("")
    assert page_pdf(page) == page_pdf(page)


def test_it_can_be_read_aloud() -> None:
    table = "<h1>Title</h1><table><tr><th scope='row'>a</th><td>b</td></tr></table>"
    dot = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="
    parts = b"".join(unpacked(page_pdf(PAGE.format(f"{table}<img src='{dot}' alt='One dot'>"))))
    for mark in (b"/Marked true", b"/H1", b"/TH", b"/TD", b"/Figure", b"One dot", b"/Lang"):
        assert mark in parts


def test_nothing_is_fetched() -> None:
    # The suite refuses the network: a request would raise. What is not fetched is left out.
    remote = PAGE.format("<img src='https://192.0.2.1/x.png'><img src='file:///etc/hostname'>")
    assert page_pdf(remote).startswith(b"%PDF")


def test_texts_of_users_stay_texts_on_paper(tmp_path: Path) -> None:
    survey, every = Survey(tmp_path), " ".join(PAYLOADS)
    survey.muscle("deltoid", "left", 2, 5, subject=every, session=every)
    survey.rows[0] = survey.rows[0].model_copy(update={"muscle": every})
    survey.write()
    page = survey_page(tmp_path, gather_findings(tmp_path), Wish())
    parts = unpacked(page_pdf(page))
    links = {link for part in parts for link in re.findall(rb"/URI \((.*?)\)", part)}
    assert links == {source_link(rule.source).encode() for rule in load_protocols()} - {b""} | {
        source_link(load_rule().source).encode()
    }
    doing = (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction", b"/EmbeddedFile", b"/SubmitForm")
    assert not [word for word in doing for part in parts if word in part]


def test_without_weasyprint_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(UsageError, match="extra pdf") as raised:
        page_pdf(PAGE)
    assert raised.value.code is Code.MISSING_EXTRA

"""A survey's page as PDF: the same bytes, nothing fetched, and what to do where it cannot be."""

from __future__ import annotations

import sys

import pytest

from usfasc.errors import Code, UsageError
from usfasc.report.survey_print import page_pdf

PAGE = "<html lang='en'><title>x</title><p>One twitch.</p>{}</html>"


def test_the_same_page_gives_the_same_bytes() -> None:
    page = PAGE.format("")
    assert page_pdf(page) == page_pdf(page)


def test_nothing_is_fetched() -> None:
    # The suite refuses the network: a request would raise. What is not fetched is left out.
    remote = PAGE.format("<img src='https://192.0.2.1/x.png'><img src='file:///etc/hostname'>")
    assert page_pdf(remote).startswith(b"%PDF")


def test_without_weasyprint_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(UsageError, match="extra pdf") as raised:
        page_pdf(PAGE)
    assert raised.value.code is Code.MISSING_EXTRA

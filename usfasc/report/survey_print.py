"""A survey's page on paper: the same look as PDF, made without a browser."""

from __future__ import annotations

import logging

from usfasc.errors import Code, UsageError


def page_pdf(html: str) -> bytes:
    """A page as PDF with its headings, tables and words for pictures marked as such.

    The same page gives the same bytes.

    Parameters
    ----------
    html
        A page that holds all it shows: nothing is fetched.

    Raises
    ------
    UsageError
        ``MISSING_EXTRA``: weasyprint, or a library of the system that it needs, is missing.
    """
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        raise UsageError(
            Code.MISSING_EXTRA,
            "A PDF needs the extra pdf (pip install 'usfasc[pdf]') and the system's Pango;"
            " a browser prints report.html as well.",
        ) from None
    # What its drawing passes over in our style is no news to a user.
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    fetcher = URLFetcher(allowed_protocols=("data",))
    pdf = HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_tags=True)
    assert isinstance(pdf, bytes)
    return pdf

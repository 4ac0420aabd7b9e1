"""Addresses of the sources that a page names, and texts of users in its style."""

from __future__ import annotations

import re
from typing import Final

_ADDRESSES: Final = (
    (re.compile(r"PMID (\d+)"), "https://pubmed.ncbi.nlm.nih.gov/{}/"),
    (re.compile(r"(PMC\d+)"), "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    (re.compile(r"(s12883-[\d-]+)"), "https://doi.org/10.1186/{}"),
    (re.compile(r"doi:(10\.\d{4,9}/[\w.()/-]+)"), "https://doi.org/{}"),
)


def source_link(source: str) -> str:
    """The address of a source, as the published rules name it; empty where it has none."""
    for pattern, address in _ADDRESSES:
        if found := pattern.search(source):
            return address.format(found.group(1))
    return ""


def css_text(text: str) -> str:
    """A text as a CSS string: whatever is no letter or digit is written by its number."""
    return "".join(
        letter if letter.isascii() and letter.isalnum() else f"\\{ord(letter):06x}"
        for letter in text
    )

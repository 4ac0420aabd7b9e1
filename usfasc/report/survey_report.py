"""``usfasc survey report``: the page of a survey as files."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from usfasc.io.write import write_atomically
from usfasc.report.survey_page import Wish, survey_page
from usfasc.report.survey_print import page_pdf
from usfasc.survey.gathering import gather_findings
from usfasc.survey.identity import KeyRow, read_key

_LONGEST_NAME = 60


def write_survey_report(
    folder: Path, wish: Wish, *, out: Path, protocol: str | None = None, pdf: bool = False
) -> tuple[Path, ...]:
    """Write a survey's page, and as PDF too where that is wished for.

    Parameters
    ----------
    folder
        The survey's folder.
    wish
        What to show.
    out
        Folder of the page.
    protocol
        Name of the published protocol that was planned.
    pdf
        Whether to print it too.

    Returns
    -------
    tuple of Path
        ``report.html``, and ``report.pdf``; the names tell subjects shown alone, and identity.

    Raises
    ------
    InputError
        The survey's record or a result cannot be read.
    UsageError
        ``BAD_USAGE``: no such subject or protocol; ``MISSING_EXTRA``: PDF without weasyprint.
    OutputError
        ``NOT_WRITABLE``.
    """
    findings = gather_findings(folder, reviewer=wish.reviewer, protocol=protocol)
    page = survey_page(folder, findings, wish)
    stem, private = _stem(wish), wish.identities is not None
    files = {out / f"{stem}.html": page.encode()}
    if pdf:
        files[out / f"{stem}.pdf"] = page_pdf(page)
    for path, data in files.items():
        write_atomically(path, data, private=private)
    return tuple(files)


def with_identities(wish: Wish, key: Path) -> Wish:
    """The wish, with who the subjects are.

    Raises
    ------
    InputError
        The key cannot be read.
    """
    return replace(wish, identities={row.subject: _identity(row) for row in read_key(key)})


def _identity(row: KeyRow) -> str:
    """Name, birth date and number, read as DICOM writes them: parts by ^, dates as YYYYMMDD."""
    name = ", ".join(filter(None, (part.strip() for part in row.patient_name.split("^"))))
    date = re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", row.birth_date)
    born = f"born {date}" if date else ""
    number = f"patient ID {row.patient_id}" if row.patient_id else ""
    return ", ".join(filter(None, (name, born, number, row.issuer)))


def _stem(wish: Wish) -> str:
    plain = "-".join(re.sub(r"[^A-Za-z0-9]+", "-", name) for name in wish.subjects)
    identified = "identified" if wish.identities is not None else ""
    return ".".join(filter(None, ("report", plain[:_LONGEST_NAME].strip("-"), identified)))

"""What the header of a synthetic clip says: of whom it is, of which study, and what it shows.

For invented people alone: a scanner's file is never written to.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from usfasc.io.write import write_atomically


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Words for a header; empty ones are written as a scanner leaves them, empty."""

    patient_id: str
    patient_name: str
    study: str
    """Names the patient's study: clips of one study share its UID."""
    study_date: str = ""
    """``YYYYMMDD``."""
    series_description: str = ""
    laterality: str = ""
    """``L`` or ``R``."""
    number: int = 1
    """Of the clip in its study."""


def label_clip(path: Path, labels: Labels) -> None:
    """Write labels into the header of a clip that `usfasc.io.dicom_out` made.

    The same clip and labels give the same bytes.

    Parameters
    ----------
    path
        The clip; written anew, whole or not at all.
    labels
        What its header shall say.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``; the clip stands as it was.
    """
    import pydicom

    image = pydicom.dcmread(path)
    image.PatientID, image.PatientName = labels.patient_id, labels.patient_name
    image.StudyInstanceUID = _uid(labels.patient_id, labels.study)
    image.SeriesInstanceUID = _uid(labels.patient_id, labels.study, str(labels.number))
    image.StudyDate = labels.study_date
    image.SeriesDescription = labels.series_description
    image.Laterality = labels.laterality
    image.SeriesNumber = labels.number
    buffer = BytesIO()
    image.save_as(buffer, enforce_file_format=True)
    write_atomically(path, buffer.getvalue())


def _uid(*words: str) -> str:
    """A UUID-derived UID (2.25, ITU-T X.667) of some words."""
    named = hashlib.sha256("\0".join(words).encode()).digest()
    return f"2.25.{uuid.UUID(bytes=named[:16], version=5).int}"

"""What a DICOM header says in words: whose clip it is, of which muscle, in which order.

The only module that reads a patient's name. What it returns goes into a key file that
a person asks for, or is turned into numbers and muscles; it is never shown or logged.
Tags: DICOM PS3.6; character sets: PS3.3, C.12.1.1.2; codes of sides: PS3.16, CID 244.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError
from usfasc.io.header import Header, read_header
from usfasc.io.opening import DICOM, sniff
from usfasc.io.stored import stored_file

_MOST_LETTERS: Final = 256
_WORDS: Final = ("SeriesDescription", "ProtocolName", "BodyPartExamined", "ImageComments")
_ANATOMY: Final = {
    "PrimaryAnatomicStructureSequence": "PrimaryAnatomicStructureModifierSequence",
    "AnatomicRegionSequence": "AnatomicRegionModifierSequence",
}
"""What is shown, and what says its side."""
_SNOMED: Final = {"SCT", "SRT", "SNM3", "99SDM"}
"""Schemes of codes: SNOMED CT, and what scanners wrote before it."""
_SIDE_CODES: Final = {"7771000": "L", "G-A101": "L", "24028007": "R", "G-A100": "R"}
_PLAIN: Final = {"ISO_IR 100": "latin-1", "ISO_IR 192": "utf-8"}
"""Character sets that are read without pydicom: to import it takes longer than the header."""
_LINE_ENDS: Final = {0x09, 0x0A, 0x0C, 0x0D}
"""After which a text in several character sets begins anew in the first of them."""
_ESCAPE: Final = b"\x1b"
"""What begins a change of the character set within a text."""
_ORDER: Final = ("SeriesNumber", "AcquisitionNumber", "InstanceNumber")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose clip it is; empty where the header does not say."""

    patient_id: str = field(default="", repr=False)
    issuer: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    birth_date: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderWords:
    """Words of one header; empty where there are none, and for a video."""

    identity: Identity = field(default=Identity(), repr=False)
    study_uid: str = ""
    study_moment: str = field(default="", repr=False)
    """Date and time, to order studies by; never written."""
    laterality: str = ""
    """``L`` or ``R``; ``LR`` where its tags differ."""
    codes: tuple[str, ...] = ()
    """Codes of the anatomy, of SNOMED CT or older ones of SNOMED."""
    texts: tuple[str, ...] = field(default=(), repr=False)
    """What the clip is called, the most particular first."""
    study_text: str = field(default="", repr=False)
    """What the whole study is called."""
    order: tuple[float, ...] = ()
    """Numbers of series, acquisition and instance."""


def read_header_words(path: Path) -> HeaderWords:
    """Words of a clip's header; a video has none.

    Raises
    ------
    InputError
        The file cannot be read, or its header is damaged.
    """
    if sniff(path) != DICOM:
        return HeaderWords()
    try:
        file = stored_file(path)
        with file.open() as stream:
            return _words(read_header(stream, file.size))
    except OSError:
        raise InputError(Code.UNREADABLE, "The file cannot be read.") from None


def _words(header: Header) -> HeaderWords:
    anatomy = [item for keyword in _ANATOMY for item in header.sequence(keyword)]
    modifiers = [
        each for item in anatomy for name in _ANATOMY.values() for each in item.sequence(name)
    ]
    meanings = [_text(item, "CodeMeaning", header) for item in anatomy]
    texts = [*(_text(header, keyword) for keyword in _WORDS), *meanings]
    return HeaderWords(
        identity=_identity(header),
        study_uid=header.uid("StudyInstanceUID") or "",
        study_moment=_text(header, "StudyDate") + _text(header, "StudyTime"),
        laterality=_sides(header, modifiers),
        codes=tuple(code for item in anatomy if (code := _snomed(item))),
        texts=tuple(text for text in texts if text),
        study_text=_text(header, "StudyDescription"),
        order=tuple(header.number(keyword) or 0.0 for keyword in _ORDER),
    )


def _sides(header: Header, modifiers: Iterable[Header]) -> str:
    """``L``, ``R`` or both, as the tags and the modifiers of the anatomy name them."""
    named = {_text(header, keyword).upper() for keyword in ("Laterality", "ImageLaterality")}
    named |= {_SIDE_CODES.get(_snomed(item), "") for item in modifiers}
    return "".join(sorted(named & {"L", "R"}))


def _snomed(item: Header) -> str:
    """The code of an item where it is one of SNOMED, else empty."""
    known = item.text("CodingSchemeDesignator") in _SNOMED
    return item.text("CodeValue") or "" if known else ""


def _identity(header: Header) -> Identity:
    name = _text(header, "PatientName").split("=")[0]
    return Identity(
        patient_id=_text(header, "PatientID"),
        issuer=_text(header, "IssuerOfPatientID"),
        name=" ".join(part for part in name.split("^") if part),
        birth_date=_text(header, "PatientBirthDate"),
    )


def _text(header: Header, keyword: str, coded_as: Header | None = None) -> str:
    """A text in its own letters, in one line; items of a sequence are coded as the whole."""
    data = header.data(keyword)[: 4 * _MOST_LETTERS]
    if not data:
        return ""
    text = _decoded(data, (coded_as or header).data("SpecificCharacterSet"))
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(plain.split())[:_MOST_LETTERS]


def _decoded(data: bytes, charset: bytes) -> str:
    named = charset.decode("ascii", "replace").strip(" \0")
    codec = "ascii" if data.isascii() and _ESCAPE not in data else _PLAIN.get(named)
    if codec is not None:
        return data.decode(codec, "replace")
    from pydicom.charset import convert_encodings, decode_bytes

    with warnings.catch_warnings():
        # It warns of what it does not know, and quotes it.
        warnings.simplefilter("ignore")
        try:
            return decode_bytes(data, convert_encodings(named.split("\\")), _LINE_ENDS)
        except (LookupError, UnicodeError, ValueError):
            return data.decode("ascii", "replace")

"""The few values of a DICOM header that usfasc uses, fetched by name.

A value that is absent, malformed or of another type is simply not there: nothing
is quoted, nothing is guessed. Tags and types: DICOM PS3.6.
"""

from __future__ import annotations

import math
import re
import struct
from dataclasses import dataclass
from typing import BinaryIO, Final

from usfasc.errors import Code, InputError
from usfasc.io.guard import FILE_META, PIXEL_DATA, Element, Encoding, Walk

IMPLICIT_LITTLE: Final = "1.2.840.10008.1.2"
EXPLICIT_BIG: Final = "1.2.840.10008.1.2.2"
DEFLATED: Final = "1.2.840.10008.1.2.1.99"

_TAGS: Final = {
    "TransferSyntaxUID": (0x00020010, "UI"),
    "SpecificCharacterSet": (0x00080005, "CS"),
    "SOPClassUID": (0x00080016, "UI"),
    "SOPInstanceUID": (0x00080018, "UI"),
    "StudyDate": (0x00080020, "DA"),
    "StudyTime": (0x00080030, "TM"),
    "Manufacturer": (0x00080070, "LO"),
    "CodeValue": (0x00080100, "SH"),
    "CodingSchemeDesignator": (0x00080102, "SH"),
    "CodeMeaning": (0x00080104, "LO"),
    "StudyDescription": (0x00081030, "LO"),
    "SeriesDescription": (0x0008103E, "LO"),
    "ManufacturerModelName": (0x00081090, "LO"),
    "AnatomicRegionSequence": (0x00082218, "SQ"),
    "AnatomicRegionModifierSequence": (0x00082220, "SQ"),
    "PrimaryAnatomicStructureSequence": (0x00082228, "SQ"),
    "PrimaryAnatomicStructureModifierSequence": (0x00082230, "SQ"),
    "PatientName": (0x00100010, "PN"),
    "PatientID": (0x00100020, "LO"),
    "IssuerOfPatientID": (0x00100021, "LO"),
    "PatientBirthDate": (0x00100030, "DA"),
    "BodyPartExamined": (0x00180015, "CS"),
    "CineRate": (0x00180040, "IS"),
    "EffectiveDuration": (0x00180072, "DS"),
    "ProtocolName": (0x00181030, "LO"),
    "FrameTime": (0x00181063, "DS"),
    "FrameTimeVector": (0x00181065, "DS"),
    "ActualFrameDuration": (0x00181242, "IS"),
    "StartTrim": (0x00082142, "IS"),
    "StopTrim": (0x00082143, "IS"),
    "RecommendedDisplayFrameRate": (0x00082144, "IS"),
    "SequenceOfUltrasoundRegions": (0x00186011, "SQ"),
    "RegionSpatialFormat": (0x00186012, "US"),
    "RegionDataType": (0x00186014, "US"),
    "RegionLocationMinX0": (0x00186018, "UL"),
    "RegionLocationMinY0": (0x0018601A, "UL"),
    "RegionLocationMaxX1": (0x0018601C, "UL"),
    "RegionLocationMaxY1": (0x0018601E, "UL"),
    "PhysicalUnitsXDirection": (0x00186024, "US"),
    "PhysicalUnitsYDirection": (0x00186026, "US"),
    "PhysicalDeltaX": (0x0018602C, "FD"),
    "PhysicalDeltaY": (0x0018602E, "FD"),
    "StudyInstanceUID": (0x0020000D, "UI"),
    "SeriesInstanceUID": (0x0020000E, "UI"),
    "SeriesNumber": (0x00200011, "IS"),
    "AcquisitionNumber": (0x00200012, "IS"),
    "InstanceNumber": (0x00200013, "IS"),
    "Laterality": (0x00200060, "CS"),
    "ImageLaterality": (0x00200062, "CS"),
    "ImageComments": (0x00204000, "LT"),
    "SamplesPerPixel": (0x00280002, "US"),
    "PhotometricInterpretation": (0x00280004, "CS"),
    "PlanarConfiguration": (0x00280006, "US"),
    "NumberOfFrames": (0x00280008, "IS"),
    "FrameIncrementPointer": (0x00280009, "AT"),
    "Rows": (0x00280010, "US"),
    "Columns": (0x00280011, "US"),
    "PixelSpacing": (0x00280030, "DS"),
    "BitsAllocated": (0x00280100, "US"),
    "BitsStored": (0x00280101, "US"),
    "PixelRepresentation": (0x00280103, "US"),
    "WindowCenter": (0x00281050, "DS"),
    "WindowWidth": (0x00281051, "DS"),
    "RedPaletteColorLookupTableDescriptor": (0x00281101, "US"),
    "GreenPaletteColorLookupTableDescriptor": (0x00281102, "US"),
    "BluePaletteColorLookupTableDescriptor": (0x00281103, "US"),
    "RedPaletteColorLookupTableData": (0x00281201, "OW"),
    "GreenPaletteColorLookupTableData": (0x00281202, "OW"),
    "BluePaletteColorLookupTableData": (0x00281203, "OW"),
    "SegmentedRedPaletteColorLookupTableData": (0x00281221, "OW"),
    "SegmentedGreenPaletteColorLookupTableData": (0x00281222, "OW"),
    "SegmentedBluePaletteColorLookupTableData": (0x00281223, "OW"),
    "PixelData": (PIXEL_DATA, "OW"),
}
_KEYWORDS: Final = {tag: keyword for keyword, (tag, _) in _TAGS.items()}
_NUMBERS: Final = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FL": "f", "FD": "d", "OW": "H"}
_MAX_VALUE_BYTES: Final = 4 << 20
_UID: Final = re.compile(r"[0-9.]{1,64}")
_META_GROUP: Final = b"\x02\x00"


@dataclass(frozen=True, slots=True)
class Header:
    """Named elements of one dataset, read when asked for."""

    walk: Walk
    encoding: Encoding
    found: dict[str, Element]

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """All values of a number, finite ones only; empty where there is none."""
        element = self.found.get(keyword)
        if element is None:
            return ()
        data = self._data(element)
        declared = _TAGS[keyword][1]
        vr = element.vr if element.vr in (*_NUMBERS, "IS", "DS", "AT") else declared
        if vr in ("IS", "DS"):
            return _decimal(data)
        if vr == "AT":
            pairs = _unpack(data, f"{self.encoding.order}HH")
            return tuple(group * 65536 + number for group, number in pairs)
        values = (value for (value,) in _unpack(data, self.encoding.order + _NUMBERS[vr]))
        return tuple(float(value) for value in values if math.isfinite(value))

    def number(self, keyword: str) -> float | None:
        """The first value of a number, None where there is none."""
        return next(iter(self.numbers(keyword)), None)

    def whole(self, keyword: str, default: int) -> int:
        """A whole number; ``default`` where absent or empty.

        Raises
        ------
        InputError
            It is there, and is no whole number.
        """
        value = self.number(keyword)
        if value is None and not self.data(keyword).strip(b" \0"):
            return default
        if value is None or value != int(value):
            raise InputError(Code.CORRUPT, f"The tag {keyword} is not a whole number.")
        return int(value)

    def text(self, keyword: str) -> str | None:
        """Printable ASCII of a text, at most 64 characters; None where there is none."""
        element = self.found.get(keyword)
        if element is None:
            return None
        text = self._data(element)[:64].decode("ascii", "replace").strip(" \0")
        return "".join(letter if letter.isprintable() else "?" for letter in text) or None

    def uid(self, keyword: str) -> str | None:
        """A well-formed UID, else None."""
        text = self.text(keyword)
        return text if text and _UID.fullmatch(text) else None

    def data(self, keyword: str) -> bytes:
        """The raw value, empty where absent."""
        element = self.found.get(keyword)
        return b"" if element is None else self._data(element)

    def sequence(self, keyword: str) -> tuple[Header, ...]:
        """The items of a sequence, each a header."""
        element = self.found.get(keyword)
        if element is None:
            return ()
        spans = list(self.walk.items(element, self.encoding))
        return tuple(_collect(self.walk, span, self.encoding) for span in spans)

    def _data(self, element: Element) -> bytes:
        return self.walk.read(element.start, min(element.length, _MAX_VALUE_BYTES))


def read_meta(stream: BinaryIO, size: int) -> tuple[Header, int]:
    """The file meta information, which is empty where there is none, and where it ends.

    Parameters
    ----------
    stream
        The open file, with or without preamble.
    size
        Its length in bytes.

    Raises
    ------
    InputError
        The structure is damaged.
    """
    walk = Walk(stream, size)
    start = 132 if size > 132 and walk.read(128, 4) == b"DICM" else 0
    found: dict[str, Element] = {}
    while start + 8 <= size and walk.read(start, 2) == _META_GROUP:
        element = next(walk.elements(start, size, FILE_META))
        start = element.start + element.length
        if element.tag in _KEYWORDS:
            found[_KEYWORDS[element.tag]] = element
    return Header(walk, FILE_META, found), start


def read_header(stream: BinaryIO, size: int) -> Header:
    """Walk a DICOM file and collect the named elements.

    Parameters
    ----------
    stream
        The open file, with or without preamble, nothing in it deflated.
    size
        Its length in bytes.

    Raises
    ------
    InputError
        The structure is damaged, or too large.
    """
    meta, start = read_meta(stream, size)
    encoding = _encoding(meta.walk, start, meta.uid("TransferSyntaxUID"))
    body = _collect(meta.walk, (start, size), encoding)
    return Header(meta.walk, encoding, meta.found | body.found)


def _encoding(walk: Walk, start: int, syntax: str | None) -> Encoding:
    if syntax is None:
        vr = walk.read(start + 4, 2) if start + 8 <= walk.size else b""
        return Encoding("<", vr.isalpha() and vr.isupper())
    return Encoding(">" if syntax == EXPLICIT_BIG else "<", syntax != IMPLICIT_LITTLE)


def _collect(walk: Walk, span: tuple[int, int], encoding: Encoding) -> Header:
    found = {}
    for element in walk.elements(*span, encoding):
        keyword = _KEYWORDS.get(element.tag)
        if keyword is not None:
            found[keyword] = element
    return Header(walk, encoding, found)


def _unpack(data: bytes, layout: str) -> list[tuple[float, ...]]:
    size = struct.calcsize(layout)
    return list(struct.iter_unpack(layout, data[: len(data) // size * size]))


def _decimal(data: bytes) -> tuple[float, ...]:
    values = []
    for part in data.split(b"\\"):
        try:
            value = float(part.strip(b" \0"))
        except ValueError:
            continue
        if math.isfinite(value):
            values.append(value)
    return tuple(values)

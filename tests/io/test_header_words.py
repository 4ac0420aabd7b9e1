"""Words of DICOM headers, in their own letters, and never in a log."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.io.conftest import MakeDicom, MakeVideo, speckle
from usfasc.errors import InputError
from usfasc.io.header_words import HeaderWords, read_header_words


def test_what_a_header_says(make_dicom: MakeDicom) -> None:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "35259002", "SCT", "Deltoid"
    path = make_dicom(
        speckle(),
        PatientID="A-17",
        PatientName="Muster^Maria^Anna",
        PatientBirthDate="19600102",
        StudyInstanceUID="1.2.3",
        StudyDate="20260301",
        StudyTime="101500",
        SeriesDescription=" bicL ",
        ProtocolName="ALS survey",
        Laterality="L",
        SeriesNumber=4,
        InstanceNumber=7,
        AnatomicRegionSequence=Sequence([code]),
    )
    words = read_header_words(path)
    assert words.texts == ("bicL", "ALS survey", "Deltoid")
    assert (words.codes, words.laterality, words.order) == (("35259002",), "L", (4, 0, 7))
    assert (words.study_uid, words.study_moment) == ("1.2.3", "20260301101500")
    assert words.identity.name == "Muster Maria Anna"
    assert (words.identity.patient_id, words.identity.birth_date) == ("A-17", "19600102")
    assert not any(secret in repr(words) for secret in ("Muster", "A-17", "1960", "bicL"))


CHARSETS = {
    "latin": ("ISO_IR 100", "Müller^Jörg", "Müller Jörg"),
    "plain letters": ("ISO_IR 192", "Muster^Jo", "Muster Jo"),
    "greek": ("ISO_IR 126", "Παπάς^Νίκος", "Παπάς Νίκος"),
    "utf-8": ("ISO_IR 192", "Łukasz^Żak", "Łukasz Żak"),
    "japanese": (["", "ISO 2022 IR 87"], "Yamada^Tarou=山田^太郎=", "Yamada Tarou"),
}


@pytest.mark.parametrize("name", CHARSETS)
def test_letters_of_other_scripts(make_dicom: MakeDicom, name: str) -> None:
    charset, written, read = CHARSETS[name]
    path = make_dicom(speckle(), SpecificCharacterSet=charset, PatientName=written)
    assert read_header_words(path).identity.name == read


def test_an_unknown_character_set_is_no_error_and_no_warning(make_dicom: MakeDicom) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = make_dicom(speckle(), PatientID="Ä-17", SpecificCharacterSet="ISO_IR 100")
        path.write_bytes(path.read_bytes().replace(b"ISO_IR 100", b"ISO_IR 999"))
        assert read_header_words(path).identity.patient_id.endswith("-17")


def code(value: str, scheme: str = "SCT", **more: Sequence) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, "as coded"
    for keyword, items in more.items():
        setattr(item, keyword, items)
    return item


def of_side(value: str, scheme: str = "SCT") -> Dataset:
    modifier = Sequence([code(value, scheme)])
    return code("35259002", AnatomicRegionModifierSequence=modifier)


SIDES = {
    "tags that agree": ({"Laterality": "L", "ImageLaterality": "L"}, "L"),
    "tags that differ": ({"Laterality": "L", "ImageLaterality": "R"}, "LR"),
    "both sides": ({"ImageLaterality": "B"}, ""),
    "a modifier": ({"AnatomicRegionSequence": [of_side("7771000")]}, "L"),
    "an older code": ({"AnatomicRegionSequence": [of_side("G-A100", "SRT")]}, "R"),
    "a tag and a modifier that differ": (
        {"Laterality": "R", "AnatomicRegionSequence": [of_side("7771000")]},
        "LR",
    ),
    "no side": ({"AnatomicRegionSequence": [of_side("255561001")]}, ""),
    "another scheme": ({"AnatomicRegionSequence": [of_side("7771000", "99HOUSE")]}, ""),
}


@pytest.mark.parametrize("name", SIDES)
def test_sides(make_dicom: MakeDicom, name: str) -> None:
    tags, laterality = SIDES[name]
    assert read_header_words(make_dicom(speckle(), **tags)).laterality == laterality


CODES = {
    "of today": (code("35259002"), ("35259002",)),
    "as scanners wrote them": (code("T-13660", "SRT"), ("T-13660",)),
    "by the oldest name of the scheme": (code("T-13660", "99SDM"), ("T-13660",)),
    "of a house": (code("35259002", "99HOUSE"), ()),
}


@pytest.mark.parametrize("name", CODES)
def test_codes(make_dicom: MakeDicom, name: str) -> None:
    item, codes = CODES[name]
    path = make_dicom(speckle(), PrimaryAnatomicStructureSequence=Sequence([item]))
    assert read_header_words(path).codes == codes


def test_a_file_that_goes_away(make_dicom: MakeDicom, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_dicom(speckle())

    def fail(path: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("usfasc.io.header_words.stored_file", fail)
    with pytest.raises(InputError, match="cannot be read"):
        read_header_words(path)


def test_a_video_has_no_words(make_video: MakeVideo) -> None:
    assert read_header_words(make_video(speckle())) == HeaderWords()


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_header_words(tmp_path / "none.dcm")

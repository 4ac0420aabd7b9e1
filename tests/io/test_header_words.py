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
        path = make_dicom(speckle(), PatientID="A17", SpecificCharacterSet="ISO_IR 100")
        path.write_bytes(path.read_bytes().replace(b"ISO_IR 100", b"ISO_IR 999"))
        assert read_header_words(path).identity.patient_id == "A17"


def test_sides_that_differ_are_no_side(make_dicom: MakeDicom) -> None:
    path = make_dicom(speckle(), Laterality="L", ImageLaterality="R")
    assert read_header_words(path).laterality == ""


def test_a_video_has_no_words(make_video: MakeVideo) -> None:
    assert read_header_words(make_video(speckle())) == HeaderWords()


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_header_words(tmp_path / "none.dcm")

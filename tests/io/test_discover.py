"""Which files are clips: names, folders, patterns, and what the contents say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ComprehensiveSRStorage, ExplicitVRLittleEndian

from tests.io.conftest import MakeDicom, MakeVideo, speckle
from usfasc.errors import InputError, UsageError
from usfasc.io import open_cine
from usfasc.io.discover import Found, clip_stem, find_clips
from usfasc.io.opening import sniff
from usfasc.model import Reading


@pytest.fixture
def study(tmp_path: Path, make_dicom: MakeDicom, make_video: MakeVideo) -> Path:
    """A folder as it comes off a scanner: clips, stills, a report, notes, a damaged clip."""
    root = tmp_path / "study"
    (root / "left" / "deep").mkdir(parents=True)
    (root / ".hidden").mkdir()
    make_dicom(speckle(), "jpeg", name="study/1.2.840.113619.2.55")
    make_dicom(speckle(), name="study/left/clip.dcm")
    make_video(speckle(4, (64, 64)), name="study/left/deep/FILM.MP4.mp4")
    make_dicom(speckle(), name="study/.hidden/clip.dcm")
    make_dicom(speckle(1), name="study/still.dcm")
    cut = make_dicom(speckle(), name="study/cut.dcm")
    os.truncate(cut, cut.stat().st_size - 100)
    _report().save_as(root / "report.dcm", enforce_file_format=True)
    (root / "notes.txt").write_text("muscle: biceps")
    (root / "empty.dcm").write_bytes(b"")
    return root


def _report() -> Dataset:
    report = Dataset()
    report.file_meta = FileMetaDataset()
    report.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    report.file_meta.MediaStorageSOPClassUID = report.SOPClassUID = ComprehensiveSRStorage
    report.file_meta.MediaStorageSOPInstanceUID = report.SOPInstanceUID = "1.2.3"
    return report


def outputs(found: Found) -> list[str]:
    return [(clip.relative_folder / clip.stem).as_posix() for clip in found.clips]


def test_a_folder_gives_its_clips_at_any_depth(study: Path) -> None:
    found = find_clips([study])
    assert outputs(found) == ["1.2.840.113619.2.55", "cut", "left/clip", "left/deep/FILM.MP4"]
    assert found.passed_over == 4


def test_a_named_file_is_a_clip_whatever_it_is(study: Path) -> None:
    names = ["still.dcm", "notes.txt", "nowhere.dcm"]
    found = find_clips([study / name for name in names])
    assert outputs(found) == ["still", "notes.txt", "nowhere"]
    assert found.passed_over == 0


def test_patterns_keep_the_folders_below_their_fixed_part(study: Path) -> None:
    assert outputs(find_clips([study / "*.dcm"])) == ["cut"]
    found = find_clips([study / "**" / "*.dcm"])
    assert outputs(found) == ["cut", "left/clip"]
    assert outputs(find_clips([study / "le*"])) == ["left/clip", "left/deep/FILM.MP4"]


def test_each_file_comes_once(study: Path) -> None:
    found = find_clips([study / "still.dcm", study, study / "left" / "clip.dcm", study])
    stems = outputs(found)
    assert len(stems) == len(set(stems)) == 5
    assert found.passed_over == 3


def test_a_pattern_without_a_match_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refusal:
        find_clips([tmp_path / "*.dcm"])
    assert refusal.value.code == "NOT_FOUND"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("clip.dcm", "clip"),
        ("clip.MOV", "clip"),
        ("1.2.840.113619.2.55", "1.2.840.113619.2.55"),
        ("a.b.avi", "a.b"),
        ("clip.dcm.bak", "clip.dcm.bak"),
        ("clip", "clip"),
    ],
)
def test_only_a_known_suffix_is_cut(name: str, stem: str) -> None:
    assert clip_stem(Path(name)) == stem


@pytest.mark.parametrize(
    ("name", "kind"), [("clip.mp4", "mov"), ("clip.mov", "mov"), ("clip.mkv", "matroska")]
)
def test_a_container_is_told_by_its_content(make_video: MakeVideo, name: str, kind: str) -> None:
    path = make_video(speckle(4, (64, 64)), name=name)
    assert sniff(path) == kind
    disguised = path.rename(path.with_name("clip.dcm"))
    assert sniff(disguised) == kind
    assert open_cine(disguised, Reading()).source.kind == "video"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "NOT_A_CINE"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "NOT_A_CINE"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 200, "NOT_A_CINE"),
        (b"a text of no kind " * 20, "NOT_A_CINE"),
        (b"\0" * 1000, "NOT_A_CINE"),
    ],
    ids=["empty", "PNG", "JPEG", "text", "zeros"],
)
def test_other_files_are_no_clips(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "clip.dcm").write_bytes(content)
    assert refusal_of(tmp_path / "clip.dcm") == code


def test_a_missing_file_a_folder_and_a_pipe_are_told(tmp_path: Path) -> None:
    assert refusal_of(tmp_path / "nowhere.dcm") == "NOT_FOUND"
    assert refusal_of(tmp_path / ("x" * 300)) == "UNREADABLE"
    assert refusal_of(tmp_path) == "UNREADABLE"
    os.mkfifo(tmp_path / "pipe.dcm")
    assert refusal_of(tmp_path / "pipe.dcm") == "UNREADABLE"


def refusal_of(path: Path) -> str:
    with pytest.raises(InputError) as refusal:
        open_cine(path, Reading())
    assert str(path) not in str(refusal.value)
    return refusal.value.code


def test_videos_that_usfasc_drew_are_no_clips_of_a_folder(study: Path) -> None:
    results = study / "results"
    results.mkdir()
    film = (study / "left" / "deep" / "FILM.MP4.mp4").read_bytes()
    for name in ("clip.annotated.mp4", "other.annotated.mp4"):
        (results / name).write_bytes(film)
    (results / "clip.usfasc.json").write_text("{}")
    stems = {clip.stem for clip in find_clips([study]).clips}
    assert "other.annotated" in stems
    assert "clip.annotated" not in stems
    (named,) = find_clips([results / "clip.annotated.mp4"]).clips
    assert named.stem == "clip.annotated"

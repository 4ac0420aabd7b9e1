"""Files into layers without a window: what comes along, what is said, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures.outcomes import UPPER, make_event, make_result
from usfasc_napari import reader
from usfasc_napari.finding import results_folder
from usfasc_napari.layers import Axes, OpenClip
from usfasc_napari.opening import Opened, is_named_ours, open_layers

from usfasc.errors import Code, InputError, UsageError
from usfasc.io import open_cine
from usfasc.io.results import write_regions, write_result
from usfasc.model import Bmode, Reading, Result, Vessel
from usfasc.survey.manifest import Row, write_manifest


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory, sample_videos: Path) -> Path:
    path = tmp_path_factory.mktemp("clips") / "two_muscles.dcm"
    shutil.copy(sample_videos / path.name, path)
    return path


@pytest.fixture
def lonely(clip: Path, tmp_path: Path) -> Path:
    """The clip in a folder of its own."""
    return Path(shutil.copy(clip, tmp_path))


def result_of(clip: Path) -> Result:
    result = make_result()
    sha256 = open_cine(clip, Reading()).source.sha256
    event = make_event(1, 1.0)
    source = result.source.model_copy(update={"sha256": sha256})
    return result.model_copy(update={"source": source, "events": (event,), "regions": (UPPER,)})


def names(opened: Opened) -> list[tuple[str, str]]:
    return [(kind, keywords["name"]) for _, keywords, kind in opened.layers]


def test_a_clip_alone(lonely: Path) -> None:
    opened = open_layers(lonely)
    assert names(opened) == [("image", "two_muscles")]
    assert opened.notes == ()
    data, keywords, _ = opened.layers[0]
    assert keywords["units"] == ("s", "mm", "mm")
    assert keywords["scale"] == pytest.approx((0.04, 0.12, 0.12))
    cine = open_cine(lonely, Reading())
    first = next(cine.frames.stream()).grey
    np.testing.assert_array_equal(data[0], first)
    remembered = keywords["metadata"]["usfasc"]
    assert (remembered.path, remembered.cine.source) == (lonely, cine.source)


def test_its_result_comes_along(lonely: Path) -> None:
    write_result(result_of(lonely), lonely.parent, "two_muscles")
    opened = open_layers(lonely)
    assert names(opened) == [
        ("image", "two_muscles"),
        ("shapes", "two_muscles: regions"),
        ("points", "two_muscles: events"),
    ]
    assert opened.notes == ()


GIVEN = {
    "a pixel size in place of the file's": (Reading(spacing_mm=(0.2, 0.1)), (0.04, 0.2, 0.1)),
    "a depth": (Reading(depth_mm=56), (0.04, 0.2, 0.2)),
    "a frame rate": (Reading(frame_rate_hz=50), (0.02, 0.12, 0.12)),
    "nothing": (Reading(), (0.04, 0.12, 0.12)),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_clip_is_read_as_it_was_for_its_result(lonely: Path, name: str) -> None:
    reading, scale = GIVEN[name]
    result = result_of(lonely).model_copy(update={"given": reading})
    write_result(result, lonely.parent, "two_muscles")
    opened = open_layers(lonely)
    assert opened.layers[0][1]["scale"] == pytest.approx(scale)
    assert opened.layers[0][1]["units"] == ("s", "mm", "mm")
    assert [layer[1]["scale"] for layer in opened.layers[1:]] == [
        pytest.approx(scale[1:]),
        pytest.approx(scale),
    ]
    assert opened.layers[0][1]["metadata"]["usfasc"].reading == reading


def test_the_vessels_of_a_result_lie_beneath_its_regions(lonely: Path) -> None:
    lumen = Vessel(polygon=((10, 20), (60, 22), (60, 40), (10, 38)), area_mm2=12.0)
    write_result(
        result_of(lonely).model_copy(update={"vessels": (lumen,)}), lonely.parent, "two_muscles"
    )
    opened = open_layers(lonely)
    assert names(opened)[:3] == [
        ("image", "two_muscles"),
        ("shapes", "two_muscles: vessels"),
        ("shapes", "two_muscles: regions"),
    ]
    dots, look, _ = opened.layers[1]
    assert look["scale"] == pytest.approx((0.12, 0.12))
    corners = np.concatenate(dots)
    assert corners.min(axis=0) == pytest.approx((20, 10), abs=1)
    assert corners.max(axis=0) == pytest.approx((40, 60), abs=1)


def test_the_result_of_another_file_does_not(lonely: Path) -> None:
    write_result(make_result(), lonely.parent, "two_muscles")
    opened = open_layers(lonely)
    assert names(opened) == [("image", "two_muscles")]
    assert opened.notes == ("A result of this name belongs to another file.",)


def test_a_damaged_result_does_not_keep_the_clip_back(lonely: Path) -> None:
    (lonely.parent / "two_muscles.usfasc.json").write_text("{", encoding="utf-8")
    opened = open_layers(lonely)
    assert names(opened) == [("image", "two_muscles")]
    assert opened.notes == ("The result of this clip is not shown: The file is not valid JSON.",)


@pytest.mark.parametrize("is_open", [True, False])
def test_a_result_is_laid_over_its_own_clip(clip: Path, tmp_path: Path, is_open: bool) -> None:
    mine = OpenClip(cine=open_cine(clip, Reading()), path=clip)
    path, _ = write_result(result_of(clip), tmp_path, "of a clip that is not here")
    opened = open_layers(path, [mine] if is_open else [])
    axes = mine.axes if is_open else Axes()
    assert [keywords["scale"] for _, keywords, _ in opened.layers] == [axes.scale[1:], axes.scale]
    assert bool(opened.notes) is not is_open
    kept = [keywords["metadata"]["usfasc"] for _, keywords, _ in opened.layers]
    assert [(each.role, each.result_path) for each in kept] == [("regions", path), ("events", path)]
    assert {each.sha256 for each in kept} == {mine.cine.source.sha256}


WHERE = {
    "beside the clip": ".",
    "in usfasc-results beside it": "usfasc-results",
    "in usfasc-results of the working folder": "../here/usfasc-results",
    "in the folder that was chosen": "../chosen",
}


@pytest.mark.parametrize("name", ["two_muscles", "by its digest"])
@pytest.mark.parametrize("where", WHERE)
def test_a_result_comes_along_from(
    lonely: Path, monkeypatch: pytest.MonkeyPatch, where: str, name: str
) -> None:
    clip = lonely.parent / "clips" / lonely.name
    here = lonely.parent / "here"
    clip.parent.mkdir()
    here.mkdir()
    lonely.rename(clip)
    monkeypatch.chdir(here)
    monkeypatch.setattr(results_folder, "chosen", lonely.parent / "chosen")
    result = result_of(clip)
    stem = name if name == "two_muscles" else result.source.sha256[:12]
    path, _ = write_result(result, clip.parent / WHERE[where], stem)
    opened = open_layers(clip)
    assert [kind for _, _, kind in opened.layers] == ["image", "shapes", "points"]
    kept = opened.layers[0][1]["metadata"]["usfasc"]
    assert kept.result_path.resolve() == path.resolve()


def test_results_do_not_go_beside_the_clip(lonely: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_folder, "chosen", lonely.parent)
    with pytest.raises(UsageError, match="never go into the folder of a clip"):
        results_folder.check(lonely)
    results_folder.check(None)


@pytest.mark.parametrize("where", [".", "usfasc-results", "../results"])
def test_a_result_finds_its_clip(lonely: Path, where: str) -> None:
    clip = lonely.parent / "clips" / lonely.name
    clip.parent.mkdir()
    lonely.rename(clip)
    path, _ = write_result(result_of(clip), clip.parent / where, "two_muscles")
    opened = open_layers(path)
    assert names(opened)[0] == ("image", "two_muscles")
    assert opened.layers[0][1]["metadata"]["usfasc"].result_path == path
    assert opened.layers[2][1]["scale"] == opened.layers[0][1]["scale"]


class Answers:
    """Somebody who knows where a clip lies and which row is meant."""

    def __init__(self, clip: Path | None = None, row: int | None = None) -> None:
        self.answers = (clip, row)
        self.labels: Sequence[str] = ()

    def clip(self, name: str) -> Path | None:
        return self.answers[0]

    def row(self, labels: Sequence[str]) -> int | None:
        self.labels = labels
        return self.answers[1]


def test_a_result_asks_for_its_clip(clip: Path, tmp_path: Path) -> None:
    path, _ = write_result(result_of(clip), tmp_path, "renamed")
    assert names(open_layers(path, (), Answers(clip)))[0] == ("image", "two_muscles")
    assert names(open_layers(path, (), Answers(None)))[0] == ("shapes", "renamed: regions")


def test_a_review_brings_its_clip_its_result_and_its_reader(lonely: Path) -> None:
    write_result(result_of(lonely), lonely.parent, "two_muscles")
    opened = open_layers(lonely.parent / "two_muscles.review.anna.jsonl")
    assert names(opened)[0] == ("image", "two_muscles")
    assert opened.reviewer == "anna"


@pytest.fixture
def survey(lonely: Path) -> Path:
    """Two rows of one clip: found, with a depth; and between drawn regions."""
    write_regions(lonely.parent / "drawn.json", [UPPER])
    rows = [
        Row(clip=lonely.name, subject="S001", muscle="biceps brachii", side="left", depth_mm=50),
        Row(clip=lonely.name, subject="S002", regions="drawn.json", frame_rate_hz=30),
    ]
    path = lonely.parent / "survey.csv"
    write_manifest(path, rows)
    return path


def test_a_row_of_a_survey_is_read_as_it_says(survey: Path) -> None:
    first, second = (open_layers(Path(f"{survey}:{row}")) for row in (1, 2))
    kept = first.layers[0][1]["metadata"]["usfasc"]
    assert (kept.reading.muscle, kept.reading.side) == ("biceps brachii", "left")
    _, y0, _, y1 = kept.cine.pictures[0].box
    assert kept.cine.spacing_mm == pytest.approx((50 / (y1 - y0),) * 2)
    assert names(second) == [("image", "two_muscles"), ("shapes", "two_muscles: regions")]
    assert second.layers[0][1]["scale"][0] == pytest.approx(1 / 30)


def test_the_result_of_a_survey_comes_along(survey: Path, lonely: Path) -> None:
    result = result_of(lonely)
    path, _ = write_result(result, survey.parent / "usfasc-results", result.source.sha256[:12])
    assert open_layers(Path(f"{survey}:1")).layers[2][1]["metadata"]["usfasc"].result_path == path


def test_a_survey_asks_for_its_row(survey: Path) -> None:
    somebody = Answers(row=2)
    assert names(open_layers(survey, (), somebody))[1] == ("shapes", "two_muscles: regions")
    assert tuple(somebody.labels) == (
        "1: S001, left biceps brachii, two_muscles.dcm",
        "2: S002, muscle not given, two_muscles.dcm",
    )
    assert open_layers(survey, (), Answers()) == Opened()
    with pytest.raises(InputError, match="Say which row"):
        open_layers(survey)


@pytest.mark.parametrize("row", [0, 3])
def test_a_survey_has_its_rows_only(survey: Path, row: int) -> None:
    with pytest.raises(InputError, match="rows 1 to 2"):
        open_layers(Path(f"{survey}:{row}"))


def test_a_result_is_not_laid_over_another_clip(clip: Path, tmp_path: Path) -> None:
    other = OpenClip(cine=open_cine(clip, Reading()), path=clip)
    path, _ = write_result(make_result(), tmp_path, "a")
    (note,) = open_layers(path, [other]).notes
    assert "open the clip first" in note


def test_an_empty_result_says_so(tmp_path: Path) -> None:
    empty = make_result().model_copy(update={"events": (), "regions": ()})
    path, _ = write_result(empty, tmp_path, "a")
    assert open_layers(path) == Opened(notes=("The result holds no event and no region.",))


def test_regions_are_laid_over_the_newest_clip(clip: Path, tmp_path: Path) -> None:
    shown = OpenClip(cine=open_cine(clip, Reading()), path=clip)
    path = tmp_path / "a.regions.json"
    write_regions(path, [UPPER])
    opened = open_layers(path, [shown])
    assert names(opened) == [("shapes", "a: regions")]
    assert opened.layers[0][1]["scale"] == shown.axes.scale[1:]


def test_what_is_not_known_is_said(shared_data: Path) -> None:
    opened = open_layers(shared_data / "tibialis_rest_then_contraction_30hz.mov")
    assert opened.layers[0][1]["units"] == ("s", "pixel", "pixel")
    assert "No pixel size: lengths are in pixels." in opened.notes


def test_pictures_of_different_scale_are_said(
    lonely: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cine = open_cine(lonely, Reading())
    half = Bmode(
        box=(0, 0, 170, 280),
        mask=np.ones((280, 340), np.bool_),
        origin="tag",
        spacing_mm=(0.1, 0.1),
    )
    dual = replace(cine, spacing_mm=None, pictures=(half, replace(half, spacing_mm=(0.2, 0.2))))
    monkeypatch.setattr("usfasc_napari.opening.open_cine", lambda *_: dual)
    assert open_layers(lonely).notes == (
        "The pictures differ in pixel size: lengths are in pixels.",
    )


REFUSED = {
    "clip.dcm": (b"not a clip", Code.NOT_A_CINE),
    "clip.mp4": (b"", Code.NOT_A_CINE),
    "a.usfasc.json": (b"{}", Code.BAD_RESULT),
    "a.regions.json": (b"[]", Code.BAD_REGIONS),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_files_are_refused(tmp_path: Path, name: str) -> None:
    content, code = REFUSED[name]
    path = tmp_path / name
    path.write_bytes(content)
    assert is_named_ours(path)
    with pytest.raises(InputError) as refused:
        open_layers(path)
    assert refused.value.code is code


def test_reader_takes_files_without_suffix_by_their_content(clip: Path, tmp_path: Path) -> None:
    uid = tmp_path / "1.2.840.113619.2.21.848"
    shutil.copy(clip, uid)
    text = tmp_path / "LICENSE"
    text.write_text("words", encoding="utf-8")
    assert reader.get_reader(str(uid)) is reader.read
    assert names(Opened(layers=tuple(reader.read(str(uid)))))[0] == ("image", uid.name)
    assert reader.get_reader(str(text)) is None
    assert reader.get_reader(str(tmp_path / "MISSING")) is None


def test_reader_does_not_stack(clip: Path) -> None:
    assert reader.get_reader([str(clip), str(clip)]) is None


def test_a_bad_file_gives_one_sentence_and_no_layer(tmp_path: Path) -> None:
    from napari.utils.notifications import notification_manager

    path = tmp_path / "DOE^JANE.dcm"
    path.write_bytes(b"not a clip")
    before = len(notification_manager.records)
    assert reader.read(str(path)) == [(None,)]
    (told,) = notification_manager.records[before:]
    assert told.message == "The file is neither a DICOM file nor a video."
    assert str(told.severity) == "error"

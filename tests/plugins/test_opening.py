"""Files into layers without a window: what comes along, what is said, what is refused."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures.outcomes import UPPER, make_event, make_result
from usfasc_napari import reader
from usfasc_napari.layers import Axes, OpenClip
from usfasc_napari.opening import Opened, is_named_ours, open_layers

from usfasc.errors import Code, InputError
from usfasc.io import open_cine
from usfasc.io.results import write_regions, write_result
from usfasc.model import Bmode, Reading, Result


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


def test_the_result_of_another_file_does_not(lonely: Path) -> None:
    write_result(make_result(), lonely.parent, "two_muscles")
    opened = open_layers(lonely)
    assert names(opened) == [("image", "two_muscles")]
    assert opened.notes == ("The result beside the clip belongs to another file.",)


def test_a_damaged_result_does_not_keep_the_clip_back(lonely: Path) -> None:
    (lonely.parent / "two_muscles.usfasc.json").write_text("{", encoding="utf-8")
    opened = open_layers(lonely)
    assert names(opened) == [("image", "two_muscles")]
    assert opened.notes == ("The result beside the clip is not shown: The file is not valid JSON.",)


@pytest.mark.parametrize("is_open", [True, False])
def test_a_result_is_laid_over_its_own_clip(clip: Path, tmp_path: Path, is_open: bool) -> None:
    mine = OpenClip(cine=open_cine(clip, Reading()), path=clip)
    path, _ = write_result(result_of(clip), tmp_path, "two_muscles")
    opened = open_layers(path, [mine] if is_open else [])
    axes = mine.axes if is_open else Axes()
    assert [keywords["scale"] for _, keywords, _ in opened.layers] == [axes.scale[1:], axes.scale]
    assert bool(opened.notes) is not is_open


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

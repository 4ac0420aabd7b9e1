"""The desk that all docks of a viewer share, without a window."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from fixtures.outcomes import make_result

from usfasc.io import open_cine
from usfasc.io.results import read_result, result_paths, write_result
from usfasc.model import Reading
from usfasc.review import Mode, read_review, review_path


@pytest.fixture
def viewer() -> Any:
    from napari.components import ViewerModel

    return ViewerModel()


def open_in(viewer: Any, path: Path) -> Any:
    """Open a file in a viewer; the layer that came first."""
    from napari.layers import Layer
    from usfasc_napari.opening import open_layers
    from usfasc_napari.reader import clips_of

    opened = open_layers(path, clips_of(viewer.layers))
    layers = [Layer.create(*layer) for layer in opened.layers]
    viewer.layers.extend(layers)
    return layers[0]


def told_by(desk: Any) -> list[str]:
    """Names of the desk's signals, as they come."""
    told: list[str] = []
    for name in ("clip_changed", "rows_changed", "current_changed", "regions_changed"):
        getattr(desk, name).connect(lambda name=name: told.append(name))
    return told


GIVEN = {
    "a pixel size": Reading(spacing_mm=(0.2, 0.1)),
    "a depth": Reading(depth_mm=56),
    "a frame rate": Reading(frame_rate_hz=50),
    "nothing": Reading(),
}


def result_given(reviewable: Path, reading: Reading, name: str) -> Path:
    """The clip's result, as if its user had said so; in a folder where nobody looks for it."""
    detected = read_result(result_paths(reviewable.parent, reviewable.stem)[0])
    told = detected.model_copy(update={"given": reading})
    return write_result(told, reviewable.parent / "elsewhere" / "deep" / name, "its result")[0]


def stands(viewer: Any) -> list[tuple[tuple[float, ...], tuple[str, ...], tuple[str, ...]]]:
    """Scale, units and axes of all layers."""
    return [
        (tuple(layer.scale), tuple(map(str, layer.units)), layer.axis_labels)
        for layer in viewer.layers
    ]


@pytest.mark.parametrize("name", GIVEN)
def test_a_clip_that_is_open_stands_as_if_opened_with_its_result(
    viewer: Any, reviewable: Path, name: str
) -> None:
    from napari.components import ViewerModel
    from usfasc_napari.desk import desk_of

    path = result_given(reviewable, GIVEN[name], "first")
    alone, _ = result_paths(reviewable.parent, reviewable.stem)
    alone.unlink()
    desk = desk_of(viewer)
    open_in(viewer, reviewable)
    desk.show_frame(31)
    open_in(viewer, path)
    together = ViewerModel()
    desk_of(together)
    shutil.copy(path, alone)
    open_in(together, reviewable)
    assert len(viewer.layers) == 3
    assert stands(viewer) == stands(together)
    assert desk.clip is not None and desk.clip.reading == GIVEN[name]
    assert desk.frame == 31
    assert desk.result is not None and desk.result.given == GIVEN[name]


def test_another_result_of_the_clip_brings_its_own_scale(viewer: Any, reviewable: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk_of(viewer)
    open_in(viewer, reviewable)
    before = stands(viewer)
    open_in(viewer, result_given(reviewable, GIVEN["a pixel size"], "first"))
    assert {scale[-2:] for scale, _, _ in stands(viewer)} == {(0.2, 0.1)}
    open_in(viewer, result_given(reviewable, GIVEN["nothing"], "second"))
    assert stands(viewer)[: len(before)] == before
    assert len({scale[-2:] for scale, _, _ in stands(viewer)}) == 1


def test_a_scale_that_cannot_be_is_told(viewer: Any, reviewable: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk, told = desk_of(viewer), []
    desk.notice.connect(told.append)
    open_in(viewer, reviewable)
    before = stands(viewer)
    path = result_given(reviewable, Reading(frame_rate_hz=1e9), "first")
    assert not desk.take_result(path)
    assert len(told) == 1
    assert stands(viewer) == before


def test_a_viewer_has_one_desk_also_behind_its_proxy(viewer: Any) -> None:
    from napari.components import ViewerModel
    from napari.utils._proxies import PublicOnlyProxy
    from usfasc_napari.desk import desk_of

    assert desk_of(PublicOnlyProxy(viewer)) is desk_of(viewer)
    assert desk_of(ViewerModel()) is not desk_of(viewer)


def test_a_desk_goes_with_its_viewer() -> None:
    import gc
    import weakref

    from napari.components import ViewerModel
    from usfasc_napari.desk import desk_of

    viewer = ViewerModel()
    kept = weakref.ref(desk_of(viewer))
    del viewer
    gc.collect()
    assert kept() is None


def test_clip_result_and_review_come_to_the_desk(viewer: Any, reviewable: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk = desk_of(viewer)
    assert (desk.clip, desk.session, desk.rows, desk.result) == (None, None, (), None)
    told = told_by(desk)
    layer = open_in(viewer, reviewable)
    assert desk.layer is layer
    assert desk.result is not None and len(desk.result.events) == 6
    assert desk.session is None
    assert "clip_changed" in told
    desk.read_as("ann")
    assert desk.session is not None
    assert len(desk.rows) == 6
    desk.go_to(desk.rows[2].key)
    assert desk.current == desk.rows[2]
    desk.session.accept(desk.rows[2].key)
    desk.tell_rows()
    assert desk.rows[2].verdict == "accept"


def test_two_viewers_are_two_reviews(viewer: Any, reviewable: Path) -> None:
    from napari.components import ViewerModel
    from usfasc_napari.desk import desk_of

    other = ViewerModel()
    for each, reader in ((viewer, "bob"), (other, "ann")):
        desk_of(each).read_as(reader)
        open_in(each, reviewable)
    bob, ann = desk_of(viewer), desk_of(other)
    bob.session.accept(bob.rows[0].key)
    ann.session.unsure(ann.rows[1].key)
    bob.session.reject(bob.rows[1].key)
    path, _ = result_paths(reviewable.parent, reviewable.stem)
    said = {name: read_review(review_path(path, name), name).said for name in ("ann", "bob")}
    assert [act.decision for act in said["ann"]] == ["unsure"]
    assert [act.decision for act in said["bob"]] == ["accept", "reject"]


def test_a_clip_that_is_removed_leaves_the_desk(viewer: Any, reviewable: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk = desk_of(viewer)
    desk.read_as("ann")
    first, second = open_in(viewer, reviewable), open_in(viewer, reviewable)
    assert desk.layer is second
    viewer.layers.selection.active = first
    assert desk.layer is first
    viewer.layers.remove(first)
    assert desk.layer is second
    viewer.layers.clear()
    assert (desk.layer, desk.session, desk.current, desk.frame) == (None, None, None, 0)


def test_a_new_result_takes_the_place_of_the_old_one(viewer: Any, reviewable: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk = desk_of(viewer)
    desk.read_as("ann")
    open_in(viewer, reviewable)
    assert desk.session is not None
    desk.session.accept(1)
    path, _ = result_paths(reviewable.parent, reviewable.stem)
    old = read_result(path)
    fewer = old.model_copy(update={"events": old.events[:3], "parameters_digest": "0" * 64})
    write_result(fewer, reviewable.parent, reviewable.stem)
    told = told_by(desk)
    assert desk.take_result(path)
    assert {"clip_changed", "rows_changed", "regions_changed"} <= set(told)
    assert [row.verdict for row in desk.rows] == ["accept", None, None]
    assert desk.rows[0].carried


def test_a_result_of_another_clip_is_nobodys(viewer: Any, reviewable: Path, tmp_path: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk = desk_of(viewer)
    open_in(viewer, reviewable)
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    path, _ = write_result(make_result(), folder, "other")
    assert not desk.take_result(path)
    assert desk.result is not None and len(desk.result.events) == 6


def test_a_result_that_cannot_be_read_is_told(viewer: Any, reviewable: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk = desk_of(viewer)
    open_in(viewer, reviewable)
    said: list[str] = []
    desk.notice.connect(said.append)
    path, _ = result_paths(reviewable.parent, reviewable.stem)
    path.write_text("{", "utf-8")
    assert not desk.take_result(path)
    assert len(said) == 1 and "{" not in said[0]


@pytest.mark.parametrize("mode", [Mode.BLINDED, Mode.ANNOTATE])
def test_nothing_that_was_detected_is_shown_where_it_is_hidden(
    viewer: Any, reviewable: Path, mode: Mode
) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.opening import open_layers

    desk = desk_of(viewer)
    desk.read_as(None, mode)
    open_in(viewer, reviewable)
    assert desk.result is None
    shown = [layer[1]["name"] for layer in open_layers(reviewable).layers if desk.may_show(layer)]
    assert shown == ["two_muscles", "two_muscles: regions"]
    desk.read_as("ann", mode)
    assert len(desk.rows) == (6 if mode is Mode.BLINDED else 0)
    assert {row.event.score for row in desk.rows} <= {None}
    assert not any(row.counted for row in desk.rows)


def test_the_desk_goes_to_frames_and_times(viewer: Any, reviewable: Path) -> None:
    from usfasc_napari.desk import desk_of

    desk = desk_of(viewer)
    open_in(viewer, reviewable)
    cine = open_cine(reviewable, Reading())
    assert cine.times_s is not None
    for number in (0, 7, 224):
        desk.show_frame(number)
        assert (desk.frame, desk.time_s) == (number, pytest.approx(cine.times_s[number]))
    desk.show_time(3.21)
    assert desk.time_s == pytest.approx(3.2)

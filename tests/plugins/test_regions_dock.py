"""The Regions dock in real windows: handles are dragged, and the files are read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from usfasc.io.line_file import read_outline
from usfasc.io.results import read_result, write_result
from usfasc.model import Reading, Result
from usfasc.pipeline import outline_and_analyse, read_cine

Settle = Callable[..., None]
SAMPLE = Path(__file__).parents[2] / "sample_videos" / "two_muscles.dcm"
SPACING_MM = 0.12


@pytest.fixture(scope="module")
def result() -> Result:
    """What the engine says of the sample."""
    reading = Reading()
    found, _ = outline_and_analyse(read_cine(SAMPLE, reading), reading)
    return found


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No exception passes unseen through a slot of Qt."""
    raised: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: raised.append(error))
    yield
    assert not raised


class Hand:
    """A person at the dock."""

    def __init__(self, viewer: Any, dock: Any, settle: Settle) -> None:
        from usfasc_napari.desk import desk_of

        self.viewer, self.dock, self.settle = viewer, dock, settle
        self.desk, self.drawing = desk_of(viewer), dock.drawing
        self.wait()

    def wait(self) -> None:
        """Until the dock has done what it does in its thread."""
        self.settle(0.2)
        while self.dock.jobs.busy:
            self.settle()

    def at(self, x_px: float, y_px: float) -> Any:
        """Where a place of the clip is on the canvas."""
        from qtpy.QtCore import QPoint

        canvas, camera = self.canvas, self.viewer.scene.camera
        _, y0, x0 = camera.center
        column = (x_px * SPACING_MM - x0) * camera.zoom + canvas.width() / 2
        row = (y_px * SPACING_MM - y0) * camera.zoom + canvas.height() / 2
        return QPoint(round(column), round(row))

    @property
    def canvas(self) -> Any:
        return self.viewer.window._qt_viewer.canvas.native

    def drag(self, start: Any, stop: Any) -> None:
        from qtpy.QtCore import Qt
        from qtpy.QtTest import QTest

        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mouseMove(self.canvas, start)
        self.settle(0.05)
        QTest.mousePress(self.canvas, left, plain, start)
        for step in range(1, 7):
            QTest.mouseMove(self.canvas, start + (stop - start) * (step / 6))
            self.settle(0.02)
        QTest.mouseRelease(self.canvas, left, plain, stop)
        self.settle(0.2)

    def click(self, *places: Any, end: bool = False) -> None:
        """Click at places on the canvas; at the last one twice to end an outline."""
        from qtpy.QtCore import Qt
        from qtpy.QtTest import QTest

        left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        for place in places:
            QTest.mouseMove(self.canvas, place)
            self.settle(0.05)
            QTest.mouseClick(self.canvas, left, plain, place)
            self.settle(0.05)
        if end:
            QTest.mouseDClick(self.canvas, left, plain, places[-1])
        self.settle(0.2)

    def name(self, number: int, muscle: str, side: str = "") -> None:
        """Type a muscle's name into one of the fields, from the top."""
        from qtpy.QtTest import QTest
        from usfasc_napari.regions_rows import NameFields

        fields = self.dock.list.findChildren(NameFields)[number]
        QTest.keyClicks(fields.muscle, muscle)
        if side:
            fields.side.setCurrentIndex(fields.side.findData(side))
        fields.muscle.editingFinished.emit()
        self.settle()

    def line(self, number: int) -> Any:
        """A stroke that parts muscles, from the top."""
        return [s for s in self.drawing.sketch.strokes if s.line.proposed][number]

    def layer(self, name: str) -> Any:
        return self.viewer.layers[f"two_muscles: {name}"]

    @property
    def titles(self) -> list[str]:
        """What the rows of lines are called, from the top."""
        from usfasc_napari.regions_rows import LineRow

        return [row.title.text() for row in self.dock.list.findChildren(LineRow)]

    @property
    def names(self) -> list[str]:
        return [region.name for region in self.drawing.regions]


Sit = Callable[..., Hand]


@pytest.fixture
def result_path(result: Result, tmp_path: Path) -> Path:
    return write_result(result, tmp_path, "two_muscles")[0]


@pytest.fixture
def sit(open_window: Any, settle: Settle, sound: None, result_path: Path) -> Sit:
    """Open the sample in a window, as some reader if wished for, with the dock in front."""

    def open_clip(*, with_result: bool = True, reader: str = "") -> Hand:
        from usfasc_napari.desk import desk_of
        from usfasc_napari.regions_dock import RegionsDock

        viewer = open_window(SAMPLE, *([result_path] if with_result else []))
        if reader:
            desk_of(viewer).read_as(reader)
        (dock,) = viewer.window._qt_window.findChildren(RegionsDock)
        dock.parentWidget().raise_()
        hand = Hand(viewer, dock, settle)
        viewer.fit_to_view()
        settle()
        return hand

    return open_clip


@pytest.fixture
def at_model(screen: None, settle: Settle, sound: None, result_path: Path) -> Iterator[Sit]:
    """The dock by itself, at the model of a viewer with the sample in it."""
    made: list[Any] = []

    def open_clip(*, with_result: bool = True) -> Hand:
        from napari.components import ViewerModel
        from napari.layers import Layer
        from usfasc_napari.opening import open_layers
        from usfasc_napari.regions_dock import RegionsDock

        viewer = ViewerModel()
        for path in (SAMPLE, *([result_path] if with_result else [])):
            shown = [each.metadata["usfasc"] for each in viewer.layers][:1]
            viewer.layers.extend(Layer.create(*each) for each in open_layers(path, shown).layers)
        made.append(RegionsDock(viewer))
        made[-1].show()
        return Hand(viewer, made[-1], settle)

    yield open_clip
    for dock in made:
        dock.close()
    settle()


def acts(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "two_muscles.review.anna.jsonl").read_text("utf-8").splitlines()
    return [act for act in map(json.loads, lines) if "decision" in act]


def test_a_dragged_line_is_counted_and_saved_at_once(sit: Sit, tmp_path: Path) -> None:
    hand = sit(reader="anna")
    assert hand.names == ["superficial muscle", "deep muscle"]
    before = [hand.drawing.count_of(name) for name in hand.names]
    assert before[0].startswith("4 in 8.5 s, 28.2/min, present")
    handle = hand.line(1).handles[1]
    hand.drag(hand.at(*handle), hand.at(handle[0], handle[1] - 70))
    (act,) = acts(tmp_path)
    assert act["decision"] == "regions"
    assert [region["origin"] for region in act["regions"]] == ["drawn", "drawn"]
    after = [hand.drawing.count_of(name) for name in hand.names]
    assert after != before
    assert [line.split()[0] for line in after] == ["3", "3"]
    assert hand.desk.session.reviewed.regions == hand.drawing.regions
    moved = hand.line(1).handles[1]
    assert abs(moved[1] - (handle[1] - 70)) < 30
    assert hand.layer("handles").data.shape == (10, 2)
    hand.dock.undo_button.click()
    hand.settle()
    assert [hand.drawing.count_of(name) for name in hand.names] == before
    assert hand.line(1).handles[1] == pytest.approx(handle)
    hand.dock.redo_button.click()
    hand.settle()
    assert hand.line(1).handles[1] == pytest.approx(moved)


def test_what_is_drawn_is_saved_loaded_and_counted_in(sit: Sit, tmp_path: Path) -> None:
    """Draw, save, load, detect: the command counts what the dock counted."""
    hand = sit()
    handle = hand.line(1).handles[1]
    hand.drag(hand.at(*handle), hand.at(handle[0], handle[1] - 70))
    hand.name(0, "BB", "left")
    hand.name(1, "BRA")
    assert hand.names == ["biceps brachii, left", "brachialis, left"]
    path = tmp_path / "two_muscles.regions.json"
    hand.dock.save_to(path)
    drawn = hand.drawing.regions
    counted = [hand.drawing.count_of(name) for name in hand.names]
    assert read_outline(path).regions == drawn
    hand.dock.whole_button.click()
    hand.settle()
    assert hand.names == ["whole image"]
    hand.dock.load_from(path)
    hand.settle()
    assert hand.drawing.regions == drawn
    assert [hand.drawing.count_of(name) for name in hand.names] == counted
    reading = read_outline(path)
    again, _ = outline_and_analyse(read_cine(SAMPLE, reading), reading)
    assert [(r.name, r.muscle, r.side) for r in again.regions] == [
        (r.name, r.muscle, r.side) for r in drawn
    ]
    told = {summary.region: summary.count for summary in again.summaries}
    assert [str(told[name]) for name in hand.names] == [line.split()[0] for line in counted]


def test_two_wrong_lines_take_two_drags(sit: Sit, result: Result) -> None:
    """Their middles pulled off and let go near the fascia again: the lines lie on it."""
    hand = sit()
    x = np.array([each for each, _ in result.lines[1].points])
    true = [np.interp(x, *np.array(hand.line(n).line.points).T) for n in (0, 1)]
    hand.dock.snap.setChecked(False)
    for number in (0, 1):
        handle = hand.line(number).handles[1]
        hand.drag(hand.at(*handle), hand.at(handle[0], handle[1] + 35))
    wrong = [np.interp(x, *np.array(hand.line(n).line.points).T) for n in (0, 1)]
    assert all(np.abs(a - b).max() > 25 for a, b in zip(wrong, true, strict=True))
    hand.dock.snap.setChecked(True)
    for number in (0, 1):
        handle = hand.line(number).handles[1]
        hand.drag(hand.at(*handle), hand.at(handle[0], handle[1] - 27))
    laid = [np.interp(x, *np.array(hand.line(n).line.points).T) for n in (0, 1)]
    for a, b in zip(laid, true, strict=True):
        assert np.median(np.abs(a - b)) * SPACING_MM < 0.5


def test_a_clip_without_a_result_is_outlined(at_model: Sit) -> None:
    from usfasc_napari import regions_edits as edits
    from usfasc_napari.regions_dock import NO_COUNT

    hand = at_model(with_result=False)
    assert hand.names == ["whole image"]
    assert hand.dock.total.text() == NO_COUNT
    hand.dock.find_button.click()
    hand.wait()
    assert hand.names == ["superficial muscle", "deep muscle"]
    assert hand.titles[0].startswith("Line 1, found, confidence 0.")
    hand.drawing.edit(edits.draw_line(hand.drawing.sketch, (100.0, 140.0), hand.drawing.sheets))
    assert sum(title.endswith(", by a person") for title in hand.titles) == 1
    for _ in range(2):
        hand.dock.undo_button.click()
    hand.settle()
    assert hand.names == ["whole image"]


def test_one_click_draws_a_line(sit: Sit, result: Result) -> None:
    hand = sit(with_result=False)
    found = [line for line in result.lines if line.proposed]
    x, y = found[1].points[12]
    hand.dock.add_button.click()
    hand.click(hand.at(x, y + 4))
    assert hand.names == ["muscle"]
    columns = np.array(found[1].points)[:, 0]
    drawn = np.interp(columns, *np.array(hand.line(0).line.points).T)
    assert np.median(np.abs(drawn - np.array(found[1].points)[:, 1])) * SPACING_MM < 0.5
    hand.layer("handles").mode = "select"
    assert not hand.dock.add_button.isChecked()
    hand.layer("handles").selected_data = {0, 1}
    hand.layer("handles").remove_selected()
    hand.settle()
    assert hand.names == ["whole image"]


def test_an_outline_is_drawn_and_taken_away(sit: Sit) -> None:
    hand = sit()
    hand.dock.outline_button.click()
    corners = [hand.at(x, y) for x, y in ((80, 80), (200, 80), (200, 130), (100, 130))]
    hand.click(*corners, end=True)
    assert hand.names == ["superficial muscle", "deep muscle", "outline 1"]
    hand.name(2, "FDI", "right")
    assert hand.names[2] == "first dorsal interosseous, right"
    layer = hand.layer("regions")
    assert list(layer.features["name"]) == hand.names
    layer.selected_data = {2}
    layer.remove_selected()
    hand.settle()
    assert hand.names == ["superficial muscle", "deep muscle"]


def test_a_region_that_is_changed_by_hand_lets_go_of_its_lines(at_model: Sit) -> None:
    hand = at_model()
    layer = hand.layer("regions")
    layer.selected_data = {1}
    layer.remove_selected()
    hand.settle()
    assert hand.names == ["superficial muscle"]
    assert not [s for s in hand.drawing.sketch.strokes if s.line.proposed]
    hand.dock.undo_button.click()
    hand.settle()
    assert hand.names == ["superficial muscle", "deep muscle"]
    layer.add(np.array([[10, 10], [60, 90]]), shape_type="path")
    hand.settle()
    assert "polygons" in hand.dock.status.text()
    assert len(layer.data) == 2


def test_layers_come_and_go(sit: Sit, settle: Settle) -> None:
    hand = sit()
    for name in ("lines", "handles", "regions"):
        hand.viewer.layers.remove(hand.layer(name))
    hand.dock.whole_button.click()
    settle()
    hand.dock.undo_button.click()
    settle()
    assert len(hand.layer("handles").data) == 10
    assert list(hand.layer("regions").features["name"]) == hand.names
    hand.dock.parentWidget().hide()
    settle()
    names = [layer.name for layer in hand.viewer.layers]
    assert "two_muscles: lines" not in names and "two_muscles: regions" in names
    hand.dock.parentWidget().show()
    hand.dock.parentWidget().raise_()
    settle(0.2)
    assert len(hand.layer("handles").data) == 10
    hand.viewer.layers.remove(hand.viewer.layers["two_muscles"])
    hand.wait()
    assert not [each for each in hand.viewer.layers if each.name.endswith(("lines", "handles"))]
    assert not hand.dock.save_button.isEnabled()


def test_another_clip_is_taken_up_while_the_first_is_made_ready(
    at_model: Sit, settle: Settle
) -> None:
    hand = at_model()
    from napari.layers import Layer
    from usfasc_napari.samples import quiet_muscle

    hand.viewer.layers.append(Layer.create(*quiet_muscle()[0]))
    settle()
    hand.viewer.layers.selection.active = hand.viewer.layers["two_muscles"]
    hand.wait()
    assert hand.names == ["superficial muscle", "deep muscle"]
    lines = [each.name for each in hand.viewer.layers if each.name.endswith(": lines")]
    assert lines == ["two_muscles: lines"]


def test_readers_who_must_not_know_see_no_count(at_model: Sit) -> None:
    from usfasc.review import Mode

    hand = at_model()
    hand.desk.read_as("anna", Mode.BLINDED)
    hand.wait()
    assert hand.dock.total.text() == ""
    assert hand.drawing.count_of("superficial muscle") == ""


def test_a_bad_file_is_told(at_model: Sit, tmp_path: Path) -> None:
    hand = at_model()
    bad = tmp_path / "bad.regions.json"
    bad.write_text('{"lines": []}', encoding="utf-8")
    hand.dock.load_from(bad)
    assert hand.dock.status.text() == "The file of lines is not valid: lines."
    far = tmp_path / "far.regions.json"
    corners = [[9e3, 9e3], [9e3, 9.1e3], [9.1e3, 9e3]]
    far.write_text(json.dumps([{"name": "far", "polygon": corners}]), encoding="utf-8")
    hand.dock.load_from(far)
    assert "outside the image" in hand.dock.status.text()
    hand.dock.save_to(bad / "beneath_a_file.json")
    assert hand.dock.status.text() not in ("", "Saved.")
    assert hand.names == ["superficial muscle", "deep muscle"]
    assert read_result(hand.desk.result_path).regions == hand.drawing.regions

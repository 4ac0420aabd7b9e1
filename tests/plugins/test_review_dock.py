"""The Review dock in real windows: keys are pressed, and the file is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fixtures.hands import activate, canvas_of, press

from usfasc.io.results import read_result
from usfasc.review import Mode, read_review, review_path

Settle = Callable[..., None]
SECRETS = ("1 fasciculation", "● ", "tremor", "doubt", "0.99", "0.30", "counts it")


@pytest.fixture(scope="module")
def window(screen: None) -> Iterator[Any]:
    """One window for tests that leave it as they found it: to open one takes seconds."""
    from usfasc_napari.window import open_window

    viewer, _ = open_window(())
    viewer.window._qt_window.resize(1280, 800)
    yield viewer
    viewer.close()


@pytest.fixture
def reviewing(window: Any, reviewable: Path, settle: Settle) -> Iterator[Callable[..., Any]]:
    """Open the clip for a reader in the one window; the window and its Review dock."""
    dock = dock_of(window)

    def begin(
        reader: str | None = "ann", mode: Mode = Mode.GUIDED, *, loops: bool = False
    ) -> tuple[Any, Any]:
        from usfasc_napari.desk import desk_of

        window.layers.clear()
        # What plays costs the time of a test.
        dock.playback._loops = loops
        desk_of(window).read_as(reader, mode)
        window.open(reviewable, plugin="usfasc")
        dock.parentWidget().raise_()
        activate(window)
        settle(0.2)
        return window, dock

    yield begin
    window.layers.clear()
    settle()
    if dock.playback.speed != 1:
        dock.playback.speed = 1.0
    dock.marks._arrows_shown = True
    dock.panel.only.setCurrentIndex(0)
    dock.course.show("all")


def dock_of(viewer: Any) -> Any:
    from usfasc_napari.review_dock import ReviewDock

    return viewer.window._qt_window.findChild(ReviewDock)


def acts(clip: Path, reader: str = "ann") -> list[tuple[str, int | None]]:
    path = review_path(clip.with_name("two_muscles.usfasc.json"), reader)
    if not path.exists():
        return []
    return [(act.decision.value, act.event) for act in read_review(path, reader).said]


def wait_for(settle: Settle, so: Callable[[], bool], most_s: float = 10.0) -> None:
    """Let the window work until something is so: what comes late is searched for in a thread."""
    for _ in range(round(most_s / 0.05)):
        if so():
            return
        settle(0.05)
    raise AssertionError("it did not come")


def layer_named(viewer: Any, name: str) -> Any:
    return next((layer for layer in viewer.layers if layer.name == name), None)


def test_keys_work_over_the_clip_and_in_the_list(
    reviewing: Any, reviewable: Path, settle: Settle
) -> None:
    viewer, dock = reviewing()
    press(canvas_of(viewer), "FDS")
    press(dock.panel.table, "QQF")
    press(dock, "^Z")
    press(canvas_of(viewer), "Z")
    settle()
    assert acts(reviewable) == [
        *(("accept", 1), ("reject", 2), ("unsure", 3)),
        *(("accept", 2), ("undo", None)),
    ]
    assert dock.desk.current.key == 2
    assert dock.panel.progress.text().startswith("3 of 6 decided. You count: upper ")
    rows = [index.row() for index in dock.panel.table.selectionModel().selectedRows()]
    assert rows == [1]


def test_a_text_field_keeps_its_keys(reviewing: Any, reviewable: Path, settle: Settle) -> None:
    viewer, dock = reviewing()
    note = dock.panel.note
    note.setFocus()
    settle()
    press(note, "FADED")
    assert acts(reviewable) == []
    assert note.text().lower() == "faded"
    note.editingFinished.emit()
    assert acts(reviewable) == [("note", 1)]
    canvas_of(viewer).setFocus()
    press(canvas_of(viewer), "F")
    assert acts(reviewable)[-1] == ("accept", 1)


def test_kinds_are_chosen_by_letter(reviewing: Any, reviewable: Path, settle: Settle) -> None:
    from qtpy.QtWidgets import QApplication

    viewer, dock = reviewing()
    press(canvas_of(viewer), "R")
    settle()
    menu = QApplication.activePopupWidget()
    assert menu is not None
    press(menu, "M")
    settle()
    assert acts(reviewable) == [("change_kind", 1)]
    assert dock.course.listed[0].event.kind == "probe_motion"


def test_the_event_in_hand_loops_until_someone_moves_on(reviewing: Any, settle: Settle) -> None:
    viewer, dock = reviewing(loops=True)
    event = dock.desk.current.event
    seen = set()
    for _ in range(40):
        settle(0.03)
        seen.add(dock.desk.frame)
    assert len(seen) > 8
    assert min(seen) >= event.start_frame - 9
    assert max(seen) <= event.stop_frame + 9
    dock.desk.show_frame(200)
    settle()
    assert dock.desk.frame == 200
    assert not dock.playback.loops
    press(canvas_of(viewer), "C")
    assert dock.playback.loops
    press(canvas_of(viewer), "VV")
    assert dock.playback.speed == 0.25
    press(canvas_of(viewer), "CW")
    settle()
    peak_s = dock.desk.current.event.peak_s
    assert dock.desk.time_s == pytest.approx(peak_s, abs=0.021)
    press(canvas_of(viewer), " ")
    assert dock.playback.plays_clip
    press(canvas_of(viewer), "G")
    here = dock.desk.frame
    press(canvas_of(viewer), "TTG")
    assert dock.desk.frame == here + 1


def test_the_event_in_hand_is_outlined_and_its_movement_drawn(
    reviewing: Any, settle: Settle
) -> None:
    viewer, dock = reviewing()
    press(canvas_of(viewer), "W")
    wait_for(settle, lambda: dock.marks.searched)
    outline, arrows = (layer_named(viewer, name) for name in ("under review", "movement"))
    x0, y0, x1, y1 = dock.desk.current.event.box_px
    corners = outline.data[:, 0]
    assert corners.min(axis=0) == pytest.approx([y0 - 0.5, x0 - 0.5])
    assert corners.max(axis=0) == pytest.approx([y1 - 0.5, x1 - 0.5])
    assert arrows.visible and len(arrows.data) > 0
    assert f"arrows drawn {dock.marks.arrows.factor} times longer" in dock.panel.in_hand.text()
    press(canvas_of(viewer), "BW")
    assert not dock.marks.searched
    wait_for(settle, lambda: dock.marks.searched)
    assert not layer_named(viewer, "movement").visible
    assert [layer.name for layer in viewer.layers].count("under review") == 1


def test_rings_are_called_as_the_events_stand(reviewing: Any, settle: Settle) -> None:
    viewer, _ = reviewing()
    settle(0.2)
    rings = layer_named(viewer, "two_muscles: events")
    kinds = dict(zip(rings.features["event"], rings.features["kind"], strict=True))
    assert (kinds[1], kinds[3], kinds[5]) == ("fasciculation", "unsure", "tremor")
    press(canvas_of(viewer), "D")
    wait_for(settle, lambda: rings.features["kind"][0] == "unsure")
    assert rings.features["label"][0] == "1 unsure"
    assert set(rings.features["kind"][rings.features["event"] == 2]) == {"fasciculation"}


def test_an_event_is_added_under_the_pointer(
    reviewing: Any, reviewable: Path, settle: Settle
) -> None:
    from qtpy.QtCore import QPoint
    from qtpy.QtTest import QTest

    viewer, dock = reviewing()
    dock.desk.show_frame(100)
    canvas = canvas_of(viewer)
    QTest.mouseMove(canvas, QPoint(canvas.width() // 2 - 5, canvas.height() // 2))
    settle()
    QTest.mouseMove(canvas, QPoint(canvas.width() // 2, canvas.height() // 2))
    settle()
    press(canvas, "A")
    settle()
    assert acts(reviewable) == [("add", -1)]
    added = dock.desk.current.event
    assert (added.x_px, added.y_px) == pytest.approx((169.5, 139.5), abs=4)
    assert added.onset_s == pytest.approx(4.0)
    press(canvas, "X")
    assert acts(reviewable)[-1] == ("delete", -1)
    QTest.mouseMove(canvas, QPoint(2, 2))
    settle()
    press(canvas, "A")
    assert "Point at the twitch" in dock.panel.notice.text()


def test_behind_another_dock_its_keys_are_free(
    reviewing: Any, reviewable: Path, settle: Settle
) -> None:
    viewer, dock = reviewing()
    other, _ = viewer.window.add_plugin_dock_widget("usfasc", "Export")
    other.raise_()
    settle(0.3)
    assert not dock._sight.is_seen and not dock.playback.loops
    press(canvas_of(viewer), "F")
    assert acts(reviewable) == []
    dock.parentWidget().raise_()
    settle(0.3)
    press(canvas_of(viewer), "F")
    assert acts(reviewable) == [("accept", 1)]


def test_layers_that_the_user_takes_away(reviewing: Any, reviewable: Path, settle: Settle) -> None:
    viewer, dock = reviewing()
    wait_for(settle, lambda: dock.marks.searched)
    for name in ("movement", "under review", "two_muscles: events", "two_muscles: regions"):
        viewer.layers.remove(layer_named(viewer, name))
        settle(0.05)
    press(canvas_of(viewer), "F")
    settle(0.2)
    assert acts(reviewable) == [("accept", 1)]
    assert layer_named(viewer, "under review") is not None
    viewer.layers.remove(viewer.layers[0])
    settle(0.2)
    assert dock.desk.clip is None
    assert layer_named(viewer, "under review") is None
    assert dock.nothing.text().startswith("Open a clip")
    press(canvas_of(viewer), "FFF")
    assert acts(reviewable) == [("accept", 1)]


def test_another_clip_while_one_is_reviewed(
    reviewing: Any, reviewable: Path, sample_videos: Path, settle: Settle
) -> None:
    viewer, dock = reviewing()
    first = dock.desk.layer
    viewer.open(sample_videos / "quiet_muscle.dcm", plugin="usfasc")
    settle(0.2)
    assert dock.desk.layer is not first
    assert not first.visible
    assert "no result yet" in dock.nothing.text()
    press(canvas_of(viewer), "F")
    assert acts(reviewable) == []
    dock.desk.take_up(first)
    settle(0.2)
    assert first.visible
    press(canvas_of(viewer), "F")
    assert acts(reviewable) == [("accept", 1)]
    assert dock.panel.clips.count() == 2


def test_who_reads_is_asked_and_remembered(
    reviewing: Any, reviewable: Path, settings_folder: Path
) -> None:
    viewer, dock = reviewing(None)
    page = dock.begin
    assert page.isVisible()
    press(canvas_of(viewer), "F")
    page.name.setText("Dr. Who")
    assert not page.button.isEnabled()
    page.name.setText("carla-2")
    page.mode.setCurrentIndex(1)
    page.button.click()
    assert (dock.desk.reviewer, dock.desk.mode) == ("carla-2", Mode.BLINDED)
    press(canvas_of(viewer), "F")
    assert [decision for decision, _ in acts(reviewable, "carla-2")] == ["accept"]
    _, again = reviewing(None)
    assert again.begin.name.text() == "carla-2"
    kept = "".join(path.read_text("utf-8") for path in settings_folder.rglob("*") if path.is_file())
    assert "carla-2" in kept
    assert "two_muscles" not in kept


@pytest.mark.parametrize("mode", [Mode.BLINDED, Mode.ANNOTATE])
def test_nothing_hidden_is_anywhere_in_the_window(
    reviewing: Any, settle: Settle, mode: Mode
) -> None:
    from qtpy.QtWidgets import QWidget

    viewer, dock = reviewing("ann", mode)
    assert layer_named(viewer, "two_muscles: events") is None
    for _ in range(7):
        settle(0.1)
        said = list(words_of(viewer.window._qt_window.findChildren(QWidget)))
        said += [viewer.window._qt_window.windowTitle(), *(layer.name for layer in viewer.layers)]
        assert [(secret, words) for words in said for secret in SECRETS if secret in words] == []
        assert "fasciculation" not in said
        assert layer_named(viewer, "two_muscles: events") is None
        press(canvas_of(viewer), "W")
    if mode is Mode.ANNOTATE:
        assert layer_named(viewer, "under review") is None
        assert dock.panel.table.model().rowCount() == 0


def words_of(widgets: list[Any]) -> Any:
    """All words of widgets, and their tooltips."""
    for widget in widgets:
        if not widget.isVisible():
            continue
        for name in ("text", "toolTip"):
            words = getattr(widget, name, None)
            if callable(words) and isinstance(words(), str):
                yield words()
        model = getattr(widget, "model", None)
        if callable(model) and widget.objectName() == "events":
            table = model()
            for row in range(table.rowCount()):
                for column in range(table.columnCount()):
                    yield str(table.data(table.index(row, column)))


def test_help_comes_and_goes(reviewing: Any, settle: Settle) -> None:
    viewer, dock = reviewing()
    press(canvas_of(viewer), "?")
    assert dock._help.isVisible()
    window = viewer.window._qt_window
    assert window.rect().contains(dock._help.geometry())
    press(canvas_of(viewer), "?")
    assert not dock._help.isVisible()


def test_time_that_cannot_be_judged_is_taken_out(
    reviewing: Any, reviewable: Path, settle: Settle
) -> None:
    from qtpy.QtWidgets import QDialogButtonBox
    from usfasc_napari.review_span import SpanDialog

    _, dock = reviewing()
    dock.panel.not_assessable.click()
    dialog = dock.findChild(SpanDialog)
    assert [dialog.where.itemText(place) for place in range(3)] == ["whole image", "upper", "lower"]
    dialog.where.setCurrentIndex(1)
    dialog.start.setValue(2.0)
    dialog.reason.setCurrentText("probe moved")
    dialog.findChild(QDialogButtonBox).buttons()[0].click()
    settle()
    path = review_path(reviewable.with_name("two_muscles.usfasc.json"), "ann")
    (act,) = read_review(path, "ann").acts
    assert (act.decision, act.region, act.start_s, act.stop_s, act.note) == (
        *("not_assessable", "upper", 2.0, None, "probe moved"),
    )


def test_every_act_is_in_the_file_at_once(reviewing: Any, reviewable: Path) -> None:
    viewer, _ = reviewing()
    path = review_path(reviewable.with_name("two_muscles.usfasc.json"), "ann")
    for number, key in enumerate("FDSFZ", 1):
        press(canvas_of(viewer), key)
        lines = path.read_text("utf-8").splitlines()
        assert json.loads(lines[-1])["act"] == number
    result = read_result(path.with_name("two_muscles.usfasc.json"))
    assert len(result.events) == 6


def test_nothing_is_clipped(reviewing: Any, settle: Settle) -> None:
    from qtpy.QtWidgets import QCheckBox, QLabel, QPushButton

    viewer, dock = reviewing()
    viewer.window._qt_window.resize(1280, 800)
    settle(0.2)
    assert dock.visibleRegion().boundingRect().size() == dock.size()
    for kind in (QPushButton, QCheckBox, QLabel):
        for widget in dock.panel.findChildren(kind):
            if widget.isVisible():
                words = widget.text()
                wanted = widget.fontMetrics().size(0, words).width()
                wraps = kind is QLabel and widget.wordWrap()
                assert wraps or widget.width() >= wanted, words
                assert widget.height() >= widget.fontMetrics().height() or not words, words
                assert not wraps or widget.height() >= widget.heightForWidth(widget.width()), words

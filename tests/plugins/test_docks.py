"""Docks Detect, Timeline, Movement and Export on a viewer's model: what they show, do and keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixtures.outcomes import LOWER, UPPER, make_cine, make_event, make_result
from usfasc_napari.finding import results_folder
from usfasc_napari.layers import KIND_COLOURS, OpenClip, clip_layer

from usfasc.io.results import read_events_csv, read_regions, read_result, write_result
from usfasc.model import HeaderNames, Kind, Reading, Shown, Side, TwitchCourse, Vessel
from usfasc.params import Parameters

Settle = Callable[..., None]
COURSE = TwitchCourse(time_s=(-0.1, 0.0, 0.1, 0.3), moved_mm=(0.0, 0.0, 0.3, 0.0))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results go."""
    monkeypatch.setattr(results_folder, "chosen", tmp_path / "results")
    return tmp_path / "results"


@pytest.fixture
def result_path(folder: Path) -> Path:
    """A twitch in the upper region, a movement of another kind outside all, for the small clip."""
    events = [
        make_event(1, 1.0, course=COURSE),
        make_event(2, 2.0, kind=Kind.PULSATION, x_px=100.0, y_px=80.0, score=0.2),
    ]
    result = make_result(events, cine=make_cine())
    return write_result(result, folder, "small")[0]


def model_of(*clips: OpenClip) -> Any:
    """A viewer without a window, with clips in it."""
    from napari.components import ViewerModel
    from napari.layers import Layer

    viewer = ViewerModel()
    for number, clip in enumerate(clips):
        viewer.layers.append(Layer.create(*clip_layer(clip, f"small{number or ''}")))
    return viewer


@pytest.fixture
def viewer(screen: None, result_path: Path) -> Any:
    """The small clip with its result."""
    return model_of(OpenClip(cine=make_cine(), result_path=result_path))


@pytest.fixture
def reviewed(viewer: Any) -> Any:
    """The same, with a reader at it, who looks at the twitch."""
    from usfasc_napari.desk import desk_of

    desk = desk_of(viewer)
    desk.read_as("anna")
    desk.go_to(desk.rows[0].key)
    return viewer


@pytest.fixture
def dock(settle: Settle) -> Iterator[Callable[..., Any]]:
    """Make a dock of a viewer; it is closed afterwards."""
    made: list[Any] = []

    def make(kind: type, viewer: Any, size: tuple[int, int] = (400, 300)) -> Any:
        made.append(kind(viewer))
        made[-1].resize(*size)
        made[-1].show()
        settle(0.02)
        return made[-1]

    yield make
    for each in made:
        each.close()


def wait(queue: Any, settle: Settle) -> None:
    for _ in range(2000):
        if not queue.busy:
            return
        settle(0.01)
    pytest.fail("the job does not end")


# Detect


def test_the_form_is_the_parameters(screen: None) -> None:
    from usfasc_napari.detect_form import ParameterForm

    form = ParameterForm()
    assert list(form.numbers) == list(Parameters.model_fields)
    assert form.parameters == Parameters()
    for name, schema in Parameters.model_json_schema()["properties"].items():
        number = form.numbers[name]
        assert (number.minimum(), number.maximum()) == (schema["minimum"], schema["maximum"])
        assert number.toolTip().startswith(schema["description"])
    form.numbers["count_score"].setValue(0.8)
    assert form.parameters == Parameters(count_score=0.8)
    form.reset()
    assert form.parameters == Parameters()


READINGS = {
    "nothing": ("", None, "found", Reading()),
    "one muscle": ("biceps", Side.LEFT, "found", Reading(muscle="biceps brachii", side=Side.LEFT)),
    "several": (
        "biceps brachii, brachialis",
        None,
        "found",
        Reading(layers=("biceps brachii", "brachialis")),
    ),
    "whole": ("", Side.RIGHT, "whole picture", Reading(side=Side.RIGHT, whole=True)),
    "drawn": ("biceps", None, "as drawn", Reading(regions=(UPPER, LOWER))),
}


@pytest.mark.parametrize("name", READINGS)
def test_what_is_said_of_a_clip(screen: None, name: str) -> None:
    from usfasc_napari.detect_form import ReadingForm

    muscle, side, where, reading = READINGS[name]
    form = ReadingForm()
    form.muscle.setText(muscle)
    form.side.setCurrentIndex(form.side.findData(side))
    form.where.setCurrentText(where)
    assert form.reading((UPPER, LOWER)) == reading


def test_only_what_a_clip_lacks_is_asked_for(screen: None) -> None:
    from usfasc_napari.detect_form import ReadingForm

    form = ReadingForm()
    cine = make_cine()
    form.show_clip(cine, Reading())
    assert not form.form.isRowVisible(form.rate)
    assert not form.form.isRowVisible(form.deep)
    form.show_clip(replace(cine, times_s=None, spacing_mm=None), Reading())
    assert form.form.isRowVisible(form.rate)
    assert form.form.isRowVisible(form.deep)
    assert form.reading() == Reading()
    form.show_clip(cine, Reading(frame_rate_hz=30, depth_mm=45, muscle="soleus", side=Side.LEFT))
    assert form.reading() == Reading(frame_rate_hz=30, depth_mm=45, muscle="soleus", side=Side.LEFT)


def test_what_the_header_says_stands_where_nothing_is_said(screen: None) -> None:
    from usfasc_napari.detect_form import ReadingForm

    form = ReadingForm()
    said = Shown(muscle="soleus", muscle_origin="code", side=Side.LEFT, side_origin="code")
    form.show_clip(replace(make_cine(), header=HeaderNames(shown=said)), Reading())
    assert form.muscle.placeholderText() == "soleus (header)"
    assert form.side.currentText() == "left (header)"
    assert form.reading() == Reading()
    form.show_clip(make_cine(), Reading())
    assert form.muscle.placeholderText() == "biceps brachii, brachialis"
    assert form.side.currentText() == "not given"


@pytest.mark.parametrize("part", [None, (0.5, 3.5)])
def test_a_detection_writes_its_result_and_lays_it(
    screen: None, dock: Any, settle: Settle, folder: Path, part: tuple[float, float] | None
) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.detect_dock import DetectDock

    viewer = model_of(OpenClip(cine=make_cine()))
    made = dock(DetectDock, viewer)
    if part is not None:
        made.part.chosen.setChecked(True)
        made.part.start.setValue(part[0])
        made.part.stop.setValue(part[1])
    made.detect_clip()
    wait(made.queue, settle)
    (job,) = made.queue.jobs
    assert job.sentence == ""
    name = "small" if part is None else "small.0.50-3.50s"
    assert sorted(path.name for path in folder.iterdir()) == [
        "run.jsonl",
        f"{name}.events.csv",
        f"{name}.usfasc.json",
    ]
    result = read_result(job.value)
    assert desk_of(viewer).result_path == job.value
    shown = {layer.name for layer in viewer.layers}
    assert {"small", "small: regions"} <= shown
    assert ("small: events" in shown) is bool(result.events)
    assert "twitch" in made.list.item(0).text()


def test_what_the_form_does_not_ask_for_is_kept(screen: None, dock: Any, folder: Path) -> None:
    from usfasc_napari.detect_dock import DetectDock

    said = Reading(spacing_mm=(0.2, 0.2), bmode=(8, 6, 120, 90))
    made = dock(DetectDock, model_of(OpenClip(cine=make_cine(), reading=said)))
    asked: list[Reading] = []
    made._add = lambda detection: asked.append(detection.reading)
    made.detect_clip()
    made.reading.deep.setValue(50)
    made.detect_clip()
    assert asked == [said, Reading(depth_mm=50, bmode=said.bmode)]


def test_the_vessels_of_a_new_result_take_the_place_of_the_old_ones(
    reviewed: Any, result_path: Path
) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.laying import lay_result

    lumen = Vessel(polygon=((10, 20), (60, 22), (60, 40), (10, 38)), area_mm2=12.0)
    for count in (2, 1, 0):
        result = read_result(result_path).model_copy(update={"vessels": (lumen,) * count})
        write_result(result, result_path.parent, "small")
        lay_result(reviewed, desk_of(reviewed), result_path)
        vessels = [layer for layer in reviewed.layers if layer.name == "small: vessels"]
        assert [len(layer.data) for layer in vessels] == ([24 * count] if count else [])


def test_a_new_result_takes_the_place_of_the_old_one(
    reviewed: Any, dock: Any, settle: Settle, result_path: Path
) -> None:
    """Verdicts stay, layers are not doubled."""
    from usfasc_napari.desk import desk_of
    from usfasc_napari.laying import lay_result

    desk = desk_of(reviewed)
    lay_result(reviewed, desk, result_path)
    before = [layer.name for layer in reviewed.layers]
    desk.session.accept(desk.rows[0].key)
    result = read_result(result_path)
    later = result.model_copy(update={"warnings": ("computed anew",)})
    write_result(later, result_path.parent, "small")
    assert lay_result(reviewed, desk, result_path)
    assert [layer.name for layer in reviewed.layers] == before
    assert desk.result.warnings[0] == "computed anew"
    assert desk.rows[0].verdict is not None


def test_a_clip_that_went_meanwhile_gets_no_layer(viewer: Any, result_path: Path) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.laying import lay_result

    desk = desk_of(viewer)
    viewer.layers.clear()
    assert not lay_result(viewer, desk, result_path)
    assert len(viewer.layers) == 0


def test_no_event_is_laid_for_a_blinded_reader(viewer: Any, result_path: Path) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.detect_dock import job_words
    from usfasc_napari.jobs import Job, State
    from usfasc_napari.laying import lay_result

    from usfasc.review import Mode

    desk = desk_of(viewer)
    desk.read_as("anna", Mode.BLINDED)
    lay_result(viewer, desk, result_path)
    assert "small: events" not in {layer.name for layer in viewer.layers}
    job = Job(name="small", work=print, state=State.DONE, value=result_path)
    assert job_words(job, hides=True) == "done"
    assert job_words(job, hides=False) == "1 twitch in 2.8 s"


def test_the_result_of_another_clip_is_not_overwritten(
    screen: None, dock: Any, result_path: Path
) -> None:
    from usfasc_napari.detect_dock import DetectDock

    before = result_path.read_bytes()
    other = make_cine(outside=7)
    other = replace(other, source=other.source.model_copy(update={"sha256": "f" * 64}))
    made = dock(DetectDock, model_of(OpenClip(cine=other)))
    made.detect_clip()
    assert made.queue.jobs == []
    assert "another clip of this name" in made.status.text()
    assert result_path.read_bytes() == before


def test_a_detection_is_cancelled(
    screen: None, dock: Any, settle: Settle, folder: Path, sample_videos: Path
) -> None:
    from usfasc_napari.detect_dock import DetectDock

    made = dock(DetectDock, model_of())
    made.add_clips([sample_videos / f"{name}.dcm" for name in ("two_muscles", "quiet_muscle")])
    assert len(made.queue.jobs) == 2
    while not (made.queue.jobs[0].done or made.queue.jobs[0].over):
        settle(0.01)
    made.stop_jobs()
    wait(made.queue, settle)
    assert {job.state.value for job in made.queue.jobs} == {"stopped"}
    assert not folder.exists() or not list(folder.iterdir())
    made.queue.clear()
    assert made.list.count() == 0


def test_a_dock_that_is_closed_leaves_the_detection_running(
    screen: None, dock: Any, settle: Settle, folder: Path
) -> None:
    from usfasc_napari.detect_dock import DetectDock

    viewer = model_of(OpenClip(cine=make_cine()))
    made = dock(DetectDock, viewer)
    made.detect_clip()
    made.close()
    viewer.layers.clear()
    again = dock(DetectDock, viewer)
    assert again.queue is made.queue
    wait(again.queue, settle)
    assert again.queue.jobs[0].value == folder / "small.usfasc.json"
    assert len(viewer.layers) == 0


# Timeline


def test_lanes_are_regions_and_say_why_nothing_was_judged(reviewed: Any) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.timeline_lanes import OUTSIDE, lanes_of, nearest, reason_at

    lanes = lanes_of(desk_of(reviewed))
    assert [lane.name for lane in lanes] == [UPPER.name, LOWER.name, OUTSIDE]
    (mark,) = lanes[0].marks
    assert (mark.colour, mark.counted) == (KIND_COLOURS[Kind.FASCICULATION], True)
    (other,) = lanes[2].marks
    assert (other.colour, other.counted) == (KIND_COLOURS[Kind.PULSATION], False)
    assert reason_at(lanes, 0, 0.1) == "start of the clip"
    assert reason_at(lanes, 1, 3.5) == "probe moved"
    assert reason_at(lanes, 0, 1.0) == reason_at(lanes, 9, 0.1) == ""
    assert nearest(lanes, 0, 1.31, 0.05) == mark
    assert nearest(lanes, 0, 1.5, 0.05) is None
    assert nearest(lanes, 1, 1.0, 0.05) is None


def test_a_verdict_is_seen_in_its_lane(reviewed: Any) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.timeline_lanes import lanes_of

    desk = desk_of(reviewed)
    desk.session.reject(desk.rows[0].key)
    desk.tell_rows()
    mark = lanes_of(desk)[0].marks[0]
    assert (mark.rejected, mark.open) == (True, False)
    assert lanes_of(desk)[2].marks[0].open
    assert mark.words.endswith("reject")


@pytest.mark.parametrize("mode", ["blinded", "annotate"])
def test_a_timeline_gives_nothing_away(viewer: Any, mode: str) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.timeline_lanes import NEUTRAL, kinds_of, lanes_of

    from usfasc.review import Mode

    desk = desk_of(viewer)
    desk.read_as("anna", Mode(mode))
    marks = [mark for lane in lanes_of(desk) for mark in lane.marks]
    assert len(marks) == (2 if mode == "blinded" else 0)
    assert {(mark.colour, mark.counted) for mark in marks} <= {(NEUTRAL, False)}
    assert not any("score" in mark.words or "fasc" in mark.words for mark in marks)
    assert kinds_of(desk) == ()


def test_a_click_on_the_timeline_goes_there(reviewed: Any, dock: Any, settle: Settle) -> None:
    from qtpy.QtCore import QPoint, Qt
    from qtpy.QtTest import QTest
    from usfasc_napari.desk import desk_of
    from usfasc_napari.timeline import Timeline

    desk, made = desk_of(reviewed), dock(Timeline, reviewed, (800, 140))
    lane_px = (140 - 26 - 22) / 3

    def click(time_s: float, lane: int) -> None:
        place = QPoint(round(made.x_of(time_s)), round(26 + lane_px * (lane + 0.5)))
        QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=place)

    click(3.0, 1)
    assert desk.time_s == pytest.approx(3.0, abs=0.03)
    assert desk.current.event.event == 1
    click(2.1, 2)
    assert desk.current.event.event == 2
    assert desk.time_s == pytest.approx(2.0)


def test_the_timeline_follows_the_viewer(reviewed: Any, dock: Any, settle: Settle) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.timeline import Timeline

    made = dock(Timeline, reviewed, (800, 140))
    at_start = made.grab().toImage()
    desk_of(reviewed).show_time(3.0)
    settle(0.02)
    assert made.grab().toImage() != at_start
    reviewed.layers.clear()
    settle(0.02)
    assert made.lanes == ()
    made.close()
    made.renew()


# Movement


def test_the_strip_shows_the_jump(reviewed: Any, dock: Any, settle: Settle) -> None:
    """The small clip jumps sideways by two pixels at 1 s, for four frames."""
    from usfasc_napari.curves import Curves

    made = dock(Curves, reviewed)
    wait(made.queue, settle)
    strip = made.movement.strip
    assert strip is not None
    assert strip.pixels.shape == (len(strip.offset), len(strip.times_s))
    assert strip.unit == "mm"
    assert strip.offset[-1] - strip.offset[0] == pytest.approx(10, abs=1)
    still = strip.pixels[:, strip.times_s < 0.99]
    assert np.all(still == still[:, :1])
    jumped = strip.pixels[:, (strip.times_s > 1.01) & (strip.times_s < 1.19)]
    assert np.all(jumped == jumped[:, :1])
    assert np.any(jumped[:, 0] != still[:, 0])


def test_a_time_is_dragged_and_kept(reviewed: Any, dock: Any, settle: Settle) -> None:
    from qtpy.QtCore import QPoint, Qt
    from qtpy.QtTest import QTest
    from usfasc_napari.curves import Curves
    from usfasc_napari.desk import desk_of

    desk, made = desk_of(reviewed), dock(Curves, reviewed, (700, 300))
    wait(made.queue, settle)
    left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    start, stop = (QPoint(round(made.x_of(time_s)), 60) for time_s in (1.3, 1.6))
    QTest.mousePress(made, left, keys, start)
    QTest.mouseMove(made, stop)
    settle(0.05)
    QTest.mouseRelease(made, left, keys, stop)
    assert desk.current.event.offset_s == pytest.approx(1.6, abs=0.03)
    assert desk.session.can_undo
    assert desk.time_s == pytest.approx(1.6, abs=0.03)
    desk.session.undo()
    desk.tell_rows()
    assert desk.current.event.offset_s == pytest.approx(1.3)


def test_a_time_cannot_be_dragged_past_another(reviewed: Any, dock: Any, settle: Settle) -> None:
    from qtpy.QtCore import QPoint, Qt
    from qtpy.QtTest import QTest
    from usfasc_napari.curves import Curves
    from usfasc_napari.desk import desk_of

    desk, made, told = desk_of(reviewed), dock(Curves, reviewed, (700, 300)), []
    desk.notice.connect(told.append)
    left, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    start, stop = (QPoint(round(made.x_of(time_s)), 60) for time_s in (1.0, 2.2))
    QTest.mousePress(made, left, keys, start)
    QTest.mouseMove(made, stop)
    settle(0.05)
    QTest.mouseRelease(made, left, keys, stop)
    assert desk.current.event.onset_s == pytest.approx(1.0)
    assert told


def test_movement_of_no_event_and_of_a_clip_that_went(
    reviewed: Any, dock: Any, settle: Settle
) -> None:
    from usfasc_napari.curves import Curves
    from usfasc_napari.desk import desk_of

    made = dock(Curves, reviewed)
    wait(made.queue, settle)
    desk_of(reviewed).go_to(None)
    settle(0.02)
    assert made.movement is None
    desk_of(reviewed).go_to(desk_of(reviewed).rows[1].key)
    reviewed.layers.clear()
    wait(made.queue, settle)
    assert made.movement is None
    made.grab()


# Export


@pytest.fixture
def export(reviewed: Any, dock: Any) -> Any:
    from usfasc_napari.export_dock import ExportDock

    made = dock(ExportDock, reviewed)
    for choice in made.choices.values():
        choice.setChecked(False)
    return made


EXPORTS = {
    "table": "small.anna.events.csv",
    "regions": "small.anna.regions.json",
    "page": "small.anna.overview.png",
    "video": "small.anna.annotated.mp4",
    ".webp": "small.anna.event-001.webp",
    ".mp4": "small.anna.event-001.mp4",
}


@pytest.mark.parametrize("choice", EXPORTS)
def test_what_is_chosen_is_written(export: Any, settle: Settle, folder: Path, choice: str) -> None:
    export.choices[choice].setChecked(True)
    export.write()
    wait(export.queue, settle)
    assert export.queue.jobs[0].sentence == ""
    assert [path.name for path in (folder / "export").iterdir()] == [EXPORTS[choice]]
    shown = export.status.text().replace("\u200b", "")
    assert shown == f"Written to {folder / 'export'}:\n{EXPORTS[choice]}"


def test_an_export_holds_the_verdicts(
    export: Any, reviewed: Any, settle: Settle, folder: Path
) -> None:
    from usfasc_napari.desk import desk_of

    desk = desk_of(reviewed)
    desk.session.reject(desk.rows[0].key)
    desk.tell_rows()
    for choice in ("table", "regions"):
        export.choices[choice].setChecked(True)
    export.write()
    wait(export.queue, settle)
    events = read_events_csv(folder / "export" / EXPORTS["table"])
    assert [event.kind for event in events if event.kind is Kind.FASCICULATION] == []
    assert read_regions(folder / "export" / EXPORTS["regions"]) == (UPPER, LOWER)
    assert read_result(folder / "small.usfasc.json").events[0].kind is Kind.FASCICULATION


def test_nothing_is_exported_for_a_blinded_reader(export: Any, reviewed: Any) -> None:
    from usfasc_napari.desk import desk_of
    from usfasc_napari.export_dock import HIDDEN

    from usfasc.review import Mode

    desk_of(reviewed).read_as("ben", Mode.BLINDED)
    assert not export.export.isEnabled()
    assert export.status.text() == HIDDEN
    export.choices["table"].setChecked(True)
    export.write()
    assert export.queue.jobs == []


def test_no_picture_where_a_name_might_be_in_it(
    screen: None, dock: Any, settle: Settle, folder: Path
) -> None:
    from usfasc_napari.export_dock import ExportDock

    cine = make_cine(sure=False)
    path, _ = write_result(make_result([make_event(1, 1.0)], cine=cine), folder, "small")
    made = dock(ExportDock, model_of(OpenClip(cine=cine, result_path=path)))
    made.write()
    wait(made.queue, settle)
    assert "may be a name" in made.status.text()
    assert [path.name for path in (folder / "export").iterdir()] == ["small.events.csv"]


# In real windows


def test_docks_are_closed_and_opened_again(
    open_window: Any, settle: Settle, reviewable: Path, folder: Path
) -> None:
    """Beside a second window, with a clip that the user takes away; no slot may fail."""
    from usfasc_napari.desk import desk_of

    first, second = open_window(reviewable, reviewer="anna"), open_window(reviewable)
    names = ("Detect", "Timeline", "Movement", "Export")
    docks = {name: first.window.add_plugin_dock_widget("usfasc", name)[0] for name in names}
    for dock in docks.values():
        first.window.remove_dock_widget(dock)
    desk = desk_of(first)
    desk.go_to(desk.rows[2].key)
    desk.show_time(5.0)
    settle(0.1)
    widgets = {name: first.window.add_plugin_dock_widget("usfasc", name)[1] for name in names}
    settle(0.3)
    assert len(widgets["Timeline"].lanes) >= 2
    assert widgets["Movement"].event_in_hand == desk.current.event
    assert desk_of(second).time_s != pytest.approx(5.0)
    first.layers.clear()
    settle(0.2)
    assert widgets["Timeline"].lanes == ()
    assert widgets["Movement"].event_in_hand is None
    assert not widgets["Export"].export.isEnabled()
    assert not widgets["Detect"].detect.isEnabled()
    assert desk_of(second).clip is not None
    for name in names:
        assert widgets[name].width() >= widgets[name].minimumSizeHint().width()


def test_a_clip_swapped_in_while_another_is_analysed(
    open_window: Any, settle: Settle, folder: Path, sample_videos: Path
) -> None:
    """The result of the one that went is on disk, and over no other clip."""
    from usfasc_napari.detect_dock import queue_of

    viewer = open_window(sample_videos / "two_muscles.dcm")
    widget = viewer.window.add_plugin_dock_widget("usfasc", "Detect")[1]
    widget.part.chosen.setChecked(True)
    widget.part.stop.setValue(3.0)
    widget.detect_clip()
    viewer.layers.clear()
    viewer.open(sample_videos / "quiet_muscle.dcm", plugin="usfasc")
    wait(queue_of(viewer), settle)
    assert (folder / "two_muscles.0.00-3.00s.usfasc.json").exists()
    assert {layer.name.split(":")[0] for layer in viewer.layers} == {"quiet_muscle"}
    assert "twitches in" in widget.list.item(0).text()

"""Real windows on a virtual screen: a clip is seen, stepped through, measured and drawn on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixtures.hands import activate, canvas_of, dock_of, press
from fixtures.outcomes import make_event, make_region, make_result

from usfasc.errors import InputError
from usfasc.io import open_cine
from usfasc.io.results import read_regions, write_result
from usfasc.io.video_out import VideoCodec, write_video
from usfasc.model import Grey, Reading
from usfasc.review import read_review, review_path

OpenWindow = Callable[..., Any]
Settle = Callable[..., None]
Floats = np.ndarray[Any, np.dtype[np.float64]]
SCALE_BAR_MM = {1, 2, 5, 10, 15, 20, 25, 50}
TICK_PX = 3
"""Width of the ticks at the ends of the scale bar: half of each stands outside its length."""


@pytest.fixture
def clip(sample_videos: Path) -> Path:
    return sample_videos / "two_muscles.dcm"


@pytest.fixture
def frames(clip: Path) -> list[Grey]:
    return [frame.grey for frame in open_cine(clip, Reading()).frames.stream()]


def picture(viewer: Any) -> Floats:
    """Grey levels of the canvas, as it is on the screen."""
    shot = viewer.screenshot(canvas_only=True, flash=False)
    return np.asarray(shot[..., :3].mean(axis=-1), float)


def on_canvas(viewer: Any, y_mm: Any, x_mm: Any) -> tuple[Any, Any]:
    """Where a place in the world is on the canvas, ``(row, column)``."""
    height, width = picture(viewer).shape
    camera = viewer.scene.camera
    _, y0, x0 = camera.center
    return (y_mm - y0) * camera.zoom + height / 2, (x_mm - x0) * camera.zoom + width / 2


def likeness(viewer: Any, frame: Grey) -> float:
    """Correlation of a frame with what the canvas shows where it should be."""
    shown = picture(viewer)
    _, dy, dx = viewer.layers[0].scale
    # The lower fifth is partly under the scale bar.
    y, x = np.mgrid[: frame.shape[0] * 4 // 5, : frame.shape[1]]
    rows, columns = on_canvas(viewer, y * dy, x * dx)
    seen = shown[rows.round().astype(int), columns.round().astype(int)]
    return float(np.corrcoef(seen.ravel(), frame[y, x].ravel())[0, 1])


def longest_run(row: np.ndarray[Any, Any]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], row, [False]]).astype(int)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def test_the_clip_is_seen_and_stepped_through(
    open_window: OpenWindow, settle: Settle, clip: Path, frames: list[Grey]
) -> None:
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest

    viewer = open_window(clip)
    assert viewer.dims.axis_labels == ("time", "y", "x")
    assert likeness(viewer, frames[0]) > 0.95
    canvas = viewer.window._qt_viewer.canvas.native
    for _ in range(30):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    settle()
    assert viewer.dims.current_step[0] == 30
    assert viewer.canvas.overlays.text.text == "1.20 s"
    assert likeness(viewer, frames[30]) > 0.95
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    settle()
    assert viewer.dims.current_step[0] == 29
    # A fine match: the neighbours are like it, but not as like.
    assert np.argmax([likeness(viewer, frame) for frame in frames[27:32]]) == 2


def test_a_wide_clip_is_seen_whole(open_window: OpenWindow, tmp_path: Path) -> None:
    frames = np.random.default_rng(2).integers(30, 200, (5, 120, 640), np.uint8)
    codec = VideoCodec(name="libx264", key_frame_every=5, options=())
    write_video(tmp_path / "wide.mp4", iter(frames), np.arange(5) / 30, codec)
    viewer = open_window(tmp_path / "wide.mp4")
    height, width = picture(viewer).shape
    for y, x in ((0, 0), (119, 639)):
        row, column = on_canvas(viewer, y, x)
        assert 0 <= row < height and 0 <= column < width


def test_a_result_brings_its_scale_to_a_video_on_display(
    open_window: OpenWindow, settle: Settle, frames: list[Grey], tmp_path: Path
) -> None:
    from napari.utils.notifications import notification_manager

    path = tmp_path / "clips" / "made.mp4"
    path.parent.mkdir()
    codec = VideoCodec(name="libx264", key_frame_every=5, options=())
    write_video(path, iter(frames[:40]), np.arange(40) / 25, codec)
    viewer = open_window(path)
    viewer.dims.set_point(0, 20 / 25)
    settle()
    assert [f"{unit:~}" for unit in viewer.layers.units] == ["s", "pixel", "pixel"]
    given = {"source": open_cine(path, Reading()).source, "given": Reading(spacing_mm=(0.1, 0.1))}
    muscle = make_region("muscle", (20, 60, 300, 200))
    result = make_result().model_copy(update={**given, "events": (), "regions": (muscle,)})
    noted = len(notification_manager.records)
    viewer.open(write_result(result, tmp_path / "results", "made")[0], plugin="usfasc")
    settle()
    assert notification_manager.records[noted:] == []
    assert [tuple(layer.scale[-2:]) for layer in viewer.layers] == [(0.1, 0.1)] * 2
    assert [f"{unit:~}" for unit in viewer.layers.units] == ["s", "mm", "mm"]
    assert viewer.dims.current_step[0] == 20
    assert likeness(viewer, frames[20]) > 0.95
    shown = picture(viewer)
    for y, x in ((0, 0), (frames[0].shape[0] / 10, frames[0].shape[1] / 10)):
        row, column = on_canvas(viewer, y, x)
        assert 0 <= row < shown.shape[0] and 0 <= column < shown.shape[1]


def test_the_scale_bar_is_calibrated(open_window: OpenWindow, settle: Settle, clip: Path) -> None:
    viewer = open_window(clip)
    assert [f"{unit:~}" for unit in viewer.layers.units] == ["s", "mm", "mm"]
    with_bar = picture(viewer)
    viewer.canvas.overlays.scale_bar.visible = False
    settle()
    difference = np.abs(with_bar - picture(viewer)) > 60
    bar_px = max(longest_run(row) for row in difference) - TICK_PX
    bar_mm = bar_px / viewer.scene.camera.zoom
    assert min(abs(bar_mm - known) / known for known in SCALE_BAR_MM) < 0.03


def test_results_are_seen_over_the_clip(
    open_window: OpenWindow, settle: Settle, clip: Path, tmp_path: Path
) -> None:
    event = make_event(1, 2.0, x_px=100.0, y_px=150.0, start_frame=50, stop_frame=58)
    muscle = make_region("muscle", (20, 60, 300, 200))
    result = make_result().model_copy(
        update={
            "source": open_cine(clip, Reading()).source,
            "events": (event,),
            "regions": (muscle,),
        }
    )
    path, _ = write_result(result, tmp_path, "two_muscles")
    viewer = open_window(clip, path)
    assert viewer.layers[0].name == "two_muscles"
    regions, events = (viewer.layers[f"two_muscles: {what}"] for what in ("regions", "events"))

    def changed_by(layer: Any) -> np.ndarray[Any, Any]:
        """Rows and columns of the canvas that a layer paints."""
        settle()
        painted = picture(viewer)
        layer.visible = False
        settle()
        bare = picture(viewer)
        layer.visible = True
        return np.argwhere(np.abs(painted - bare) > 30)

    assert len(changed_by(events)) < 20  # napari's dot at the origin, for no point at all
    outline = changed_by(regions)
    top, _ = on_canvas(viewer, 60 * 0.12, 0)
    bottom, right = on_canvas(viewer, 200 * 0.12, 300 * 0.12)
    assert abs(outline[:, 0].min() - top) < 4
    assert abs(outline[:, 0].max() - bottom) < 4
    assert abs(outline[:, 1].max() - right) < 4
    viewer.dims.set_current_step(0, 53)
    ring = changed_by(events)
    row, column = on_canvas(viewer, 150 * 0.12, 100 * 0.12)
    radius = 1.5 * viewer.scene.camera.zoom
    assert abs(ring[:, 0].min() - (row - radius)) < 4
    assert abs(ring[:, 1].min() - (column - radius)) < 4


def test_what_is_drawn_is_saved_and_comes_back(
    open_window: OpenWindow, settle: Settle, clip: Path, tmp_path: Path
) -> None:
    from qtpy.QtCore import QPoint, Qt
    from qtpy.QtTest import QTest

    viewer = open_window(clip)
    viewer.window._qt_viewer.layerButtons.newShapesButton.click()
    drawing = viewer.layers.selection.active
    drawing.mode = "add_rectangle"
    settle()
    canvas = viewer.window._qt_viewer.canvas.native
    corners = [on_canvas(viewer, y * 0.12, x * 0.12) for y, x in ((80, 60), (180, 250))]
    start, stop = (QPoint(round(column), round(row)) for row, column in corners)
    left, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, left, plain, start)
    for step in range(1, 11):
        QTest.mouseMove(canvas, start + (stop - start) * (step / 10))
        settle(0.02)
    QTest.mouseRelease(canvas, left, plain, stop)
    settle()
    path = tmp_path / "drawn.regions.json"
    assert viewer.layers.save(str(path), selected=True, plugin="usfasc") == [str(path)]
    (region,) = read_regions(path)
    x, y = np.array(region.polygon).T
    assert (region.name, region.origin) == ("region 1", "drawn")
    assert [x.min(), x.max(), y.min(), y.max()] == pytest.approx([60, 250, 80, 180], abs=2)
    (loaded,) = viewer.open(path, plugin="usfasc")
    assert loaded.data[0][:, ::-1] == pytest.approx(np.array(region.polygon))
    assert loaded.scale == pytest.approx((0.12, 0.12))


@pytest.mark.parametrize("shape", ["ellipse", "line"])
def test_what_encloses_no_muscle_is_not_saved(
    open_window: OpenWindow, clip: Path, tmp_path: Path, shape: str
) -> None:
    viewer = open_window(clip)
    ends = np.array([[10, 10], [50, 60]])
    viewer.add_shapes([ends], shape_type=shape, units=("mm", "mm"))
    path = tmp_path / "a.regions.json"
    with pytest.raises(InputError, match="polygons or rectangles"):
        viewer.layers.save(str(path), selected=True, plugin="usfasc")
    assert not path.exists()


def test_samples_open_with_their_truth(open_window: OpenWindow, settle: Settle) -> None:
    viewer = open_window()
    viewer.open_sample("usfasc", "two_muscles")
    settle()
    assert [layer.name for layer in viewer.layers] == [
        "two_muscles",
        "two_muscles: regions",
        "two_muscles: events",
    ]
    assert set(viewer.layers[2].features["origin"]) == {"simulated"}
    assert picture(viewer).max() > 200


def test_a_layer_is_duplicated_and_turned(
    open_window: OpenWindow, settle: Settle, clip: Path, frames: list[Grey]
) -> None:
    from napari.layers._layer_actions import _duplicate_layer

    viewer = open_window(clip)
    _duplicate_layer(viewer.layers)
    assert len(viewer.layers) == 2
    viewer.dims.order = (1, 0, 2)  # time downward: an M-mode of one line
    settle()
    assert viewer.layers[0]._slice.image.view.shape == (len(frames), 340)


def test_a_bad_file_is_told_in_the_window(
    open_window: OpenWindow, settle: Settle, tmp_path: Path
) -> None:
    from napari._qt.dialogs.qt_notification import NapariQtNotification

    bad = tmp_path / "DOE^JANE.dcm"
    bad.write_bytes(b"not a clip")
    viewer = open_window()
    viewer.window._qt_viewer._qt_open([str(bad)], stack=False, plugin="usfasc")
    settle()
    assert len(viewer.layers) == 0
    (told,) = viewer.window._qt_window.findChildren(NapariQtNotification)
    assert told.message.text() == "The file is neither a DICOM file nor a video."


def test_the_window_opens_and_closes_as_a_program(screen: None, clip: Path, tmp_path: Path) -> None:
    """As the user starts it, with a good file and a bad one; closed as soon as it is there."""
    bad = tmp_path / "DOE^JANE.dcm"
    bad.write_bytes(b"not a clip")
    program = (
        "import sys, napari\n"
        "from qtpy.QtCore import QTimer\n"
        "from usfasc_napari.__main__ import main\n"
        "import usfasc_napari.window as window\n"
        "opened = window.open_window\n"
        "def open_then_close(*given):\n"
        "    viewer, failed = opened(*given)\n"
        "    QTimer.singleShot(300, viewer.close)\n"
        "    return viewer, failed\n"
        "window.open_window = open_then_close\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = run("-c", program, clip, bad)
    assert done.returncode == 1
    assert "NOT_A_CINE: The file is neither a DICOM file nor a video.\n" in done.stderr
    assert "Traceback" not in done.stderr
    assert "JANE" not in done.stderr


def test_nothing_to_show_is_no_window(screen: None, tmp_path: Path) -> None:
    done = run("-m", "usfasc_napari", tmp_path / "missing.dcm")
    assert (done.returncode, done.stderr) == (1, "NOT_FOUND: There is no such file.\n")


def test_without_napari_the_extra_is_named(clip: Path) -> None:
    program = (
        "import sys; sys.modules['napari'] = None\n"
        "from usfasc_napari.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    done = run("-c", program, clip)
    assert done.returncode == 2
    assert done.stderr == (
        "MISSING_EXTRA: The window needs napari, which is not installed:"
        ' pip install "usfasc[napari]".\n'
    )


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Qt always has a screen")
def test_without_a_screen_that_is_said(monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    done = run("-m", "usfasc_napari", clip)
    assert done.returncode == 2
    assert done.stderr == (
        "NO_SCREEN: The window needs a screen, and there is none; by ssh, log in with -X.\n"
    )


def test_napari_remembers_no_file(
    open_window: OpenWindow, settings_folder: Path, clip: Path, tmp_path: Path
) -> None:
    from napari.settings import get_settings

    named = Path(shutil.copy(clip, tmp_path / "DOE^JANE.dcm"))
    viewer = open_window(named)
    viewer.open(named, plugin="usfasc")
    get_settings().save()
    kept = [path.read_text("utf-8") for path in settings_folder.rglob("*") if path.is_file()]
    assert kept
    assert "JANE" not in "".join(kept)


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        line, env=dict(os.environ), capture_output=True, text=True, check=False, timeout=120
    )


def drop(viewer: Any, *paths: Path) -> None:
    """Drop files on the canvas, as a file manager does."""
    from qtpy.QtCore import QMimeData, QPointF, Qt, QUrl
    from qtpy.QtGui import QDropEvent

    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, plain = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(200, 200), copy, carried, Qt.MouseButton.LeftButton, plain)
    viewer.window._qt_viewer.dropEvent(event)


def test_dropped_files_are_opened_without_a_question(
    open_window: OpenWindow, settle: Settle, clip: Path, tmp_path: Path
) -> None:
    from napari.utils.notifications import notification_manager
    from qtpy.QtWidgets import QApplication

    viewer = open_window()
    assert not viewer.canvas.overlays.scale_bar.visible
    result = make_result([make_event(1, 1.0)])
    sha256 = open_cine(clip, Reading()).source.sha256
    source = result.source.model_copy(update={"sha256": sha256})
    path, _ = write_result(result.model_copy(update={"source": source}), tmp_path, "two_muscles")
    names = ["two_muscles", "two_muscles: regions", "two_muscles: events"]
    before = len(notification_manager.records)
    for _ in range(2):
        drop(viewer, clip, path)
        settle()
        assert QApplication.activeModalWidget() is None
        assert [layer.name for layer in viewer.layers] == names
        assert viewer.canvas.overlays.scale_bar.visible
        viewer.layers.clear()
        settle()
    bad = tmp_path / "bad.dcm"
    bad.write_bytes(b"DICM")
    drop(viewer, bad)
    assert not viewer.layers
    told = notification_manager.records[before:]
    failed = [each.message for each in told if str(each.severity) == "error"]
    assert failed == ["The file is neither a DICOM file nor a video."]


def test_the_review_dock_closed_and_opened_again(
    open_window: OpenWindow, reviewable: Path, settle: Settle
) -> None:
    from usfasc_napari.review_dock import ReviewDock

    def verdicts() -> list[tuple[str, int | None]]:
        path = review_path(reviewable.with_name("two_muscles.usfasc.json"), "ann")
        return [(act.decision.value, act.event) for act in read_review(path, "ann").said]

    viewer = open_window(reviewable, reviewer="ann")
    activate(viewer)
    settle()
    press(canvas_of(viewer), "F")
    dock_of(viewer, ReviewDock).parentWidget().destroyOnClose()
    settle()
    assert dock_of(viewer, ReviewDock) is None
    press(canvas_of(viewer), "F")
    assert verdicts() == [("accept", 1)]
    _, again = viewer.window.add_plugin_dock_widget("usfasc", "Review")
    settle()
    press(canvas_of(viewer), "D")
    assert verdicts() == [("accept", 1), ("reject", 2)]
    assert again.panel.progress.text().startswith("2 of 6")

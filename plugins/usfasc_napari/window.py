"""A window with clips in it: calibrated, with a scale bar, and with the docks of a review."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from napari.layers import Layer
from napari.utils.notifications import show_error, show_info
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QApplication

from usfasc.errors import UsfascError
from usfasc.review import Mode, clip_order
from usfasc_napari.clip_viewer import ClipViewer
from usfasc_napari.desk import desk_of
from usfasc_napari.opening import open_layers
from usfasc_napari.reader import clips_of, sit_down

TITLE: Final = "usfasc: research use only, not a medical device"


_BESIDE: Final = ("Detect", "Regions", "Export", "Review")
"""Docks to the right, one behind the other; the last one is in front."""
_BELOW: Final = ("Timeline", "Movement")
_BESIDE_PX, _BELOW_PX = 400, 190
_BESIDE_SHARE: Final = 0.15
"""Of the window's width, where that is more."""


def open_window(
    paths: Sequence[Path], reviewer: str | None = None, mode: Mode = Mode.GUIDED
) -> tuple[Any, int]:
    """Open files in a new window, with all docks.

    What cannot be opened is told in the window and on stderr; where nothing can, there
    is no window.

    Parameters
    ----------
    paths
        Clips, results, reviews, rows of a survey, and muscle regions.
    reviewer
        Who reads; None: the Review dock asks.
    mode
        What the reader may see.

    Returns
    -------
    napari.Viewer or None
        The window, on display.
    int
        How many files could not be opened.
    """
    viewer = ClipViewer(title=TITLE, show=False)
    desk = desk_of(viewer)
    desk.read_as(reviewer, mode)
    if mode is not Mode.GUIDED and reviewer is not None:
        paths = clip_order(paths, reviewer)
    errors, notes = _add_files(viewer, paths)
    for error in errors:
        sys.stderr.write(f"{error}\n")
    if errors and not viewer.layers:
        viewer.close()
        return None, len(errors)
    if desk.layers:
        desk.take_up(desk.layers[0])
        viewer.layers.selection.active = desk.layer
    _furnish(viewer)
    docks = _open_docks(viewer)
    viewer.show()
    _fit_docks(*docks)
    # The canvas gets its size only now; fitted before, a wide screen would be cut.
    QApplication.processEvents()
    viewer.fit_to_view()
    for error in errors:
        show_error(error.sentence)
    if notes:
        show_info("\n".join(notes))
    return viewer, len(errors)


def _add_files(viewer: Any, paths: Sequence[Path]) -> tuple[list[UsfascError], list[str]]:
    """Add the layers of each file that can be opened; what went wrong, and what to note."""
    errors: list[UsfascError] = []
    notes: list[str] = []
    desk = desk_of(viewer)
    for path in paths:
        try:
            opened = open_layers(path, clips_of(viewer.layers))
        except UsfascError as error:
            errors.append(error)
            continue
        if opened.reviewer is not None:
            sit_down(desk, opened.reviewer)
        viewer.layers.extend(Layer.create(*layer) for layer in desk.receive(opened.layers))
        notes += opened.notes
    return errors, notes


def _open_docks(viewer: Any) -> tuple[Any, Any]:
    """Open every dock where it is of use: the review beside the clip, its course below.

    Returns
    -------
    tuple of QDockWidget
        One beside the clip and one below it.
    """
    areas = Qt.DockWidgetArea
    beside = [_dock(viewer, name, areas.RightDockWidgetArea) for name in _BESIDE]
    below = [_dock(viewer, name, areas.BottomDockWidgetArea) for name in _BELOW]
    window = beside[0].parentWidget()
    # The list of events is worth the whole height.
    window.setCorner(Qt.Corner.BottomRightCorner, areas.RightDockWidgetArea)
    for first, second in pairwise(beside):
        window.tabifyDockWidget(first, second)
    window.splitDockWidget(*below, Qt.Orientation.Horizontal)
    front = beside[-1] if desk_of(viewer).result_path is not None else beside[0]
    front.raise_()
    return beside[0], below[0]


def _fit_docks(beside: Any, below: Any) -> None:
    """Give the docks their share of a window that is on display."""
    window = beside.parentWidget()
    beside_px = max(_BESIDE_PX, round(_BESIDE_SHARE * window.width()))
    window.resizeDocks([beside], [beside_px], Qt.Orientation.Horizontal)
    window.resizeDocks([below], [_BELOW_PX], Qt.Orientation.Vertical)


def _dock(viewer: Any, name: str, area: Qt.DockWidgetArea) -> Any:
    dock, _ = viewer.window.add_plugin_dock_widget("usfasc", name)
    dock.parentWidget().addDockWidget(area, dock)
    # Its tab would else name the plugin too, and be cut.
    dock.setWindowTitle(name)
    return dock


def _furnish(viewer: Any) -> None:
    """Show the scale and the time; begin at the first frame."""
    overlays, desk = viewer.canvas.overlays, desk_of(viewer)
    overlays.text.visible = True

    def show_scale() -> None:
        # It stays from the first clip on: where it is taken away, vispy frees what it drew
        # in whichever window is current, and with two windows the process ends.
        if desk.clip is not None:
            overlays.scale_bar.visible = True

    desk.clip_changed.connect(show_scale)
    show_scale()

    def tell_time() -> None:
        timed = viewer.dims.ndim == 3 and viewer.dims.axis_labels[0] == "time"
        overlays.text.text = f"{viewer.dims.point[0]:.2f} s" if timed else ""

    viewer.dims.events.point.connect(tell_time)
    viewer.dims.set_current_step(0, 0)
    tell_time()

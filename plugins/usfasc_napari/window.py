"""A window with clips in it: calibrated, with a scale bar, at the first frame."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import napari
from napari.layers import Layer
from napari.utils.notifications import show_error, show_info
from qtpy.QtWidgets import QApplication

from usfasc.errors import UsfascError
from usfasc_napari.opening import open_layers
from usfasc_napari.reader import clips_of

TITLE: Final = "usfasc: research use only, not a medical device"


def open_window(paths: Sequence[Path]) -> tuple[Any, int]:
    """Open files in a new window.

    What cannot be opened is told in the window and on stderr; where nothing can, there
    is no window.

    Parameters
    ----------
    paths
        Clips, results and muscle regions; of any name.

    Returns
    -------
    napari.Viewer or None
        The window, on display.
    int
        How many files could not be opened.
    """
    viewer = napari.Viewer(title=TITLE, show=False)
    errors, notes = _add_files(viewer, paths)
    for error in errors:
        sys.stderr.write(f"{error}\n")
    if errors and not viewer.layers:
        viewer.close()
        return None, len(errors)
    _furnish(viewer)
    viewer.show()
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
    for path in paths:
        try:
            opened = open_layers(path, clips_of(viewer.layers))
        except UsfascError as error:
            errors.append(error)
            continue
        viewer.layers.extend(Layer.create(*layer) for layer in opened.layers)
        notes += opened.notes
    return errors, notes


def _furnish(viewer: Any) -> None:
    """Show the scale and the time; begin at the first frame."""
    overlays = viewer.canvas.overlays
    overlays.scale_bar.visible = True
    overlays.text.visible = True

    def tell_time() -> None:
        timed = viewer.dims.ndim == 3 and viewer.dims.axis_labels[0] == "time"
        overlays.text.text = f"{viewer.dims.point[0]:.2f} s" if timed else ""

    viewer.dims.events.point.connect(tell_time)
    viewer.dims.set_current_step(0, 0)
    tell_time()

"""The layers that a sketch is drawn in: lines, their handles, and the outlines of regions.

They come and go with the clip in hand. A layer that a person takes away is laid anew with
the next change; what it showed is not lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from napari.layers import Layer
from psygnal import Signal

from usfasc.model import Region
from usfasc.report.style import region_look
from usfasc_napari.desk import Desk
from usfasc_napari.layers import METADATA_KEY, Axes, Over, region_layer
from usfasc_napari.regions_layers import (
    handle_colours,
    handle_layer,
    handle_points,
    line_layer,
    line_paths,
)
from usfasc_napari.regions_sketch import Sheet, Sketch, Stroke

Later = Callable[[Callable[[], object]], object]
_DONE: Final = ("added", "changed", "removed")
_NO_AXES: Final = Axes()


class Board:
    """Layers over the clip in hand.

    Parameters
    ----------
    viewer, desk
        Where they are laid, and over which clip.
    later
        Calls a function once napari is done with what it is at: a tool tells of a change
        while it is still about it, and would stumble over a layer that changed meanwhile.

    Attributes
    ----------
    handles_changed, outlines_changed
        A person has changed their data.
    handles_moving
        A handle is on its way.
    adding
        Whether a click on the picture now puts a handle.
    free
        Whether Alt is held meanwhile.
    """

    handles_changed = Signal()
    handles_moving = Signal()
    outlines_changed = Signal()
    adding = Signal(bool)

    def __init__(self, viewer: Any, desk: Desk, later: Later) -> None:
        self._layers = viewer.layers
        self._later = later
        self._desk = desk
        self.lines: Any = None
        self.handles: Any = None
        self._outlines: Any = None
        self.free = False
        self._laying = False
        self._layers.events.removed.connect(self._forget)

    @property
    def outlines(self) -> Any:
        """The layer of the clip's regions, whoever made it; None where there is none."""
        clip = self._desk.clip
        sha256 = None if clip is None else clip.cine.source.sha256
        for layer in self._layers:
            over = layer.metadata.get(METADATA_KEY)
            if isinstance(over, Over) and over.role == "regions" and over.sha256 == sha256:
                return layer
        return None

    def show(self, sketch: Sketch, regions: Sequence[Region], sheets: Sequence[Sheet]) -> None:
        """Draw a sketch and the regions that come of it."""
        self.show_outlines(regions)
        with self._at_work():
            self._lay_lines(sketch, sheets[0].row_mm)

    def show_outlines(self, regions: Sequence[Region]) -> None:
        """Draw the regions alone."""
        with self._at_work():
            self._watch_outlines()
            if self._outlines is not None:
                _refresh_outlines(self._outlines, regions)
            elif any(region.origin != "whole" for region in regions):
                self._lay_outlines(regions)

    def show_lines(self, strokes: Sequence[Stroke]) -> None:
        """Draw lines alone, while a handle is on its way."""
        if self.lines is not None:
            with self._at_work():
                _refresh_lines(self.lines, strokes)

    def pick_handles(self, *, adding: bool) -> None:
        """Put the tool for handles into the person's hand."""
        if self.handles is not None:
            self._layers.selection.active = self.handles
            self.handles.mode = "add" if adding else "select"

    def pick_outlines(self, regions: Sequence[Region]) -> None:
        """Put the tool for outlines into the person's hand."""
        with self._at_work():
            if self.outlines is None:
                self._lay_outlines([region for region in regions if region.origin != "whole"])
            self._watch_outlines()
        self._layers.selection.active = self._outlines
        self._outlines.mode = "add_polygon"

    def clear(self) -> None:
        """Take lines and handles out of the viewer; the regions stay."""
        mine = [layer for layer in (self.lines, self.handles) if layer in self._layers]
        self.lines = self.handles = None
        for layer in mine:
            self._layers.remove(layer)

    def close(self) -> None:
        """Stop listening."""
        self._unwatch_outlines()
        self._layers.events.removed.disconnect(self._forget)

    def _lay_lines(self, sketch: Sketch, row_mm: float) -> None:
        name, axes = self._called()
        if self.lines is None:
            self.lines = self._laid(line_layer(sketch.strokes, axes, row_mm, f"{name}: lines"))
            self.lines.editable = False
        else:
            _refresh_lines(self.lines, sketch.strokes)
        if self.handles is None:
            made = handle_layer(sketch.strokes, axes, row_mm, f"{name}: handles")
            self.handles = self._laid(made)
            self.handles.events.data.connect(self._hear_handles)
            self.handles.events.mode.connect(self._tell_mode)
            self.handles.mouse_drag_callbacks.append(self._follow_drag)
            self.pick_handles(adding=False)
        else:
            _refresh_handles(self.handles, sketch.strokes)

    def _lay_outlines(self, regions: Sequence[Region]) -> None:
        name, axes = self._called()
        clip = self._desk.clip
        assert clip is not None
        over = Over(sha256=clip.cine.source.sha256, role="regions")
        self._laid(region_layer(regions, axes, f"{name}: regions", over))
        self._watch_outlines()

    def _laid(self, made: Any) -> Any:
        """A layer right over the clip and its regions, beneath the events; the choice stays."""
        chosen = self._layers.selection.active
        layer = Layer.create(*made)
        self._layers.append(layer)
        self._layers.selection.active = chosen
        return layer

    def _called(self) -> tuple[str, Any]:
        clip, layer = self._desk.clip, self._desk.layer
        assert clip is not None and layer is not None
        return layer.name, clip.axes

    def _watch_outlines(self) -> None:
        found = self.outlines
        if found is not self._outlines:
            self._unwatch_outlines()
            self._outlines = found
            if found is not None:
                found.events.data.connect(self._hear_outlines)

    def _unwatch_outlines(self) -> None:
        if self._outlines is not None:
            self._outlines.events.data.disconnect(self._hear_outlines)
            self._outlines = None

    def _hear_handles(self, event: Any) -> None:
        if not self._laying and event.action in _DONE:
            self._later(self._tell_handles)

    def _hear_outlines(self, event: Any) -> None:
        if not self._laying and event.action in _DONE:
            self._later(self._tell_outlines)

    def _tell_mode(self, event: Any) -> None:
        self.adding.emit(str(event.mode) == "add")

    def _tell_handles(self) -> None:
        if self.handles is not None:
            self.handles_changed.emit()

    def _tell_outlines(self) -> None:
        # Corner by corner napari tells of a change; an outline is one once it is closed.
        if self._outlines is not None and not self._outlines._is_creating:
            self.outlines_changed.emit()

    def _follow_drag(self, _: Any, event: Any) -> Iterator[None]:
        self.free = "Alt" in event.modifiers
        yield
        while event.type == "mouse_move":
            self.free = "Alt" in event.modifiers
            self.handles_moving.emit()
            yield

    def _forget(self, event: Any) -> None:
        gone = event.value
        self.lines = None if gone is self.lines else self.lines
        self.handles = None if gone is self.handles else self.handles
        if gone is self._outlines:
            self._unwatch_outlines()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        """While the layers are changed from here, and not by a person."""
        before, self._laying = self._laying, True
        try:
            yield
        finally:
            self._laying = before


def _refresh_lines(layer: Any, strokes: Sequence[Stroke]) -> None:
    paths, colours = line_paths(strokes)
    width = layer.current_edge_width
    layer.data = [(path, "path") for path in paths]
    if paths:
        layer.edge_color = colours
        layer.edge_width = [width] * len(paths)


def _refresh_handles(layer: Any, strokes: Sequence[Stroke]) -> None:
    data, features = handle_points(strokes)
    layer.selected_data = set()
    layer.data = data
    layer.features = features
    layer.feature_defaults = dict.fromkeys(features, "")
    if len(data):
        layer.border_color = handle_colours(strokes)


def _refresh_outlines(layer: Any, regions: Sequence[Region]) -> None:
    """Regions in place of those that a layer shows; how it looks stays as it was set."""
    drawn = [region for region in regions if region.origin != "whole"] or regions
    data, look, _ = region_layer(drawn, _NO_AXES, "")
    layer.data = [(corners, "polygon") for corners in data]
    layer.features = look["features"]
    layer.feature_defaults = look["feature_defaults"]
    layer.edge_color = [region_look(number)[0] for number in range(len(drawn))]
    layer.face_color = ["transparent"] * len(drawn)
    layer.edge_width = [look["edge_width"]] * len(drawn)

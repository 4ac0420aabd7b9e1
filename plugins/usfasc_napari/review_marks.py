"""What a review lays over the clip: its events, the one in hand, and how the tissue moves there.

The layers of the event in hand are ours: they follow it. A layer that the user takes away
stays away until the next event.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

import numpy as np
from napari.layers import Layer
from psygnal import Signal

from usfasc.model import Event
from usfasc.params import Parameters
from usfasc.review import Mode, Row
from usfasc_napari.desk import Desk
from usfasc_napari.flow_arrows import Arrows, find_arrows
from usfasc_napari.jobs import Job, JobQueue, Progress, engine_alone
from usfasc_napari.layers import METADATA_KEY, Axes, OpenClip, Over, event_layer
from usfasc_napari.review_list import kind_of

if TYPE_CHECKING:
    from usfasc_napari.frames import LazyFrames

OUTLINE: Final = "under review"
ARROWS: Final = "movement"
_COLOUR: Final = "#00E5FF"
"""Of what is under review: none of the kinds' colours, and bright on grey."""
_EDGE_MM: Final = 0.15
_EDGE_PX: Final = 1.5
"""Where the scale is not known."""


class ReviewMarks:
    """Keeps the layers over the clip in hand as its review has them.

    Parameters
    ----------
    desk
        Of the viewer.
    layers
        The viewer's layers.
    queue
        In which arrows are searched for.

    Attributes
    ----------
    arrows_changed
        `arrows` and `searched` are others.
    """

    arrows_changed = Signal()

    def __init__(self, desk: Desk, layers: Any, queue: JobQueue) -> None:
        self._desk, self._layers, self._queue = desk, layers, queue
        self._arrows_shown = True
        self._events: tuple[Event, ...] | None = None
        self._hidden: WeakSet[Any] = WeakSet()
        self._of: Event | None = None
        self.arrows: Arrows | None = None
        self.searched = False
        """Whether `arrows` is the answer; without one it is None too where none is sure."""

    def show_clip(self) -> None:
        """Of several clips, show the one in hand, with what lies over it."""
        desk = self._desk
        for layer in self._layers:
            kept = layer.metadata.get(METADATA_KEY)
            others = isinstance(kept, OpenClip) and layer is not desk.layer
            others |= isinstance(kept, Over) and kept.sha256 != self._sha256()
            if others and layer.visible:
                layer.visible = False
                self._hidden.add(layer)
            elif not others and layer in self._hidden:
                layer.visible = True
                self._hidden.discard(layer)

    def show_events(self) -> None:
        """Let the rings be of the events that the reader may see, as they stand now."""
        desk, layer = self._desk, self._event_layer()
        if desk.session is None or desk.clip is None:
            return
        events = () if desk.mode is Mode.BLINDED else tuple(map(_as_taken, desk.rows))
        if not events:
            self._events = events
            if layer is not None:
                self._layers.remove(layer)
        elif layer is None:
            self._events = events
            self._lay(event_layer(events, desk.clip.axes, self._name("events"), self._over()))
        elif events != self._events:
            self._events = events
            _renew(layer, events, desk.clip.axes)

    def show_current(self) -> None:
        """Outline the event in hand; its arrows are drawn by `show_arrows`."""
        current, clip = self._desk.current, self._desk.clip
        if current is None or clip is None:
            self.clear()
            return
        if not self._is_searched(current.event):
            self._forget_arrows()
        look = {"edge_width": _edge_px(clip.axes), "vector_style": "line", "opacity": 0.9}
        self._put(OUTLINE, _sides(current.event), look)

    def show_arrows(self) -> None:
        """Draw how the tissue moves from the onset of the event in hand to its peak, once found."""
        current, clip, layer = self._desk.current, self._desk.clip, self._desk.layer
        if current is None or clip is None or layer is None or clip.cine.times_s is None:
            return
        event = current.event
        if self._is_searched(event):
            return
        self._forget_arrows()
        self._of = event
        work = partial(_find, layer.data, event, clip)
        self._queue.add(Job(name="arrows", work=work, sequel=partial(self._take, event)))

    def _is_searched(self, event: Event) -> bool:
        """Whether the arrows that are found or searched for are those of an event as it is."""
        return self._of is not None and _searched_by(self._of) == _searched_by(event)

    def stop(self) -> None:
        """Search for no more arrows; the layers stay, since the window may be closing."""
        for job in self._queue.jobs:
            self._queue.stop(job)
        self._queue.clear()
        self._of, self.arrows, self.searched = None, None, False

    def _forget_arrows(self) -> None:
        self.stop()
        for layer in self._named(ARROWS):
            layer.visible = False

    def _take(self, event: Event, arrows: Arrows | None) -> None:
        clip = self._desk.clip
        if event is not self._of or clip is None:
            return
        self.arrows, self.searched = arrows, True
        if arrows is None:
            self._clear(ARROWS)
        else:
            # The width is that of the head; the outline is half as heavy.
            width = 2 * _edge_px(clip.axes)
            look = {"edge_width": width, "vector_style": "arrow", "opacity": 0.8}
            self._put(ARROWS, _during(arrows, event), look)
            self._show_arrow_layers()
        self.arrows_changed.emit()

    def switch_arrows(self) -> None:
        """Show or hide the arrows, of this event and the next ones."""
        self._arrows_shown = not self._arrows_shown
        if self.arrows is not None:
            self._show_arrow_layers()

    def _show_arrow_layers(self) -> None:
        for layer in self._named(ARROWS):
            layer.visible = self._arrows_shown

    def clear(self) -> None:
        """Take away the marks of the event in hand."""
        self._forget_arrows()
        self._clear(OUTLINE)
        self._clear(ARROWS)

    def _clear(self, name: str) -> None:
        for layer in self._named(name):
            self._layers.remove(layer)

    def _put(self, name: str, data: np.ndarray[Any, Any], look: dict[str, Any]) -> None:
        """Let one of our layers hold these vectors; it is made where there is none."""
        assert self._desk.clip is not None, "there is an event, so there is a clip"
        placed = _placed(self._desk.clip.axes, name, data.shape[-1])
        for layer in self._named(name):
            # A layer stays where the next event is of the same clip: another takes 50 ms.
            if tuple(layer.scale) == tuple(placed["scale"]):
                layer.data = data
                return
            self._layers.remove(layer)
        self._lay((data, {**placed, "edge_color": _COLOUR, **look}, "vectors"))

    def _lay(self, data: tuple[Any, dict[str, Any], str]) -> None:
        """Add a layer, and leave selected what was."""
        active = self._layers.selection.active
        self._layers.append(Layer.create(*data))
        self._layers.selection.active = active

    def _named(self, name: str) -> list[Any]:
        return [layer for layer in self._layers if layer.metadata.get(METADATA_KEY) == name]

    def _event_layer(self) -> Any | None:
        for layer in self._layers:
            over = layer.metadata.get(METADATA_KEY)
            if isinstance(over, Over) and (over.role, over.sha256) == ("events", self._sha256()):
                return layer
        return None

    def _sha256(self) -> str:
        return "" if self._desk.clip is None else self._desk.clip.cine.source.sha256

    def _over(self) -> Over:
        return Over(sha256=self._sha256(), role="events", result_path=self._desk.result_path)

    def _name(self, what: str) -> str:
        return f"{getattr(self._desk.layer, 'name', '')}: {what}"


def _find(frames: LazyFrames, event: Event, clip: OpenClip, progress: Progress) -> Arrows | None:
    """The arrows of an event, in a thread of its own."""
    cine = clip.cine
    assert cine.times_s is not None, "an event has times"
    assumed_mm = Parameters().assumed_depth_mm / frames.shape[1]
    with engine_alone(progress):
        return find_arrows(frames, event, cine.times_s, cine.spacing_mm or (assumed_mm,) * 2)


def _searched_by(event: Event) -> tuple[object, ...]:
    """What the arrows of an event depend on."""
    return event.event, event.onset_s, event.peak_frame, event.box_px


def _as_taken(row: Row) -> Event:
    """An event with the kind that it is taken for: what is undecided is called as detected."""
    return row.event.model_copy(update={"kind": kind_of(row)})


def _renew(layer: Any, events: Sequence[Event], axes: Axes) -> None:
    """Let a layer of events be of other ones; how the user made it look stays."""
    data, keywords, _ = event_layer(events, axes, layer.name)
    if not np.array_equal(data, layer.data):
        layer.data = data
    layer.features = keywords["features"]


def _sides(event: Event) -> np.ndarray[Any, Any]:
    """The sides of an event's box as vectors, ``(4, 2, 2)`` as (y, x)."""
    x0, y0, x1, y1 = event.box_px
    corners = np.array([(y0, x0), (y0, x1), (y1, x1), (y1, x0)], float) - 0.5
    return np.stack([corners, np.roll(corners, -1, axis=0) - corners], axis=1)


def _during(arrows: Arrows, event: Event) -> np.ndarray[Any, Any]:
    """The arrows in every frame of the event, ``(n, 2, 3)`` as (frame, y, x)."""
    frames = np.arange(event.start_frame, max(event.stop_frame, event.start_frame + 1))
    vectors = arrows.vectors_px
    whole = np.zeros((len(frames), len(vectors), 2, 3))
    whole[..., 1:] = vectors
    whole[:, :, 0, 0] = frames[:, None]
    return whole.reshape(-1, 2, 3)


def _edge_px(axes: Axes) -> float:
    return _EDGE_MM / axes.scale[2] if axes.units[2] == "mm" else _EDGE_PX


def _placed(axes: Axes, name: str, ndim: int) -> dict[str, Any]:
    """Where one of our layers stands; one of two axes in every frame."""
    return {
        "name": name,
        "ndim": ndim,
        "scale": axes.scale[-ndim:],
        "units": axes.units[-ndim:],
        "axis_labels": axes.labels[-ndim:],
        "metadata": {METADATA_KEY: name},
    }

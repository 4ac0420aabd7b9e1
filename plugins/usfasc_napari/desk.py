"""What lies before one reader in one viewer: the clip, its review, and the event in hand.

Every dock of a viewer shares one `Desk`, and hears of changes by its signals. It holds no
widget, so that it works on a bare ``ViewerModel`` too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary, ref

import numpy as np
from psygnal import Signal

from usfasc.errors import UsfascError
from usfasc.io.results import read_result
from usfasc.model import Result
from usfasc.review import Key, Mode, Session
from usfasc_napari.layers import METADATA_KEY, LayerData, OpenClip, Over
from usfasc_napari.opening import told_by
from usfasc_napari.standing import stand_in

if TYPE_CHECKING:
    from usfasc.review import Row


@dataclass(kw_only=True)
class _Place:
    """One clip of the viewer, and what has been done with it."""

    layer: Any
    clip: OpenClip
    result_path: Path | None = None
    detected: Result | None = None
    session: Session | None = None
    current: Key | None = None
    rows: tuple[Row, ...] | None = None
    """Of the session, as long as nothing was done since."""


class Desk:
    """The clip in hand, its result and review, and the current event of one viewer.

    The clip in hand is the one whose layer was selected last; without any selection, the
    newest. When its layer is removed, the next newest takes its place, or none does.

    Attributes
    ----------
    clip_changed
        Another clip is in hand, or the same one has another result or session.
    rows_changed
        A verdict, an undo, or another clip: `rows` and `result` are to be read again.
    current_changed
        Another event is under review; see `current`.
    regions_changed
        The regions or lines of `result` are others.
    notice
        A sentence for the reader, of something that could not be done.
    """

    clip_changed = Signal()
    rows_changed = Signal()
    current_changed = Signal()
    regions_changed = Signal()
    notice = Signal(str)

    def __init__(self, viewer: Any) -> None:
        self._layers = viewer.layers
        self._dims = viewer.dims
        self._viewer = ref(viewer)
        self._places: list[_Place] = []
        self._hand: _Place | None = None
        self.reviewer: str | None = None
        self.mode = Mode.GUIDED
        for layer in viewer.layers:
            self._add_layer(layer)
        viewer.layers.events.inserted.connect(self._add)
        viewer.layers.events.removed.connect(self._remove)
        viewer.layers.selection.events.active.connect(self._follow_selection)

    @property
    def layer(self) -> Any | None:
        """The image layer of the clip in hand."""
        return None if self._hand is None else self._hand.layer

    @property
    def clip(self) -> OpenClip | None:
        """The clip in hand."""
        return None if self._hand is None else self._hand.clip

    @property
    def layers(self) -> tuple[Any, ...]:
        """The image layers of all clips of the viewer."""
        return tuple(place.layer for place in self._places)

    @property
    def session(self) -> Session | None:
        """The review of the clip in hand; None before there is a result and a reader."""
        return None if self._hand is None else self._hand.session

    @property
    def result_path(self) -> Path | None:
        """Where the result of the clip in hand lies."""
        return None if self._hand is None else self._hand.result_path

    @property
    def result(self) -> Result | None:
        """What now holds of the clip in hand, as far as its reader may know.

        A review's own, with its verdicts; without a review, as detected. None in a mode that
        hides what was detected, before there is a session.
        """
        if self._hand is None:
            return None
        if self._hand.session is not None:
            return self._hand.session.reviewed
        return None if self.hides else self._hand.detected

    @property
    def hides(self) -> bool:
        """Whether the reader must not see scores, kinds, counts or order (or any event)."""
        return self.mode is not Mode.GUIDED

    def receive(self, layers: Sequence[LayerData]) -> list[LayerData]:
        """Make ready for layers that are to come, and give back those that the reader may see.

        The clip of a result stands as the result does before its layers come: for a moment
        there would else be two units on display.
        """
        for layer in layers:
            over = _kept_by(layer)
            if isinstance(over, Over):
                self._take_up_result(over.result_path)
        return [layer for layer in layers if self.may_show(layer)]

    def may_show(self, layer: LayerData) -> bool:
        """Whether a reader of this mode may see a layer: events only where nothing is hidden."""
        over = _kept_by(layer)
        return not (self.hides and isinstance(over, Over) and over.role == "events")

    @property
    def rows(self) -> tuple[Row, ...]:
        """What the reader may see of the events; empty without a session."""
        if self._hand is None or self._hand.session is None:
            return ()
        if self._hand.rows is None:
            self._hand.rows = self._hand.session.rows
        return self._hand.rows

    @property
    def current(self) -> Row | None:
        """The event under review."""
        wanted = None if self._hand is None else self._hand.current
        return next((row for row in self.rows if row.key == wanted), None)

    @property
    def frame(self) -> int:
        """Number of the frame of the clip in hand that the viewer shows."""
        if self._hand is None or self._dims.ndim < 3:
            return 0
        layer = self._hand.layer
        number = (self._dims.point[0] - layer.translate[0]) / layer.scale[0]
        return int(np.clip(round(number), 0, layer.data.shape[0] - 1))

    @property
    def time_s(self) -> float:
        """Time of that frame; frame numbers where the clip has no times."""
        times_s = None if self.clip is None else self.clip.cine.times_s
        return float(self.frame if times_s is None else times_s[self.frame])

    def show_frame(self, number: int) -> None:
        """Let the viewer show a frame of the clip in hand."""
        if self._hand is not None and self._dims.ndim >= 3:
            layer = self._hand.layer
            self._dims.set_point(0, layer.translate[0] + number * layer.scale[0])

    def show_time(self, time_s: float) -> None:
        """Let the viewer show the frame of the clip in hand that is nearest to a time."""
        times_s = None if self.clip is None else self.clip.cine.times_s
        nearest = time_s if times_s is None else np.abs(times_s - time_s).argmin()
        self.show_frame(int(nearest))

    def go_to(self, key: Key | None) -> None:
        """Take up another event; the session hears that the reader looks at it."""
        if self._hand is None or self._hand.current == key:
            return
        self._hand.current = key
        if self._hand.session is not None and key is not None:
            self._hand.session.attend(key)
        self.current_changed.emit()

    def look(self, *, at_it: bool) -> None:
        """The reader looks at the event in hand again, or no more; a review tells how long."""
        if at_it and self._hand is not None and self._hand.session is not None:
            self._hand.session.attend(self._hand.current)
        elif not at_it:
            self._rest(self._hand)

    def _rest(self, place: _Place | None) -> None:
        try:
            if place is not None and place.session is not None:
                place.session.rest()
        except UsfascError as error:
            self.notice.emit(error.sentence)

    def tell_rows(self) -> None:
        """Say that the session in hand has recorded, undone or redone an act on events."""
        if self._hand is not None:
            self._hand.rows = None
        self.rows_changed.emit()

    def tell_regions(self) -> None:
        """Say that the session in hand has other regions or lines; its counts are others too."""
        self.regions_changed.emit()
        self.tell_rows()

    def read_as(self, reviewer: str | None, mode: Mode = Mode.GUIDED) -> None:
        """Let a reader sit down; the reviews of all clips are opened under that name."""
        self.reviewer, self.mode = reviewer, mode
        for place in self._places:
            self._rest(place)
            place.session = place.current = place.rows = None
        if self._hand is not None:
            self._open_session(self._hand)
        self.clip_changed.emit()
        self.rows_changed.emit()

    def take_result(self, result_path: Path, layer: Any | None = None) -> bool:
        """Lay a result beside the clip that it is of; a review under way is carried over.

        The clip is shown as it was read for the result, in its scale and at its frame rate.

        Parameters
        ----------
        result_path
            A ``.usfasc.json``.
        layer
            The clip's layer; None for the clip in the viewer whose content the result names.

        Returns
        -------
        bool
            Whether that clip is still in the viewer.
        """
        try:
            detected = read_result(result_path)
            self._tell_by(detected)
        except UsfascError as error:
            self.notice.emit(error.sentence)
            return False
        for place in self._places:
            if place.layer is layer or (layer is None and _is_of(detected, place.clip)):
                self._rest(place)
                place.result_path, place.detected = result_path, detected
                place.session = place.current = place.rows = None
                if place is self._hand:
                    self._open_session(place)
                    self.clip_changed.emit()
                    self.regions_changed.emit()
                    self.rows_changed.emit()
                return True
        return False

    def _tell_by(self, result: Result) -> None:
        """Show the clip that a result is of as it was read for it, whatever it stood in before."""
        number, moved = self.frame, None
        for place in self._places:
            if _is_of(result, place.clip):
                told = told_by(place.clip, result)
                moved = told if told.axes != place.clip.axes else moved
                place.clip = place.layer.metadata[METADATA_KEY] = told
        if moved is not None:
            stand_in(self._layers, moved)
            self.show_frame(number)
            self._fit_view()

    def _fit_view(self) -> None:
        viewer = self._viewer()
        if viewer is not None:
            viewer.fit_to_view()

    def take_up(self, layer: Any) -> None:
        """Take the clip of this layer in hand, and select it."""
        place = next((each for each in self._places if each.layer is layer), None)
        if place is not None and place is not self._hand:
            self._put_in_hand(place)
            # Whatever is selected again later must not bring another clip back.
            self._layers.selection.active = layer

    def _add(self, event: Any) -> None:
        self._add_layer(event.value)

    def _add_layer(self, layer: Any) -> None:
        """A layer came: a clip, or a result laid over one that is here."""
        kept = layer.metadata.get(METADATA_KEY)
        if isinstance(kept, OpenClip):
            place = _Place(layer=layer, clip=kept, result_path=self._result_of(kept))
            self._places.append(place)
            self._put_in_hand(place)
        elif isinstance(kept, Over):
            self._take_up_result(kept.result_path)

    def _take_up_result(self, path: Path | None) -> None:
        """A result was laid over a clip; those that came with their clips are here already."""
        if path is not None and all(place.result_path != path for place in self._places):
            self.take_result(path)

    def _result_of(self, clip: OpenClip) -> Path | None:
        """The result that came with a clip, or whose layers were there before it."""
        overs = [layer.metadata.get(METADATA_KEY) for layer in self._layers]
        mine = [
            over.result_path
            for over in overs
            if isinstance(over, Over) and over.sha256 == clip.cine.source.sha256
        ]
        return clip.result_path or next((path for path in mine if path is not None), None)

    def _remove(self, event: Any) -> None:
        """A layer went; with the clip in hand, another one is taken up."""
        self._places = [place for place in self._places if place.layer is not event.value]
        if self._hand is not None and self._hand.layer is event.value:
            self._put_in_hand(self._places[-1] if self._places else None)

    def _follow_selection(self) -> None:
        active = self._layers.selection.active
        if active is not None:
            self.take_up(active)

    def _put_in_hand(self, place: _Place | None) -> None:
        self._rest(self._hand)
        self._hand = place
        if place is not None:
            self._open_session(place)
        self.clip_changed.emit()
        self.regions_changed.emit()
        self.rows_changed.emit()
        self.current_changed.emit()

    def _open_session(self, place: _Place) -> None:
        """Open the result and the review of a clip, once both can be."""
        if place.result_path is None or place.session is not None:
            return
        try:
            if place.detected is None:
                place.detected = read_result(place.result_path)
            if self.reviewer is not None:
                place.session = Session.open(place.result_path, self.reviewer, self.mode)
        except UsfascError as error:
            self.notice.emit(error.sentence)


def _kept_by(layer: LayerData) -> Any:
    """What a layer that is to come remembers of its clip."""
    return layer[1].get("metadata", {}).get(METADATA_KEY)


def _is_of(result: Result, clip: OpenClip) -> bool:
    return result.source.sha256 == clip.cine.source.sha256


_DESKS: Final[WeakKeyDictionary[Any, Desk]] = WeakKeyDictionary()


def desk_of(viewer: Any) -> Desk:
    """The desk of a viewer; made when it is first asked for.

    Parameters
    ----------
    viewer
        A napari viewer, or the proxy of one that napari gives to docks.
    """
    real = getattr(viewer, "__wrapped__", viewer)
    if real not in _DESKS:
        _DESKS[real] = Desk(real)
    return _DESKS[real]

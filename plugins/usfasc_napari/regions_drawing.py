"""The sketch of the clip in hand: drawn in layers, changed by napari's own tools, kept at once.

The layers' data are the truth of what a person does: whichever tool pulls, puts or takes
away a handle or an outline, the change is read from the layer, laid on the fascia beside
it, counted anew and written into the review. No widget stands here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from psygnal import Signal
from pydantic import ValidationError

from usfasc.errors import UsfascError
from usfasc.model import WHOLE_IMAGE, Line, Reading, Region, Result
from usfasc.regions import check_regions, outline
from usfasc_napari import regions_edits as edits
from usfasc_napari.desk import Desk
from usfasc_napari.layers import regions_of as regions_of_layer
from usfasc_napari.regions_board import Board, Later
from usfasc_napari.regions_counts import count_in, count_words_of
from usfasc_napari.regions_layers import Changes, changes_of
from usfasc_napari.regions_outlines import NOT_REGIONS, take_outlines
from usfasc_napari.regions_sketch import Sheet, Sketch, Stroke, lines_of, regions_of, sketch_of

_REACH_MM: Final = 2.0
"""Within which a new handle is one of a line that runs there, and else begins a line."""


class Drawing:
    """Lines, outlines and names of the clip in hand, and what is counted in them.

    Parameters
    ----------
    viewer, desk
        Where it is drawn, and what lies before the reader.
    later
        As `Board` takes it.

    Attributes
    ----------
    changed
        The sketch, its counts, or what can be undone are others.
    adding
        Whether a click on the picture now puts a handle.
    notice
        A sentence for the person who draws.
    snapping
        Whether lines are laid on the fascia beside them; not while Alt is held.
    """

    changed = Signal()
    adding = Signal(bool)
    notice = Signal(str)

    def __init__(self, viewer: Any, desk: Desk, later: Later) -> None:
        self._desk = desk
        self._board = Board(viewer, desk, later)
        self.sheets: tuple[Sheet, ...] = ()
        self.sketch: Sketch | None = None
        self.snapping = True
        self._past: list[Sketch] = []
        self._future: list[Sketch] = []
        self._counted: Result | None = None
        self._saving = self._resting = False
        self._board.handles_changed.connect(self._take_handles)
        self._board.outlines_changed.connect(self._take_outlines)
        self._board.handles_moving.connect(self._show_moving)
        self._board.adding.connect(self.adding.emit)
        desk.regions_changed.connect(self.reload)

    def prepare(self, sheets: Sequence[Sheet]) -> None:
        """Begin to draw on the pictures of the clip in hand."""
        self.sheets, self.sketch = tuple(sheets), None
        self._past, self._future = [], []
        self.reload()

    def put_away(self) -> None:
        """The clip in hand is another one: its lines leave the viewer."""
        self.sheets, self.sketch, self._counted = (), None, None
        self._board.clear()
        self.changed.emit()

    def rest(self) -> None:
        """Take the lines out of sight until `resume`; the regions stay and can be changed."""
        self._resting = True
        self._board.clear()

    def resume(self) -> None:
        """Show the lines again."""
        self._resting = False
        self._redraw()

    def close(self) -> None:
        """Stop listening; the lines leave the viewer, the regions stay."""
        self._desk.regions_changed.disconnect(self.reload)
        self.put_away()
        self._board.close()

    def reload(self) -> None:
        """Take the regions as the review has them, or as they are shown."""
        if not self.sheets or self._saving:
            return
        result = self._desk.result
        if result is not None:
            found = (result.regions, result.lines)
        elif self.sketch is not None:
            return
        else:
            found = (self._shown_regions(), ())
        self._show(sketch_of(*found, self.sheets, self.sketch))

    def edit(self, sketch: Sketch) -> bool:
        """Keep a changed sketch: checked, saved and counted; as it was, where that fails."""
        before = self.sketch
        sketch = edits.dated(sketch, self.lines, self._desk.time_s)
        try:
            self._save(sketch)
        except UsfascError as error:
            self.notice.emit(error.sentence)
            self._redraw()
            return False
        if self._desk.session is None and before is not None:
            self._past.append(before)
            self._future.clear()
        self._show(sketch)
        return True

    def take(self, regions: Sequence[Region], lines: Sequence[Line]) -> bool:
        """Draw regions and lines of a file, or those that found themselves."""
        return self.edit(sketch_of(regions, lines, self.sheets, self.sketch))

    def take_file(self, reading: Reading) -> bool:
        """Draw what a region file says: regions, or lines with the muscles below them."""
        clip = self._desk.clip
        if clip is None or not self.sheets:
            return False
        pictures = tuple(sheet.picture for sheet in self.sheets)
        try:
            found = outline(replace(clip.cine, pictures=pictures), reading)
        except UsfascError as error:
            self.notice.emit(error.sentence)
            return False
        return self.take(found.regions, found.lines)

    def take_whole(self) -> None:
        """Let each picture be one region."""
        if self.sketch is not None:
            self.edit(edits.take_whole(self.sketch))

    @property
    def regions(self) -> tuple[Region, ...]:
        """The regions of the sketch."""
        return () if self.sketch is None else regions_of(self.sketch, self.sheets)

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the sketch, guesses among them."""
        return () if self.sketch is None else lines_of(self.sketch)

    def count_of(self, region: str = WHOLE_IMAGE) -> str:
        """What is counted in a region, and how much of it a reader accepted; empty if hidden."""
        return count_words_of(region, self._counted, self._desk)

    @property
    def can_undo(self) -> bool:
        """Whether there is something to undo, of this review's acts or else of this drawing."""
        session = self._desk.session
        return bool(self._past) if session is None else session.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something that was undone can be done again."""
        session = self._desk.session
        return bool(self._future) if session is None else session.can_redo

    def undo(self) -> None:
        """Undo the last act of the review, whatever it was; without one, the last change here."""
        self._step(self._past, self._future, undo=True)

    def redo(self) -> None:
        """Do it again."""
        self._step(self._future, self._past, undo=False)

    def draw_lines(self, on: bool) -> None:
        """Let each click on the picture begin a line."""
        self._redraw()
        self._board.pick_handles(adding=on)

    def draw_outlines(self) -> None:
        """Let the next clicks on the picture draw an outline."""
        self._board.pick_outlines(self.regions)

    def _step(self, source: list[Sketch], target: list[Sketch], *, undo: bool) -> None:
        session = self._desk.session
        if session is not None:
            try:
                _ = session.undo() if undo else session.redo()
            except UsfascError as error:
                self.notice.emit(error.sentence)
            self._desk.tell_regions()
        elif source and self.sketch is not None:
            target.append(self.sketch)
            self._show(source.pop())

    def _save(self, sketch: Sketch) -> None:
        regions, session = regions_of(sketch, self.sheets), self._desk.session
        pictures = [sheet.picture for sheet in self.sheets]
        check_regions(regions, pictures[0].mask.shape, pictures)
        if session is None:
            return
        session.set_regions(regions, lines_of(sketch))
        self._saving = True
        try:
            self._desk.tell_regions()
        finally:
            self._saving = False

    def _show(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self._counted = count_in(self.regions, self.lines, self._desk)
        self._redraw()
        self.changed.emit()

    def _redraw(self) -> None:
        if self.sketch is None:
            return
        if self._resting:
            self._board.show_outlines(self.regions)
        else:
            self._board.show(self.sketch, self.regions, self.sheets)

    def _shown_regions(self) -> tuple[Region, ...]:
        """Regions that lie over a clip without a result, from a file."""
        layer = self._board.outlines
        if layer is None:
            return ()
        try:
            return regions_of_layer(layer.data, layer.features)
        except ValidationError:
            return ()

    def _take_handles(self) -> None:
        """What was done to the handles, into the sketch."""
        if self.sketch is None or self._board.handles is None:
            return
        changes = self._changes()
        if changes.any:
            self.edit(self._with(changes, self.sketch))

    def _with(self, changes: Changes, sketch: Sketch) -> Sketch:
        """Pulled handles first; then new ones; what is gone last, from the end."""
        sketch = replace(sketch, strokes=self._pulled(changes, sketch), drawn=True)
        for number in sorted(changes.lost, reverse=True):
            sketch = edits.let_go(
                sketch, number, changes.lost[number], self.sheets, snapping=self._snaps
            )
        for point in changes.put:
            sketch = self._put(sketch, point)
        return edits.ordered(sketch)

    def _put(self, sketch: Sketch, point: tuple[float, float]) -> Sketch:
        near = edits.stroke_near(sketch, point, _REACH_MM / self.sheets[0].row_mm)
        if near is not None:
            return edits.hold(sketch, near, point, self.sheets, snapping=self._snaps)
        if len(sketch.strokes) >= edits.MOST_LINES:
            self.notice.emit(f"A clip has {edits.MOST_LINES} lines at most.")
            return sketch
        return edits.draw_line(sketch, point, self.sheets, snapping=self._snaps)

    def _changes(self) -> Changes:
        assert self.sketch is not None
        layer = self._board.handles
        return changes_of(self.sketch, layer.data, layer.features)

    def _show_moving(self) -> None:
        """Lines as they would lie, while a handle is on its way."""
        if self.sketch is None:
            return
        self._board.show_lines(self._pulled(self._changes(), self.sketch))

    def _pulled(self, changes: Changes, sketch: Sketch) -> tuple[Stroke, ...]:
        strokes = list(sketch.strokes)
        for number, handle, to in changes.pulled:
            strokes[number] = edits.pull_stroke(
                strokes[number], handle, to, self.sheets, snapping=self._snaps
            )
        return tuple(strokes)

    @property
    def _snaps(self) -> bool:
        return self.snapping and not self._board.free

    def _take_outlines(self) -> None:
        """What was done to outlines; one that lines bounded is from now on an outline alone."""
        if self.sketch is None:
            return
        changed = take_outlines(self._board.outlines, self.sketch, self.regions)
        if changed is None:
            self.notice.emit(NOT_REGIONS)
        if changed is None or changed == self.sketch:
            self._redraw()
        else:
            self.edit(changed)

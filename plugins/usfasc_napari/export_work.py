"""What can be written of the clip in hand: tables, regions, pictures, moving pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from usfasc.io.results import write_events_csv, write_regions
from usfasc.io.write import write_atomically
from usfasc.model import Cine, Event, Result
from usfasc.report.pictures import Wanted, write_pictures
from usfasc.tissue import with_pictures
from usfasc_napari.jobs import Progress
from usfasc_napari.layers import OpenClip


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """What is to be written of a clip and its result, and where.

    Attributes
    ----------
    name
        What the files are called, less their suffix.
    wanted
        The pictures of the whole clip, and of every event.
    event
        The one event to be written as a moving picture; None for none alone.
    """

    clip: OpenClip
    result: Result
    folder: Path
    name: str
    table: bool = False
    regions: bool = False
    wanted: Wanted
    event: Event | None = None

    def run(self, progress: Progress) -> tuple[Path, ...]:
        """Write it.

        Parameters
        ----------
        progress
            Called with steps done and in all, of whatever is being written.

        Returns
        -------
        tuple of Path
            The files.

        Raises
        ------
        InputError
            ``BMODE_UNSURE``: no picture may be made of the clip.
        OutputError
            ``NOT_WRITABLE``.
        """
        files = []
        for path in self._write(progress):
            files.append(path)
            progress(0, 0)
        return tuple(files)

    def _write(self, progress: Progress) -> Iterator[Path]:
        if self.table:
            path = self.folder / f"{self.name}.events.csv"
            write_events_csv(path, self.result.events)
            yield path
        if self.regions and self.result.regions:
            path = self.folder / f"{self.name}.regions.json"
            write_regions(path, self.result.regions)
            yield path
        if self.event is None and self.wanted == Wanted(speed=self.wanted.speed):
            return
        cine = self._pictured()
        place = (self.folder, self.name)
        yield from write_pictures(self.wanted, cine, self.result, place, progress)
        if self.event is not None:
            yield self._write_event(cine, self.event)

    def _write_event(self, cine: Cine, event: Event) -> Path:
        from usfasc.report.animation import animation
        from usfasc.report.view import view_of

        path = self.folder / f"{self.name}.event-{event.event:03d}.webp"
        write_atomically(path, animation(cine, view_of(cine), event))
        return path

    def _pictured(self) -> Cine:
        """The clip with its pictures: they say what of the screen may be shown."""
        cine = self.clip.cine
        return cine if cine.pictures else with_pictures(cine, self.clip.reading)

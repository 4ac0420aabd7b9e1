"""What can be written of the clip in hand: tables, regions, pictures, moving pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from usfasc.io.results import write_events_csv, write_regions
from usfasc.io.write import write_atomically
from usfasc.model import Cine, Event, Result
from usfasc.report.pictures import Wanted, write_pictures
from usfasc.rules.wording import whose_words
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
    suffixes
        As what it is written: ``.webp``, ``.mp4``.
    """

    clip: OpenClip
    result: Result
    folder: Path
    name: str
    table: bool = False
    regions: bool = False
    wanted: Wanted
    event: Event | None = None
    suffixes: tuple[str, ...] = (".webp",)

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
            for suffix in self.suffixes:
                yield self._write_event(cine, self.event, suffix)

    def _write_event(self, cine: Cine, event: Event, suffix: str) -> Path:
        from usfasc.report.animation import LARGE, animation
        from usfasc.report.close_up import close_up, event_file
        from usfasc.report.video import write_event_video
        from usfasc.report.view import view_of

        path, view = self.folder / event_file(self.name, event, suffix), view_of(cine)
        remark = whose_words(self.result.review)
        if suffix == ".mp4":
            write_event_video(path, close_up(cine, view, event), self.wanted.speed, remark)
        else:
            write_atomically(path, animation(cine, view, event, replace(LARGE, remark=remark)))
        return path

    def _pictured(self) -> Cine:
        """The clip with its pictures: they say what of the screen may be shown."""
        cine = self.clip.cine
        return cine if cine.pictures else with_pictures(cine, self.clip.reading)

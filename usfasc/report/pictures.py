"""Which pictures of a result are wanted, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from usfasc.io.discover import VIDEO_SUFFIX
from usfasc.model import Cine, Result

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The pictures that someone asked for."""

    page: bool = False
    pdf: bool = False
    firing: bool = False
    video: bool = False
    speed: float = 1.0
    """Of the videos; 0.5 is half as fast as it was."""
    animations: bool = False
    event_videos: bool = False


def write_pictures(
    wanted: Wanted, cine: Cine, result: Result, place: tuple[Path, str], progress: Progress | None
) -> Iterator[Path]:
    """Write the pictures that are wanted, and tell each as it stands.

    Parameters
    ----------
    wanted
        Which.
    cine, result
        The clip, and what was found in it.
    place
        Folder and stem of the result's files.
    progress
        Called with frames done and frames in all, while a clip is passed over again.

    Yields
    ------
    Path
        A file, once it is whole.

    Raises
    ------
    InputError
        ``BMODE_UNSURE``: nothing may be shown.
    OutputError
        ``NOT_WRITABLE``.
    """
    from usfasc.report.overview import write_overview

    folder, stem = place
    for suffix, asked in ((".png", wanted.page), (".pdf", wanted.pdf)):
        if asked:
            path = folder / f"{stem}.overview{suffix}"
            write_overview(path, cine, result)
            yield path
    if wanted.firing:
        from usfasc.report.firing import write_firing

        path = folder / f"{stem}.firing.png"
        write_firing(path, cine, result)
        yield path
    if wanted.video:
        from usfasc.report.video import write_video

        path = folder / f"{stem}{VIDEO_SUFFIX}"
        write_video(path, cine, result, wanted.speed, progress)
        yield path
    if wanted.animations:
        from usfasc.report.animation import write_animations

        yield from write_animations(folder, stem, cine, result, progress)
    if wanted.event_videos:
        from usfasc.report.video import write_event_videos

        yield from write_event_videos(place, cine, result, wanted.speed, progress)

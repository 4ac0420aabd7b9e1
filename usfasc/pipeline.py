"""The one composition, from a file to a result; it reads like a methods section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from usfasc.assessable import seen_share
from usfasc.io import open_cine
from usfasc.listing import list_movements
from usfasc.model import Cine, Line, Reading, Region, Result, Shown
from usfasc.params import Parameters
from usfasc.provenance import engine, parameters_digest
from usfasc.recount import recount
from usfasc.regions import outline, with_header
from usfasc.searching import Analysis, Progress, survey
from usfasc.tissue import with_pictures

_SEEN_WELL = 0.5


def read_cine(path: Path | str, reading: Reading | None = None) -> Cine:
    """Open a clip: lazy grey frames, time axis, spacing, pictures, what its header says it shows.

    Parameters
    ----------
    path
        A DICOM file or a video.
    reading
        What the user says of the clip; it beats what the file says.

    Raises
    ------
    InputError
        The file cannot be used; the code says why.
    """
    reading = reading or Reading()
    path = Path(path)
    return with_header(with_pictures(open_cine(path, reading), reading), path)


def outline_and_analyse(
    cine: Cine,
    reading: Reading,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> tuple[Result, tuple[Analysis, ...]]:
    """Find the muscles where the user did not say where they are, then survey and conclude.

    Parameters
    ----------
    cine
        A clip with times and its pictures, as `read_cine` gives it.
    reading
        What the user said of it.
    parameters, progress
        As `analyse` takes them.

    Returns
    -------
    tuple
        The result, and what it was concluded from, picture by picture.

    Raises
    ------
    InputError
        As `analyse` does, or ``BAD_REGIONS``.
    """
    muscles = outline(cine, reading)
    noted = replace(cine, warnings=(*cine.warnings, *muscles.hints))
    parameters = parameters or Parameters()
    found = survey(noted, parameters, progress)
    result = conclude(noted, muscles.regions, parameters, found, muscles.lines)
    said = muscles.shown if muscles.shown != Shown() else None
    return result.model_copy(update={"vessels": muscles.vessels, "shown": said}), found


def analyse(
    cine: Cine,
    regions: Sequence[Region] = (),
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> Result:
    """Find, sort and count the movements of a clip, picture by picture.

    Parameters
    ----------
    cine
        A clip with times and its pictures, as `read_cine` gives it.
    regions
        Muscle regions to count in.
    parameters
        Thresholds; the defaults where None.
    progress
        Called with (frames done, frames in all).

    Raises
    ------
    InputError
        The clip has no time base, or no B-mode area to judge.
    """
    parameters = parameters or Parameters()
    return conclude(cine, regions, parameters, survey(cine, parameters, progress))


def conclude(
    cine: Cine,
    regions: Sequence[Region],
    parameters: Parameters,
    found: Sequence[Analysis],
    lines: Sequence[Line] = (),
) -> Result:
    """Sort and count what a survey found.

    Parameters
    ----------
    cine, parameters
        As they were surveyed.
    regions
        Muscle regions to count in.
    found
        What `survey` gave.
    lines
        Edges of the layers; where they drift, regions move with them.
    """
    blank = Result(
        source=cine.source,
        engine=engine(),
        parameters=parameters.model_dump(),
        parameters_digest=parameters_digest(parameters),
        regions=(),
        events=(),
        assessable=(),
        summaries=(),
        warnings=(*_warnings(cine, parameters), *_hardly_seen(found)),
        pictures=tuple(each.judged for each in found),
    )
    outlined = recount(blank, regions=regions, lines=lines)
    events = [row.event for row in list_movements(found, cine, outlined)]
    return recount(outlined, events=events)


def _hardly_seen(found: Sequence[Analysis]) -> Iterator[str]:
    """A sentence for each picture most of which shows no twitch even while all is quiet."""
    for share in (seen_share(each.judged) for each in found):
        if 0 < share < _SEEN_WELL:
            yield (
                f"Only {share:.0%} of the picture is clear enough to show a twitch of 0.2 mm; "
                "the count is that of this part."
            )


def _warnings(cine: Cine, parameters: Parameters) -> tuple[str, ...]:
    extra = []
    if len(cine.pictures) > 1:
        extra.append(
            f"The screen shows {len(cine.pictures)} pictures, each judged by itself; a twitch "
            "that more than one of them shows is counted in each."
        )
    if any(cine.spacing_of(picture) is None for picture in cine.pictures):
        extra.append(
            f"The clip is uncalibrated: analysed as if the B-mode area were "
            f"{parameters.assumed_depth_mm:g} mm high; give --depth-mm or --spacing-mm."
        )
    # The note says itself that the area is a guess.
    extra += [picture.note for picture in cine.pictures if not picture.sure]
    return (*cine.warnings, *extra)

"""The one composition, from a file to a result; it reads like a methods section."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from usfasc.describe.rhythm import coincidences
from usfasc.describe.sites import gather_sites, name_sites
from usfasc.detect.assess import spans
from usfasc.detect.classify import classify
from usfasc.detect.events import movement_event
from usfasc.detect.group import Movement, separate
from usfasc.detect.loss import Loss, join
from usfasc.detect.places import Places, join_places, lost_at
from usfasc.detect.search import Findings, search
from usfasc.detect.signs import sign_of
from usfasc.detect.train_event import as_train, is_of, judged_share, lead_of
from usfasc.detect.trains import Train, join_trains
from usfasc.errors import Code, InputError
from usfasc.io import open_cine
from usfasc.model import (
    WHOLE_IMAGE,
    AssessableSpan,
    Bmode,
    Cine,
    Event,
    Line,
    Reading,
    Region,
    Result,
)
from usfasc.motion.store import FrameStore
from usfasc.motion.stream import FrameTrace, Setting, Track, watch
from usfasc.params import Parameters
from usfasc.provenance import engine, parameters_digest
from usfasc.regions import (
    assign,
    name_neighbours,
    outline,
    over_pictures,
    picture_names,
    where_drawn,
)
from usfasc.regions.counting import counted_in, judged_s, spans_of
from usfasc.rules import summarise
from usfasc.tissue import with_pictures
from usfasc.viewing import Viewing, lay_out

_BORDER_SCORE = 0.02
_SEEN_WELL = 0.5
_MOSTLY = 0.8
"""Share of a train's discharges that must lie in judged time."""

Progress = Callable[[int, int], None]
"""Called with (frames done, frames in all)."""


def read_cine(path: Path | str, reading: Reading | None = None) -> Cine:
    """Open a clip: lazy grey frames, time axis, spacing, pictures.

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
    return with_pictures(open_cine(Path(path), reading), reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that one pass over a clip found in one of its pictures, before kinds and counts.

    ``spans`` are those of the whole picture, under ``*``, and of the regions in it;
    ``places`` says where in it tissue could not be judged meanwhile.
    """

    picture: Bmode
    movements: tuple[Movement, ...]
    trains: tuple[Train, ...]
    spans: Mapping[str, tuple[AssessableSpan, ...]]
    places: Places
    trace: FrameTrace
    layout: Setting
    spacing_mm: tuple[float, float]

    def lost(self, item: Movement) -> Loss | None:
        """Why a movement could not be judged where and when it began; None where it could."""
        place_mm = (item.y_mm, item.x_mm)
        return lost_at(self.spans[WHOLE_IMAGE], self.places, item.onset_s, place_mm)


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
    found = survey(noted, muscles.regions, parameters, progress)
    result = conclude(noted, muscles.regions, parameters, found, muscles.lines)
    return result.model_copy(update={"vessels": muscles.vessels}), found


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
    return conclude(cine, regions, parameters, survey(cine, regions, parameters, progress))


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
    cine, regions, parameters
        As they were surveyed.
    found
        What `survey` gave.
    lines
        Edges of the layers; where they drifted, regions moved with them.
    """
    spacings_mm = {name: each.spacing_mm for each in found for name in each.spans}
    events = _events(found, cine, parameters)
    places = where_drawn(events, lines, cine.pictures)
    events = name_neighbours(regions, assign(regions, events, places), places, spacings_mm)
    assessable = _assessable(found, regions)
    firing = {region.name: _onsets_s(region.name, events) for region in regions}
    whole_s = judged_s(spans_of(WHOLE_IMAGE, assessable))
    return Result(
        source=cine.source,
        engine=engine(),
        parameters=parameters.model_dump(),
        parameters_digest=parameters_digest(parameters),
        regions=tuple(regions),
        events=events,
        assessable=assessable,
        summaries=summarise(regions, events, assessable),
        warnings=(*_warnings(cine, parameters), *_hardly_seen(found)),
        sites=gather_sites(events, assessable),
        coincidences=coincidences(firing, whole_s),
        lines=tuple(lines),
    )


def survey(
    cine: Cine,
    regions: Sequence[Region],
    parameters: Parameters,
    progress: Progress | None = None,
) -> tuple[Analysis, ...]:
    """Stream the clip once: each picture's movements with their scores, and what could be judged.

    Raises
    ------
    InputError
        The clip has no time base, or no B-mode area to judge.
    """
    _check_judgeable(cine)
    views = lay_out(cine, regions, parameters.assumed_depth_mm)
    findings: list[list[Findings]] = [[] for _ in views]
    # One thread of linear algebra: more only spin at this size, and sums must not depend on them.
    with ExitStack() as open_stores, threadpool_limits(1, "blas"):
        tracks = [
            Track(
                cine,
                view.layout,
                open_stores.enter_context(FrameStore(view.layout.fine.shape)),
                parameters.statistics_window_s,
            )
            for view in views
        ]
        for number, window in watch(cine, tracks, progress):
            view, store = views[number], tracks[number].store
            found = search(window, view.layout, store, view.inside, parameters)
            findings[number] += [found] if found is not None else []
            del window  # its evidence would else stay until the next window is full
    return tuple(
        _analysis(view, seen, track.trace(), cine.duration_s or 0.0, parameters)
        for view, seen, track in zip(views, findings, tracks, strict=True)
    )


def _analysis(
    view: Viewing,
    findings: Sequence[Findings],
    trace: FrameTrace,
    duration_s: float,
    parameters: Parameters,
) -> Analysis:
    courses = {name: join([found.courses[name] for found in findings]) for name in view.inside}
    return Analysis(
        picture=view.picture,
        movements=tuple(item for found in findings for item in found.movements),
        trains=join_trains([train for found in findings for train in found.trains]),
        spans=spans(courses, trace, duration_s, parameters.moving_share),
        places=join_places([found.places for found in findings], view.layout.cells),
        trace=trace,
        layout=view.layout,
        spacing_mm=view.spacing_mm,
    )


def _check_judgeable(cine: Cine) -> None:
    if cine.duration_s is None:
        raise InputError(
            Code.NO_FRAME_RATE,
            f"The clip has no time base ({cine.times_origin}); give its rate with --frame-rate.",
        )
    if not cine.pictures:
        raise InputError(Code.BMODE_UNSURE, "The clip has no B-mode area; give it with --bmode.")


def _assessable(found: Sequence[Analysis], regions: Sequence[Region]) -> tuple[AssessableSpan, ...]:
    """Spans of the whole image, then of each region by the picture it lies in."""
    names = picture_names([each.picture for each in found])
    whole = over_pictures([each.spans[WHOLE_IMAGE] for each in found], names)
    of_regions = {name: rows for each in found for name, rows in each.spans.items()}
    return whole + tuple(span for region in regions for span in of_regions[region.name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An event, the number of its picture, and the movement that tells it."""

    picture: int
    lead: Movement
    event: Event


def list_movements(
    found: Sequence[Analysis], cine: Cine, parameters: Parameters
) -> tuple[Listed, ...]:
    """Separate movements worth listing, of all pictures, as events numbered by onset.

    Parameters
    ----------
    found
        What `survey` gave.
    cine, parameters
        As they were surveyed.
    """
    rows = [
        Listed(picture=picture, lead=lead, event=event)
        for picture, each in enumerate(found)
        for lead, event in _rows(each, cine, parameters)
    ]
    rows.sort(key=lambda row: row.event.onset_s)
    return tuple(
        replace(row, event=row.event.model_copy(update={"event": number}))
        for number, row in enumerate(rows, 1)
    )


def _events(found: Sequence[Analysis], cine: Cine, parameters: Parameters) -> tuple[Event, ...]:
    rows = list_movements(found, cine, parameters)
    events, pictures = [row.event for row in rows], [row.picture for row in rows]
    return name_sites(events, pictures, [each.spacing_mm for each in found])


def _onsets_s(region: str, events: Sequence[Event]) -> list[float]:
    return [event.onset_s for event in counted_in(region, events)]


def _rows(found: Analysis, cine: Cine, parameters: Parameters) -> Iterator[tuple[Movement, Event]]:
    """Each separate movement of one picture, and its event."""
    spacing_mm, times_s = cine.spacing_of(found.picture), np.asarray(cine.times_s)
    trains = list(_trains(found))
    for train, lead in trains:
        event = movement_event(lead, found.layout.fine, times_s, spacing_mm)
        yield lead, as_train(event, train, times_s)
    listed = [item for item in found.movements if item.score >= parameters.list_score]
    for item in separate(listed):
        if any(is_of(item, train) for train, _ in trains):
            continue
        kind, reason = classify(item, found.lost(item), parameters)
        near = abs(item.score - parameters.count_score) < _BORDER_SCORE
        said = {"kind": kind, "reason": reason, "borderline": near}
        event = movement_event(item, found.layout.fine, times_s, spacing_mm)
        yield item, event.model_copy(update=said)


def _trains(found: Analysis) -> Iterator[tuple[Train, Movement]]:
    """Each train with its best movement, unless that is surely something else: a tremor, a pulse.

    The place itself stirs for longer than a twitch: that loses a train nothing.
    """
    for train in found.trains:
        lead = lead_of(train, found.movements)
        if lead is None or judged_share(train, found.spans[WHOLE_IMAGE]) < _MOSTLY:
            continue
        sign = sign_of(lead)
        if sign is None or not sign.sure:
            yield train, lead


def _hardly_seen(found: Sequence[Analysis]) -> Iterator[str]:
    """A sentence for each picture most of which shows no twitch even while all is quiet."""
    for share in (each.places.seen_share for each in found):
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
    extra += [
        f"The B-mode area is unsure: {picture.note}"
        for picture in cine.pictures
        if not picture.sure
    ]
    return (*cine.warnings, *extra)

"""Movements worth a line in the result: separate ones, each with its kind and reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from usfasc.detect.classify import classify
from usfasc.detect.events import movement_event
from usfasc.detect.group import Movement, separate
from usfasc.detect.loss import Loss
from usfasc.detect.packing import unpack_places
from usfasc.detect.train import Train
from usfasc.detect.train_event import as_train, is_of, is_surely_else, judged_share, lead_of
from usfasc.model import WHOLE_IMAGE, AssessableSpan, Cine, Event, JudgedPicture, Result
from usfasc.motion.grid import Cells
from usfasc.params import Parameters
from usfasc.recount import picture_spans
from usfasc.searching import Analysis

_BORDER_SCORE: Final = 0.02
_MOSTLY: Final = 0.8
"""Share of a train's discharges that must lie in judged time."""

Spans = Sequence[AssessableSpan]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An event, the number of its picture, and the movement that tells it."""

    picture: int
    lead: Movement
    event: Event


def list_movements(found: Sequence[Analysis], cine: Cine, outlined: Result) -> tuple[Listed, ...]:
    """Separate movements worth listing, of all pictures, as events numbered by onset.

    Parameters
    ----------
    found
        What `usfasc.searching.survey` gave.
    cine
        The clip.
    outlined
        A result with the parameters, pictures, regions and lines of the clip: they tell the
        time in which anything could be judged.
    """
    parameters = Parameters.model_validate(outlined.parameters)
    whole = [spans[WHOLE_IMAGE] for spans in picture_spans(outlined)]
    rows = [
        Listed(picture=picture, lead=lead, event=event)
        for picture, (each, spans) in enumerate(zip(found, whole, strict=True))
        for lead, event in _rows(each, spans, cine, parameters)
    ]
    rows.sort(key=lambda row: row.event.onset_s)
    return tuple(
        replace(row, event=row.event.model_copy(update={"event": number}))
        for number, row in enumerate(rows, 1)
    )


def _rows(
    found: Analysis, spans: Spans, cine: Cine, parameters: Parameters
) -> Iterator[tuple[Movement, Event]]:
    """Each separate movement of one picture, and its event."""
    spacing_mm, times_s = cine.spacing_of(found.picture), np.asarray(cine.times_s)
    trains = list(_trains(found, spans))
    for train, lead in trains:
        event = movement_event(lead, found.layout.fine, times_s, spacing_mm)
        yield lead, as_train(event, train, times_s)
    listed = [item for item in found.movements if item.score >= parameters.list_score]
    for item in separate(listed):
        if any(is_of(item, train) for train, _ in trains):
            continue
        lost = lost_at(spans, found.judged, found.layout.cells, item)
        kind, reason = classify(item, lost, parameters)
        near = abs(item.score - parameters.count_score) < _BORDER_SCORE
        said = {"kind": kind, "reason": reason, "borderline": near}
        event = movement_event(item, found.layout.fine, times_s, spacing_mm)
        yield item, event.model_copy(update=said)


def _trains(found: Analysis, spans: Spans) -> Iterator[tuple[Train, Movement]]:
    """Each train that could be judged, with its best movement."""
    for train in found.trains:
        lead = lead_of(train, found.movements)
        if lead is None or judged_share(train, spans) < _MOSTLY:
            continue
        if not is_surely_else(train, lead):
            yield train, lead


def lost_at(whole: Spans, judged: JudgedPicture, cells: Cells, item: Movement) -> Loss | None:
    """Why a movement could not be judged where and when it was; None where it could.

    Its place must be judged when it begins and when it is furthest out: a place that is
    lost by then is one where a contraction begins.

    Parameters
    ----------
    whole
        Spans of the whole picture, a quarter of which may be all that was judged.
    judged
        The picture's places: what another muscle does 20 mm away loses nothing here.
    cells
        Their geometry.
    item
        The movement.
    """
    onset_s = item.onset_s
    span = next((each for each in whole if each.start_s <= onset_s < each.stop_s), None)
    if span is None:
        return Loss.ENDS
    if span.reason:
        return Loss(span.reason)
    place_mm = (item.y_mm, item.x_mm)
    at_place = (_place_lost(judged, cells, t, place_mm) for t in (onset_s, item.peak_s))
    return next((lost for lost in at_place if lost is not None), None)


def _place_lost(
    judged: JudgedPicture, cells: Cells, time_s: float, place_mm: tuple[float, float]
) -> Loss | None:
    lost: Loss | None = Loss.SHORT
    for window in judged.places.windows:
        places = unpack_places(window, cells.shape)
        lost = places.lost_at(cells, time_s, place_mm)
        if len(places.times_s) and time_s <= places.times_s[-1]:
            break
    return lost

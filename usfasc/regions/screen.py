"""The whole screen of several pictures: when it could be judged, and why not.

The whole image counts the twitches of all its pictures, so it was observed
whenever any of them was: of a dual screen one half is often frozen while the
other is scanned, and a twitch counted in one picture must lie in time that
counts as observed. Whether one muscle was observed long enough is for its own
region to say, which goes by the picture it lies in.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from usfasc.model import WHOLE_IMAGE, AssessableSpan


def over_pictures(
    spans: Sequence[Sequence[AssessableSpan]], names: Sequence[str]
) -> tuple[AssessableSpan, ...]:
    """Spans of the whole image ``*`` from those of its pictures.

    Parameters
    ----------
    spans
        For each picture its spans, which cover the same time.
    names
        What each picture is called.

    Returns
    -------
    tuple of AssessableSpan
        Judged where any picture was; elsewhere the reason of each, with its name.
    """
    if len(spans) == 1:
        return tuple(spans[0])
    edges_s = sorted(
        {edge for row in spans for span in row for edge in (span.start_s, span.stop_s)}
    )
    pieces = [
        (start_s, stop_s, _reason([_at(row, start_s) for row in spans], names))
        for start_s, stop_s in pairwise(edges_s)
    ]
    runs = (list(run) for _, run in groupby(pieces, key=itemgetter(2)))
    return tuple(
        AssessableSpan(region=WHOLE_IMAGE, start_s=run[0][0], stop_s=run[-1][1], reason=run[0][2])
        for run in runs
    )


def _at(spans: Sequence[AssessableSpan], time_s: float) -> AssessableSpan:
    return next(span for span in reversed(spans) if span.start_s <= time_s)


def _reason(at_once: Sequence[AssessableSpan], names: Sequence[str]) -> str | None:
    reasons = [span.reason for span in at_once]
    if None in reasons:
        return None
    if len(set(reasons)) == 1:
        return reasons[0]
    return "; ".join(f"{name}: {reason}" for name, reason in zip(names, reasons, strict=True))

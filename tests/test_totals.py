"""One total: the whole image's count is the rows of kind fasciculation, whatever else is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from fixtures.outcomes import BOX, LOWER, UPPER, make_event, make_region, make_result
from hypothesis import given, settings
from hypothesis import strategies as st

from usfasc.io.results import read_events_csv, read_result, result_digest, write_result
from usfasc.model import Event, Kind, Region, Result
from usfasc.recount import recount
from usfasc.review import Decision, Review, counted
from usfasc.review.acts import Act
from usfasc.rules import summarise

X0, Y0, X1, Y1 = BOX
FEW = settings(max_examples=25, deadline=None)


@st.composite
def events(draw: st.DrawFn) -> list[Event]:
    """Events of any kind, anywhere in the picture, in order of onset."""
    onsets = sorted(draw(st.lists(st.floats(0.2, 3.8), max_size=8, unique=True)))
    return [
        make_event(
            number,
            round(onset_s, 4),
            kind=draw(st.sampled_from([Kind.FASCICULATION, Kind.UNSURE, Kind.PULSATION])),
            x_px=float(draw(st.integers(X0, X1 - 1))),
            y_px=float(draw(st.integers(Y0, Y1 - 1))),
        )
        for number, onset_s in enumerate(onsets, 1)
    ]


@st.composite
def regions(draw: st.DrawFn) -> tuple[Region, ...]:
    """Rectangles, overlapping or apart."""
    corners = [
        (draw(st.integers(X0, X1 - 20)), draw(st.integers(Y0, Y1 - 20)))
        for _ in range(draw(st.integers(0, 3)))
    ]
    sizes = [(draw(st.integers(12, X1 - x)), draw(st.integers(12, Y1 - y))) for x, y in corners]
    return tuple(
        make_region(f"region {n}", (x, y, x + width, y + height))
        for n, ((x, y), (width, height)) in enumerate(zip(corners, sizes, strict=True))
    )


def check(result: Result) -> int:
    """The whole image's count, after everything that must be the same has been compared."""
    rows = [event for event in result.events if event.kind is Kind.FASCICULATION]
    *of_regions, whole = result.summaries
    assert (whole.region, whole.count) == ("*", len(rows))
    outside = [event for event in rows if not event.region]
    assert sum(summary.count for summary in of_regions) + len(outside) == whole.count
    for summary in of_regions:
        assert summary.count == sum(event.region == summary.region for event in rows)
    assert all(event.other_region != event.region or not event.region for event in rows)
    with TemporaryDirectory() as folder:
        path, table = write_result(result, Path(folder), "clip")
        written = read_events_csv(table)
        assert sum(event.kind is Kind.FASCICULATION for event in written) == whole.count
        assert [s.count for s in read_result(path).summaries] == [s.count for s in result.summaries]
    return whole.count


@FEW
@given(events(), regions())
def test_regions_part_the_total_and_never_change_it(
    found: list[Event], drawn: tuple[Region, ...]
) -> None:
    first = make_result(found)
    anew = recount(first, regions=drawn)
    assert check(first) == check(anew)
    assert anew.summaries[-1].assessable_s == first.summaries[-1].assessable_s
    assert [(e.event, e.kind, e.onset_s) for e in anew.events] == [
        (e.event, e.kind, e.onset_s) for e in first.events
    ]


@st.composite
def reviews(draw: st.DrawFn, result: Result) -> Review:
    """A reader's acts on a result: verdicts, own events, other regions, time taken out."""
    digest, acts = result_digest(result), []
    numbers = [event.event for event in result.events]
    said = st.sampled_from([Decision.ACCEPT, Decision.REJECT, Decision.UNSURE])
    for event in draw(st.lists(st.sampled_from(numbers), max_size=6)) if numbers else []:
        named = result.events[event - 1]
        place = {"onset_s": named.onset_s, "x_px": named.x_px, "y_px": named.y_px}
        acts.append({"event": event, "decision": draw(said), **place})
    for onset_s in draw(st.lists(st.floats(0, 3.9), max_size=2)):
        place = {"onset_s": onset_s, "x_px": 40.0, "y_px": 60.0, "kind": Kind.FASCICULATION}
        acts.append({"event": -len(acts) - 1, "decision": Decision.ADD, **place})
    for start_s in draw(st.lists(st.floats(0, 3), max_size=1)):
        where = {"region": draw(st.sampled_from(["*", UPPER.name, LOWER.name])), "start_s": start_s}
        acts.append({"decision": Decision.NOT_ASSESSABLE, "stop_s": start_s + 0.5, **where})
    for drawn in draw(st.lists(regions(), max_size=1)):
        acts.append({"decision": Decision.REGIONS, "regions": drawn, "lines": ()})
    same = {"result_sha256": digest, "time_utc": datetime(2026, 1, 1, tzinfo=UTC)}
    return Review(
        reviewer="anna",
        acts=tuple(Act(act=number, **same, **act) for number, act in enumerate(acts, 1)),
    )


@FEW
@given(events(), st.data())
def test_a_reader_counts_what_the_rows_of_the_reviewed_result_say(
    found: list[Event], data: st.DataObject
) -> None:
    result = make_result(found)
    reviewed = counted(result, data.draw(reviews(result)))
    total = check(reviewed)
    note = reviewed.review
    assert note is not None
    assert note.accepted + note.added == total
    again = summarise(reviewed.regions, reviewed.events, reviewed.assessable)
    assert [(s.region, s.count, s.assessable_s) for s in again] == [
        (s.region, s.count, s.assessable_s) for s in reviewed.summaries
    ]

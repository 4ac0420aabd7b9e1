"""The page of firing sites: what it shows, what it never shows, and that it repeats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fixtures.outcomes import BOX, LOWER, UPPER, make_cine, make_event, make_judged, make_result
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from usfasc.describe.density import SPREAD_MM
from usfasc.errors import Code, InputError
from usfasc.model import WHOLE_IMAGE, AssessableSpan, Cine, Event, Kind, Result, TwitchCourse
from usfasc.recount import recount
from usfasc.report.density import at_pixels, densities
from usfasc.report.firing import draw_firing, firing_words, write_firing
from usfasc.report.firing_footage import (
    MOST_STRIPS,
    STRIP_S,
    busiest_s,
    collect_firing,
    shown_sites,
)
from usfasc.report.firing_rows import Row, firing_rows
from usfasc.report.overview import write_overview
from usfasc.report.style import page_style
from usfasc.report.view import view_of

COURSE = TwitchCourse(time_s=(-0.2, 0.0, 0.1, 0.6), moved_mm=(0.0, 0.0, 0.3, 0.0))
EVENTS = (
    make_event(1, 0.4, course=COURSE),
    make_event(2, 1.0, course=COURSE),
    make_event(3, 1.05, y_px=60.0),
    make_event(4, 1.6, x_px=100.0, kind=Kind.TRAIN, offset_s=2.6, train_hz=5.1),
    make_event(5, 2.4),
    make_event(6, 2.8, x_px=70.0, y_px=20.0, kind=Kind.UNSURE),
)


def sited(
    events: tuple[Event, ...] = EVENTS,
    *,
    spacing_mm: tuple[float, float] | None = (0.3, 0.3),
    **more: Any,
) -> Result:
    """A result whose events know their sites, with its map of density."""
    picture = make_judged(spacing_mm=spacing_mm)
    return recount(make_result(events, **more).model_copy(update={"pictures": (picture,)}))


def draw(cine: Cine, result: Result) -> Figure:
    with page_style():
        return draw_firing(cine, view_of(cine), result).figure


def map_of(figure: Figure) -> list[Axes]:
    return [axes for axes in figure.axes if "mean picture" in axes.get_title("left")]


def words(figure: Figure) -> str:
    parts = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        parts += [text.get_text() for text in axes.texts]
        parts += [axes.get_title(loc="left"), axes.get_xlabel(), axes.get_ylabel()]
        parts += [label.get_text() for label in axes.get_yticklabels()]
    return "\n".join(parts)


def test_the_page_says_what_it_must() -> None:
    text = words(draw(make_cine(), sited())).replace("\n", " ")
    assert "3 of 4 twitches come from 1 site that recurs. 1 train, not counted" in text
    assert f"S1 ({UPPER.name}): 3" in text
    assert "too few to say (2 intervals)" in text
    assert "1 train of 5.1 Hz" in text
    assert "once in a place: 1" in text
    assert "per mm² per min" in text
    assert "M-mode on the line of S1" in text
    assert "mean of 2, ± SD (mm)" in text
    assert f"{UPPER.name} and {LOWER.name} twitch within 0.1 s of each other once" in text


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_firing(tmp_path / f"{name}.png", make_cine(), sited())
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_nothing_outside_the_area_reaches_the_picture(tmp_path: Path) -> None:
    for name, grey in (("black", 0), ("white", 255)):
        write_firing(tmp_path / f"{name}.png", make_cine(outside=grey), sited())
    assert (tmp_path / "black.png").read_bytes() == (tmp_path / "white.png").read_bytes()


def test_an_unsure_area_gives_no_picture(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        write_firing(tmp_path / "a.png", make_cine(sure=False), sited())
    assert raised.value.code is Code.BMODE_UNSURE
    assert list(tmp_path.iterdir()) == []


RESULTS = {
    "nothing found": sited(()),
    "nothing judged": sited((), parts=[(0.0, 4.0, "frozen")]),
    "only a train": sited((EVENTS[3],)),
    "one twitch": sited((EVENTS[0],)),
    "many sites": sited(
        tuple(
            make_event(2 * n + k, 0.2 * n + 0.1 * k, x_px=12.0 + 9 * n, y_px=20.0 + 40 * (n % 2))
            for n in range(12)
            for k in (1, 2)
        )
    ),
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_any_result_can_be_drawn(tmp_path: Path, result: Result) -> None:
    write_firing(tmp_path / "a.png", make_cine(), result)
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_without_a_scale_the_density_has_no_unit() -> None:
    figure = draw(make_cine(spacing_mm=None), sited(spacing_mm=None))
    assert "relative to the most" in words(figure)
    assert "mm²" not in words(figure)
    (bar,) = [axes for axes in figure.axes if "relative" in axes.get_ylabel()]
    assert bar.get_ylim() == pytest.approx((0, 1)), "numbers of an assumed scale say nothing"


def test_the_map_shows_where_each_strip_lies_and_each_twitch() -> None:
    result = sited()
    (where,) = map_of(draw(make_cine(), result))
    assert sum(line.get_linestyle() == "--" for line in where.lines) == len(shown_sites(result))
    (dots,) = [line for line in where.lines if line.get_marker() == "o"]
    assert len(dots.get_xdata()) == 4


def test_without_a_site_the_page_shows_how_each_twitch_moved() -> None:
    text = words(draw(make_cine(), sited((EVENTS[0],))))
    assert "How each twitch moved" in text
    unknown = words(draw(make_cine(), sited((make_event(1, 0.4),))))
    assert "How far each twitch moved is not known." in unknown
    assert "twitch moved" not in words(draw(make_cine(), sited(())))


def test_a_row_is_grey_where_its_own_region_could_not_be_judged() -> None:
    result = sited()
    lost = AssessableSpan(region=LOWER.name, start_s=1.5, stop_s=2.0, reason="moved")
    result = result.model_copy(update={"assessable": (*result.assessable, lost)})
    rows = [row.name for row in firing_rows(result)]
    (raster,) = [a for a in draw(make_cine(), result).axes if "each site" in a.get_title("left")]
    middles = [
        patch.get_y() + patch.get_height() / 2
        for patch in raster.patches
        if isinstance(patch, Rectangle) and patch.get_x() == 1.5
    ]
    assert middles == [rows.index(f"{LOWER.name}: 1")]


def test_a_pdf_holds_both_pages(tmp_path: Path) -> None:
    write_overview(tmp_path / "a.pdf", make_cine(), sited())
    assert b"/Count 2" in (tmp_path / "a.pdf").read_bytes()


def test_rows_end_with_all_that_were_counted() -> None:
    rows = firing_rows(sited())
    assert [row.name for row in rows] == [
        f"S1 ({UPPER.name}): 3",
        f"S2 ({UPPER.name}): 0",
        "once in a place: 1",
        f"{UPPER.name}: 3",
        f"{LOWER.name}: 1",
        "all: 4",
    ]
    assert firing_words(sited(())) == "No twitch was counted and no train seen."
    frozen = sited((), parts=[(0.0, 4.0, "frozen")])
    assert firing_words(frozen) == "Not assessable: frozen (4 of 4 s)."


def test_a_density_adds_up_to_the_twitches_a_minute() -> None:
    events = tuple(make_event(n, n, x_px=60.0, y_px=45.0) for n in range(1, 4))
    ((box, drawn),), known = densities(sited(events, parts=[(0.0, 30.0, None)]))
    assert (box, known) == (BOX, True)
    values = at_pixels(drawn, (BOX[3] - BOX[1], BOX[2] - BOX[0]))
    assert values.sum() * 0.3 * 0.3 == pytest.approx(6, rel=0.01)
    row, column = np.unravel_index(values.argmax(), values.shape)
    assert (row, column) == (pytest.approx(45 - BOX[1], abs=1), pytest.approx(60 - BOX[0], abs=1))
    expected = 6 / (2 * np.pi * SPREAD_MM**2)
    assert values.max() == pytest.approx(expected, rel=0.05)


def test_marks_stand_clear_of_the_title() -> None:
    figure = draw(make_cine(), sited())
    figure.canvas.draw()
    (strip,) = [axes for axes in figure.axes if "line of S1" in axes.get_title(loc="left")]
    title = strip._left_title.get_window_extent()
    marks = [line for line in strip.lines if line.get_marker() == "v"]
    assert len(marks) == 3
    assert all(not title.overlaps(mark.get_window_extent()) for mark in marks)


def test_the_strips_show_the_busiest_stretch() -> None:
    times_s = np.arange(0, 60, 0.05)
    events = [make_event(n, onset_s) for n, onset_s in enumerate((3, 30, 31, 35), start=1)]
    assert busiest_s(events, times_s) == pytest.approx(29.5)
    assert busiest_s([], times_s) == 0
    assert busiest_s([make_event(1, 59)], times_s) == pytest.approx(times_s[-1] - STRIP_S)
    footage = collect_firing(make_cine(), view_of(make_cine()), sited())
    assert [site.site for site in footage.sites] == ["S1", "S2"]
    assert all(strip.shape[1] == len(footage.times_s) for strip in footage.strips)


def test_a_site_that_fires_a_train_has_its_strip_and_the_train_is_on_it() -> None:
    """However few its twitches are: a train is what one looks for first."""
    places = [(30.0, 30.0), (70.0, 20.0), (130.0, 30.0), (60.0, 70.0)]
    fired = [
        make_event(1 + 3 * n + k, 0.4 + 0.2 * n + 8.0 * k, x_px=x, y_px=y)
        for n, (x, y) in enumerate(places)
        for k in range(3)
    ]
    train = make_event(20, 21.0, x_px=130.0, y_px=75.0, kind=Kind.TRAIN, offset_s=24.0)
    result = sited((*fired, train))
    shown = shown_sites(result)
    assert len(shown) == MOST_STRIPS
    (own,) = {event.site for event in result.events if event.kind is Kind.TRAIN}
    assert own == "S5" and shown[-1].site == own
    begin_s = busiest_s(result.events, np.arange(0, 60, 0.1))
    assert begin_s <= 21.0 < begin_s + STRIP_S


def test_where_nothing_fired_a_row_shows_what_was_judged() -> None:
    assert firing_rows(sited(())) == [Row("all: 0", "", (), WHOLE_IMAGE)]
    assert "all: 0" in words(draw(make_cine(), sited(())))

"""The overview picture: what it shows, what it never shows, and that it repeats."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures.outcomes import BOX, LOWER, PARTS, UPPER, make_cine, make_event, make_result
from matplotlib.figure import Figure
from PIL import Image

from usfasc.errors import Code, InputError
from usfasc.io import memory_cine
from usfasc.model import DISCLAIMER, Cine, Event, Kind, Line, LineCourse, Result, ReviewNote, Vessel
from usfasc.regions import whole_regions
from usfasc.report.footage import collect, strongest
from usfasc.report.overview import draw_overview, write_overview
from usfasc.report.style import page_style
from usfasc.report.view import refusal, view_of
from usfasc.report.when import OTHER, OUTSIDE, raster_rows
from usfasc.report.where import _places

EVENTS = (
    make_event(1, 1.0, peak_displacement_mm=0.4),
    make_event(2, 1.5, y_px=60.0, peak_displacement_mm=0.2),
    make_event(3, 2.0, y_px=80.0, peak_displacement_mm=0.1),
    make_event(4, 2.4, x_px=90.0, kind=Kind.UNSURE, peak_displacement_mm=2.0),
)


def draw(cine: Cine, result: Result) -> Figure:
    with page_style():
        return draw_overview(cine, view_of(cine), result).figure


def words(figure: Figure) -> str:
    figure.canvas.draw()
    parts = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        parts += [text.get_text() for text in axes.texts]
        parts += [axes.get_title(loc=side) for side in ("left", "center")]
        parts += [axes.get_xlabel(), axes.get_ylabel()]
        parts += [label.get_text() for label in axes.get_yticklabels()]
        legend = axes.get_legend()
        parts += [text.get_text() for text in legend.get_texts()] if legend else []
    return "\n".join(parts)


def test_the_page_says_what_it_must() -> None:
    text = words(draw(make_cine(), make_result(EVENTS)))
    assert DISCLAIMER in text
    assert "AUTOMATIC, NOT REVIEWED" in text
    assert "Fasciculations present: at least 3, continuous, in 3 s" in text.replace("\n", " ")
    assert "Not judged: probe moved (1.0 s), start of the clip (0.2 s)." in text
    assert f"{UPPER.name}: 1" in text
    assert f"{LOWER.name}: 1" in text
    assert f"{OUTSIDE}: 1" in text
    assert f"{OTHER}: 1" in text
    assert "M-mode through the strongest twitch: no. 1, 0.40 mm" in text


def test_warnings_stand_whole_below_the_raster() -> None:
    warnings = tuple(
        f"{'A warning that goes on for half a line or so. ' * 3}End {n}." for n in (1, 2)
    )
    bare, warned = (
        draw(make_cine(), make_result(EVENTS).model_copy(update={"warnings": told}))
        for told in ((), warnings)
    )
    text = words(warned)
    assert "End 1." in text and "End 2." in text
    lowest = [min(axes.get_position().y0 for axes in figure.axes) for figure in (bare, warned)]
    assert lowest[1] > lowest[0]
    boxes = [note.get_window_extent() for note in warned.texts]
    assert min(box.y0 for box in boxes) > 0


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_overview(tmp_path / f"{name}.png", make_cine(), make_result(EVENTS))
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_user_s_own_style_changes_nothing(tmp_path: Path) -> None:
    import matplotlib as mpl

    write_overview(tmp_path / "a.png", make_cine(), make_result(EVENTS))
    with mpl.rc_context({"font.size": 30, "savefig.dpi": 30, "axes.facecolor": "pink"}):
        write_overview(tmp_path / "b.png", make_cine(), make_result(EVENTS))
        assert mpl.rcParams["font.size"] == 30
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_the_file_is_a_page_without_a_maker_s_mark(tmp_path: Path) -> None:
    write_overview(tmp_path / "a.png", make_cine(), make_result(EVENTS))
    picture = Image.open(io.BytesIO((tmp_path / "a.png").read_bytes()))
    assert picture.width / picture.height == pytest.approx(2**0.5, rel=0.01)
    assert "Software" not in picture.info


def test_nothing_outside_the_area_reaches_the_picture(tmp_path: Path) -> None:
    """Text burned in around the area, or masked inside it, changes no pixel of the picture."""
    # The line of the strongest runs down through the masked caliper.
    event = make_event(1, 1.0, x_px=24.0, y_px=55.0, direction_deg=90.0)
    result = make_result([event, *EVENTS[1:]])
    for name, grey in (("black", 0), ("white", 255)):
        write_overview(tmp_path / f"{name}.png", make_cine(outside=grey), result)
    assert (tmp_path / "black.png").read_bytes() == (tmp_path / "white.png").read_bytes()


def test_an_unsure_area_gives_no_picture(tmp_path: Path) -> None:
    cine = make_cine(sure=False)
    assert "--bmode" in str(refusal(cine))
    assert refusal(make_cine()) is None
    with pytest.raises(InputError) as raised:
        write_overview(tmp_path / "a.png", cine, make_result(EVENTS))
    assert raised.value.code is Code.BMODE_UNSURE
    assert list(tmp_path.iterdir()) == []


ODD_NAMES = (r"$\frac{$", "上腕二頭筋", "a" * 120, "<b>&", "_^{}")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_any_name_of_a_region_can_be_drawn(tmp_path: Path, name: str) -> None:
    region = UPPER.model_copy(update={"name": name})
    write_overview(tmp_path / "a.png", make_cine(), make_result(EVENTS, regions=[region]))
    assert (tmp_path / "a.png").exists()


SHAPES = {
    "nothing found": ((), (UPPER,), PARTS),
    "nothing judged": ((), (UPPER,), [(0.0, 4.0, "frozen")]),
    "no region drawn": (EVENTS, whole_regions(make_cine().pictures, "biceps brachii"), PARTS),
    "only other kinds": ((EVENTS[3],), (UPPER,), PARTS),
    "many regions": (
        EVENTS,
        tuple(UPPER.model_copy(update={"name": f"region {n}"}) for n in range(12)),
        PARTS,
    ),
    "at the corner": ((make_event(1, 3.9, x_px=8.0, y_px=6.0),), (UPPER,), PARTS),
    "on the far corner": ((make_event(1, 0.0, x_px=119.0, y_px=89.0),), (UPPER,), PARTS),
    "every kind": (
        tuple(make_event(n, n / 5, kind=kind) for n, kind in enumerate(Kind, start=1)),
        (UPPER,),
        PARTS,
    ),
}


@pytest.mark.parametrize(("events", "regions", "parts"), SHAPES.values(), ids=SHAPES.keys())
def test_any_result_can_be_drawn(
    tmp_path: Path, events: tuple[Event, ...], regions: tuple, parts: list
) -> None:
    result = make_result(events, regions, parts)
    write_overview(tmp_path / "a.png", make_cine(), result)
    assert (tmp_path / "a.png").stat().st_size > 10_000


def test_without_a_scale_the_picture_is_in_pixels() -> None:
    cine = make_cine(spacing_mm=None)
    events = [event.model_copy(update={"peak_displacement_mm": None}) for event in EVENTS]
    text = words(draw(cine, make_result(events)))
    assert "no scale known" in text
    assert "mm" not in text


def test_rows_of_the_raster() -> None:
    assert [n for n, _ in raster_rows(make_result(EVENTS))] == [
        UPPER.name,
        LOWER.name,
        OUTSIDE,
        OTHER,
    ]
    assert [n for n, _ in raster_rows(make_result(EVENTS[:1]))] == [UPPER.name, LOWER.name]


def test_a_counted_twitch_is_stronger_than_any_other_movement() -> None:
    assert strongest(make_result(EVENTS)) == make_result(EVENTS).events[0]
    assert strongest(make_result(EVENTS[3:])) == make_result(EVENTS[3:]).events[0]
    assert strongest(make_result()) is None


def test_a_movement_that_was_not_counted_is_shown_in_judged_time_if_there_is_one() -> None:
    """In the rest the picture may be black: a probe that was lifted."""
    lifted = make_event(1, 3.0, kind=Kind.CONTRACTION, peak_displacement_mm=2.0)
    faint = make_event(2, 1.0, kind=Kind.UNSURE, peak_displacement_mm=0.1)
    parts = [(0.0, 2.0, None), (2.0, 4.0, "picture dark (probe lifted)")]
    chosen = strongest(make_result([lifted, faint], parts=parts))
    assert chosen is not None and chosen.kind is Kind.UNSURE
    alone = strongest(make_result([lifted], parts=parts))
    assert alone is not None and alone.kind is Kind.CONTRACTION


def test_twitches_of_one_site_share_one_ring() -> None:
    spread = [make_event(n, n, x_px=30.0 + 5 * n, site="S1") for n in range(1, 5)]
    (place,) = _places(spread, 4.0)
    assert place.words == "1 +3"
    apart = [event.model_copy(update={"site": None}) for event in spread]
    assert len(_places(apart, 4.0)) == 4


def test_footage_is_a_frame_and_the_line() -> None:
    cine = make_cine(outside=255)
    footage = collect(cine, view_of(cine), make_result(EVENTS))
    x0, y0, x1, y1 = BOX
    frames = np.stack([frame.grey for frame in cine.frames.stream()])
    judged = cine.pictures[0].mask[y0:y1, x0:x1]
    assert np.array_equal(footage.still[judged], frames[20, y0:y1, x0:x1][judged])
    assert np.isnan(footage.still[~judged]).all()
    # The twitch of the clip is a jump of two pixels along the line.
    assert np.all(footage.line.y_px == 30)
    first = np.searchsorted(cine.times_s, footage.strip_times_s[0])
    still, moved = footage.strip[:, 10 - first], footage.strip[:, 21 - first]
    whole = np.flatnonzero(footage.line.x_px % 1 == 0)
    assert np.array_equal(moved[whole][2:], still[whole][:-2])


def test_the_strip_is_a_window_around_the_twitch() -> None:
    cine = make_cine()
    slow = replace(cine, times_s=cine.times_s * 10)
    footage = collect(slow, view_of(cine), make_result([make_event(1, 20.0)]))
    assert 18 <= footage.strip_times_s[0] <= 20
    assert 20.3 <= footage.strip_times_s[-1] <= 22
    assert footage.strip.shape[1] == len(footage.strip_times_s)


@pytest.mark.parametrize(("offset_s", "side"), [(1.3, "left"), (2.98, "right")])
def test_the_end_is_named_within_the_strip(offset_s: float, side: str) -> None:
    event = make_event(1, 1.0).model_copy(update={"offset_s": offset_s})
    figure = draw(make_cine(), make_result([event]))
    (strip,) = (axes for axes in figure.axes if axes.get_title(loc="left").startswith("M-mode"))
    (end,) = (text for text in strip.texts if text.get_text().strip() == "end")
    assert end.get_horizontalalignment() == side


@pytest.mark.parametrize("spacing_mm", [0.1, 0.4, 2.0])
def test_ticks_in_mm_have_room(spacing_mm: float) -> None:
    cine = make_cine()
    cine = replace(cine, pictures=(replace(cine.pictures[0], spacing_mm=(spacing_mm,) * 2),))
    image = draw(cine, make_result(EVENTS)).axes[0]
    assert 1 <= len(image.get_xticks()) <= 10


def test_where_nothing_stood_out_the_line_runs_down_the_middle() -> None:
    footage = collect(make_cine(), view_of(make_cine()), make_result())
    assert footage.line.event is None
    assert np.all(footage.line.x_px == (BOX[0] + BOX[2]) / 2)
    # The middle of what was judged, 0.2 to 3 s.
    assert footage.still_s == pytest.approx(1.6, abs=0.05)


def test_two_pictures_of_one_screen_hide_what_lies_between_them(tmp_path: Path) -> None:
    for name, grey in (("black", 0), ("white", 255)):
        cine = make_cine()
        frames = np.stack([frame.grey for frame in cine.frames.stream()])
        frames[:, :, 50:60] = grey
        whole = cine.pictures[0]
        left = replace(whole, box=(8, 6, 50, 90), spacing_mm=(0.3, 0.3))
        right = replace(whole, box=(60, 6, 120, 80), spacing_mm=(0.5, 0.5))
        dual = replace(
            memory_cine(frames, cine.times_s, None), pictures=(left, right), source=cine.source
        )
        write_overview(tmp_path / f"{name}.png", dual, make_result(EVENTS))
    assert (tmp_path / "black.png").read_bytes() == (tmp_path / "white.png").read_bytes()


def test_the_page_is_a_pdf_where_its_suffix_says_so(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_overview(tmp_path / f"{name}.pdf", make_cine(), make_result(EVENTS))
    pdf = (tmp_path / "a.pdf").read_bytes()
    assert pdf == (tmp_path / "b.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"CreationDate" not in pdf


def test_many_twitches_of_one_place_share_a_number() -> None:
    events = [make_event(n, n / 40, x_px=40 + n % 3) for n in range(1, 101)]
    figure = draw(make_cine(), make_result(events))
    assert "1 +99" in words(figure)
    assert "100 +" not in words(figure)


@pytest.mark.parametrize(
    ("undecided", "banner"),
    [(0, "Reviewed by anna, 2026-11-23"), (2, "Reviewed by anna, 2026-11-23, not finished")],
)
def test_a_reviewed_page_says_whose_it_is(undecided: int, banner: str) -> None:
    note = ReviewNote(
        reviewer="anna",
        date="2026-11-23",
        modes=("guided",),
        accepted=2,
        rejected=0,
        unsure=0,
        added=0,
        undecided=undecided,
        undecided_counted=0,
        carried=0,
        unmatched=0,
        spent_s=9.0,
        result_sha256="0" * 64,
        review_sha256="0" * 64,
    )
    reviewed = make_result((make_event(1, 0.5),)).model_copy(update={"review": note})
    cine = make_cine()
    texts = [text.get_text() for text in draw_overview(cine, view_of(cine), reviewed).figure.texts]
    assert banner in texts
    assert not any("AUTOMATIC" in text for text in texts)


def test_what_found_itself_is_said_and_vessels_are_drawn() -> None:
    found = [region.model_copy(update={"origin": "automatic"}) for region in (UPPER, LOWER)]
    plain = make_result([*EVENTS[:1], make_event(5, 2.6, other_region=LOWER.name)], regions=found)
    corners = ((50.0, 20.0), (70.0, 20.0), (60.0, 30.0))
    tagged = plain.model_copy(update={"vessels": (Vessel(polygon=corners, area_mm2=9.0),)})
    text = words(draw(make_cine(), tagged)).replace("\n", " ")
    assert "Regions found automatically: check their outlines by eye." in text
    assert "Of the 2: 1 within 2 mm of a line" in text
    assert "Dotted: dark lumens, as of vessels (1)." in text
    drawn = [
        [
            tuple(map(tuple, patch.get_xy()[:-1]))
            for patch in draw(make_cine(), each).axes[0].patches
        ]
        for each in (plain, tagged)
    ]
    assert corners not in drawn[0] and corners in drawn[1]


def test_regions_are_drawn_where_their_tissue_lies_in_the_frame_shown() -> None:
    course = LineCourse(time_s=(0.0, 1.0), left_px=(0.0, 6.0), right_px=(0.0, 6.0))
    drifted = Line(points=((8.0, 50.0), (119.0, 50.0)), course=course)
    result = make_result(EVENTS).model_copy(update={"lines": (drifted,)})
    lowest = [
        draw(make_cine(), each).axes[0].patches[0].get_xy()[:, 1].min()
        for each in (make_result(EVENTS), result)
    ]
    assert lowest[1] - lowest[0] == pytest.approx(6.0)

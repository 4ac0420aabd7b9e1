"""Parts of a survey's page: body map, shades, strips, advice, time to be seen."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from fixtures.muscle_records import muscle
from fixtures.surveyed import shown
from hypothesis import given
from hypothesis import strategies as st

from usfasc.detect.loss import Loss
from usfasc.model import Side, Status
from usfasc.regions.vocabulary import muscles
from usfasc.report.survey_advice import troubles
from usfasc.report.survey_body import body_views, without_place
from usfasc.report.survey_cohort import matrices, rate_place, spreads
from usfasc.report.survey_detection import Wait, detection
from usfasc.report.survey_shades import BLIND, LEGEND, SHORT, STEPS, shade_of
from usfasc.report.survey_strips import LENGTH, Footage, raster
from usfasc.report.survey_words import (
    brief_words,
)
from usfasc.survey.findings import ClipRecord, MuscleRecord, SubjectRecord

NAMES = [muscle.name for muscle in muscles()]


def footage(*onsets_s: float, parts: Any = ((0.0, 20.0, None),)) -> Footage:
    record = ClipRecord(
        row=1,
        clip="0" * 12,
        subject="S001",
        session="1",
        muscle="deltoid",
        side=Side.LEFT,
        region="deltoid, left",
        outcome="ok",
        sentence="",
    )
    result = shown(*onsets_s, muscle="deltoid", side="left", parts=parts)
    return Footage(record=record, clip="0" * 12, result=result)


@pytest.mark.parametrize("name", NAMES)
def test_every_muscle_of_the_vocabulary_has_its_place(name: str) -> None:
    both = [muscle(name, "left"), muscle(name, "right")]
    assert without_place(both) == ()
    views = [shown for each in both for shown in body_views([each]) if shown.shapes]
    left, right = (label.centre for view in views for label in view.labels)
    view = views[0]
    assert left[0] == -right[0] and left[1] == right[1]
    assert (left[0] > right[0]) is (view.left_is > 0)
    assert abs(left[0]) < view.width / 2 and 0 < left[1] < view.height


def test_what_has_no_place_is_told_beside() -> None:
    found = [muscle("deltoid", None), muscle("plantaris"), muscle("tongue", "midline"), muscle("")]
    assert without_place(found) == (found[0], found[1], found[3])


@given(st.sets(st.tuples(st.sampled_from(NAMES), st.sampled_from(["left", "right"])), max_size=40))
def test_names_in_the_map_stand_apart_and_inside(places: set[tuple[str, str]]) -> None:
    for view in body_views([muscle(*place) for place in sorted(places)]):
        for to_left in (True, False):
            heights = [label.y for label in view.labels if label.to_left is to_left]
            assert all(lower - upper >= 14.9 for upper, lower in pairwise(heights))
            if len(heights) < 10:
                assert all(0 <= y <= view.height for y in heights)


SHADES = [
    (muscle(rate_per_min=0.0, status=Status.ABSENT), "r0", "0.0"),
    (muscle(rate_per_min=3.0), "r1", "3.0"),
    (muscle(rate_per_min=3.1), "r2", "3.1"),
    (muscle(rate_per_min=200.0, saturated=True), "r4", "≥ 200"),
    (muscle(rate_per_min=3.0, status=Status.SHORT), "r1 short", "short"),
    (muscle(rate_per_min=None, status=Status.NOT_ASSESSABLE), "blind", "n/a"),
]


@pytest.mark.parametrize(("record", "key", "words"), SHADES)
def test_a_shade_and_its_words(record: MuscleRecord, key: str, words: str) -> None:
    assert shade_of(record).key == key
    assert brief_words(record) == words


def test_shades_are_darker_with_the_rate_and_their_words_are_read() -> None:
    lights = [luminance(shade.fill) for _, shade in STEPS]
    assert all(darker < 0.75 * lighter for lighter, darker in pairwise(lights))
    for shade in LEGEND:
        assert contrast(shade.ink, shade.fill) >= 4.5
    assert {SHORT.pattern, BLIND.pattern} == {"short", "blind"}


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#555555", "#ffffff"),
        ("#ffffff", "#B34700"),
        ("#005a93", "#ffffff"),
        ("#1a1a1a", "#f3f1ed"),
    ],
)
def test_words_of_the_page_are_read(ink: str, paper: str) -> None:
    assert contrast(ink, paper) >= 4.5


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_strips_share_one_time_axis() -> None:
    long = footage(2, 10, parts=((0.0, 15.0, None), (15.0, 20.0, "probe moved")))
    short = footage(2, parts=((0.0, 10.0, None),))
    drawn = raster([long, short])
    one, two = drawn.strips
    assert (one.length, two.length) == (LENGTH, LENGTH / 2)
    assert one.twitches == (100.0, 500.0) and two.twitches == (100.0,)
    assert one.unjudged == ((750.0, 250.0, "probe moved"),)
    assert one.words == "2 twitches in 15 s judged of 20 s"
    assert drawn.ticks[0] == (0.0, "0") and drawn.ticks[-1] == (1000.0, "20")


NO_TROUBLE = (Loss.ENDS, Loss.OUTSIDE)


@pytest.mark.parametrize("loss", [loss for loss in Loss if loss not in NO_TROUBLE])
def test_every_loss_has_its_advice(loss: Loss) -> None:
    (trouble,) = troubles([footage(parts=((0.0, 15.0, None), (15.0, 20.0, loss)))], [])
    assert trouble.what.casefold() == loss.casefold()
    assert trouble.where == "5 s in 1 clip: deltoid, left"
    assert trouble.advice


@pytest.mark.parametrize("loss", NO_TROUBLE)
def test_the_ends_of_a_clip_are_no_trouble_and_short_muscles_are(loss: Loss) -> None:
    ends = footage(parts=((0.0, 19.0, None), (19.0, 20.0, loss)))
    (trouble,) = troubles([ends], [muscle(status=Status.SHORT)])
    assert (trouble.what, trouble.where) == ("Not observed long enough", "1 muscle")
    assert "3 clips of 21 s a muscle give the 60 s of assessable time" in trouble.advice


def test_trouble_names_so_many_muscles_and_counts_the_rest() -> None:
    lost = footage(parts=((0.0, 15.0, None), (15.0, 20.0, Loss.PROBE)))
    clips = [
        replace(lost, clip=name, record=lost.record.model_copy(update={"muscle": name}))
        for name in NAMES[:8]
    ]
    (trouble,) = troubles(clips, [])
    assert trouble.where.startswith("40 s in 8 clips: ")
    assert trouble.where.count("; ") == 6 and trouble.where.endswith("; 2 more")


def test_time_to_be_seen_by_hand() -> None:
    # Of four muscles one is seen at 6 s, one ends at 12 s unseen, one is seen at 18 s, one
    # ends at 30 s: 1/4, then one half of the 3/4 that are left.
    waits = [Wait(time_s=t, seen=s) for t, s in ((6, True), (12, False), (18, True), (30, False))]
    found = detection(waits)
    assert found is not None and found.muscles == 4
    shares = {row.time_s: (row.at_risk, round(row.share, 4)) for row in found.table}
    assert shares == {
        5: (4, 0.0),
        10: (3, 0.25),
        15: (2, 0.25),
        20: (1, 0.625),
        30: (1, 0.625),
    }
    assert all(0 <= row.low <= row.share <= row.high <= 1 for row in found.table)


@given(st.lists(st.tuples(st.floats(1, 200), st.booleans()), max_size=30))
def test_time_to_be_seen_rises_within_its_interval(times: list[tuple[float, bool]]) -> None:
    found = detection([Wait(time_s=time_s, seen=seen) for time_s, seen in times])
    if found is None:
        assert len(times) < 2 or not any(seen for _, seen in times)
        return
    shares = [row.share for row in found.table]
    assert shares == sorted(shares)
    assert all(row.low <= row.share + 1e-9 and row.share <= row.high + 1e-9 for row in found.table)


def test_a_matrix_of_many_muscles_is_parted() -> None:
    records = tuple(muscle(name, side) for name in NAMES for side in ("left", "right"))
    subject = SubjectRecord(
        subject="S001",
        session="1",
        handedness=None,
        muscles=records,
        comparisons=(),
        body_regions=(),
        ratios=(),
        missing=(),
    )
    parts = matrices([subject], ["a"])
    assert sum(len(part.columns) for part in parts) == len(NAMES)
    assert all(sum(len(column.sides) for column in part.columns) <= 18 for part in parts)
    assert all(all(cells) for part in parts for _, _, cells in part.rows)
    assert parts[0].columns[0].muscle == NAMES[0]


def test_a_muscle_over_all_subjects() -> None:
    rates = [muscle(rate_per_min=rate) for rate in (2.0, 4.0, 8.0)]
    short = muscle(rate_per_min=3.0, status=Status.SHORT)
    lost = muscle(rate_per_min=None, status=Status.NOT_ASSESSABLE)
    (spread,) = spreads([*rates, short, lost])
    assert (spread.examined, spread.present, spread.short, spread.not_assessable) == (5, 3, 1, 1)
    assert spread.median_rate == 4.0 and spread.quartiles == (3.0, 6.0)
    assert len(spread.dots) == 3


@pytest.mark.parametrize(("rate", "place"), [(0.0, 0.0), (0.5, 0.0), (10.0, 0.5), (900.0, 1.0)])
def test_the_axis_of_rates_is_logarithmic(rate: float, place: float) -> None:
    assert rate_place(rate) == place

"""Tables of judged cases: each figure says what its name says."""

import numpy as np
import pytest
from fixtures.judged import event, judged

from usfasc.benchmark.baselines import DIFFERENCING, METHODS, Method, Sweep
from usfasc.benchmark.figures import Chapter, Figure, Table
from usfasc.benchmark.implanted import WITHOUT_IMPLANTS, implant_chapter
from usfasc.benchmark.judge import Judged
from usfasc.benchmark.lookalikes import metamorphic_chapter, negative_chapter
from usfasc.benchmark.real import real_tables
from usfasc.benchmark.sections import own_chapter, phantom_chapter
from usfasc.errors import Code
from usfasc.model import AssessableSpan, Event, Kind

RNG = np.random.default_rng(0)


def values(table: Table) -> dict[str, float | None]:
    return {figure.name: figure.value for figure in table.figures}


@pytest.mark.parametrize(
    ("figure", "met"),
    [
        (Figure(name="x", value=0.9, at_least=0.88), True),
        (Figure(name="x", value=0.87, at_least=0.88), False),
        (Figure(name="x", value=0.5, at_most=0.5), True),
        (Figure(name="x", value=0.6, at_most=0.5), False),
        (Figure(name="x", value=None, at_most=0.5), None),
        (Figure(name="x", value=3), None),
    ],
)
def test_a_bar_is_met_or_not(figure: Figure, met: bool | None) -> None:
    assert figure.met is met


def swept(method: Method, at: float, *events: Event) -> dict[str, Sweep]:
    """A method that finds something at one threshold only."""
    by_threshold = dict.fromkeys(method.thresholds, ()) | {at: events}
    return {method.key: Sweep(by_threshold=by_threshold, frames=100, cpu_s=0.5)}


def row(table: Table, of: str) -> dict[str, float | None]:
    (found,) = [each for each in table.rows if each.of == of]
    return {name: figure.value for name, figure in found.cells.items()}


def summary(chapter: Chapter, of: str) -> dict[str, float | None]:
    return {figure.name: figure.value for figure in chapter.summary if figure.of == of}


def test_phantoms_stand_beside_another_method_at_its_best() -> None:
    truth = [event(1, 1), event(2, 9)]
    found = swept(DIFFERENCING, 8.0, event(1, 1), event(2, 30))
    chapter = phantom_chapter([judged(truth, truth, baselines=found)], RNG)
    table = chapter.tables[-1]
    assert row(table, "usfasc")["F1"] == 1.0
    theirs = row(table, "frame differencing")
    assert theirs["F1"] == pytest.approx(0.5)
    assert theirs["F1 of usfasc less this"] == pytest.approx(0.5)
    assert theirs["false alarms per min"] == 1.0
    assert table.figures[-1].note == "8 x noise, 5.0 ms/frame"
    assert [curve.name for curve in chapter.curves] == ["usfasc", "frame differencing"]


def test_a_method_that_does_not_say_where_matches_by_time_alone() -> None:
    truth = [event(1, 1), event(2, 9)]
    elsewhere = (event(1, 1, 900.0), event(2, 9, 900.0))
    placed = swept(DIFFERENCING, 8.0, *elsewhere)
    unplaced = swept(METHODS["klt"], 3.0, *elsewhere)
    table = phantom_chapter([judged(truth, truth, baselines=placed | unplaced)], RNG).tables[-1]
    assert row(table, "frame differencing")["F1"] == 0.0
    by_time = row(table, "KLT + mutual information")
    assert (by_time["F1"], by_time["place error, mm"]) == (1.0, None)
    assert "matched by time alone" in table.figures[-1].note


def test_a_case_that_failed_costs_every_method_its_twitches() -> None:
    truth = [event(1, 1)]
    good = judged(truth, truth, baselines=swept(DIFFERENCING, 8.0, event(1, 1)))
    chapter = phantom_chapter([good, judged(truth, [], error=Code.CORRUPT)], RNG)
    assert row(chapter.tables[-1], "usfasc")["recall"] == 0.5
    assert row(chapter.tables[-1], "frame differencing")["recall"] == 0.5


def test_own_cases_are_told_like_phantoms() -> None:
    truth = [event(1, 1), event(2, 9)]
    own = {"section": "own", "group": "own", "name": "0123456789ab"}
    chapter = own_chapter([judged(truth, truth[:1], **own)], RNG)
    assert chapter.tables[0].title == "your cases: 1 clips, 2 twitches"
    assert values(chapter.tables[0])["recall"] == 0.5


def test_kinds_that_are_not_counted_do_not_score() -> None:
    unsure = event(1, 1, kind=Kind.UNSURE)
    chapter = phantom_chapter([judged([event(1, 1)], [unsure])], RNG)
    assert values(chapter.tables[0])["recall"] == 0.0


def test_the_score_decides_on_the_operating_curve() -> None:
    truth = [event(1, 1), event(2, 9)]
    found = [event(1, 1, score=0.7), event(2, 9, score=0.3, kind=Kind.UNSURE)]
    away = event(3, 20, score=0.95, kind=Kind.UNSURE)
    (curve,) = phantom_chapter([judged(truth, [*found, away])], RNG).curves
    recalls = {point.threshold: point.recall for point in curve.points}
    assert (recalls[0.2], recalls[0.6], recalls[0.8]) == (1.0, 0.5, 0.0)
    # What scores high and is unsure was set aside for another reason than its score.
    assert {point.false_alarms_per_min for point in curve.points} == {0.0}
    assert {point.mark for point in curve.points} == {"", "counts", "screens"}


def test_implants_forgive_what_the_plain_copy_shows() -> None:
    own = event(1, 20, score=0.3)
    place = {"section": "implants", "group": "biceps"}
    plain = judged([], [own], name="biceps-plain", **place)
    planted = judged([event(1, 1)], [event(1, 1), own, event(3, 50)], name="biceps-1", **place)
    chapter = implant_chapter([plain, planted], RNG)
    # 20 s is the clip's own, 50 s is past its rest.
    assert values(chapter.tables[0])["precision"] == 1.0
    assert summary(chapter, "biceps")[WITHOUT_IMPLANTS] == pytest.approx(1.5)


def test_movements_that_the_notes_name_are_not_held_against_the_plain_clip() -> None:
    place = {"section": "implants", "group": "biceps"}
    plain = judged([], [event(1, 22.7), event(2, 30)], name="biceps-plain", **place)
    planted = judged([event(1, 1)], [event(1, 1)], name="biceps-1", **place)
    chapter = implant_chapter([plain, planted], RNG)
    assert summary(chapter, "biceps")[WITHOUT_IMPLANTS] == pytest.approx(1.5)


def test_negatives_are_grouped_by_family_and_look() -> None:
    twitchy = judged([], [event(1, 1), event(2, 9)], group="points: tremor")
    still = judged([], [], group="beams: sway", spans=())
    chapter = negative_chapter([twitchy, still], RNG)
    (table,) = chapter.tables
    assert [(each.under, each.of) for each in table.rows] == [
        ("beams", "sway"),
        ("points", "tremor"),
    ]
    assert row(table, "tremor") == {"counted/min": 2.0, "assessable": 1.0}
    assert row(table, "sway") == {"counted/min": 0.0, "assessable": 0.0}
    rates = {figure.of: figure.value for figure in chapter.summary}
    assert rates == {"beams": 0.0, "points": 2.0, "all": 1.0}


def test_each_family_has_figures_of_its_own() -> None:
    good = judged([event(1, 1)], [event(1, 1)], group="points")
    missed = judged([event(1, 1)], [], group="beams")
    chapter = phantom_chapter([good, missed], RNG)
    recalls = [summary(chapter, name)["recall, isolated >= 0.2 mm"] for name in _GROUPS]
    assert recalls == [0.5, 1.0, 0.0]
    assert [each.name for each in chapter.reliabilities] == list(_GROUPS)


_GROUPS = ("all", "points", "beams")


def test_the_worst_change_of_count_is_told() -> None:
    def scene(change: str, count: int, group: str = "s0") -> Judged:
        found = [event(k, 3.0 * k) for k in range(1, count + 1)]
        return judged(found, found, group=group, name=f"{group}-{change}")

    cases = [
        scene("as-it-is", 5),
        scene("20hz", 3),
        scene("cut-1", 2),
        scene("cut-2", 2),
        scene("cut-3", 2),
        scene("as-it-is", 4, "s1"),
        scene("20hz", 4, "s1"),
    ]
    (table,) = metamorphic_chapter(cases).tables
    assert values(table) == {"20hz: change of count": 2, "cut into three: change of count": 1}
    assert [f.met for f in table.figures] == [False, True]


def test_the_biceps_movements_are_looked_for() -> None:
    case = judged(
        [],
        [event(1, 22.8), event(2, 4.5, kind=Kind.CONTRACTION), event(3, 10.05)],
        name="biceps",
        key_frames_s=(0.0, 10.0),
    )
    (table,) = real_tables([case])
    assert list(values(table).values()) == [1, 1, 1.5, 1]  # 22.8 s is named: one more in 40 s


def test_the_tibialis_contraction_is_neither_counted_nor_judged() -> None:
    spans = (
        AssessableSpan(region="*", start_s=0, stop_s=33),
        AssessableSpan(region="*", start_s=33, stop_s=41.6, reason="contraction"),
    )
    case = judged([], [event(1, 5), event(2, 35)], name="tibialis", spans=spans)
    (table,) = real_tables([case])
    assert list(values(table).values()) == [60 / 32, 1, pytest.approx(1.0)]


def test_the_artery_is_told_in_colour_and_in_grey() -> None:
    cases = [judged([], [event(1, 3)], name=name) for name in ("brachial", "brachial-grey")]
    (table,) = real_tables(cases)
    assert values(table) == {"brachial: counted/min": 1.0, "brachial-grey: counted/min": 1.0}
    assert [f.met for f in table.figures] == [False, False]


def test_a_real_clip_that_failed_is_named() -> None:
    (table,) = real_tables([judged([], [], name="frozen", error=Code.INTERNAL)])
    assert values(table) == {"frozen: INTERNAL": None}

"""Tables of judged cases: each figure says what its name says."""

import numpy as np
import pytest
from fixtures.judged import event, judged

from usfasc.benchmark.baselines import DIFFERENCING, METHODS, Method, Sweep
from usfasc.benchmark.figures import Figure, Table
from usfasc.benchmark.real import real_tables
from usfasc.benchmark.sections import (
    implant_tables,
    metamorphic_tables,
    negative_tables,
    own_tables,
    phantom_tables,
)
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


def test_phantoms_stand_beside_another_method_at_its_best() -> None:
    truth = [event(1, 1), event(2, 9)]
    found = swept(DIFFERENCING, 8.0, event(1, 1), event(2, 30))
    ours, theirs = phantom_tables([judged(truth, truth, baselines=found)], RNG)
    assert values(ours)["F1"] == 1.0
    assert values(theirs)["F1"] == pytest.approx(0.5)
    assert values(theirs)["F1 of the engine less this"] == pytest.approx(0.5)
    assert values(theirs)["false alarms/min"] == 1.0
    assert theirs.title == "phantom: frame differencing at its best, 8 x noise (5.0 ms/frame)"


def test_a_method_that_does_not_say_where_matches_by_time_alone() -> None:
    truth = [event(1, 1), event(2, 9)]
    elsewhere = (event(1, 1, 900.0), event(2, 9, 900.0))
    placed = swept(DIFFERENCING, 8.0, *elsewhere)
    unplaced = swept(METHODS["klt"], 3.0, *elsewhere)
    case = judged(truth, truth, baselines=placed | unplaced)
    _, by_place, by_time = phantom_tables([case], RNG)
    assert (values(by_place)["F1"], values(by_time)["F1"]) == (0.0, 1.0)
    assert "median place error, mm" not in values(by_time)
    assert "matched by time alone" in by_time.title


def test_a_case_that_failed_costs_every_method_its_twitches() -> None:
    truth = [event(1, 1)]
    good = judged(truth, truth, baselines=swept(DIFFERENCING, 8.0, event(1, 1)))
    ours, theirs = phantom_tables([good, judged(truth, [], error=Code.CORRUPT)], RNG)
    assert values(ours)["recall"] == values(theirs)["recall"] == 0.5


def test_own_cases_are_told_like_phantoms() -> None:
    truth = [event(1, 1), event(2, 9)]
    own = {"section": "own", "group": "own", "name": "0123456789ab"}
    found = swept(DIFFERENCING, 8.0, event(1, 1))
    ours, theirs = own_tables([judged(truth, truth[:1], baselines=found, **own)], RNG)
    assert ours.title == "your cases: 1 clips, 100% assessable"
    assert values(ours)["recall"] == values(theirs)["recall"] == 0.5
    assert values(theirs)["F1 of the engine less this"] == 0.0


def test_kinds_that_are_not_counted_do_not_score() -> None:
    unsure = event(1, 1, kind=Kind.UNSURE)
    (ours,) = phantom_tables([judged([event(1, 1)], [unsure])], RNG)
    assert values(ours)["recall"] == 0.0


def test_implants_forgive_what_the_plain_copy_shows() -> None:
    own = event(1, 20)
    place = {"section": "implants", "group": "biceps"}
    plain = judged([], [own], name="biceps-plain", **place)
    planted = judged([event(1, 1)], [event(1, 1), own, event(3, 50)], name="biceps-1", **place)
    pooled, by_clip = implant_tables([plain, planted], RNG)
    assert values(pooled)["precision"] == 1.0  # 20 s is the clip's own, 50 s is past its rest
    assert values(by_clip)["biceps: counted/min without implants"] == pytest.approx(1.5)


def test_movements_that_the_notes_name_are_not_held_against_the_plain_clip() -> None:
    place = {"section": "implants", "group": "biceps"}
    plain = judged([], [event(1, 22.7), event(2, 30)], name="biceps-plain", **place)
    planted = judged([event(1, 1)], [event(1, 1)], name="biceps-1", **place)
    *_, by_clip = implant_tables([plain, planted], RNG)
    assert values(by_clip)["biceps: counted/min without implants"] == pytest.approx(1.5)


def test_negatives_are_grouped_by_look() -> None:
    twitchy = judged([], [event(1, 1), event(2, 9)], group="points: tremor")
    still = judged([], [], group="beams: sway", spans=())
    (table,) = negative_tables([twitchy, still])
    assert values(table) == {
        "points: tremor: counted/min": 2.0,
        "beams: sway: counted/min": 0.0,
        "points: all: counted/min": 2.0,
        "beams: all: counted/min": 0.0,
        "all: counted/min": 1.0,
    }
    assert [f.note for f in table.figures] == ["100% assessable", "0% assessable", "", "", ""]


def test_each_family_has_figures_of_its_own() -> None:
    good = judged([event(1, 1)], [event(1, 1)], group="points")
    missed = judged([event(1, 1)], [], group="beams")
    whole, points, beams = phantom_tables([good, missed], RNG)
    assert [values(table)["recall"] for table in (whole, points, beams)] == [0.5, 1.0, 0.0]
    assert (points.title, beams.title) == (
        "phantom, family points: 1 clips",
        "phantom, family beams: 1 clips",
    )


def test_the_worst_change_of_count_is_told() -> None:
    def scene(change: str, count: int, group: str = "s0") -> object:
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
    (table,) = metamorphic_tables(cases)
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
    assert list(values(table).values()) == [1, 1, 2, 1]


def test_the_tibialis_contraction_is_neither_counted_nor_judged() -> None:
    spans = (
        AssessableSpan(region="*", start_s=0, stop_s=33),
        AssessableSpan(region="*", start_s=33, stop_s=41.6, reason="contraction"),
    )
    case = judged([], [event(1, 5), event(2, 35)], name="tibialis", spans=spans)
    (table,) = real_tables([case])
    assert list(values(table).values()) == [1, 1, pytest.approx(1.0)]


def test_a_real_clip_that_failed_is_named() -> None:
    (table,) = real_tables([judged([], [], name="frozen", error=Code.INTERNAL)])
    assert values(table) == {"frozen: INTERNAL": None}

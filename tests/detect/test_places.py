"""Fields of movement made by hand: what is lost where, and what is not."""

import numpy as np
import pytest

from usfasc.detect.assess import spans
from usfasc.detect.loss import Loss, join
from usfasc.detect.places import Places, places_of, region_course
from usfasc.detect.stirring import stirring
from usfasc.motion.field import Field
from usfasc.motion.grid import Cells, Grid

ROWS, COLUMNS, STEP_S, DURATION_S = 36, 40, 0.03, 12.0
TIMES = np.arange(0.06, DURATION_S, STEP_S)
CELLS = Cells(
    grid=Grid(box=(0, 0, 160, 144), factor=(1, 1), spacing_mm=(0.25, 0.25), shape=(144, 160)),
    pixels=(4, 4),
    shape=(ROWS, COLUMNS),
)
WHOLE = np.ones((ROWS, COLUMNS), bool)
UPPER = np.zeros((ROWS, COLUMNS), bool)
UPPER[:14] = True
CORE = (0.0, DURATION_S)


def flat(value: float, *planes: int) -> np.ndarray:
    return np.full((len(TIMES), *planes, ROWS, COLUMNS), value, np.float32)


def field(**changed) -> Field:
    """Quiet tissue with ``name=(value, start_s, stop_s, cells)``."""
    values = {
        "shift_mm": flat(0.002, 2),
        "drift_mm": flat(0.001),
        "probe_mm": flat(0.002),
        "carried_mm": flat(0.001, 2),
        "unexplained_mm": flat(0.02),
        "unrest": np.ones(len(TIMES), np.float32),
    }
    for name, (value, start_s, stop_s, cells) in changed.items():
        when = (start_s <= TIMES) & (stop_s > TIMES)
        if name == "unrest":
            values[name][when] = value
        else:
            rows = values[name][when]
            rows[..., cells] = value
            values[name][when] = rows
    return Field(
        times_s=TIMES,
        lags_s=np.full(len(TIMES), 0.075),
        z=flat(1),
        z_per_mm=flat(200)[0],
        change=flat(1),
        explained=flat(0.1),
        valid=WHOLE,
        **values,
    )


def patch(height: int, width: int) -> np.ndarray:
    cells = np.zeros((ROWS, COLUMNS), bool)
    cells[20 : 20 + height, 10 : 10 + width] = True
    return cells


LOWER = ~UPPER
QUIET = [
    pytest.param({}, id="rest"),
    pytest.param({"shift_mm": (0.1, 5, 5.35, patch(10, 20))}, id="a large twitch"),
    pytest.param({"shift_mm": (0.1, 3, 9, patch(6, 10))}, id="a site that never rests"),
    pytest.param(
        {"shift_mm": (0.035, 3, 9, WHOLE), "unexplained_mm": (0.14, 0, 12, WHOLE)},
        id="noise feigns movement",
    ),
    pytest.param(
        {"shift_mm": (0.04, 3, 9, WHOLE), "drift_mm": (0.1, 3, 9, WHOLE)}, id="followed drift"
    ),
    pytest.param({"unexplained_mm": (0.5, 0, 12, patch(16, 30))}, id="a dark part of the picture"),
    pytest.param(
        {"unrest": (6, 3, 9, None), "unexplained_mm": (0.06, 3, 9, WHOLE),
         "carried_mm": (0.1, 3, 9, WHOLE)},
        id="speckle changes as tissue is carried",
    ),
]  # fmt: skip
LOST = [
    pytest.param({"shift_mm": (0.1, 3, 9, WHOLE)}, Loss.MOVED, id="contraction"),
    pytest.param({"probe_mm": (0.3, 3, 9, WHOLE)}, Loss.PROBE, id="sweep"),
    pytest.param({"unexplained_mm": (0.4, 3, 9, WHOLE)}, Loss.NOISE, id="signal lost"),
    pytest.param(
        {"shift_mm": (0.2, 3, 9, WHOLE), "unexplained_mm": (0.4, 3, 9, WHOLE)},
        Loss.MOVED,
        id="movement that decorrelates is movement",
    ),
    pytest.param(
        {"unrest": (6, 3, 9, None), "unexplained_mm": (0.06, 3, 9, WHOLE)},
        Loss.UNSTEADY,
        id="a held contraction trembles without going anywhere",
    ),
]


def judged(shown: Field, **regions):
    places = places_of(stirring(shown, CELLS), CORE)
    courses = {
        name: join([region_course(places, shown.valid, inside)])
        for name, inside in ({"*": WHOLE} | regions).items()
    }
    return spans(courses, (), DURATION_S, 0.5), places


def lost(places: Places) -> np.ndarray:
    return (places.states & 3) > 0


def reasons(found) -> list[tuple[float, float, str]]:
    return [(s.start_s, s.stop_s, s.reason) for s in found if s.reason and s.reason != Loss.ENDS]


@pytest.mark.parametrize("changed", QUIET)
def test_nothing_is_lost(changed):
    found, places = judged(field(**changed))
    assert reasons(found["*"]) == []
    assert not lost(places).any()


@pytest.mark.parametrize(("changed", "reason"), LOST)
def test_time_is_lost_tightly_around_its_cause(changed, reason):
    found, _ = judged(field(**changed))
    ((start_s, stop_s, why),) = reasons(found["*"])
    assert why == reason
    assert start_s == pytest.approx(3, abs=0.1)
    assert stop_s == pytest.approx(9, abs=0.1)


def test_what_could_never_be_seen_is_not_assessable():
    found, _ = judged(field(unexplained_mm=(0.4, 0, DURATION_S, WHOLE)))
    assert reasons(found["*"]) == [(0.0, DURATION_S, Loss.NOISE)]


def test_one_muscle_contracts_beside_a_quiet_one():
    found, places = judged(field(shift_mm=(0.1, 3, 9, LOWER)), upper=UPPER, lower=LOWER)
    assert reasons(found["upper"]) == []
    assert [why for *_, why in reasons(found["lower"])] == [Loss.MOVED]
    assert reasons(found["*"]) == []
    assert places.lost_at(CELLS, 6.0, (5.0, 20.0)) is None
    assert places.lost_at(CELLS, 6.0, (25.0, 20.0)) is Loss.MOVED
    assert places.lost_at(CELLS, 2.0, (25.0, 20.0)) is None


def test_regions_say_nothing_of_the_picture():
    shown = field(shift_mm=(0.1, 3, 9, LOWER))
    alone, _ = judged(shown)
    among, _ = judged(shown, upper=UPPER, lower=LOWER)
    assert alone["*"] == among["*"]


def test_a_contraction_of_nearly_all_loses_the_picture():
    nearly = WHOLE.copy()
    nearly[:6] = False
    found, _ = judged(field(shift_mm=(0.1, 3, 9, nearly)), upper=UPPER)
    assert [why for *_, why in reasons(found["*"])] == [Loss.MOVED]
    assert [why for *_, why in reasons(found["upper"])] == [Loss.MOVED]


@pytest.mark.parametrize(
    ("place_mm", "time_s"), [((-1.0, -1.0), 6.0), ((99.0, 99.0), 6.0), ((5.0, 5.0), 99.0)]
)
def test_any_place_and_time_has_an_answer(place_mm, time_s):
    _, places = judged(field())
    assert places.lost_at(CELLS, time_s, place_mm) is None
    assert places.between(0, 0).lost_at(CELLS, time_s, place_mm) is Loss.SHORT

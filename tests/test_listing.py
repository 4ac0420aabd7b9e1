"""Which movements are listed as what: gated by where and when they could be judged."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.movements import movement
from fixtures.outcomes import BOX, make_judged, make_spans

from usfasc.detect.loss import Loss
from usfasc.detect.packing import pack_places
from usfasc.detect.places import Places
from usfasc.listing import lost_at
from usfasc.model import JudgedPicture
from usfasc.motion.grid import search_cells

CELLS = search_cells(BOX, (0.3, 0.3))
WHOLE = make_spans("*", (0.0, 4.0, None))
MOVED = 2


def picture(start_s: float, stop_s: float) -> JudgedPicture:
    """A picture whose right half moves as a whole for a while."""
    times_s = np.arange(0.0, 4.0, 0.02)
    states = np.zeros((len(times_s), *CELLS.shape), np.uint8)
    states[(times_s >= start_s) & (times_s < stop_s), :, CELLS.shape[1] // 2 :] = MOVED
    window = pack_places(
        Places(
            times_s=times_s,
            states=states,
            seen=np.ones(CELLS.shape, bool),
            unsteady=np.zeros(len(times_s), bool),
        )
    )
    judged = make_judged()
    return judged.model_copy(
        update={"places": judged.places.model_copy(update={"windows": (window,)})}
    )


@pytest.mark.parametrize(
    ("lost_s", "x_mm", "expected"),
    [
        pytest.param((0.5, 2.0), 30.0, Loss.MOVED, id="amid a contraction"),
        pytest.param((0.5, 2.0), 3.0, None, id="beside a contraction"),
        pytest.param((1.03, 2.0), 30.0, Loss.MOVED, id="a contraction begins with it"),
        pytest.param((1.2, 2.0), 30.0, None, id="back before a contraction"),
        pytest.param((0.5, 0.9), 30.0, None, id="after a contraction"),
    ],
)
def test_a_movement_is_judged_where_it_is_from_onset_to_peak(
    lost_s: tuple[float, float], x_mm: float, expected: Loss | None
) -> None:
    item = movement(1.0, x_mm)
    assert lost_at(WHOLE, picture(*lost_s), CELLS, item) is expected


def test_in_lost_time_of_the_picture_nothing_is_judged() -> None:
    quiet, item = picture(9.0, 9.0), movement(1.0)
    dark = make_spans("*", (0.0, 0.5, None), (0.5, 4.0, Loss.DARK))
    assert lost_at(dark, quiet, CELLS, item) is Loss.DARK
    assert lost_at(make_spans("*", (2.0, 4.0, None)), quiet, CELLS, item) is Loss.ENDS


def test_what_no_window_watched_is_too_short() -> None:
    assert lost_at(WHOLE, make_judged(), CELLS, movement(1.0)) is Loss.SHORT

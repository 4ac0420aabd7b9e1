"""Whatever moves in a clip, and for how long a twitch has its place for itself."""

from __future__ import annotations

import numpy as np
import pytest
from fixtures.outcomes import make_event

from usfasc.describe.movements import Movements
from usfasc.model import Event, Kind

ALONE = {
    "nothing else": ([], (-np.inf, np.inf)),
    "another place": ([make_event(2, 2.3, x_px=100.0)], (-np.inf, np.inf)),
    "after it": ([make_event(2, 2.5)], (-np.inf, 0.5)),
    "within its rise": ([make_event(2, 2.05)], (-np.inf, np.inf)),
    "before it": ([make_event(2, 1.4, offset_s=1.7)], (-0.3, np.inf)),
    "into it": ([make_event(2, 1.9, offset_s=2.2)], (0.0, np.inf)),
    "of another kind": ([make_event(2, 2.5, kind=Kind.CONTRACTION)], (-np.inf, 0.5)),
}


@pytest.mark.parametrize(("others", "expected"), ALONE.values(), ids=ALONE)
def test_a_twitch_is_alone_until_another_movement_reaches_its_place(
    others: list[Event], expected: tuple[float, float]
) -> None:
    own = make_event(1, 2.0)
    assert Movements([own, *others]).alone_s(own) == pytest.approx(expected)

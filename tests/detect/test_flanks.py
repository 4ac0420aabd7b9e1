import numpy as np
import pytest

from usfasc.detect.flanks import BEGUN, ENDED, ways_back, ways_out

FINE_S = np.arange(-0.6, 1.5, 1e-4)[None]
OUT, BACK = ways_out(FINE_S), ways_back(FINE_S)
WAYS = {"out": (OUT, -1, BEGUN), "back": (BACK, 1, ENDED)}


@pytest.mark.parametrize("name", WAYS)
def test_a_flank_stands_on_one_side_of_the_peak_and_starts_at_it(name):
    ways, side, _ = WAYS[name]
    share = ways.share[:, 0]
    elsewhere = FINE_S[0] * side < -1e-9
    at_peak = np.abs(FINE_S[0] - side * 1e-4).argmin()
    assert (share[:, elsewhere] == 0).all()
    assert share[:, at_peak] == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", WAYS)
def test_its_length_ends_where_its_share_is_what_it_is_said_to_be(name):
    ways, side, level = WAYS[name]
    for share, lasts_s in zip(ways.share[:, 0], ways.lasts_s, strict=True):
        assert np.interp(side * lasts_s, FINE_S[0], share) == pytest.approx(level, abs=0.01)


@pytest.mark.parametrize("name", WAYS)
def test_its_speed_is_the_steepest_of_its_share(name):
    ways, side, _ = WAYS[name]
    inside = FINE_S[0] * side > 2e-4
    for share, speed in zip(ways.share[:, 0], ways.speed_per_s, strict=True):
        assert np.abs(np.diff(share[inside])).max() / 1e-4 == pytest.approx(speed, rel=0.02)

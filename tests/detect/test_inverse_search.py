import numpy as np
import pytest
from fixtures.speckle import SHAPE, moved, shift, speckle

from usfasc.detect.inverse_search import inverse_search

BEFORE = speckle().astype(np.float32)
AFTER = moved(BEFORE, shift(), 0.5).astype(np.float32)


@pytest.mark.parametrize("preset", ["fast", "medium"])
@pytest.mark.parametrize("smaller", [(40, 40), (40, 42), (46, 40), (60, 150), (100, 100)])
def test_a_pair_is_told_alike_whatever_was_looked_at_before(preset, smaller):
    alone = inverse_search(BEFORE, AFTER, preset)
    corner = tuple(slice(side) for side in smaller)
    inverse_search(BEFORE[corner], AFTER[corner], preset)
    np.testing.assert_array_equal(inverse_search(BEFORE, AFTER, preset), alone)
    assert alone.shape == (*SHAPE, 2)


@pytest.mark.parametrize("preset", ["fast", "medium"])
def test_values_beyond_grey_levels_are_clipped(preset):
    bright = inverse_search(BEFORE + 300, AFTER + 300, preset)
    assert np.abs(bright).max() < 1e-3

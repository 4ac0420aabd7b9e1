import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.model import Bmode
from usfasc.motion.grid import search_cells, verify_grid

SPACINGS = st.floats(0.03, 0.4)


def area(x0: int, y0: int, x1: int, y1: int) -> Bmode:
    return Bmode(box=(x0, y0, x1, y1), mask=np.ones((600, 800), bool), origin="given")


@given(dy=SPACINGS, dx=SPACINGS)
def test_grids_shrink_by_whole_factors_and_never_enlarge(dy, dx):
    bmode = area(10, 20, 710, 580)
    cells = search_cells(bmode.box, (dy, dx))
    for grid in (cells.grid, verify_grid(bmode.box, (dy, dx))):
        assert min(grid.factor) >= 1
        assert grid.spacing_mm == pytest.approx((dy * grid.factor[0], dx * grid.factor[1]))
        x0, y0, x1, y1 = grid.box
        assert (x0, y0) == (10, 20)
        assert x1 <= 710
        assert y1 <= 580
        assert grid.shrink(np.zeros((600, 800), np.uint8)).shape == grid.shape
    for size, spacing in zip(cells.size_mm, cells.grid.spacing_mm, strict=True):
        assert size == pytest.approx(1.0, abs=max(0.15, spacing / 2) + 1e-6)


@given(y_px=st.floats(0, 500), x_px=st.floats(0, 700), dy=SPACINGS, dx=SPACINGS)
def test_millimetres_of_the_crop_lead_back_to_stored_pixels(y_px, x_px, dy, dx):
    grid = verify_grid(area(10, 20, 710, 580).box, (dy, dx))
    y_mm, x_mm = (y_px - 20 + 0.5) * dy, (x_px - 10 + 0.5) * dx
    assert grid.to_pixels(y_mm, x_mm) == pytest.approx((y_px, x_px), abs=1e-6)


def test_a_mask_is_shrunk_by_majority():
    bmode = area(0, 0, 800, 600)
    grid = search_cells(bmode.box, (0.1, 0.1)).grid
    mask = np.zeros((600, 800), bool)
    mask[:, :400] = True
    shrunk = grid.shrink_mask(mask)
    assert shrunk.shape == grid.shape
    assert shrunk.mean() == pytest.approx(0.5, abs=0.01)

"""Invented screens: how often the box is right, and how often wrong though sure."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tissue.boxes import overlap
from tests.tissue.screens import make_screen
from usfasc.tissue import find_pictures


def measure(seeds: range) -> tuple[list[float], list[bool]]:
    """Overlap with the true box, and whether it was claimed, of each seed."""
    overlaps, sure = [], []
    for seed in seeds:
        screen = make_screen(seed)
        (bmode,) = find_pictures(screen.cine, None)
        overlaps.append(overlap(bmode.box, screen.box))
        sure.append(bmode.sure)
    return overlaps, sure


def _check(seeds: range, wrong_share: float) -> None:
    overlaps, sure = measure(seeds)
    wrong = [o < 0.9 for o, claimed in zip(overlaps, sure, strict=True) if claimed]
    print(  # noqa: T201 - the figures, to be read with -s
        f"{len(sure)} screens: overlap median {np.median(overlaps):.3f}, "
        f"worst {min(overlaps):.3f}, sure {np.mean(sure):.2f}, sure but wrong {np.mean(wrong):.3f}"
    )
    assert np.median(overlaps) >= 0.97
    assert np.mean(sure) >= 0.8
    assert np.mean(wrong) <= wrong_share


def test_a_few_screens() -> None:
    _check(range(100, 116), 0.07)


@pytest.mark.parametrize("seed", [111, 141, 166, 179])
def test_an_area_that_ends_too_soon_or_too_late_is_unsure(seed: int) -> None:
    assert not any(picture.sure for picture in find_pictures(make_screen(seed).cine, None))


@pytest.mark.nightly
def test_many_screens() -> None:
    _check(range(100, 200), 0.03)


def test_same_clip_same_area() -> None:
    (first,), (second,) = (find_pictures(make_screen(3).cine, None) for _ in range(2))
    assert first.box == second.box
    assert np.array_equal(first.mask, second.mask)

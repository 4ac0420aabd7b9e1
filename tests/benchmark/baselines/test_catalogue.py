"""What a method found is kept, and found again only for the same clip and picture."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fixtures import twitching as plain

from usfasc.benchmark.baselines import catalogue, kept_sweeps, view_of
from usfasc.io import memory_cine
from usfasc.model import Bmode, Cine


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    return tmp_path / "baselines"


@pytest.fixture
def cine() -> Cine:
    frames = plain.twitching(75)
    return memory_cine(frames, np.arange(75) / plain.RATE_HZ, plain.SPACING_MM)


def picture(left: int = 0) -> Bmode:
    box = (left, 0, plain.SHAPE[1], plain.SHAPE[0])
    return Bmode(box=box, mask=np.ones(plain.SHAPE, bool), origin="given")


def test_the_second_time_nothing_is_watched(
    cache: Path, cine: Cine, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = [view_of(cine, picture(), plain.SPACING_MM)]
    first = kept_sweeps(cine, views, ("differencing", "gmm"))
    monkeypatch.setattr(catalogue, "sweep", None)
    assert kept_sweeps(cine, views, ("differencing", "gmm")) == first
    assert len(list(cache.iterdir())) == 2


def test_what_is_shown_names_what_is_kept(cache: Path, cine: Cine) -> None:
    shown = [
        view_of(cine, picture(), plain.SPACING_MM),
        view_of(cine, picture(20), plain.SPACING_MM),
        view_of(cine, picture(), (0.1, 0.1)),
        view_of(replace(cine, times_s=np.arange(75) / 40), picture(), plain.SPACING_MM),
    ]
    for view in shown:
        kept_sweeps(cine, [view], ("differencing",))
    assert len(list(cache.iterdir())) == len(shown)


def test_no_method_makes_nothing(cache: Path, cine: Cine) -> None:
    assert kept_sweeps(cine, [view_of(cine, picture(), plain.SPACING_MM)], ()) == {}
    assert not cache.exists()

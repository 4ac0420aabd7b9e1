"""The stopwatch measures a clip in a process of its own."""

from pathlib import Path

import pytest

from usfasc.benchmark.recipes import PhantomRecipe
from usfasc.benchmark.speed import measure
from usfasc.phantom import NamedScene, Scene


def test_a_short_clip_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USFASC_CACHE", str(tmp_path))
    scene = Scene(height_px=128, width_px=128, depth_mm=30.0, width_mm=30.0, duration_s=3.0)
    named = NamedScene(name="short", scene=scene, seed=1)
    recipe = PhantomRecipe(section="phantom", group="standard", name="short", scene=named)
    speed = measure(recipe.ready().path)
    assert speed.duration_s == pytest.approx(3.0)
    assert 0 < speed.decode_s < speed.analyse_s
    assert 20 < speed.peak_mb < 2000

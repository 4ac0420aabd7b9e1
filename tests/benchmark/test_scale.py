"""The survey's chapter: clips that differ, the command run for real, figures with their bars."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from fixtures.survey import write_clip

from usfasc.benchmark import scale
from usfasc.benchmark.rows import rows_table
from usfasc.benchmark.scale import Run, measured, phantoms, run_once, scale_table, write_clips
from usfasc.pipeline import read_cine


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Clips that cost next to nothing."""
    monkeypatch.setattr(
        scale, "_phantom", lambda seed: write_clip(tmp_path / f"phantom{seed}.dcm", seed)
    )
    monkeypatch.setattr(scale, "_DISTINCT", 2)


def test_clips_are_many_and_sound(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    manifest = write_clips(tmp_path / "made", 5, phantoms(5))
    clips = sorted((tmp_path / "made" / "clips").iterdir())
    assert len({sha256(clip.read_bytes()).hexdigest() for clip in clips}) == 5
    assert len({read_cine(clip).source.sop_instance_uid for clip in clips}) == 5
    assert len(manifest.read_text(encoding="utf-8").splitlines()) == 6


def test_the_command_is_measured(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    run = run_once(write_clips(tmp_path / "made", 2, phantoms(2)), cores=1)
    assert 0.5 < run.seconds < 60
    assert 100 < max(run.memory_mb) < 2000
    assert run.growth > 0
    assert run.leftovers == 0


def test_bars_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Run(seconds=1.0, memory_mb=(1.0, 1.0), leftovers=0)
    monkeypatch.setattr(scale, "run_once", lambda *_: run)
    figures = {figure.name: figure for figure in scale_table(2, 1).figures}
    assert {name for name, figure in figures.items() if figure.met is not None} == {
        "two cores over one",
        "memory, second half over first",
        "files left over",
    }


def test_figures_are_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = iter([10.0, 5.0, 12.0, 6.0, 30.0, 30.0])
    memory_mb = (100.0, 300.0, 305.0, 290.0)
    monkeypatch.setattr(
        scale,
        "run_once",
        lambda _, cores: Run(seconds=next(taken), memory_mb=memory_mb, leftovers=0),
    )
    figures = {figure.name: figure for figure in scale_table(4, 3).figures}
    assert figures["two cores over one"].value == pytest.approx(2.0)
    assert figures["clips a minute, one core"].value == pytest.approx(20.0)
    assert figures["memory, second half over first"].value == pytest.approx(1.0)


def test_a_command_that_fails_is_no_figure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="usfasc survey check ended with exit code 1"):
        measured(("check", tmp_path / "none.csv"), 1, tmp_path)


def test_many_rows_are_measured() -> None:
    figures = {figure.name: figure for figure in rows_table(30).figures}
    assert figures["check, s"].met
    assert figures["report, s"].met
    assert figures["peak memory of the report, MB"].value > 50
    # Half a dozen subjects with their pictures, and no more than a few loops of each.
    assert 0.1 < figures["page, MB"].value < 10

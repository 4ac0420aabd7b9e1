"""Speed and memory as issue 2 wants them; run with ``-m nightly``."""

import pytest

from usfasc.benchmark.speed import measure, speed_clip


@pytest.mark.nightly
@pytest.mark.parametrize("length_s", [60.0, 600.0])
def test_real_time_and_memory(length_s: float) -> None:
    speed = measure(speed_clip(length_s))
    assert speed.duration_s == pytest.approx(length_s, rel=1e-3)
    assert speed.duration_s / speed.analyse_s >= 6
    assert speed.peak_mb < 400

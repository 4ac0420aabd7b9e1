"""Time that is left goes by bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from usfasc.survey.pace import Progress


def test_nothing_is_guessed_before_a_clip_is_done() -> None:
    assert Progress(clips=3, total_bytes=30).remaining_s(5.0, 2) is None


@given(
    st.lists(st.integers(1, 10**9), min_size=2, max_size=30),
    st.floats(1e-9, 1e-3),
    st.integers(1, 16),
)
def test_an_even_pace_is_told_to_the_second(
    sizes: list[int], s_per_byte: float, workers: int
) -> None:
    """Clips of any size, as long as a byte takes as long in each."""
    progress, total = Progress(clips=len(sizes), total_bytes=sum(sizes)), sum(sizes)
    for done, size in enumerate(sizes, start=1):
        progress = progress.after(size, size * s_per_byte, failed=False)
        elapsed_s = sum(sizes[:done]) * s_per_byte / workers
        left_s = (total - sum(sizes[:done])) * s_per_byte / workers
        told_s = progress.remaining_s(elapsed_s, workers)
        assert told_s == pytest.approx(left_s, rel=1e-6, abs=1e-6 * total * s_per_byte)
    assert (progress.done, progress.done_bytes) == (len(sizes), total)


def test_many_small_clips_do_not_hide_a_large_one() -> None:
    progress = Progress(clips=11, total_bytes=110)
    for _ in range(10):
        progress = progress.after(1, 1.0, failed=False)
    assert progress.remaining_s(10.0, 1) == pytest.approx(100.0)


def test_failures_are_counted() -> None:
    assert Progress(clips=2).after(1, 1.0, failed=True).after(1, 1.0, failed=False).failed == 1

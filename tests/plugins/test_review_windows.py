"""Several windows in review: each closes while another one plays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

OpenWindow = Callable[..., Any]
Settle = Callable[..., None]


@pytest.mark.parametrize("first", [0, 1])
def test_a_window_closes_while_another_plays(
    open_window: OpenWindow, reviewable: Path, settle: Settle, first: int
) -> None:
    from usfasc_napari.review_dock import ReviewDock

    viewers = [open_window(reviewable, reviewer=name) for name in ("ann", "bob")]
    docks = [viewer.window._qt_window.findChild(ReviewDock) for viewer in viewers]
    settle(0.3)
    assert all(dock.playback.loops for dock in docks)
    viewers[first].close()
    other = docks[1 - first]
    seen = set()
    for _ in range(20):
        settle(0.05)
        seen.add(other.desk.frame)
    assert other.playback.loops and len(seen) > 3
    viewers[1 - first].close()
    settle(0.5)

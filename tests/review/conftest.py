"""A result on disk, to be reviewed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixtures.outcomes import make_event, make_result

from usfasc.io.results import write_result
from usfasc.model import Kind

EVENTS = (
    make_event(1, 0.5),
    make_event(2, 1.0, x_px=60.0, score=0.61),
    make_event(3, 1.6, y_px=60.0, score=0.7),
    make_event(4, 2.2, kind=Kind.UNSURE, score=0.4, reason="too weak"),
    make_event(5, 2.6, kind=Kind.PULSATION, score=0.2, reason="it beats"),
)


@pytest.fixture
def result_path(tmp_path: Path) -> Path:
    """Five events: three counted, one doubtful, one pulsation."""
    path, _ = write_result(make_result(EVENTS), tmp_path, "clip")
    return path

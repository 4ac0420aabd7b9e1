"""One file of the corpus: how it is written, and what must be read from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from usfasc.model import Box

Levels = NDArray[np.float64]
Scale = tuple[float, float] | None
EXACT = 0.51
"""Grey levels; formulas are compared before rounding, pixels after it."""
LOSSY = 2.0
"""Two decoders of one lossy format need not round alike."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file."""

    name: str
    syntax: str
    photometric: str
    """Photometric interpretation and bits of a sample."""
    write: Callable[[Path], None]
    frames: int = 0
    expected: Callable[[Path], Levels] | None = None
    """Grey levels ``(t, y, x)`` by another decoder, or the truth itself."""
    against: str = ""
    """Where the expected grey levels are from."""
    tolerance: float = EXACT
    refusal: str = ""
    """Code of the refusal, where that is what must come."""
    steps_s: tuple[float, ...] = (0.04,)
    """Time from frame to frame, repeated as needed; empty where it must be unknown."""
    boxes: tuple[Box, ...] = ()
    """Pictures of the screen, from left to right; empty where anything will do."""
    scales: tuple[Scale, ...] = ()
    """Their ``(dy, dx)`` in mm."""
    warning: str = ""
    """Words of a warning that must come."""

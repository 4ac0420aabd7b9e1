"""Files in and out: guard, DICOM, video, results, the one atomic write."""

from __future__ import annotations

from usfasc.io.memory import memory_cine
from usfasc.io.opening import open_cine

__all__ = ["memory_cine", "open_cine"]

"""How far a run is, and how long it will take.

Clips differ: time left goes by the bytes of the clips that are left and the seconds that
a byte took so far, never by the number of clips.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands; ``clips`` are those that this run has to judge."""

    clips: int
    done: int = 0
    failed: int = 0
    kept: int = 0
    """Clips that an earlier run finished."""
    total_bytes: int = 0
    done_bytes: int = 0
    work_s: float = 0.0
    """Seconds that the clips that are done took, added up over the workers."""

    def after(self, size_bytes: int, duration_s: float, *, failed: bool) -> Progress:
        """The same run one clip later."""
        return replace(
            self,
            done=self.done + 1,
            failed=self.failed + failed,
            done_bytes=self.done_bytes + size_bytes,
            work_s=self.work_s + duration_s,
        )

    def remaining_s(self, elapsed_s: float, workers: int) -> float | None:
        """Seconds still to go; None until a clip is done.

        Parameters
        ----------
        elapsed_s
            Since the work began.
        workers
            How many clips are worked on side by side.
        """
        if not self.done_bytes:
            return None
        left_s = (self.total_bytes - self.done_bytes) * self.work_s / self.done_bytes
        # What is worked on just now is part of what is left, and of what has been spent.
        return max(0.0, (self.work_s + left_s) / workers - elapsed_s)

"""Every parameter, declared once: default, unit, range, one sentence.

CLI, plugin, JSON and documentation derive from these fields. All are in
seconds, millimetres or mm/s, never in frames or pixels.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


def _param(default: float, unit: str, low: float, high: float, sentence: str) -> Any:
    return Field(default, ge=low, le=high, description=sentence, json_schema_extra={"unit": unit})


class Parameters(BaseModel):
    """The parameters of one analysis, frozen and validated."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    count_score: float = _param(
        0.6, "", 0, 1, "Score from which a movement counts as a fasciculation."
    )
    list_score: float = _param(
        0.1, "", 0, 1, "Score from which a movement is listed, for a person to look at."
    )
    moving_share: float = _param(
        0.5,
        "",
        0.01,
        1,
        "Share of a region that may stir for longer than a twitch does; of the whole picture "
        "half of the rest may as well.",
    )
    candidates_per_s: float = _param(
        6.0, "1/s", 0.5, 20, "How many candidates a second are considered."
    )
    look_score: float = _param(
        0.01, "", 0, 1, "Score at a glance from which a candidate is looked at closely."
    )
    statistics_window_s: float = _param(
        20.0, "s", 20, 60, "Length of time over which noise and usual movement are taken."
    )
    assumed_depth_mm: float = _param(
        40.0, "mm", 10, 300, "Height taken for the B-mode area of an uncalibrated clip."
    )

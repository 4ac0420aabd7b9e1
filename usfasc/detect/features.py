"""What is known of one candidate, as numbers that a score can weigh.

Some are known at a glance, from the search; the rest once its frames were looked at.
Each feature is finite, free of the clip's pixels and frames, and named for what it
measures, so that a table of them can train a better score later.
"""

from __future__ import annotations

from dataclasses import asdict, astuple, dataclass, fields

import numpy as np

from usfasc.detect.candidates import Candidate, Response
from usfasc.detect.verify import Look
from usfasc.model import Floats, Mask
from usfasc.motion.field import Field
from usfasc.motion.grid import Cells

_RATES_S = (0.45, 1.6)
_NEAR_MM = 10.0
_BORDER_MM = 3.0
"""Further from the border than a cell's neighbourhood reaches, it means nothing."""
_BEFORE_S, _AFTER_S = (-0.8, -0.1), (0.55, 1.2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What the search itself says of a candidate; logs are natural."""

    strength: float
    change_share: float
    moving: float
    moving_near: float
    restless: float
    field_share: float
    unrest: float
    probe: float
    periodic: float
    standing_out: float
    border: float

    def vector(self) -> Floats:
        """The features ``(n,)`` in the order of ``names()``."""
        return np.array(astuple(self))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names in order."""
        return tuple(item.name for item in fields(cls))


@dataclass(frozen=True, slots=True, kw_only=True)
class Features(Glance):
    """All numbers about one candidate, once it has been looked at closely."""

    snr: float
    fit_share: float
    over_step: float
    over_reversed: float
    over_sinusoid: float
    over_flash: float
    after_quiet: float
    size: float
    explained: float
    inside_over_around: float
    frozen: float
    displacement: float
    area: float
    around: float
    dark_near: float
    contraction: float
    still: float
    still_gained: float
    still_lost: float
    jump: float
    jump_around: float
    sudden: float
    sudden_around: float


def glance_at(candidate: Candidate, field: Field, response: Response, context: Context) -> Glance:
    """What is known of a candidate before its frames are looked at.

    Parameters
    ----------
    candidate
        What the search found.
    field, response
        Movement of the window that it lies in.
    context
        What the window says about its moments and cells.
    """
    moment = int(np.abs(field.times_s - candidate.onset_s - 0.05).argmin())
    return Glance(
        strength=float(np.log(candidate.strength)),
        change_share=candidate.change_strength / (candidate.strength + 1e-6),
        moving=float(context.moving[moment]),
        moving_near=context.near(moment, candidate),
        restless=float(np.log(context.around_in_time(candidate.onset_s) + 0.004)),
        field_share=candidate.field_share,
        unrest=float(np.log(context.unrest[moment])),
        probe=float(np.log(context.probe_mm[moment] + 0.002)),
        periodic=periodicity(response, candidate),
        standing_out=_standing_out(response, candidate),
        border=min(context.border_mm(candidate.y_mm, candidate.x_mm), _BORDER_MM),
    )


def describe(glance: Glance, look: Look) -> Features:
    """Collect the features of one candidate: what a glance and the second look found."""
    fit = look.fit
    return Features(
        **asdict(glance),
        snr=float(np.log(np.clip(fit.snr, 0.3, 100))),
        fit_share=fit.share,
        over_step=fit.over_step,
        over_reversed=fit.over_reversed,
        over_sinusoid=fit.over_sinusoid,
        over_flash=fit.over_flash,
        after_quiet=float(min(fit.after_quiet, 2)),
        size=float(np.log(np.clip(fit.size, 0.05, 5))),
        explained=float(np.clip(look.explained, -0.5, 1.2)),
        inside_over_around=float(np.clip(look.inside_over_around, -2, 4)),
        frozen=look.frozen,
        displacement=float(np.log(np.clip(look.displacement_mm, 0.005, 3))),
        area=float(np.log(np.clip(look.area_mm2, 1, 2000))),
        around=float(np.log((look.around_mm + 0.002) / (look.displacement_mm + 0.004))),
        dark_near=min(look.dark_near, 1.0),
        contraction=float(np.log(fit.peak_s - fit.onset_s)),
        **asdict(look.steps),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Per moment of a window: what moves for longer than a twitch, noise, probe movement."""

    times_s: Floats
    moving: Floats
    stirring: Floats
    lasting: Mask
    unrest: Floats
    probe_mm: Floats
    cells: Cells

    def around_in_time(self, onset_s: float) -> float:
        """Share of the field that stirs by itself shortly before and after a twitch's time."""
        since = self.times_s - onset_s
        before = (since > _BEFORE_S[0]) & (since < _BEFORE_S[1])
        after = (since > _AFTER_S[0]) & (since < _AFTER_S[1])
        return float(self.stirring[before | after].mean()) if (before | after).any() else 0.0

    def near(self, moment: int, candidate: Candidate) -> float:
        """Share of the cells within 10 mm that move for longer than a twitch."""
        height, width = self.cells.size_mm
        rows, columns = np.indices(self.cells.shape)
        apart = np.hypot((rows - candidate.row) * height, (columns - candidate.column) * width)
        return float(self.lasting[moment][apart <= _NEAR_MM].mean())

    def border_mm(self, y_mm: float, x_mm: float) -> float:
        """Distance to the nearest border of the picture."""
        height, width = self.cells.grid.size_mm
        return float(min(y_mm, x_mm, height - y_mm, width - x_mm))


def periodicity(response: Response, candidate: Candidate) -> float:
    """Largest autocorrelation of the site's movement at 0.45-1.6 s, 0-1."""
    vector = response.vector[:, :, candidate.row, candidate.column]
    course = vector @ np.array(candidate.direction, np.float32)
    step_s = float(response.times_s[1] - response.times_s[0])
    around = np.abs(response.times_s - candidate.onset_s) <= 6.0
    part = course[around] - course[around].mean()
    power = float(part @ part) + 1e-9
    lags = range(round(_RATES_S[0] / step_s), min(round(_RATES_S[1] / step_s), len(part) // 2))
    values = [
        float(part[lag:] @ part[:-lag]) / power * len(part) / (len(part) - lag) for lag in lags
    ]
    return float(np.clip(max(values, default=0.0), 0, 1))


def _standing_out(response: Response, candidate: Candidate) -> float:
    """Log of the candidate's strength over the site's usual once-a-second best."""
    course = response.strength[:, candidate.row, candidate.column]
    step_s = float(response.times_s[1] - response.times_s[0])
    second = max(1, round(1.0 / step_s))
    count = max(1, len(course) // second)
    best = course[: count * second].reshape(count, -1).max(axis=1)
    return float(np.log(candidate.strength / (np.median(best) + 0.5)))

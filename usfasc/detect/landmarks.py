"""When a course over time begins, peaks and ends, and how fast it is.

A cubic spline runs through the frames, which is what a frame rate can tell of a smooth
movement; it is solved here, since scipy.interpolate would take 26 MB of memory. The ends
are drawn from the flanks, where noise and what stays behind matter little: the onset from
when a quarter and a half of the peak are passed, the end likewise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from usfasc.model import Floats

_STEP_S = 0.001
_BEGIN, _END = 0.9, 0.95
"""From a quarter of the peak to a twentieth of it on the way out, and to a tenth on the way
back, in units of the time between a quarter and a half: middles of what smoothsteps, cosines
and t exp(-t) give (0.66-1.13 and 0.75-1.19)."""
_EARLY_S, _LATE_S = 0.05, 0.08
_BACK_S, _ON_S = 0.25, 0.75
_FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmarks:
    """Onset (a twentieth of the peak), peak and end (a tenth) of a twitch.

    ``height`` is in the course's unit, speeds in that per second: ``speed`` the largest,
    ``out_speed`` and ``back_speed`` those of the two flanks between a quarter and a half.
    The end is None where it does not come back to a quarter.
    """

    onset_s: float
    peak_s: float
    offset_s: float | None
    height: float
    speed: float
    out_speed: float
    back_speed: float | None


def find_landmarks(
    time_s: Floats, course: Floats, onset_s: float, peak_s: float
) -> Landmarks | None:
    """Landmarks of the twitch that a course shows about a time.

    Parameters
    ----------
    time_s, course
        ``(t,)``, times rising strictly.
    onset_s, peak_s
        Where the twitch was found, to some tens of ms.

    Returns
    -------
    Landmarks or None
        None where nothing rises there.
    """
    fine_s = np.arange(max(time_s[0], onset_s - _BACK_S), min(time_s[-1], onset_s + _ON_S), _STEP_S)
    if len(time_s) < _FEWEST or not len(fine_s):
        return None
    value = through(time_s, course, fine_s)
    about = np.flatnonzero((fine_s >= onset_s - _EARLY_S) & (fine_s <= peak_s + _LATE_S))
    if not len(about):
        return None
    top = int(about[value[about].argmax()])
    return _about_peak(fine_s, value, top)


def through(time_s: Floats, course: Floats, at_s: Floats) -> Floats:
    """A course between its frames, by the cubic spline through them.

    The third derivative is one and the same on either side of the second frame and of the
    last but one ("not a knot"; de Boor 1978).

    Parameters
    ----------
    time_s, course
        ``(t,)``, at least four, times rising strictly.
    at_s
        ``(n,)`` times within them.
    """
    steps_s = np.diff(time_s)
    secants = np.diff(course) / steps_s
    slopes = np.linalg.solve(*_for_slopes(steps_s, secants))
    left = np.clip(np.searchsorted(time_s, at_s, "right") - 1, 0, len(steps_s) - 1)
    step_s = steps_s[left]
    share = (at_s - time_s[left]) / step_s
    bend = slopes[left] + slopes[left + 1] - 2 * secants[left]
    cubic = (1 - share) * (slopes[left] - secants[left] - share * bend)
    return np.asarray(course[left] + share * step_s * (secants[left] + cubic), np.float64)


def _for_slopes(steps_s: Floats, secants: Floats) -> tuple[Floats, Floats]:
    """Equations ``(t, t)`` of the spline's slopes at the frames, and their right side ``(t,)``."""
    count = len(steps_s) + 1
    left, right = steps_s[:-1], steps_s[1:]
    equations, values = np.zeros((count, count)), np.zeros(count)
    inner = np.arange(1, count - 1)
    equations[inner, inner - 1] = right
    equations[inner, inner] = 2 * (left + right)
    equations[inner, inner + 1] = left
    values[inner] = 3 * (right * secants[:-1] + left * secants[1:])
    for end, step in ((0, 1), (-1, -1)):
        first, second = steps_s[end], steps_s[end + step]
        near, far = secants[end], secants[end + step]
        both = first + second
        equations[end, end], equations[end, end + step] = second, both
        values[end] = ((first + 2 * both) * second * near + first**2 * far) / both
    return equations, values


def _about_peak(fine_s: Floats, value: Floats, top: int) -> Landmarks | None:
    height = float(value[top])
    rise = [_last_below(value[: top + 1], share * height) for share in (0.25, 0.5)]
    fall = [_first_below(value[top:], share * height) for share in (0.5, 0.25)]
    if height <= 0 or rise[0] is None or rise[1] is None:
        return None
    quarter, half = fine_s[rise[0]], fine_s[rise[1]]
    onset_s = float(quarter - _BEGIN * (half - quarter))
    offset_s = back = None
    stop = len(value)
    if fall[0] is not None and fall[1] is not None:
        lasts_s = max((fall[1] - fall[0]) * _STEP_S, _STEP_S)
        offset_s = float(fine_s[top + fall[1]] + _END * lasts_s)
        back, stop = 0.25 * height / lasts_s, top + fall[1]
    return Landmarks(
        onset_s=onset_s,
        peak_s=float(fine_s[top]),
        offset_s=offset_s,
        height=height,
        speed=float(np.abs(np.gradient(value[rise[0] : stop + 1], _STEP_S)).max()),
        out_speed=float(0.25 * height / max(half - quarter, _STEP_S)),
        back_speed=back,
    )


def _last_below(value: Floats, level: float) -> int | None:
    below = np.flatnonzero(value < level)
    return int(below[-1]) if len(below) else None


def _first_below(value: Floats, level: float) -> int | None:
    below = np.flatnonzero(value < level)
    return int(below[0]) if len(below) else None

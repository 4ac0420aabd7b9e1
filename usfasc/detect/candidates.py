"""Candidates: moments and places that move like a twitch.

A matched filter in time: the local movement, weighted by how sure it is, is
correlated with the lagged shape of a twitch's displacement, out and back, so
that noise, steps and slow motion score low. Local maxima in time and space
are candidates; the best few a second go on to be verified.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from usfasc.detect.waveform import Shape, twitch
from usfasc.model import Floats, Mask
from usfasc.motion.evidence import LAG_S
from usfasc.motion.field import Field, Stack, interpolate, usual
from usfasc.motion.grid import Cells

_CONTRACTION_S = (0.050, 0.090)
_KERNEL_S = (-0.15, 0.5)
_APART_S = 0.10
_APART_MM = 3.0
_LOWEST_Z = 4.0
_CHANGE_WEIGHT = 0.5
_LEAST_USUAL, _MOST_USUAL = 0.5, 3.0
"""Of the picture's usual: what never moves, or never rests, is not its own measure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A moment and place to be verified; place in mm from the crop's corner."""

    onset_s: float
    y_mm: float
    x_mm: float
    strength: float
    flow_strength: float
    change_strength: float
    direction: tuple[float, float]
    field_share: float
    row: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The matched filter's answer on an even time axis, ``(t, rows, columns)``."""

    times_s: Floats
    strength: Stack
    flow: Stack
    change: Stack
    vector: NDArray[np.float32]


def respond(field: Field) -> Response:
    """Correlate the field's movement with lagged twitches.

    Parameters
    ----------
    field
        Movement of one window.

    Returns
    -------
    Response
        ``strength`` in units of the cell's usual answer; time is the onset.
    """
    step_s = float(np.median(np.diff(field.times_s)))
    times_s = np.arange(field.times_s[0], field.times_s[-1] + step_s / 2, step_s)
    sure = _evenly(_sure(field), field.times_s, times_s)
    excess = np.sqrt(np.maximum(_evenly(field.change, field.times_s, times_s) - 1, 0))
    first, *others = _CONTRACTION_S
    best = _answer(sure, excess, step_s, first)
    for length_s in others:
        answer = _answer(sure, excess, step_s, length_s)
        best.take(answer, answer.strength > best.strength)
    return Response(
        times_s=times_s,
        strength=best.strength * field.valid,
        flow=best.flow,
        change=best.change,
        vector=best.vector,
    )


def _sure(field: Field) -> Stack:
    """Movement ``(t, 2, rows, columns)`` as long as it is sure."""
    size = np.sqrt((field.shift_mm**2).sum(axis=1)) + 1e-9
    return np.asarray(field.shift_mm * (field.z / size)[:, None], np.float32)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one length of twitch answers; arrays are changed in place to keep memory small."""

    strength: Stack
    flow: Stack
    change: Stack
    vector: Stack

    def take(self, other: _Answer, where: Mask) -> None:
        """Take over another's answer where it is better."""
        for name in ("strength", "flow", "change"):
            np.copyto(getattr(self, name), getattr(other, name), where=where)
        np.copyto(self.vector, other.vector, where=where[:, None])


def _evenly(values: Stack, times_s: Floats, even_s: Floats) -> Stack:
    """Values at evenly spaced times."""
    return interpolate(values, np.interp(even_s, times_s, np.arange(len(times_s))))


def _kernel(step_s: float, contraction_s: float) -> tuple[NDArray[np.float32], int]:
    """Lagged twitch of unit norm and the place of its onset in it."""
    before = round(-_KERNEL_S[0] / step_s)
    after = round(_KERNEL_S[1] / step_s)
    time_s = np.arange(-before, after + 1, dtype=np.float64) * step_s
    model = Shape(onset_s=0.0, contraction_s=contraction_s, relaxation_s=contraction_s)
    shape = twitch(time_s + LAG_S / 2, model) - twitch(time_s - LAG_S / 2, model)
    shape -= shape.mean()
    return (shape / np.linalg.norm(shape)).astype(np.float32), before


def _correlate(values: Stack, kernel: NDArray[np.float32], onset: int) -> Stack:
    origin = onset - len(kernel) // 2
    return np.asarray(
        ndimage.correlate1d(values, kernel, axis=0, mode="nearest", origin=origin), np.float32
    )


def _answer(sure: Stack, excess: Stack, step_s: float, contraction_s: float) -> _Answer:
    kernel, onset = _kernel(step_s, contraction_s)
    vector = _correlate(sure, kernel, onset)
    flow = _in_usual(np.sqrt((vector**2).sum(axis=1)))
    lobes = np.abs(kernel) - np.abs(kernel).mean()
    lobes = (lobes / np.linalg.norm(lobes)).astype(np.float32)
    change = np.maximum(_in_usual(_correlate(excess, lobes, onset), centre=True), 0)
    return _Answer(np.sqrt(flow**2 + _CHANGE_WEIGHT**2 * change**2), flow, change, vector)


def _in_usual(values: Stack, centre: bool = False) -> Stack:
    """In units of the cell's usual size over the window."""
    if centre:
        values = values - usual(values)
    scale = usual(np.abs(values))
    middle = np.median(scale) + 1e-6
    bounded = np.clip(scale, _LEAST_USUAL * middle, _MOST_USUAL * middle)
    return np.asarray(values / bounded, np.float32)


def find_candidates(response: Response, cells: Cells, a_second: float) -> list[Candidate]:
    """Local maxima within 100 ms and 3 mm, the strongest ``a_second`` of them.

    Returns
    -------
    list of Candidate
        In order of falling strength.
    """
    step_s = float(response.times_s[1] - response.times_s[0])
    height, width = cells.size_mm
    reach = (
        2 * round(_APART_S / step_s) + 1,
        2 * round(_APART_MM / height) + 1,
        2 * round(_APART_MM / width) + 1,
    )
    top = ndimage.maximum_filter(response.strength, size=reach, mode="nearest")
    peaks = np.argwhere((response.strength == top) & (response.strength > _LOWEST_Z))
    order = np.argsort(-response.strength[tuple(peaks.T)], kind="stable")
    quota = _Quota(a_second)
    chosen = [peak for peak in peaks[order] if quota.takes(response.times_s[peak[0]])]
    return [
        candidate_at(response, cells, (int(peak[0]), int(peak[1]), int(peak[2]))) for peak in chosen
    ]


class _Quota:
    """At most so many in any one second of the clip, strongest first."""

    def __init__(self, a_second: float) -> None:
        self._limit = a_second
        self._taken: dict[int, int] = {}

    def takes(self, time_s: float) -> bool:
        second = int(time_s)
        self._taken[second] = self._taken.get(second, 0) + 1
        return self._taken[second] <= self._limit


def candidate_at(response: Response, cells: Cells, peak: tuple[int, int, int]) -> Candidate:
    """What the filter's answer is at a moment, row and column, and about them."""
    moment, row, column = peak
    picture = response.strength[moment]
    labels, _ = ndimage.label(picture > picture[row, column] / 2)
    own = labels == labels[row, column]
    weight = np.where(own, picture**2, 0)
    near = _near(picture.shape, row, column, cells)
    weight = weight * near
    rows, columns = np.indices(picture.shape)
    y_mm, x_mm = cells.centre_mm(
        float((rows * weight).sum() / weight.sum()),
        float((columns * weight).sum() / weight.sum()),
    )
    x, y = response.vector[moment, :, row, column]
    length = float(np.hypot(x, y)) + 1e-12
    return Candidate(
        onset_s=float(response.times_s[moment]),
        y_mm=y_mm,
        x_mm=x_mm,
        strength=float(picture[row, column]),
        flow_strength=float(response.flow[moment, row, column]),
        change_strength=float(response.change[moment, row, column]),
        direction=(float(x) / length, float(y) / length),
        field_share=float(own.mean()),
        row=row,
        column=column,
    )


def _near(shape: tuple[int, ...], row: int, column: int, cells: Cells) -> NDArray[np.bool_]:
    """Within 6 mm of a cell, so that a wide region's centre stays at its peak."""
    height, width = cells.size_mm
    rows, columns = np.indices(shape)
    return np.asarray(np.hypot((rows - row) * height, (columns - column) * width) <= 6.0)

"""From evidence to movement: what the probe did, what the tissue did, how sure.

Over one window of time: cells are weighted by their own noise, the affine
movement of the whole picture is solved in closed form and taken out, the rest
is solved per cell over a 2 mm neighbourhood, slow drift is removed, and the
result is scaled by what is usual for that cell and that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from usfasc._cv import cv2
from usfasc.model import Floats, Mask
from usfasc.motion.evidence import TT, XT, XX, XY, YT, YY, Evidence
from usfasc.motion.grid import Cells

Stack = NDArray[np.float32]

_LEAST_COVERED = 0.3
_NOISE_PERCENTILE = 30
_NOISE_FLOOR_GREY2 = 0.5
_NEIGHBOURHOOD_MM = 2.0
_RIDGE = 0.03
_DRIFT_S = 0.8
_FLOOR_MM = 0.003
_STILL_ENERGY = 0.2
"""Of a cell at ordinary noise it is about 1; a codec that freezes the picture leaves less."""
_RESTLESS = 3.0
"""Most that a cell's usual may be over that of the others: a site that never rests would else
pass for one that is only noisy, and its twitches for noise."""
_ROBUST_PASSES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Movement over one window, per evidence time and cell.

    ``shift_mm`` is ``(t, 2, rows, columns)`` (x, y) over one lag, local part
    only, slow drift taken out; ``drift_mm`` ``(t, rows, columns)`` the size of that
    drift; ``z`` ``(t, rows, columns)`` in units of the cell's usual movement,
    and ``z_per_mm`` ``(rows, columns)`` what a millimetre would be in them;
    ``unrest`` ``(t,)`` how much noisier than usual a moment is; ``probe_mm``
    ``(t, rows, columns)`` the size of the global part; ``carried_mm``
    ``(t, 2, rows, columns)`` what carries a site along over one lag, the probe's
    movement and the tissue's slow drift;
    ``change`` ``(t, rows, columns)`` the frame difference in units of its
    usual value; ``explained`` the share of the difference that flow explains, and
    ``unexplained_mm`` the rest, as the movement over one lag that would change the
    picture as much: what noise, lack of signal and lost speckle amount to.
    """

    times_s: Floats
    lags_s: Floats
    shift_mm: Stack
    drift_mm: Stack
    z: Stack
    z_per_mm: Stack
    unrest: Stack
    probe_mm: Stack
    carried_mm: Stack
    change: Stack
    explained: Stack
    unexplained_mm: Stack
    valid: Mask


def motion_field(evidence: Sequence[Evidence], cells: Cells, coverage: Stack) -> Field:
    """Solve the movement of one window.

    Parameters
    ----------
    evidence
        In order of time.
    cells
        Their geometry.
    coverage
        ``(rows, columns)``, share of each cell that can be judged.
    """
    products = np.stack([item.products for item in evidence])
    valid = holds_tissue(coverage)
    products *= _weights(products[:, TT], valid)
    probe = _probe_motion(products, cells)
    _subtract(products, probe)
    smooth = _smooth(products, cells)
    del products
    shift = _solve(smooth)
    explained, unexplained = _energies(smooth, shift)
    unrest = _unrest(unexplained, valid)
    times_s = np.array([item.time_s for item in evidence])
    drift = running_median(shift, times_s, _DRIFT_S)
    shift -= drift
    total = smooth[:, TT]
    z, z_per_mm = _scaled(shift, smooth, unrest)
    return Field(
        times_s=times_s,
        lags_s=np.array([item.lag_s for item in evidence]),
        shift_mm=shift,
        drift_mm=np.hypot(drift[:, 0], drift[:, 1]),
        z=z * valid,
        z_per_mm=z_per_mm * valid,
        unrest=unrest,
        probe_mm=np.hypot(probe[:, 0], probe[:, 1]),
        carried_mm=probe + drift,
        change=_in_usual(total) / unrest[:, None, None],
        explained=np.clip(explained / np.maximum(total, 1e-6), 0, 1),
        unexplained_mm=_as_movement(unexplained, smooth),
        valid=valid,
    )


def holds_tissue(coverage: Stack) -> Mask:
    """Cells that can be judged, by the share of each ``(rows, columns)`` that is tissue."""
    return np.asarray(coverage > _LEAST_COVERED)


def carried_path(field: Field, row: int, column: int) -> Floats:
    """Where probe and drift carried a site, ``(t, 2)`` mm (x, y), from the window's start."""
    speed = field.carried_mm[:, :, row, column] / field.lags_s[:, None]
    steps_s = np.diff(field.times_s, prepend=field.times_s[0])
    return np.asarray(np.cumsum(speed * steps_s[:, None], axis=0), np.float64)


def _weights(difference: Stack, valid: Mask) -> Stack:
    """One over the cell's quiet-time noise; nothing where the cell is masked."""
    noise = np.percentile(difference, _NOISE_PERCENTILE, axis=0) + _NOISE_FLOOR_GREY2
    return (valid / noise).astype(np.float32)


def _bases(cells: Cells) -> Floats:
    """Affine basis ``(3, rows, columns)``: 1, x, y in units of 10 mm about the centre."""
    rows, columns = cells.shape
    height, width = cells.size_mm
    y = (np.arange(rows) - (rows - 1) / 2) * height / 10
    x = (np.arange(columns) - (columns - 1) / 2) * width / 10
    return np.stack([np.ones((rows, columns)), *np.broadcast_arrays(x[None, :], y[:, None])])


def _in_blocks(values: NDArray[Any]) -> Floats:
    """Sums over blocks of two by two cells, ``(n, blocks)``; an odd last row or column is left."""
    even = values[..., : values.shape[-2] // 2 * 2, : values.shape[-1] // 2 * 2]
    halved = even[..., ::2, :] + even[..., 1::2, :]
    summed = halved[..., ::2] + halved[..., 1::2]
    return np.asarray(summed.reshape(*summed.shape[:-2], -1), np.float64)


def _probe_motion(products: Stack, cells: Cells) -> Stack:
    """Affine movement of the whole picture, ``(t, 2, rows, columns)`` in mm a lag.

    Cells that it does not explain, such as a twitch's, lose their weight from
    pass to pass.
    """
    bases = _bases(cells)
    flat = _in_blocks(bases) / 4
    pairs = np.einsum("ic,jc->cij", flat, flat).reshape(flat.shape[1], 9)
    terms = _in_blocks(products)
    robust = np.ones((len(products), flat.shape[1]))
    for _ in range(_ROBUST_PASSES):
        parameters = _affine(terms, robust, flat, pairs)
        left = _left_over(terms, np.einsum("tki,ic->tkc", parameters, flat))
        typical = np.median(left, axis=1, keepdims=True) + 1e-9
        robust = 1.0 / (1.0 + (left / (2 * typical)) ** 2)
    probe: Stack = np.einsum("tki,iyx->tkyx", parameters, bases).astype(np.float32)
    return probe


def _affine(terms: Floats, robust: Floats, flat: Floats, pairs: Floats) -> Floats:
    """Weighted least squares, ``(t, 2, 3)``."""
    blocks = [((terms[:, plane] * robust) @ pairs).reshape(-1, 3, 3) for plane in (XX, XY, YY)]
    xx, xy, yy = blocks
    normal = np.concatenate(
        [np.concatenate([xx, xy], axis=2), np.concatenate([xy, yy], axis=2)], axis=1
    )
    right = np.concatenate([(terms[:, plane] * robust) @ flat.T for plane in (XT, YT)], axis=1)
    ridge = 1e-4 * np.trace(normal, axis1=1, axis2=2)[:, None, None] + 1e-9
    solved = np.linalg.solve(normal + ridge * np.eye(6), -right[..., None])[..., 0]
    return np.asarray(solved.reshape(-1, 2, 3))


def _left_over(terms: Floats, shift: Floats) -> Floats:
    x, y = shift[:, 0], shift[:, 1]
    quadratic = terms[:, XX] * x * x + 2 * terms[:, XY] * x * y + terms[:, YY] * y * y
    linear = terms[:, XT] * x + terms[:, YT] * y
    return np.maximum(terms[:, TT] + 2 * linear + quadratic, 0)


def _subtract(products: Stack, shift: Stack) -> None:
    """Make the products, in place, what they would be had the picture not moved by ``shift``."""
    x, y = shift[:, 0], shift[:, 1]
    across = products[:, XX] * x + products[:, XY] * y
    down = products[:, XY] * x + products[:, YY] * y
    gained = x * (2 * products[:, XT] + across) + y * (2 * products[:, YT] + down)
    np.maximum(products[:, TT] + gained, 0, out=products[:, TT])
    products[:, XT] += across
    products[:, YT] += down


def _smooth(products: Stack, cells: Cells) -> Stack:
    """Gaussian mean over the neighbourhood, plane by plane so that memory stays small.

    All moments of a plane lie in one long picture an axis: one call, not thousands.
    """
    smooth = np.empty_like(products)
    down, across = (_NEIGHBOURHOOD_MM / size_mm for size_mm in cells.size_mm)
    for plane in range(products.shape[1]):
        along = _blurred(np.ascontiguousarray(products[:, plane]), across)
        turned = np.ascontiguousarray(np.swapaxes(along, 1, 2))
        smooth[:, plane] = np.swapaxes(_blurred(turned, down), 1, 2)
    return smooth


def _blurred(values: Stack, sigma: float) -> Stack:
    """Gaussian blur along the last axis of a contiguous array."""
    rows = values.reshape(-1, values.shape[-1])
    kernel = cv2.getGaussianKernel(2 * round(3 * sigma) + 1, sigma, cv2.CV_32F)
    blurred = cv2.sepFilter2D(rows, -1, kernel, np.ones(1, np.float32))
    return np.asarray(blurred, np.float32).reshape(values.shape)


def _solve(products: Stack) -> Stack:
    """Closed-form Lucas-Kanade per cell with a small ridge, ``(t, 2, rows, columns)``."""
    ridge = _RIDGE * (products[:, XX] + products[:, YY]) + 1e-6
    xx, yy, xy = products[:, XX] + ridge, products[:, YY] + ridge, products[:, XY]
    determinant = xx * yy - xy * xy
    x = (xy * products[:, YT] - yy * products[:, XT]) / determinant
    y = (xy * products[:, XT] - xx * products[:, YT]) / determinant
    return np.stack([x, y], axis=1)


def _energies(products: Stack, shift: Stack) -> tuple[Stack, Stack]:
    """Difference energy that the flow explains, and the rest."""
    explained = -(products[:, XT] * shift[:, 0] + products[:, YT] * shift[:, 1])
    explained = np.clip(explained, 0, products[:, TT])
    return explained, products[:, TT] - explained


def _as_movement(unexplained: Stack, products: Stack) -> Stack:
    """Movement in mm that would change the picture as much; much where it has no contrast."""
    stiffness = (products[:, XX] + products[:, YY]) / np.float32(2) + np.float32(1e-6)
    return np.asarray(np.sqrt((unexplained + np.float32(_STILL_ENERGY)) / stiffness))


def usual(values: Stack) -> Stack:
    """Median over time ``(...)`` of ``(t, ...)``; every second moment tells it as well.

    Sorting whole rows takes a quarter of the time of selecting the middle of columns.
    """
    some = values[::2]
    ordered = np.sort(some.reshape(len(some), -1).T, axis=1)
    low, high = ordered[:, (len(some) - 1) // 2], ordered[:, len(some) // 2]
    return np.asarray((low + high) / 2, np.float32).reshape(values.shape[1:])


def _in_usual(energy: Stack) -> Stack:
    """In units of its usual value, not less than a still picture's."""
    floor = np.float32(_STILL_ENERGY)
    return np.asarray((energy + floor) / (usual(energy) + floor))


def _unrest(unexplained: Stack, valid: Mask) -> Stack:
    """How much noisier than usual each moment is over the whole field, at least 1.

    A codec's key frame or a gain step changes everything at once; a twitch
    does not reach half of the picture.
    """
    ratio = _in_usual(unexplained)[:, valid]
    return np.maximum(np.median(ratio, axis=1), 1).astype(np.float32)


def _scaled(shift: Stack, products: Stack, unrest: Stack) -> tuple[Stack, Stack]:
    """Mahalanobis size over the cell's own median and a floor of 3 um; and its gain."""
    x, y = shift[:, 0], shift[:, 1]
    xx, xy, yy = products[:, XX], products[:, XY], products[:, YY]
    size2 = xx * x * x + 2 * xy * x * y + yy * y * y
    z: Stack = np.sqrt(np.maximum(size2, 0) / unrest[:, None, None])
    stiffness = usual((xx + yy) / np.float32(2))
    per_mm = np.sqrt(stiffness)
    most = np.float32(_RESTLESS) * np.median(usual(z)[per_mm > 0]) if per_mm.any() else np.inf
    scale = np.minimum(usual(z), most) + np.float32(_FLOOR_MM) * per_mm + np.float32(1e-6)
    return np.asarray(z / scale), np.asarray(per_mm / scale)


def running_median(values: Stack, times_s: Floats, width_s: float) -> Stack:
    """Median over a moving window of time, taken at a few points and interpolated.

    Parameters
    ----------
    values
        ``(t, ...)``.
    times_s
        ``(t,)``.
    width_s
        Width of the window.
    """
    knots_s = np.arange(times_s[0], times_s[-1] + width_s / 4, width_s / 4)
    start = np.searchsorted(times_s, knots_s - width_s / 2)
    stop = np.maximum(np.searchsorted(times_s, knots_s + width_s / 2, "right"), start + 1)
    start = np.minimum(start, len(times_s) - 1)
    medians = np.stack([usual(values[a:b]) for a, b in zip(start, stop, strict=True)])
    return interpolate(medians, np.interp(times_s, knots_s, np.arange(len(knots_s))))


def interpolate(values: Stack, position: Floats) -> Stack:
    """Values ``(n, ...)`` at fractional positions ``(m,)`` along the first axis, linearly."""
    low = np.minimum(position.astype(int), len(values) - 1)
    high = np.minimum(low + 1, len(values) - 1)
    share = (position - low).astype(np.float32).reshape(-1, *[1] * (values.ndim - 1))
    between: Stack = values[low] * (1 - share) + values[high] * share
    return between

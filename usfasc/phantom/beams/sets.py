"""The scored set and the negatives of this family: named scenes with their seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from usfasc.phantom.beams.geometry import sector_size_mm
from usfasc.phantom.beams.probes import Probe, draw_machine
from usfasc.phantom.beams.scene import BeamScene, Codec, Site
from usfasc.phantom.scene import LookAlike, LookAlikeKind, Noise, View
from usfasc.phantom.sets import NamedScene, Split

CLIPS: Final = 32
_FIRST_SEED: Final[dict[Split, int]] = {"dev": 31_000, "test": 94_000}
"""Fixed with the first version of the set; clips of ``test`` are scored, never looked at."""

_K = LookAlikeKind
_RATES_HZ: Final[tuple[float, ...]] = (20.0, 25.0, 30.0, 40.0, 50.0, 60.0)
_SECTOR_RATES_HZ: Final[tuple[float, ...]] = (20.0, 24.0, 30.0, 38.0)
_NOISES: Final[tuple[Noise, ...]] = ("low", "medium", "high")
_CODECS: Final[tuple[Codec, ...]] = ("jpeg", "h264", "jpeg", "mpeg4")
_PARTIAL_S: Final = {_K.JERK: 0.6, _K.CONTRACTION: 3.0, _K.SWALLOWING: 1.2, _K.LIFT_OFF: 1.5}
"""Look-alikes that blind the reader come for part of a scored clip only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Where the probe is held, which probe, and what is mixed in clip by clip."""

    site: Site
    probe: Probe
    view: View
    mixed: tuple[tuple[LookAlikeKind, ...], ...]


_SETUPS: Final = (
    Setup(
        site="limb",
        probe="linear",
        view="longitudinal",
        mixed=((), (_K.SWAY,), (_K.CONTRACTION,), (_K.PULSATION, _K.SWAY)),
    ),
    Setup(
        site="tongue",
        probe="microconvex",
        view="longitudinal",
        mixed=((_K.SWALLOWING,), (), (_K.SWALLOWING, _K.SWAY), (_K.BREATHING,)),
    ),
    Setup(
        site="abdomen",
        probe="linear",
        view="transverse",
        mixed=((_K.BREATHING,), (_K.SLIDING_BELOW,), (_K.BREATHING, _K.SWAY), (_K.GAIN_STEPS,)),
    ),
    Setup(
        site="paraspinal",
        probe="convex",
        view="longitudinal",
        mixed=((_K.BREATHING,), (_K.SLIDING_BELOW, _K.SWAY), (), (_K.BREATHING, _K.REPEATS)),
    ),
    Setup(
        site="limb",
        probe="linear",
        view="transverse",
        mixed=((_K.PULSATION,), (_K.DRIFT,), (_K.KEY_FRAMES,), (_K.TREMOR,)),
    ),
    Setup(
        site="tongue",
        probe="microconvex",
        view="transverse",
        mixed=((_K.PULSATION,), (_K.SWALLOWING,), (_K.SWAY,), (_K.SWALLOWING, _K.DROPS)),
    ),
    Setup(
        site="paraspinal",
        probe="linear",
        view="longitudinal",
        mixed=((_K.BREATHING, _K.SWAY), (_K.JERK,), (_K.BREATHING,), (_K.SLIDING_BELOW,)),
    ),
    Setup(
        site="abdomen",
        probe="convex",
        view="longitudinal",
        mixed=((_K.BREATHING, _K.CLUTTER), (_K.BREATHING,), (_K.LIFT_OFF,), (_K.SLIDING_BELOW,)),
    ),
)

_NEGATIVES: Final[tuple[tuple[int, LookAlikeKind | None, float], ...]] = (
    (2, _K.BREATHING, 1.3),
    (3, _K.BREATHING, 1.0),
    (6, _K.SLIDING_BELOW, 1.4),
    (7, _K.SLIDING_BELOW, 1.0),
    (1, _K.SWALLOWING, 1.3),
    (5, _K.SWALLOWING, 0.8),
    (4, _K.PULSATION, 1.4),
    (0, _K.CONTRACTION, 1.2),
    (0, _K.SWEEP, 1.0),
    (3, _K.SWAY, 1.5),
    (0, _K.BLOCK_UPDATES, 1.0),
    (4, _K.KEY_FRAMES, 1.3),
    (1, None, 0.0),
    (6, None, 0.0),
)
"""Setup, look-alike and its strength."""


def standard(split: Split) -> tuple[NamedScene, ...]:
    """This family's share of the scored set: 32 clips of 10-14 s.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    """
    first = _FIRST_SEED[split]
    return tuple(
        NamedScene(name=f"beams-{split}-{k:02d}", scene=_scored(k, first + k), seed=first + k)
        for k in range(CLIPS)
    )


def negatives(split: Split) -> tuple[NamedScene, ...]:
    """Clips without a twitch: what each site shows that is none, and two quiet ones.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    """
    first = _FIRST_SEED[split] + 500
    named = []
    for number, (setup, kind, strength) in enumerate(_NEGATIVES):
        seed = first + number
        scene = _negative(_SETUPS[setup], kind, strength, seed)
        what = kind.value.replace("_", "-") if kind else "quiet"
        name = f"{scene.site}-{scene.view}-{what}-{split}"
        named.append(NamedScene(name=name, scene=scene, seed=seed))
    return tuple(named)


def _scored(number: int, seed: int) -> BeamScene:
    rng = np.random.default_rng([seed, 99])
    setup = _SETUPS[number % len(_SETUPS)]
    plain = _draw_scene(setup, rng)
    codec = _CODECS[(number // 3) % 4]
    kinds = setup.mixed[number // len(_SETUPS) % len(setup.mixed)]
    return replace(
        plain,
        noise=_NOISES[number % 3],
        codec=codec,
        # A clip from a video is kept as it is: no second codec upon the first.
        jpeg_quality=plain.jpeg_quality if codec == "jpeg" else None,
        twitches_per_min=float(rng.uniform(5, 40)),
        sites=int(rng.integers(2, 9)),
        look_alikes=tuple(_mixed_in(kind, plain.duration_s, rng) for kind in kinds),
    )


def _mixed_in(kind: LookAlikeKind, duration_s: float, rng: np.random.Generator) -> LookAlike:
    strength = float(rng.uniform(0.3, 1.0))
    if kind not in _PARTIAL_S:
        return LookAlike(kind=kind, strength=strength)
    start = float(rng.uniform(1.0, duration_s - _PARTIAL_S[kind] - 1.0))
    return LookAlike(kind=kind, strength=strength, start_s=start, stop_s=start + _PARTIAL_S[kind])


def _negative(setup: Setup, kind: LookAlikeKind | None, strength: float, seed: int) -> BeamScene:
    rng = np.random.default_rng([seed, 99])
    plain = replace(_draw_scene(setup, rng), noise=_NOISES[seed % 3])
    if kind is None:
        return plain
    span_s = _PARTIAL_S.get(kind)
    starts = (0.0,) if span_s is None else (2.0, 6.5)
    looks = tuple(
        LookAlike(
            kind=kind,
            strength=strength,
            start_s=start,
            stop_s=plain.duration_s if span_s is None else start + span_s,
        )
        for start in starts
    )
    return replace(plain, look_alikes=looks)


def _draw_scene(setup: Setup, rng: np.random.Generator) -> BeamScene:
    """A machine at its settings over a site, nothing mixed in yet."""
    machine = draw_machine(setup.probe, rng)
    depth = _DEPTH_MM[setup.site, setup.probe]
    if setup.probe == "linear":
        height_mm, width_mm = float(rng.uniform(*depth)), float(rng.uniform(34, 42))
        spacing = rng.uniform(0.1, 0.13)
        rates = _RATES_HZ
    else:
        height_mm, width_mm = sector_size_mm(machine, float(rng.uniform(*depth)))
        spacing = width_mm / rng.uniform(370, 430)
        rates = _SECTOR_RATES_HZ
    return BeamScene(
        site=setup.site,
        view=setup.view,
        machine=machine,
        height_px=int(height_mm / spacing) // 2 * 2,
        width_px=int(width_mm / spacing) // 2 * 2,
        depth_mm=height_mm,
        width_mm=width_mm,
        frame_rate_hz=rates[int(rng.integers(len(rates)))],
        duration_s=round(float(rng.uniform(10, 14)), 2),
        muscles=2 if rng.random() < 0.6 else 1,
        bone=bool(rng.random() < 0.7),
        dynamic_range_db=float(rng.uniform(48, 70)),
        persistence=float(rng.uniform(0, 0.6)),
        mirrored=bool(rng.random() < 0.5),
        jpeg_quality=int(rng.integers(65, 96)),
        kbit_s=int(np.exp(rng.uniform(np.log(400), np.log(3000)))),
    )


_DEPTH_MM: Final[dict[tuple[Site, Probe], tuple[float, float]]] = {
    ("limb", "linear"): (28, 40),
    ("abdomen", "linear"): (27, 36),
    ("paraspinal", "linear"): (34, 44),
    ("tongue", "microconvex"): (48, 60),
    ("paraspinal", "convex"): (45, 60),
    ("abdomen", "convex"): (38, 50),
}
"""Depth of the scan."""

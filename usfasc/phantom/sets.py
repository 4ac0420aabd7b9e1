"""The scored set and the negatives: named scenes with their seeds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from usfasc.phantom.scene import LookAlike, LookAlikeKind, Noise, Scene, View

Split = Literal["dev", "test"]

CLIPS: Final = 48
_FIRST_SEED: Final[dict[Split, int]] = {"dev": 10_000, "test": 77_000}
"""Fixed with the first version of the set; clips of ``test`` are scored, never looked at."""
_NOISES: Final[tuple[Noise, ...]] = ("low", "medium", "high")
_RATES_HZ: Final = (20.0, 25.0, 30.0, 40.0, 50.0, 60.0)
_K = LookAlikeKind
_MIXED: Final = (
    (),
    (_K.SWAY,),
    (_K.PULSATION,),
    (_K.SWAY, _K.GAIN_STEPS),
    (_K.BREATHING,),
    (_K.DRIFT, _K.SWAY),
    (_K.JERK, _K.SWAY),
    (_K.CONTRACTION,),
    (_K.PULSATION, _K.SWAY),
    (_K.KEY_FRAMES,),
    (_K.REPEATS, _K.CLUTTER),
    (_K.BLOCK_UPDATES,),
    (_K.TREMOR,),
    (_K.DROPS, _K.SWAY),
    (_K.SLIDING,),
    (_K.LIFT_OFF, _K.SWAY),
)
_ELSEWHERE: Final = frozenset({_K.SWALLOWING, _K.SLIDING_BELOW})
"""What a limb does not show: the other family does."""
_PARTIAL_S: Final = {_K.JERK: 0.6, _K.CONTRACTION: 3.0, _K.SLIDING: 3.0, _K.LIFT_OFF: 1.5}
"""Look-alikes that blind the reader come for part of a scored clip only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedScene:
    """A scene, the seed it is made from, and what to call it."""

    name: str
    scene: Scene
    seed: int


def standard(split: Split) -> tuple[NamedScene, ...]:
    """The scored set: 48 clips of 10-14 s with twitches, look-alikes mixed in.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    """
    first = _FIRST_SEED[split]
    return tuple(
        NamedScene(name=f"standard-{split}-{k:02d}", scene=_scored(k, first + k), seed=first + k)
        for k in range(CLIPS)
    )


def _scored(number: int, seed: int) -> Scene:
    rng = np.random.default_rng([seed, 99])
    kinds = _MIXED[number % len(_MIXED)]
    duration = round(float(rng.uniform(10, 14)), 2)
    width, depth = rng.uniform(32, 42), rng.uniform(30, 42)
    view: View = "transverse" if number % 3 == 2 else "longitudinal"
    spacing = rng.uniform(0.1, 0.13)
    return Scene(
        height_px=int(depth / spacing) // 2 * 2,
        width_px=int(width / spacing) // 2 * 2,
        depth_mm=float(depth),
        width_mm=float(width),
        frame_rate_hz=_RATES_HZ[int(rng.integers(len(_RATES_HZ)))],
        duration_s=duration,
        view=view,
        muscles=2 if rng.random() < 0.7 else 1,
        bone=bool(rng.random() < 0.7),
        noise=_NOISES[int(rng.integers(len(_NOISES)))],
        dynamic_range_db=float(rng.uniform(50, 75)),
        persistence=float(rng.uniform(0, 0.5)),
        jpeg_quality=int(rng.integers(70, 96)),
        twitches_per_min=float(rng.uniform(5, 40)),
        sites=int(rng.integers(2, 9)),
        look_alikes=tuple(_mixed_in(kind, duration, rng) for kind in kinds),
    )


def _mixed_in(kind: LookAlikeKind, duration_s: float, rng: np.random.Generator) -> LookAlike:
    strength = float(rng.uniform(0.3, 1.0))
    if kind not in _PARTIAL_S:
        return LookAlike(kind=kind, strength=strength)
    start = float(rng.uniform(1.0, duration_s - _PARTIAL_S[kind] - 1.0))
    return LookAlike(kind=kind, strength=strength, start_s=start, stop_s=start + _PARTIAL_S[kind])


def negatives(split: Split) -> tuple[NamedScene, ...]:
    """Clips without a twitch: of each look-alike an easy and a hard one, and a quiet muscle.

    Parameters
    ----------
    split
        ``dev`` may be looked at; figures are quoted on ``test``.
    """
    first = _FIRST_SEED[split] + 500
    named = []
    shown = [kind for kind in LookAlikeKind if kind not in _ELSEWHERE]
    for number, kind in enumerate(shown):
        for hard in (False, True):
            name = f"{kind.value}-{'hard' if hard else 'easy'}-{split}".replace("_", "-")
            seed = first + 2 * number + hard
            named.append(NamedScene(name=name, scene=_negative(kind, hard, seed), seed=seed))
    quiet = Scene(duration_s=12.0)
    return (*named, NamedScene(name=f"quiet-{split}", scene=quiet, seed=first + 90))


def _negative(kind: LookAlikeKind, hard: bool, seed: int) -> Scene:
    plain = _scored(seed, seed)
    partial = _PARTIAL_S.get(kind)
    look = LookAlike(
        kind=kind,
        strength=1.5 if hard else 0.7,
        start_s=0.0 if partial is None else 2.0,
        stop_s=plain.duration_s if partial is None else 2.0 + 2 * partial,
    )
    company = (LookAlike(kind=_K.SWAY, strength=0.4),) if hard and kind is not _K.SWAY else ()
    return replace(plain, twitches_per_min=0.0, look_alikes=(look, *company))

"""Clips without a twitch beside the phantoms' own sets.

What the family ``beams`` does not show in its own set, and what a file may do to a
quiet clip of either family.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from usfasc.benchmark.deliveries import Damaged, Delivery, Doubled, starved
from usfasc.phantom import BeamScene, LookAlike, LookAlikeKind, NamedScene, Scene, standard
from usfasc.phantom.sets import Split

_K = LookAlikeKind
_SEED: Final[dict[Split, int]] = {"dev": 18_000, "test": 86_000}
"""Fixed with the first version of the set; clips of ``test`` are scored, never looked at."""
_LASTS_S: Final = 8.0
_LOOKS: Final = (
    (1, _K.REPEATS, 1.2, None),
    (2, _K.GAIN_STEPS, 1.2, None),
    (4, _K.TREMOR, 1.0, None),
    (6, _K.LIFT_OFF, 1.0, 1.5),
    (0, _K.SLIDING, 1.0, None),
    (0, _K.JERK, 1.0, 0.6),
)
"""Clip of the scored set whose subject it is, look-alike, strength, how long it lasts."""
_STARTS_S: Final = (2.0, 5.0)
"""When one begins that does not last."""
_QUIET_BEAMS: Final = 6
"""Clip of the scored set whose subject a file spoils."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt:
    """A quiet phantom, and what a file does to it."""

    name: str
    look: str
    scene: NamedScene
    delivery: Delivery


def further_negatives(split: Split) -> tuple[NamedScene, ...]:
    """Look-alikes of the family ``beams`` that its own set of negatives leaves out."""
    subjects = _beam_subjects(split)
    return tuple(
        NamedScene(
            name=f"{scene.site}-{scene.view}-{kind.value.replace('_', '-')}-{split}-{number}",
            scene=replace(scene, look_alikes=_shown(kind, strength, each_s)),
            seed=_SEED[split] + number,
        )
        for number, (clip, kind, strength, each_s) in enumerate(_LOOKS)
        for scene in (subjects[clip],)
    )


def spoilt_clips(split: Split) -> Iterator[Spoilt]:
    """Quiet muscle of both families as bad files deliver it."""
    for number, (family, scene) in enumerate(_quiet(split).items()):
        seed = _SEED[split] + 50 + number
        named = NamedScene(name=f"still-{family}-{split}", scene=scene, seed=seed)
        for name, look, delivery in _deliveries(seed):
            yield Spoilt(name=f"{family}-{name}-{split}", look=look, scene=named, delivery=delivery)


def _deliveries(seed: int) -> Iterator[tuple[str, str, Delivery]]:
    yield "damaged", "damaged frames", Damaged(share=0.03, seed=seed)
    yield "doubled", "repeats", Doubled()
    for encoder, every, kbit_s in (("mpeg4", 12, 150), ("mpeg4", 250, 90), ("libx264", 50, 60)):
        yield f"starved-{encoder}-{every}", "block updates", starved(encoder, every, kbit_s)


def _quiet(split: Split) -> dict[str, Scene]:
    limb = Scene(
        height_px=280,
        width_px=280,
        depth_mm=34.0,
        width_mm=34.0,
        duration_s=_LASTS_S,
        frame_rate_hz=25.0,
    )
    return {"points": limb, "beams": _beam_subjects(split)[_QUIET_BEAMS]}


def _beam_subjects(split: Split) -> list[BeamScene]:
    """Subjects of the scored set at rest, as JPEG pictures."""
    return [
        replace(
            named.scene,
            duration_s=_LASTS_S,
            frame_rate_hz=min(named.scene.frame_rate_hz, 30.0),
            codec="jpeg",
            jpeg_quality=85,
            twitches_per_min=0.0,
            look_alikes=(),
        )
        for named in standard(split)
        if isinstance(named.scene, BeamScene)
    ]


def _shown(kind: LookAlikeKind, strength: float, each_s: float | None) -> tuple[LookAlike, ...]:
    if each_s is None:
        return (LookAlike(kind=kind, strength=strength),)
    return tuple(
        LookAlike(kind=kind, strength=strength, start_s=start_s, stop_s=start_s + each_s)
        for start_s in _STARTS_S
    )

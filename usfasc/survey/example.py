"""A survey to try everything on: clips of two invented patients, and the second visit of one.

What is in the headers differs between the patients as it does between laboratories: those
of the first say which muscle is shown, the second's clips say it by their names alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from usfasc.io.dicom_labels import Labels, label_clip
from usfasc.model import Side
from usfasc.phantom import LookAlike, LookAlikeKind, NamedScene, Scene
from usfasc.phantom.catalogue import save_phantom

_SPACING_MM: Final = 0.16
_HEIGHT_PX, _WIDTH_PX = 200, 220
_RATE_HZ: Final = 25.0
_REPEATS: Final = 3
"""Clips of a muscle that is looked at for a minute: 3 of some 20 s."""
_MORE_ON_THE_RIGHT: Final = 1.4
_ABBREVIATED: Final = {
    "upper trapezius": "trap",
    "biceps brachii": "bic",
    "first dorsal interosseous": "FDI",
    "T10 paraspinal": "paraspinal_T10",
    "vastus lateralis": "VL",
    "tibialis anterior": "TA",
}
"""Muscles as one laboratory calls them, and as the other does."""
_SIDES: Final = {Side.LEFT: "li", Side.RIGHT: "re"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Visit:
    """One visit of one invented patient."""

    patient: int
    number: int = 1
    rates_per_min: Mapping[str, float]
    """Of twitches, by muscle; the right side has more."""
    repeated: str = ""
    """The muscle that is looked at for longer."""
    disturbed: Mapping[str, LookAlikeKind] = field(default_factory=dict)
    """What else moves in clips of the left side, by muscle."""


_VISITS: Final = (
    _Visit(
        patient=1,
        rates_per_min=dict(zip(_ABBREVIATED, (25, 60, 45, 0, 20, 35), strict=True)),
        repeated="biceps brachii",
    ),
    _Visit(
        patient=2,
        rates_per_min=dict(zip(_ABBREVIATED, (0, 0, 8, 0, 0, 0), strict=True)),
        repeated="tibialis anterior",
        disturbed={
            "upper trapezius": LookAlikeKind.SWEEP,
            "biceps brachii": LookAlikeKind.PULSATION,
        },
    ),
    _Visit(patient=1, number=2, rates_per_min={"biceps brachii": 40, "tibialis anterior": 60}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleClip:
    """One clip of the example: where it goes, what it shows, what is in its header."""

    folder: Path
    scene: NamedScene
    labels: Labels


def example_clips(duration_s: float) -> tuple[ExampleClip, ...]:
    """What the clips of the example shall be: 36, each of so many seconds.

    Parameters
    ----------
    duration_s
        Of each clip.
    """
    return tuple(clip for visit in _VISITS for clip in _clips(visit, duration_s))


def write_example_clip(clip: ExampleClip, folder: Path) -> Path:
    """Make one clip, with its truth and its regions beside it.

    Parameters
    ----------
    clip
        One of `example_clips`.
    folder
        Of the example.

    Returns
    -------
    Path
        The clip.

    Raises
    ------
    OutputError
        ``NOT_WRITABLE``.
    """
    path, *_ = save_phantom(clip.scene, folder / clip.folder)
    label_clip(path, clip.labels)
    return path


def _clips(visit: _Visit, duration_s: float) -> Iterator[ExampleClip]:
    takes = [
        (muscle, side)
        for muscle in visit.rates_per_min
        for side in _SIDES
        for _ in range(_REPEATS if muscle == visit.repeated else 1)
    ]
    for number, (muscle, side) in enumerate(takes, start=1):
        seed = 1000 * visit.patient + 100 * visit.number + number
        scene = replace(_scene(visit, muscle, side), duration_s=duration_s)
        yield ExampleClip(
            folder=Path(f"visit-{visit.number}", f"patient-{visit.patient}"),
            scene=NamedScene(name=_name(visit, muscle, side, number), scene=scene, seed=seed),
            labels=_labels(visit, muscle, side, number),
        )


def _scene(visit: _Visit, muscle: str, side: Side) -> Scene:
    more = _MORE_ON_THE_RIGHT if side is Side.RIGHT else 1
    disturbance = visit.disturbed.get(muscle) if side is Side.LEFT else None
    return Scene(
        height_px=_HEIGHT_PX,
        width_px=_WIDTH_PX,
        depth_mm=_HEIGHT_PX * _SPACING_MM,
        width_mm=_WIDTH_PX * _SPACING_MM,
        frame_rate_hz=_RATE_HZ,
        twitches_per_min=visit.rates_per_min[muscle] * more,
        sites=3,
        amplitude_mm=(0.2, 0.9),
        look_alikes=(LookAlike(kind=disturbance),) if disturbance else (),
    )


def _name(visit: _Visit, muscle: str, side: Side, number: int) -> str:
    """As a scanner names a file, or as a person does."""
    if visit.patient == 1:
        return f"IM_{number:04d}"
    return f"{_ABBREVIATED[muscle]}_{_SIDES[side]}_{number}"


def _labels(visit: _Visit, muscle: str, side: Side, number: int) -> Labels:
    told = visit.patient == 1
    return Labels(
        patient_id=f"EXAMPLE-{visit.patient}",
        patient_name=f"Example^Patient {visit.patient}",
        study=f"visit {visit.number}",
        study_date=f"2025{3 * visit.number:02d}01",
        series_description=f"{muscle} {side}" if told else "",
        laterality=side[0].upper() if told else "",
        number=number,
    )

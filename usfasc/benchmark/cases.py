"""What the benchmark is measured on: recipes that make, or find, one clip each.

A recipe is a small value that a worker process turns into a kept file and its
truth. Seeds of ``dev`` may be looked at clip by clip; those of ``test`` never.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np

import usfasc.phantom
import usfasc.phantom.beams
from usfasc.benchmark.beds import BEDS, DUPLICATED_FILE, FROZEN_FILE, RealClip
from usfasc.benchmark.facts import Facts, clip_facts, phantom_facts
from usfasc.benchmark.implants import RATE_PER_MIN, SITES, implanted, plain_copy
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.io import open_cine
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.io.event_table import read_events_csv, write_events_csv
from usfasc.model import Cine, Event, Floats, Reading
from usfasc.phantom import NamedScene, Scene, family_of, negatives, render, standard

Split = Literal["dev", "test"]
Section = Literal["phantom", "negatives", "metamorphic", "real", "implants", "own"]
SECTIONS: Final[tuple[Section, ...]] = ("phantom", "negatives", "metamorphic", "real", "implants")

_IMPLANT_SEEDS: Final[dict[Split, int]] = {"dev": 1, "test": 901}
_SCENE_SEEDS: Final[dict[Split, int]] = {"dev": 15_000, "test": 83_000}
_QUICK_IMPLANTS: Final = {"biceps": 3, "tibialis": 4, "brachial": 6}
"""Implanted copies of each real clip; the full run takes three times as many."""
_FINEST_JPEG = 95


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One clip ready to be read."""

    path: Path
    reading: Reading
    truth: tuple[Event, ...] = ()


class Recipe(Protocol):
    """How to come by one case."""

    @property
    def section(self) -> Section:
        """The part of the benchmark it belongs to."""

    @property
    def group(self) -> str:
        """What it is compared or pooled with."""

    @property
    def name(self) -> str:
        """Name of the case, unique in its section."""

    @property
    def facts(self) -> Facts:
        """What is known of the case, for breakdowns."""

    def ready(self) -> Case:
        """Make the case, or find it kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhantomRecipe:
    """A phantom, kept as the DICOM file a scanner would write."""

    section: Section
    group: str
    name: str
    scene: NamedScene
    part: tuple[int, int] | None = None
    """``(number, of)``: only one part of the clip, cut where nothing moves."""

    @property
    def facts(self) -> Facts:
        """Its scene's."""
        return phantom_facts(self.scene.scene)

    def ready(self) -> Case:
        """Render and write it, or find it kept."""
        stem = self._stem
        whole = kept(_folder(), f"{stem}.dcm", self._render)
        truth = read_events_csv(whole.with_suffix(".truth.csv"))
        if self.part is None:
            return Case(path=whole, reading=Reading(), truth=truth)
        name = f"{stem}-{self.part[0]}of{self.part[1]}.dcm"
        path = kept(_folder(), name, lambda part: self._cut(part, whole, truth))
        return Case(path=path, reading=Reading())

    @property
    def _stem(self) -> str:
        return f"{self.scene.name}-{digest(self.scene, _code(self.scene.scene))}"

    def _render(self, path: Path) -> None:
        phantom = render(self.scene.scene, self.scene.seed)
        _write_dicom(path, phantom.cine, self.scene.scene.jpeg_quality or _FINEST_JPEG)
        write_events_csv(_folder() / f"{self._stem}.truth.csv", phantom.truth)

    def _cut(self, path: Path, whole: Path, truth: tuple[Event, ...]) -> None:
        assert self.part is not None
        cine = open_cine(whole, Reading())
        number, parts = self.part
        edges = _quiet_cuts(_times(cine), truth, parts)
        quality = self.scene.scene.jpeg_quality or _FINEST_JPEG
        _write_dicom(path, cine, quality, (edges[number - 1], edges[number]))


@dataclass(frozen=True, slots=True, kw_only=True)
class RealRecipe:
    """A real clip as it is."""

    name: str
    path: Path
    reading: Reading
    section: Section = "real"
    group: str = "real"
    facts: Facts = field(default_factory=dict)

    def ready(self) -> Case:
        """The file itself."""
        return Case(path=self.path, reading=self.reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImplantRecipe:
    """A real clip with implants; without a seed its plain copy."""

    name: str
    clip: RealClip
    data: Path
    seed: int | None
    section: Section = "implants"

    @property
    def group(self) -> str:
        """Copies of one real clip belong together."""
        return self.clip.name

    @property
    def facts(self) -> Facts:
        """The clip's, and what is planted."""
        planted = self.seed is not None
        return {
            **clip_facts(self.clip),
            "family": "implants",
            "twitches_per_min": RATE_PER_MIN if planted else 0.0,
            "sites": SITES if planted else 0,
            "model": "patch",
        }

    def ready(self) -> Case:
        """Make it, or find it kept."""
        if self.seed is None:
            made = plain_copy(self.clip, self.data)
        else:
            made = implanted(self.clip, self.data, seed=self.seed)
        return Case(path=made.path, reading=self.clip.reading, truth=made.truth)


def phantom_recipes(split: Split) -> list[Recipe]:
    """The scored set ``standard``, grouped by family."""
    return [
        PhantomRecipe(section="phantom", group=family_of(scene.scene), name=scene.name, scene=scene)
        for scene in standard(split)
    ]


def negative_recipes(split: Split) -> list[Recipe]:
    """Phantoms without a twitch, grouped by family and what they look like."""
    return [
        PhantomRecipe(section="negatives", group=_look(scene), name=scene.name, scene=scene)
        for scene in negatives(split)
    ]


def metamorphic_recipes(split: Split, bases: int) -> list[Recipe]:
    """Each base scene with the changes that must not change its count."""
    recipes: list[Recipe] = []
    for number in range(bases):
        seed = _SCENE_SEEDS[split] + number
        group = f"scene-{split}-{number}"
        for change, scene in _changes(_base_scene()).items():
            named = NamedScene(name=f"{group}-{change}", scene=scene, seed=seed)
            recipes.append(
                PhantomRecipe(section="metamorphic", group=group, name=named.name, scene=named)
            )
        base = NamedScene(name=f"{group}-as-it-is", scene=_base_scene(), seed=seed)
        recipes += [
            PhantomRecipe(
                section="metamorphic",
                group=group,
                name=f"{group}-cut-{part}",
                scene=base,
                part=(part, 3),
            )
            for part in (1, 2, 3)
        ]
    return recipes


def real_recipes(data: Path) -> list[Recipe]:
    """The real clips as they are."""
    named = [
        RealRecipe(name=c.name, path=data / c.file, reading=c.reading, facts=clip_facts(c))
        for c in BEDS
    ]
    named += [
        RealRecipe(
            name=name,
            path=data / file,
            reading=Reading(),
            facts={"family": "real", "scene": name},
        )
        for name, file in (("frozen", FROZEN_FILE), ("duplicated", DUPLICATED_FILE))
    ]
    return list(named)


def implant_recipes(split: Split, data: Path, times: int = 1) -> list[Recipe]:
    """Implanted copies of the real clips, and one plain copy of each."""
    recipes: list[Recipe] = []
    for clip in BEDS:
        recipes.append(ImplantRecipe(name=f"{clip.name}-plain", clip=clip, data=data, seed=None))
        first = _IMPLANT_SEEDS[split]
        recipes += [
            ImplantRecipe(name=f"{clip.name}-{seed}", clip=clip, data=data, seed=seed)
            for seed in range(first, first + times * _QUICK_IMPLANTS[clip.name])
        ]
    return recipes


def _code(scene: Scene) -> str:
    """Digest of what makes a scene: work on the one family leaves the other's clips alone."""
    if family_of(scene) == "beams":
        return code_digest(usfasc.phantom, usfasc.phantom.beams)
    return code_digest(usfasc.phantom)


def _folder() -> Path:
    return cache_folder() / "phantoms"


def _times(cine: Cine) -> Floats:
    assert cine.times_s is not None
    return cine.times_s


def _write_dicom(
    path: Path, cine: Cine, quality: int, span: tuple[int, int | None] = (0, None)
) -> None:
    assert cine.spacing_mm is not None and cine.bmode is not None
    write_ultrasound_cine(
        path,
        (frame.grey for frame in cine.frames.stream(*span)),
        times_s=_times(cine)[slice(*span)],
        spacing_mm=cine.spacing_mm,
        bmode_box=cine.bmode.box,
        jpeg_quality=quality,
    )


def _quiet_cuts(times_s: Floats, truth: tuple[Event, ...], parts: int) -> list[int]:
    """Frames to cut at: near even parts, as far from any event as can be."""
    middles = np.array([(event.onset_s + event.offset_s) / 2 for event in truth])
    cuts = [0]
    for part in range(1, parts):
        near_s = times_s[-1] * part / parts
        window = np.flatnonzero(np.abs(times_s - near_s) <= times_s[-1] / (3 * parts))
        distance = np.abs(times_s[window, None] - middles[None, :]).min(axis=1, initial=1e9)
        cuts.append(int(window[distance.argmax()]))
    return [*cuts, len(times_s)]


def _look(scene: NamedScene) -> str:
    looks = scene.scene.look_alikes
    look = looks[0].kind.value.replace("_", " ") if looks else "quiet"
    return f"{family_of(scene.scene)}: {look}"


def _base_scene() -> Scene:
    return Scene(
        height_px=330,
        width_px=330,
        duration_s=18.0,
        twitches_per_min=20.0,
        amplitude_mm=(0.2, 1.0),
    )


def _changes(base: Scene) -> dict[str, Scene]:
    """What must not change a count, by name."""
    rates = {f"{rate}hz": replace(base, frame_rate_hz=float(rate)) for rate in (20, 47, 60)}
    spacings = {
        f"spacing-x{factor}": replace(
            base,
            height_px=round(base.height_px / factor / 2) * 2,
            width_px=round(base.width_px / factor / 2) * 2,
        )
        for factor in (0.7, 1.4)
    }
    gains = {f"gain{gain:+d}db": replace(base, gain_db=float(gain)) for gain in (-6, 6)}
    return {
        "as-it-is": base,
        **rates,
        **spacings,
        **gains,
        "mirrored": replace(base, mirrored=True),
    }

"""How to come by a case of the benchmark: recipes that make, or find, one clip each.

A recipe is a small value that a worker process turns into a kept file and its
truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np

import usfasc.phantom
import usfasc.phantom.beams
from usfasc.benchmark import deliveries
from usfasc.benchmark.beds import RealClip
from usfasc.benchmark.deliveries import Delivery
from usfasc.benchmark.facts import Facts, implant_facts, phantom_facts
from usfasc.benchmark.implants import implanted
from usfasc.benchmark.planting import Plan
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.io import open_cine, video_out
from usfasc.io.dicom_out import write_ultrasound_cine
from usfasc.io.event_table import read_events_csv, write_events_csv
from usfasc.model import Cine, Event, Floats, Reading
from usfasc.phantom import NamedScene, Scene, family_of, render

Section = Literal[
    "phantom",
    "crowded",
    "negatives",
    "metamorphic",
    "real",
    "implants",
    "left-out",
    "firing",
    "own",
]

_FINEST_JPEG: Final = 95


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
class SpoiltRecipe:
    """A quiet phantom as a bad file delivers it."""

    section: Section
    group: str
    name: str
    scene: NamedScene
    delivery: Delivery

    @property
    def facts(self) -> Facts:
        """Its scene's, and what the file does to it."""
        return {**phantom_facts(self.scene.scene), **self.delivery.facts}

    def ready(self) -> Case:
        """Deliver it, or find it kept."""
        source = PhantomRecipe(
            section=self.section, group=self.group, name=self.scene.name, scene=self.scene
        ).ready()
        made_of = digest(source.path.stem, self.delivery, code_digest(deliveries, video_out))

        def deliver(path: Path) -> None:
            cine = open_cine(source.path, source.reading)
            self.delivery.deliver(path, cine, _times(cine))

        name = f"{self.name}-{made_of}{self.delivery.suffix}"
        path = kept(_folder(), name, deliver)
        return Case(path=path, reading=Reading(spacing_mm=self.scene.scene.spacing_mm))


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
    """A copy of a real clip with what is planned to be in it."""

    section: Section = "implants"
    group: str
    name: str
    clip: RealClip
    data: Path
    plan: Plan

    @property
    def facts(self) -> Facts:
        """The clip's, and what is planted."""
        return implant_facts(self.clip, self.plan)

    def ready(self) -> Case:
        """Make it, or find it kept."""
        made = implanted(self.clip, self.data, self.plan)
        return Case(path=made.path, reading=self.clip.reading, truth=made.truth)


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

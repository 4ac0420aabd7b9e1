"""Files into layers: a clip with the result beside it, a result, a file of muscle regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from usfasc.errors import UsfascError
from usfasc.io import open_cine
from usfasc.io.discover import clip_stem
from usfasc.io.results import read_regions, read_result, result_paths
from usfasc.model import Cine, Event, Reading, Region
from usfasc_napari.layers import (
    Axes,
    LayerData,
    OpenClip,
    clip_layer,
    event_layer,
    region_layer,
)

RESULT_SUFFIX: Final = ".usfasc.json"
REGIONS_SUFFIX: Final = ".regions.json"
_NO_CLIP: Final = "Not over its clip: open the clip first."


def is_named_ours(path: Path) -> bool:
    """Whether a file is called as clips, results and regions are."""
    return clip_stem(path) != path.name or path.name.endswith((RESULT_SUFFIX, REGIONS_SUFFIX))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a file became, and what whoever opened it should know."""

    layers: tuple[LayerData, ...] = ()
    notes: tuple[str, ...] = ()


def open_layers(path: Path, shown: Sequence[OpenClip] = ()) -> Opened:
    """Make layers of a file.

    Parameters
    ----------
    path
        A clip, a result (``.usfasc.json``) or muscle regions (``.regions.json``).
    shown
        The clips on display, the newest last: what a result or regions are laid over.

    Raises
    ------
    InputError
        The file cannot be used; the code says why.
    """
    if path.name.endswith(RESULT_SUFFIX):
        result, stem = read_result(path), path.name.removesuffix(RESULT_SUFFIX)
        clips = [clip for clip in shown if clip.cine.source.sha256 == result.source.sha256]
        return _laid_over(clips, result.regions, result.events, stem)
    if path.name.endswith(REGIONS_SUFFIX):
        return _laid_over(shown, read_regions(path), (), path.name.removesuffix(REGIONS_SUFFIX))
    return _open_clip(path)


def overlays(
    regions: Sequence[Region], events: Sequence[Event], axes: Axes, name: str
) -> tuple[LayerData, ...]:
    """The layers over a clip: its muscle regions and its events, where there are any."""
    drawn = [region_layer(regions, axes, f"{name}: regions")] if regions else []
    found = [event_layer(events, axes, f"{name}: events")] if events else []
    return (*drawn, *found)


def _laid_over(
    clips: Sequence[OpenClip], regions: Sequence[Region], events: Sequence[Event], name: str
) -> Opened:
    if not regions and not events:
        return Opened(notes=("The result holds no event and no region.",))
    axes = clips[-1].axes if clips else Axes()
    return Opened(layers=overlays(regions, events, axes, name), notes=() if clips else (_NO_CLIP,))


def _open_clip(path: Path) -> Opened:
    clip = OpenClip(cine=open_cine(path, Reading()), path=path)
    beside = _open_beside(clip, path)
    return Opened(
        layers=(clip_layer(clip, clip_stem(path)), *beside.layers),
        notes=(*clip.cine.warnings, *_unknowns(clip.cine), *beside.notes),
    )


def _open_beside(clip: OpenClip, path: Path) -> Opened:
    """The result that stands beside a clip, if it is the clip's own."""
    stem = clip_stem(path)
    beside, _ = result_paths(path.parent, stem)
    if not beside.exists():
        return Opened()
    try:
        result = read_result(beside)
    except UsfascError as error:
        return Opened(notes=(f"The result beside the clip is not shown: {error.sentence}",))
    if result.source.sha256 != clip.cine.source.sha256:
        return Opened(notes=("The result beside the clip belongs to another file.",))
    return Opened(layers=overlays(result.regions, result.events, clip.axes, stem))


def _unknowns(cine: Cine) -> list[str]:
    notes = []
    if cine.times_s is None:
        notes.append("No frame rate: time is in frames.")
    if cine.spacing_mm is None:
        differ = any(picture.spacing_mm for picture in cine.pictures)
        why = "The pictures differ in pixel size" if differ else "No pixel size"
        notes.append(f"{why}: lengths are in pixels.")
    return notes

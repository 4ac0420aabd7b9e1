"""Every named scene, and how a phantom goes to disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from usfasc.errors import Code, UsageError
from usfasc.io.results import write_events_csv, write_regions
from usfasc.phantom.families import negatives, render, standard
from usfasc.phantom.samples import samples
from usfasc.phantom.sets import NamedScene

SETS: Final[dict[str, Callable[[], tuple[NamedScene, ...]]]] = {
    "samples": samples,
    "standard-dev": partial(standard, "dev"),
    "standard-test": partial(standard, "test"),
    "negatives-dev": partial(negatives, "dev"),
    "negatives-test": partial(negatives, "test"),
}


def find_scenes(name: str) -> tuple[NamedScene, ...]:
    """The scenes of a set, or the one scene of that name.

    Raises
    ------
    UsageError
        Nothing is called so.
    """
    if name in SETS:
        return SETS[name]()
    found = tuple(scene for make in SETS.values() for scene in make() if scene.name == name)
    if not found:
        raise UsageError(Code.BAD_USAGE, "No scene or set has that name; --list shows them.")
    return found


def save_phantom(named: NamedScene, folder: Path) -> tuple[Path, Path, Path]:
    """Make a scene and write it as DICOM, with its truth and its muscles.

    Parameters
    ----------
    named
        The scene, its seed and its name, which becomes the files' stem.
    folder
        Where the files go; made where it is missing.

    Returns
    -------
    tuple of Path
        ``<stem>.dcm``, ``<stem>.truth.csv``, ``<stem>.regions.json``.

    Raises
    ------
    OutputError
        A file cannot be written.
    """
    from usfasc.io.dicom_out import write_ultrasound_cine

    quality = named.scene.jpeg_quality or 90
    # The file's own JPEG is the round trip that the scene asks for: not two of them.
    phantom = render(replace(named.scene, jpeg_quality=None), named.seed)
    clip, truth, regions = (
        folder / f"{named.name}{suffix}" for suffix in (".dcm", ".truth.csv", ".regions.json")
    )
    cine = phantom.cine
    assert cine.times_s is not None and cine.spacing_mm is not None and cine.bmode is not None
    write_ultrasound_cine(
        clip,
        (frame.grey for frame in cine.frames.stream()),
        times_s=cine.times_s,
        spacing_mm=cine.spacing_mm,
        bmode_box=cine.bmode.box,
        jpeg_quality=quality,
    )
    write_events_csv(truth, phantom.truth)
    write_regions(regions, phantom.regions)
    return clip, truth, regions

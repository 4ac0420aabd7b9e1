"""``usfasc phantom``: synthetic clips whose truth is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from usfasc.phantom import NamedScene


def phantom(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help="Scenes or sets of scenes.", show_default=False),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where the files go.")
    ] = Path("phantoms"),
    seed: Annotated[
        int | None,
        typer.Option(
            "--seed", min=0, help="Another subject and other movements.", show_default=False
        ),
    ] = None,
    frame_rate: Annotated[
        float | None,
        typer.Option("--frame-rate", metavar="HZ", min=5, max=200, show_default=False),
    ] = None,
    duration: Annotated[
        float | None,
        typer.Option("--duration", metavar="S", min=0.2, max=1200, show_default=False),
    ] = None,
    show_list: Annotated[
        bool, typer.Option("--list", help="Show the names of all scenes and leave.")
    ] = False,
) -> None:
    """Make synthetic clips: DICOM, with the truth and the muscle regions beside.

    Nothing in them comes from a patient.

    Examples:

      usfasc phantom --list
      usfasc phantom samples --out sample_videos
      usfasc phantom two_muscles --seed 7 --frame-rate 50
    """
    from usfasc.cli.batch import make_out
    from usfasc.errors import Code, UsageError
    from usfasc.phantom.catalogue import find_scenes, save_phantom

    if show_list:
        _show_names()
        return
    if not names:
        raise UsageError(Code.BAD_USAGE, "Name a scene or a set; --list shows them.")
    scenes = [scene for name in names for scene in find_scenes(name)]
    make_out(out)
    for named in scenes:
        clip, *_ = save_phantom(_changed(named, seed, frame_rate, duration), out)
        typer.echo(clip)


def _show_names() -> None:
    from usfasc.phantom.catalogue import SETS

    for title, make in SETS.items():
        typer.echo(f"{title}:")
        for named in make():
            typer.echo(f"  {named.name}")


def _changed(
    named: NamedScene, seed: int | None, frame_rate_hz: float | None, duration_s: float | None
) -> NamedScene:
    """A named scene with what the user wants otherwise."""
    from dataclasses import replace

    scene = named.scene
    scene = replace(
        scene,
        frame_rate_hz=frame_rate_hz or scene.frame_rate_hz,
        duration_s=duration_s or scene.duration_s,
    )
    return replace(named, scene=scene, seed=named.seed if seed is None else seed)

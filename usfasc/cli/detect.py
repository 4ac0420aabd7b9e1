"""``usfasc detect``: count the fasciculations of clips."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from usfasc.cli import options, texts

if TYPE_CHECKING:
    from usfasc.cli.batch import Request


def _list_parameters(wanted: bool) -> None:
    if wanted:
        from usfasc.cli.parameters import parameter_table
        from usfasc.cli.show import make_console

        make_console().print(parameter_table(), soft_wrap=False)
        raise typer.Exit


def detect(
    clips: options.Clips,
    out: options.Out = options.RESULTS,
    regions: options.Regions = options.AUTO,
    muscle: options.Muscle = None,
    side: options.MuscleSide = None,
    frame_rate: options.FrameRate = None,
    spacing_mm: options.Spacing = None,
    depth_mm: options.Depth = None,
    bmode: options.BmodeBox = None,
    picture: options.Picture = False,
    pdf: options.Pdf = False,
    firing: options.Firing = False,
    video: options.Video = False,
    speed: options.Speed = 1.0,
    animations: options.Animations = False,
    features: options.Features = False,
    settings: options.Settings = None,
    as_json: options.AsJson = False,
    quiet: options.Quiet = False,
    parameters: Annotated[
        bool,
        typer.Option(
            "--parameters",
            callback=_list_parameters,
            is_eager=True,
            help="List what --set takes, and leave.",
        ),
    ] = False,
) -> None:
    """Count the fasciculations of clips, per muscle region.

    For each clip this writes <clip>.usfasc.json (everything that was found),
    <clip>.events.csv (one row an event), and the pictures that are asked for. A
    clip's own folder is never written to.

    Pictures show the B-mode area only. Where it is not sure where that ends, none
    is made, since a patient's name might stand beside it; --bmode gives the area.

    Examples:

      usfasc detect clip.dcm --picture
      usfasc detect clip.dcm --muscle "biceps brachii" --side left
      usfasc detect clip.dcm --muscle "biceps brachii, brachialis"
      usfasc detect clip.dcm --regions regions.json
      usfasc detect film.mp4 --depth-mm 40 --bmode 80,40,560,440
      usfasc detect clip.dcm --video --speed 0.5 --animations
      usfasc detect study/ --out results --json
      usfasc detect clip.dcm --set count_score=0.8
    """
    from usfasc.cli.batch import Request
    from usfasc.cli.parameters import parse_parameters
    from usfasc.report.pictures import Wanted

    clip = texts.parse_clip(frame_rate, spacing_mm, depth_mm, bmode)
    request = Request(
        reading=texts.parse_regions(clip, regions, *texts.parse_muscles(muscle, side)),
        parameters=parse_parameters(settings or ()),
        out=out,
        features=features,
        wanted=Wanted(
            page=picture,
            pdf=pdf,
            firing=firing,
            video=video,
            speed=speed,
            animations=animations,
        ),
    )
    if _run(clips, request, as_json=as_json, quiet=quiet):
        raise typer.Exit(1)


def _run(paths: Sequence[Path], request: Request, *, as_json: bool, quiet: bool) -> int:
    """Work through the clips; the number of those that failed."""
    from usfasc.cli import show
    from usfasc.cli.batch import check_outputs, work_on
    from usfasc.io.discover import find_clips

    found = find_clips(paths)
    check_outputs(found.clips, request.out)
    terminal = show.Terminal(as_json=as_json, quiet=quiet)
    failed = 0
    for number, clip in enumerate(found.clips, start=1):
        with terminal.progress(f"{number}/{len(found.clips)} {clip.stem}") as progress:
            outcome = work_on(clip, request, progress)
        terminal.show(outcome)
        failed += outcome.error is not None
    terminal.close(clips=len(found.clips), failed=failed, passed_over=found.passed_over)
    return failed

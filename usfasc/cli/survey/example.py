"""``usfasc survey example``: synthetic clips of a survey, to try it on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from usfasc.cli import options


def example(
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", help="Where the clips go.")
    ] = Path("example"),
    duration: Annotated[
        float,
        typer.Option("--duration", metavar="S", min=3, max=120, help="Of each clip, in seconds."),
    ] = 10.0,
    quiet: options.Quiet = False,
) -> None:
    """Make the clips of a survey to try everything on.

    36 synthetic clips with headers as scanners write them: two invented patients,
    six muscles, both sides, one muscle of each in three clips; and a second visit
    of the first patient. Beside each clip are its truth and its muscle regions.

    With --duration 21, muscles of three clips are observed for a minute.

    Examples:

      usfasc survey example --out example
      usfasc survey init example/visit-1 --out survey.csv
      usfasc survey init example/visit-2 --out survey.csv --add
    """
    from usfasc.cli.show import clip_progress, make_console, plain
    from usfasc.survey.example import example_clips, write_example_clip

    console = make_console(err=True)
    clips = example_clips(duration)
    shown = console.is_terminal and not quiet
    with clip_progress(console, "making the clips", shown=shown) as progress:
        for done, clip in enumerate(clips, start=1):
            write_example_clip(clip, out)
            progress(done, len(clips))
    if not quiet:
        first = plain(str(out / clips[0].folder.parent))
        make_console().print(f"Clips: {len(clips)}. Written: {plain(str(out))}", style="dim")
        make_console().print(f"Next: usfasc survey init {first} --out survey.csv")

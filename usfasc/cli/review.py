"""``usfasc review``: open clips in napari, to go through their events."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def review(
    clips: Annotated[
        list[str],
        typer.Argument(
            metavar="CLIP",
            help="Clips, results (.usfasc.json), or rows of a survey (survey.csv:3).",
            show_default=False,
        ),
    ],
    reviewer: Annotated[
        str | None,
        typer.Option(
            "--reviewer",
            metavar="NAME",
            help="Who reads: a-z, 0-9 and hyphens; the window asks where it is not given.",
            show_default=False,
        ),
    ] = None,
    blinded: Annotated[
        bool,
        typer.Option("--blinded", help="Hide scores, kinds and counts; events in random order."),
    ] = False,
    annotate: Annotated[
        bool, typer.Option("--annotate", help="Hide all that was detected: mark from nothing.")
    ] = False,
) -> None:
    """Open clips in napari, and go through their events one by one.

    A clip's result and review come along where they exist; without a result,
    the window detects. Every act is saved at once beside the result, as
    <clip>.review.NAME.jsonl; another time goes on where this one ended. Blinded
    and annotating readers get their clips in an order of their own.

    Examples:

      usfasc review clip.dcm
      usfasc review usfasc-results/clip.usfasc.json --reviewer anna
      usfasc review survey.csv:3 --reviewer ben --blinded
      usfasc review usfasc-results/clip.usfasc.json --reviewer consensus
    """
    from usfasc.errors import Code, UsageError
    from usfasc.io.discover import RESULT_SUFFIX
    from usfasc.review import Mode, Session, check_reviewer, clip_order

    if reviewer is not None:
        check_reviewer(reviewer)
        # What cannot be opened is told here, before a window comes up.
        for path in (Path(clip) for clip in clips if clip.endswith(RESULT_SUFFIX)):
            Session.open(path, reviewer)
    if blinded and annotate:
        raise UsageError(Code.BAD_USAGE, "Give --blinded or --annotate, not both.")
    mode = Mode.BLINDED if blinded else Mode.ANNOTATE if annotate else Mode.GUIDED
    mixed = reviewer is not None and mode is not Mode.GUIDED
    files = clip_order(clips, reviewer or "") if mixed else tuple(clips)
    who = ["--reviewer", reviewer] if reviewer else []
    code = _window(["--mode", mode, *who, "--", *files])
    if code:
        raise typer.Exit(code)


def _window(arguments: list[str]) -> int:
    """Run the window as a process of its own, and wait for it; its exit code."""
    import subprocess
    import sys

    from usfasc.errors import Code, UsfascError

    command = [sys.executable, "-m", "usfasc_napari", *arguments]
    code = subprocess.run(command, check=False).returncode
    if code < 0:
        raise UsfascError(
            Code.WINDOW_DIED,
            "The window was ended from outside or could not be shown; every act until then is"
            " saved.",
        )
    return code

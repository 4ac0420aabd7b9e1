"""``python -m usfasc_napari FILE...``: clips and their review in napari's window."""

from __future__ import annotations

import os
import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from usfasc.errors import Code, UsageError
from usfasc.model import DISCLAIMER
from usfasc.review import Mode
from usfasc.review.acts import REVIEWER_PATTERN

_QT_BINDINGS = ("PySide6", "PyQt6")


def main(arguments: Sequence[str] | None = None) -> int:
    """Open a window and wait until it is closed.

    Returns
    -------
    int
        Exit code: 1 where some file could not be opened, 2 without napari or a screen.
    """
    named = _parser().parse_args(arguments)
    try:
        _require_napari()
        _require_screen()
    except UsageError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    import napari

    from usfasc_napari.window import open_window

    viewer, failed = open_window(named.files, named.reviewer, named.mode)
    if viewer is not None:
        napari.run()
    return 1 if failed else 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m usfasc_napari",
        description="Open muscle ultrasound clips in napari, and review their events.",
        epilog=DISCLAIMER,
    )
    parser.add_argument(
        "files",
        nargs="*",
        type=Path,
        metavar="FILE",
        help="clip, result (.usfasc.json), review, survey.csv:ROW or regions (.regions.json)",
    )
    parser.add_argument(
        "--reviewer",
        type=_reviewer,
        metavar="NAME",
        help="who reads: a-z, 0-9 and hyphens; without it, the window asks",
    )
    parser.add_argument(
        "--mode",
        type=Mode,
        choices=list(Mode),
        default=Mode.GUIDED,
        help="what the reader may see (default: %(default)s)",
    )
    return parser


def _reviewer(name: str) -> str:
    if not re.fullmatch(REVIEWER_PATTERN, name):
        raise ArgumentTypeError("a reader's name is 1 to 32 of a-z, 0-9 and hyphens")
    return name


def _require_napari() -> None:
    if find_spec("napari") is None or not any(map(find_spec, _QT_BINDINGS)):
        raise UsageError(
            Code.MISSING_EXTRA,
            'The window needs napari, which is not installed: pip install "usfasc[napari]".',
        )


def _require_screen() -> None:
    """Refuse where Qt would end the process, with advice that leads nowhere."""
    places = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(map(os.environ.get, places)):
        raise UsageError(
            Code.NO_SCREEN, "The window needs a screen, and there is none; by ssh, log in with -X."
        )


if __name__ == "__main__":
    sys.exit(main())

"""Options of the commands that read a survey: whose verdicts, and what was planned."""

from __future__ import annotations

from typing import Annotated

import typer

Reviewed = Annotated[
    str | None,
    typer.Option(
        "--reviewed",
        metavar="NAME|any",
        help="Follow the verdicts of this reader where there are any; any: of the readers'"
        " consensus, or of whoever alone reviewed a clip.",
        show_default=False,
    ),
]
Protocol = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="NAME",
        help='The published protocol that was planned, as "Chiba 2022": what is missing of it'
        " is told.",
        show_default=False,
    ),
]


def reader_of(text: str | None) -> str | None:
    """The reader that ``--reviewed`` names."""
    from usfasc.survey.reviewed import ANY_READER

    return ANY_READER if text == "any" else text

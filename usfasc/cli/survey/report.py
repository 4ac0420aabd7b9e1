"""``usfasc survey report``: a survey as one page to look at and to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from usfasc.cli import options
from usfasc.cli.survey.choices import Protocol, Reviewed, reader_of


def report(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The survey's folder.", show_default=False)
    ],
    reviewed: Reviewed = None,
    protocol: Protocol = None,
    subjects: Annotated[
        list[str] | None,
        typer.Option(
            "--subject",
            metavar="NAME",
            help="Tell this subject alone; give it again for another.",
            show_default=False,
        ),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Also as PDF, about half a second a page.")
    ] = False,
    identify: Annotated[
        Path | None,
        typer.Option(
            "--identify",
            metavar="KEY",
            help="Print who the subjects are, by the key that survey init wrote.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            help="Where the page goes.  [default: DIR; with --identify the key's folder]",
            show_default=False,
        ),
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Write a survey as one page: report.html.

    For each subject: a map of the body, a table of muscles with their status,
    every clip on a time axis, the clearest twitches, what spoilt the clips and how
    to record better, published rules side by side, ratios, sessions. Of several
    subjects, all together first. The page is one file: it loads nothing, runs no
    script, and prints on A4 or Letter. It says of each muscle whether it was
    reviewed, and bears a banner while it was not.

    Who the subjects are is never in it, but with --identify: that page is called
    report.identified.html, you alone can read it, and it goes beside the key.

    Examples:

      usfasc survey report survey
      usfasc survey report survey --reviewed anna --pdf
      usfasc survey report survey --subject S001 --identify ~/private/key.csv
    """
    from usfasc.cli.show import make_console, plain
    from usfasc.model import DISCLAIMER
    from usfasc.report.survey_page import Wish
    from usfasc.report.survey_report import with_identities, write_survey_report

    wish = Wish(reviewer=reader_of(reviewed), subjects=tuple(subjects or ()))
    place = out or folder
    if identify is not None:
        wish = with_identities(wish, identify)
        place = out or identify.parent
    written = write_survey_report(folder, wish, out=place, protocol=protocol, pdf=pdf)
    if not quiet:
        console = make_console()
        console.print(f"Written: {plain(', '.join(map(str, written)))}", style="dim")
        console.print(DISCLAIMER)

"""``usfasc survey tables``: a survey's tables for statistics."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from usfasc.cli import options
from usfasc.cli.survey.choices import Protocol, Reviewed, reader_of


def tables(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The survey's folder.", show_default=False)
    ],
    reviewed: Reviewed = None,
    protocol: Protocol = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="Also as Parquet, with types.")
    ] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write a survey's tables for statistics, as CSV.

    One each of events, clips, muscles, subjects, rules and ratios goes into
    DIR/tables. dictionary.csv tells each column's unit and meaning. Counts are the
    detector's unless --reviewed says whose verdicts they follow; the column
    reviewed_by tells for each clip and muscle.

    Examples:

      usfasc survey tables survey
      usfasc survey tables survey --reviewed anna --parquet
    """
    from usfasc.cli.show import make_console, plain
    from usfasc.model import DISCLAIMER
    from usfasc.survey.gathering import gather_findings
    from usfasc.survey.tables import write_tables

    reviewer = reader_of(reviewed)
    findings = gather_findings(folder, reviewer=reviewer, protocol=protocol)
    written = write_tables(folder, findings, reviewer=reviewer, parquet=parquet)
    if not quiet:
        console = make_console()
        names = ", ".join(path.name for path in written)
        if reviewer is not None:
            followed = sum(clip.reviewed_by is not None for clip in findings.clips)
            of = len(findings.clips)
            console.print(f"Rows whose count follows a reader's verdicts: {followed} of {of}.")
        console.print(f"Written to {plain(str(written[0].parent))}: {names}", style="dim")
        console.print(DISCLAIMER)

"""What the terminal shows of results that were looked at again."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import AbstractContextManager
from typing import Any, Final

from rich.console import Console

from usfasc.cli.show import clip_progress, make_console, plain
from usfasc.io.discover import FoundClip
from usfasc.model import DISCLAIMER
from usfasc.report.pictures import Progress
from usfasc.verification import Difference, Finding, Verdict, Verification

_MOST: Final = 12
"""Differences that are told of one result; `--json` tells all."""
_STYLES: Final = {
    Verdict.SAME: "bold green",
    Verdict.NEAR: "bold green",
    Verdict.WHOLE: "bold cyan",
    Verdict.DIFFERS: "bold red",
}
_MARKS: Final = {True: "yes", False: "NO", None: "-"}


class Verdicts:
    """Where verdicts are shown: on stdout; progress and what fails on stderr."""

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self._as_json = as_json
        self._quiet = quiet
        self._results = make_console()
        self._errors = make_console(err=True)
        self._verdicts: Counter[Verdict] = Counter()

    def progress(self, label: str) -> AbstractContextManager[Progress]:
        """A progress bar on a terminal, nothing elsewhere."""
        shown = self._errors.is_terminal and not self._quiet
        return clip_progress(self._errors, label, shown=shown)

    def show(self, found: FoundClip, verification: Verification) -> None:
        """Show what came of looking at one result."""
        name = found.name
        self._verdicts[verification.verdict] += 1
        if self._as_json:
            self._results.print(json.dumps(json_row(name, verification)))
        elif not self._quiet:
            _show(self._results, name, verification)
        for finding in verification.findings:
            if finding.holds is False:
                self._errors.print(f"{finding.code}: {_ended(finding, name)}")

    def close(self) -> int:
        """Say how many there were of each, and what results are not for; how many differ."""
        total = self._verdicts.total()
        if total > 1 and not self._quiet:
            said = [
                f"{count} {verdict}" for verdict in Verdict if (count := self._verdicts[verdict])
            ]
            self._errors.print(f"{total} results: {', '.join(said)}.")
        if not (self._as_json or self._quiet):
            self._results.print(DISCLAIMER)
        return self._verdicts[Verdict.DIFFERS]


def json_row(name: str, verification: Verification) -> dict[str, Any]:
    """One JSON object of one result, what fails included."""
    row = verification.model_dump(mode="json")
    failed = [finding for finding in verification.findings if finding.holds is False]
    errors = {"code": str(failed[0].code), "error": failed[0].sentence} if failed else {}
    said = {"clip": name, "verdict": str(verification.verdict)}
    return said | errors | row | {"disclaimer": DISCLAIMER}


def _show(console: Console, name: str, verification: Verification) -> None:
    verdict = verification.verdict
    console.print(f"{plain(name)}: {verdict}", style=_STYLES[verdict])
    for finding in verification.findings:
        style = "red" if finding.holds is False else "dim" if finding.holds is None else None
        console.print(
            f"  {finding.check:<10}  {_MARKS[finding.holds]:<3}  {plain(finding.sentence)}",
            style=style,
        )
    for line in _lines(verification.differences):
        console.print(f"    {plain(line)}")
    if verification.made_by:
        console.print(f"  made by     {plain('; '.join(verification.made_by))}")
    console.print()


def _lines(found: tuple[Difference, ...]) -> list[str]:
    """The differences that weigh first, the last digits after them."""
    ordered = sorted(found, key=lambda each: each.near)
    lines = [
        f"{each.field}: was {each.stored}, is {each.now}{' (last digits)' if each.near else ''}"
        for each in ordered[:_MOST]
    ]
    more = len(found) - len(lines)
    return [*lines, f"and {more} more (--json tells all)"] if more else lines


def _ended(finding: Finding, name: str) -> str:
    return f"{finding.sentence.rstrip('.')} ({plain(name)})."

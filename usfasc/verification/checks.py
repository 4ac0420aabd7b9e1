"""What is looked at in a result, one after the other, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError, UsfascError, internal_failure
from usfasc.io.discover import RESULT_SUFFIX
from usfasc.io.results import read_result
from usfasc.model import Engine, Result, Value
from usfasc.provenance import engine, parameters_digest
from usfasc.searching import Progress
from usfasc.verification.again import derived_again, parameters_of, reviewed_again
from usfasc.verification.clips import Clips
from usfasc.verification.differences import Difference, differences
from usfasc.verification.files import file_state, table_faults

_MOST_FAULTS: Final = 5


class Check(StrEnum):
    """What is looked at."""

    FILE = "file"
    TABLE = "table"
    PARAMETERS = "parameters"
    CLIP = "clip"
    REVIEW = "review"
    RECOMPUTED = "recomputed"


class Verdict(StrEnum):
    """What came of it all."""

    SAME = "same"
    NEAR = "near"
    """The same but for what another processor makes of the last digits."""
    WHOLE = "whole"
    """As it was written; it was not derived again."""
    DIFFERS = "differs"


class Finding(Value):
    """What came of one check."""

    check: Check
    holds: bool | None
    """None: it could not be looked at, or nobody asked for it."""
    code: Code | None = None
    """Of what does not hold."""
    sentence: str


class Verification(Value):
    """What came of looking at one result."""

    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...] = ()
    made_by: tuple[str, ...] = ()
    """Versions that made it and are others here, as ``numpy 2.3.1, here 2.4.6``."""

    @property
    def verdict(self) -> Verdict:
        """All in one word."""
        states = {finding.check: finding.holds for finding in self.findings}
        if False in states.values():
            return Verdict.DIFFERS
        if not states.get(Check.RECOMPUTED):
            return Verdict.WHOLE
        return Verdict.NEAR if self.differences else Verdict.SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where clips and reviews are, and whether results are derived again."""

    clips: Clips | None = None
    """None: no clip is looked at."""
    reviews: Path | None = None
    """None: reviews are beside the results."""
    recompute: bool = True


def verify(path: Path, sources: Sources, progress: Progress | None = None) -> Verification:
    """Check that a result is whole, is of its clip, and comes out the same again.

    Parameters
    ----------
    path
        ``<clip>.usfasc.json``.
    sources
        Where its clip and its review are.
    progress
        Called with (frames done, frames in all).

    Returns
    -------
    Verification
        What fails is told in it, not raised.
    """
    findings: list[Finding] = []
    found: tuple[Difference, ...] = ()
    try:
        findings.append(_file(path))
        result = read_result(path)
    except UsfascError as error:
        return Verification(findings=(*findings, _failed(Check.FILE, error)))
    findings += [_table(path, result), _parameters(result)]
    clip, finding = _clip(path, result, sources)
    findings.append(finding)
    if clip is not None and sources.recompute:
        again, found = _again(path, result, clip, sources.reviews, progress)
        findings += again
    return Verification(
        findings=tuple(findings), differences=found, made_by=tuple(_others(result.engine))
    )


def _file(path: Path) -> Finding:
    state = file_state(path)
    if state == "none":
        sentence = "An older usfasc wrote the file, without a digest: damage may not be seen."
        return Finding(check=Check.FILE, holds=None, sentence=sentence)
    if state == "damaged":
        sentence = "The file is not as it was written: its digest does not fit."
        return Finding(check=Check.FILE, holds=False, code=Code.DAMAGED, sentence=sentence)
    return Finding(check=Check.FILE, holds=True, sentence="The file is as it was written.")


def _table(path: Path, result: Result) -> Finding:
    try:
        faults = table_faults(path, result)
    except InputError as error:
        if error.code is Code.NOT_FOUND:
            sentence = "There is no event table beside the result."
            return Finding(check=Check.TABLE, holds=None, sentence=sentence)
        return _failed(Check.TABLE, error)
    if not faults:
        return Finding(check=Check.TABLE, holds=True, sentence="The event table says the same.")
    more = f" and {len(faults) - _MOST_FAULTS} more" if len(faults) > _MOST_FAULTS else ""
    sentence = f"The event table differs in {'; '.join(faults[:_MOST_FAULTS])}{more}."
    return Finding(check=Check.TABLE, holds=False, code=Code.DAMAGED, sentence=sentence)


def _parameters(result: Result) -> Finding:
    try:
        fits = parameters_digest(parameters_of(result)) == result.parameters_digest
    except InputError as error:
        return Finding(check=Check.PARAMETERS, holds=None, sentence=error.sentence)
    if not fits:
        sentence = "The parameters are not those that the result's digest of them was taken of."
        return Finding(check=Check.PARAMETERS, holds=False, code=Code.DAMAGED, sentence=sentence)
    return Finding(check=Check.PARAMETERS, holds=True, sentence="The parameters fit their digest.")


def _clip(path: Path, result: Result, sources: Sources) -> tuple[Path | None, Finding]:
    if sources.clips is None:
        sentence = "No clip was given: --clip or --clips derives the result again."
        return None, Finding(check=Check.CLIP, holds=None, sentence=sentence)
    try:
        clip = sources.clips.find(result.source.sha256, path.name.removesuffix(RESULT_SUFFIX))
    except UsfascError as error:
        return None, _failed(Check.CLIP, error)
    return clip, Finding(check=Check.CLIP, holds=True, sentence="The clip is the one analysed.")


def _again(
    path: Path, result: Result, clip: Path, reviews: Path | None, progress: Progress | None
) -> tuple[list[Finding], tuple[Difference, ...]]:
    """Derive a result again and compare."""
    try:
        fresh = derived_again(result, clip, progress)
    except UsfascError as error:
        return [_failed(Check.RECOMPUTED, error)], ()
    except Exception as error:
        return [_failed(Check.RECOMPUTED, internal_failure(error))], ()
    findings = []
    if result.review is not None:
        try:
            fresh = reviewed_again(result, fresh, path, reviews)
        except UsfascError as error:
            return [_failed(Check.REVIEW, error)], ()
        sentence = f"The review of {result.review.reviewer} is the one that was followed."
        findings.append(Finding(check=Check.REVIEW, holds=True, sentence=sentence))
    found = differences(result, fresh)
    return [*findings, _recomputed(result, found)], found


def _recomputed(result: Result, found: tuple[Difference, ...]) -> Finding:
    far = sum(not each.near for each in found)
    if far:
        sentence = f"Derived again, the result differs in {_counted(far, 'field')}{_why(result)}."
        return Finding(check=Check.RECOMPUTED, holds=False, code=Code.DIFFERS, sentence=sentence)
    close = ", but for last digits, as of another processor" if found else ""
    what = f"{_counted(len(result.events), 'event')}, {_counted(len(result.regions), 'region')}"
    sentence = f"Derived again, it is the same{close}: {what}."
    return Finding(check=Check.RECOMPUTED, holds=True, sentence=sentence)


def _why(result: Result) -> str:
    """That another usfasc made a result, and may well have found otherwise."""
    then, here = result.engine.version, engine().version
    return f", as it may: usfasc {then} made it, and this is {here}" if then != here else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _others(made_by: Engine) -> Iterator[str]:
    """What made a result and is of another version here."""
    here = engine()
    if made_by.version != here.version:
        yield f"usfasc {made_by.version}, here {here.version}"
    for name in sorted(made_by.libraries.keys() | here.libraries.keys()):
        then, now = made_by.libraries.get(name, "none"), here.libraries.get(name, "none")
        if then != now:
            yield f"{name} {then}, here {now}"


def _failed(check: Check, error: UsfascError) -> Finding:
    return Finding(check=check, holds=False, code=error.code, sentence=error.sentence)

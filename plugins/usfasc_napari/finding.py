"""Where the files of one clip lie: its result, and the clip of a result.

A result belongs to a clip by the digest of the clip's bytes; names only tell where to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError, UsageError, UsfascError
from usfasc.io.discover import clip_stem
from usfasc.io.results import read_result, result_paths
from usfasc.model import Result
from usfasc.provenance import file_sha256
from usfasc.survey.record import NAME_DIGITS

RESULT_SUFFIX: Final = ".usfasc.json"
RESULTS: Final = "usfasc-results"
_MOST_FOLDERS: Final = 200


class ResultsFolder:
    """Where results go, and are looked for first.

    What a user chooses holds until napari ends, and is kept on no disk: a folder may be
    called as a patient is.
    """

    def __init__(self) -> None:
        self.chosen: Path | None = None

    @property
    def path(self) -> Path:
        """The chosen folder; without one, `usfasc-results` in the working folder."""
        return self.chosen or Path.cwd() / RESULTS

    def check(self, clip: Path | None) -> None:
        """Refuse to write beside a clip.

        Raises
        ------
        UsageError
            ``BAD_USAGE``: the folder is the clip's own.
        """
        if clip is not None and self.path.resolve() == clip.resolve().parent:
            raise UsageError(
                Code.BAD_USAGE, "Results never go into the folder of a clip; choose another folder."
            )


results_folder: Final = ResultsFolder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A clip's result and where it lies; else why one of its name is not it."""

    result: Result | None = None
    path: Path | None = None
    note: str = ""


def find_result(clip: Path, sha256: str, near: Path | None = None) -> Found:
    """The result of a clip: in the chosen folder, ``usfasc-results`` here or beside, or beside.

    Parameters
    ----------
    clip
        The clip's file.
    sha256
        Of its bytes.
    near
        Another folder beside which results may lie: a survey's.
    """
    found = Found()
    for folder in _folders_of(clip, near):
        for name in (clip_stem(clip), sha256[:NAME_DIGITS]):
            path, _ = result_paths(folder, name)
            if not path.is_file():
                continue
            seen = _check(path, sha256)
            if seen.result is not None:
                return seen
            found = found if found.note else seen
    return found


def find_clip(result_path: Path, sha256: str) -> Path | None:
    """The clip of a result: near the result, under the result's name, and of the same bytes.

    Parameters
    ----------
    result_path
        ``<stem>.usfasc.json``.
    sha256
        Of the clip, as the result says.
    """
    stem = result_path.name.removesuffix(RESULT_SUFFIX)
    for path in _files_near(result_path.absolute().parent):
        with suppress(OSError, InputError):
            if clip_stem(path) == stem and path.is_file() and file_sha256(path) == sha256:
                return path
    return None


def _folders_of(clip: Path, near: Path | None) -> dict[Path, None]:
    """Where to look, in this order."""
    beside = clip.absolute().parent
    about = [Path.cwd(), *([] if near is None else [near.absolute()]), beside]
    return dict.fromkeys((results_folder.path, *(each / RESULTS for each in about), beside))


def _files_near(folder: Path) -> Iterator[Path]:
    """What lies in a folder, in the one above, and in those beside it."""
    yield from _listed(folder)
    above = _listed(folder.parent)
    yield from above
    beside = (each for each in above if each.is_dir() and each != folder)
    for each in islice(beside, _MOST_FOLDERS):
        yield from _listed(each)


def _listed(folder: Path) -> list[Path]:
    """What a folder holds; nothing where that may not be seen."""
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []


def _check(path: Path, sha256: str) -> Found:
    try:
        result = read_result(path)
    except UsfascError as error:
        return Found(note=f"The result of this clip is not shown: {error.sentence}")
    if result.source.sha256 != sha256:
        return Found(note="A result of this name belongs to another file.")
    return Found(result=result, path=path)

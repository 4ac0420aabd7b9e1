"""Which files of a command line are clips, and what their outputs are called."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from usfasc.errors import Code, InputError, UsageError
from usfasc.io.opening import DICOM, sniff

_KNOWN_SUFFIXES: Final = frozenset({".dcm", ".mp4", ".avi", ".mov", ".wmv", ".m4v", ".mkv"})
Progress = Callable[[int, int], None]
RESULT_SUFFIX: Final = ".usfasc.json"
VIDEO_SUFFIX: Final = ".annotated.mp4"
_NO_CLIP: Final = frozenset({Code.STILL_IMAGE, Code.NO_PIXELS, Code.NOT_A_CINE, Code.NO_FRAMES})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClip:
    """One candidate: its file, and the folder and stem that name its outputs."""

    path: Path
    relative_folder: Path
    stem: str

    @property
    def name(self) -> str:
        """What it is called by in words: as its outputs are."""
        return (self.relative_folder / self.stem).as_posix()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The clips of a command line, and how many other files were passed over."""

    clips: tuple[FoundClip, ...]
    passed_over: int


def clip_stem(path: Path) -> str:
    """File name less a known suffix; nothing else is cut, since UIDs have dots."""
    return path.stem if path.suffix.lower() in _KNOWN_SUFFIXES else path.name


def find_clips(paths: Sequence[Path], progress: Progress | None = None) -> Found:
    """Resolve files, folders and patterns to clips, in a fixed order, each file once.

    A file that is named is always a clip, whatever is in it: its error is the
    user's to see. In folders and patterns, stills, directories of media, reports
    and files of other kinds are passed over; a damaged clip is not.

    Parameters
    ----------
    paths
        Files, folders (searched to any depth), or glob patterns (``**`` included)
        that no shell has resolved.
    progress
        Called with files looked at and files in all of the argument at hand.

    Returns
    -------
    Found
        Clips in the order of the arguments, sorted by path within each.

    Raises
    ------
    UsageError
        A pattern matches nothing.
    """
    clips: dict[Path, FoundClip] = {}
    passed_over: set[Path] = set()
    for argument in paths:
        files = list(_files(argument))
        for number, (path, top) in enumerate(files, start=1):
            if progress:
                progress(number, len(files))
            named = path == argument
            if named or _is_clip(path):
                found = FoundClip(
                    path=path, relative_folder=_below(path, top), stem=clip_stem(path)
                )
                clips.setdefault(path.absolute(), found)
            else:
                passed_over.add(path.absolute())
    return Found(clips=tuple(clips.values()), passed_over=len(passed_over - clips.keys()))


def find_results(paths: Sequence[Path]) -> tuple[FoundClip, ...]:
    """Resolve files, folders and patterns to results, in a fixed order, each file once.

    Parameters
    ----------
    paths
        Results, folders of them (searched to any depth), or glob patterns.

    Raises
    ------
    UsageError
        A pattern matches nothing, a file that is named is not there or not called as a
        result is, or there is no result at all.
    """
    results: dict[Path, FoundClip] = {}
    for argument in paths:
        for path, top in _files(argument):
            if path.name.endswith(RESULT_SUFFIX):
                stem = path.name.removesuffix(RESULT_SUFFIX)
                found = FoundClip(path=path, relative_folder=_below(path, top), stem=stem)
                results.setdefault(path.absolute(), found)
            elif path == argument and not path.exists():
                raise UsageError(Code.NOT_FOUND, "There is no such file or folder.")
            elif path == argument:
                raise UsageError(Code.BAD_USAGE, f"A result is called <clip>{RESULT_SUFFIX}.")
    if not results:
        raise UsageError(Code.NOT_FOUND, "There is no result in what was given.")
    return tuple(results.values())


def _files(argument: Path) -> Iterator[tuple[Path, Path]]:
    """Files of one argument, each with the folder that its sub-folders count from."""
    if argument.is_dir():
        yield from ((path, argument) for path in _files_below(argument))
    elif argument.exists() or not glob.has_magic(str(argument)):
        yield argument, argument.parent
    else:
        yield from _matches(argument)


def _matches(pattern: Path) -> Iterator[tuple[Path, Path]]:
    matches = sorted(Path(match) for match in glob.glob(str(pattern), recursive=True))  # noqa: PTH207
    if not matches:
        raise UsageError(Code.NOT_FOUND, "The pattern matches no file.")
    top = _fixed_part(pattern)
    for match in matches:
        if match.is_dir():
            if "**" not in pattern.parts:
                yield from ((path, top) for path in _files_below(match))
        else:
            yield match, top


def _files_below(folder: Path) -> list[Path]:
    """Files of a folder at any depth, hidden ones left out."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in _below(path, folder).parts)
        and not path.name.startswith(".")
    )


def _fixed_part(pattern: Path) -> Path:
    """The folder before a pattern's first wildcard."""
    fixed = pattern
    while glob.has_magic(str(fixed)):
        fixed = fixed.parent
    return fixed


def _below(path: Path, top: Path) -> Path:
    return path.parent.relative_to(top)


def _is_clip(path: Path) -> bool:
    """Whether a file is worth opening: a video, or DICOM pixels of more than one frame."""
    if _is_drawn(path):
        return False
    try:
        kind = sniff(path)
        if kind == DICOM:
            from usfasc.io.dicom import check_dicom_cine

            check_dicom_cine(path)
    except InputError as error:
        return error.code not in _NO_CLIP
    return kind is not None


def _is_drawn(path: Path) -> bool:
    """Whether a video is one that usfasc drew: results may stand below the folder of clips."""
    stem = path.name.removesuffix(VIDEO_SUFFIX)
    return stem != path.name and path.with_name(f"{stem}{RESULT_SUFFIX}").exists()

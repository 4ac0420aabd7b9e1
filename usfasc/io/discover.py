"""Which files of a command line are clips, and what their outputs are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_KNOWN_SUFFIXES = frozenset({".dcm", ".mp4", ".avi", ".mov", ".wmv", ".m4v", ".mkv"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundClip:
    """One candidate: its file, and the folder and stem that name its outputs."""

    path: Path
    relative_folder: Path
    stem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The clips of a command line, and how many other files were passed over."""

    clips: tuple[FoundClip, ...]
    passed_over: int


def clip_stem(path: Path) -> str:
    """File name less a known suffix; nothing else is cut, since UIDs have dots."""
    return path.stem if path.suffix.lower() in _KNOWN_SUFFIXES else path.name


def find_clips(paths: Sequence[Path]) -> Found:
    """Resolve files, folders and globs to clips."""
    raise NotImplementedError

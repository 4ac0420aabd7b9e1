"""Where the clip of a result is: a clip belongs to a result by its bytes, not by its name."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from usfasc.errors import Code, InputError
from usfasc.io.discover import clip_stem
from usfasc.io.opening import sniff
from usfasc.provenance import file_sha256


class Clips(Protocol):
    """Where clips are looked for."""

    def find(self, sha256: str, stem: str) -> Path:
        """The clip of these bytes; see `KnownClips.find`."""


class GivenClip:
    """The one clip that a user names."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, sha256: str, stem: str) -> Path:
        """The clip, if it has these bytes.

        Raises
        ------
        InputError
            ``CLIP_CHANGED``, or why it cannot be read.
        """
        sniff(self._path)  # a pipe or a device is never read to its end
        if file_sha256(self._path) != sha256:
            raise InputError(
                Code.CLIP_CHANGED, "The clip is not the one that was analysed: its bytes differ."
            )
        return self._path


class KnownClips:
    """The clips of a folder, at any depth; no file is read twice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: tuple[Path, ...] | None = None
        self._digests: dict[Path, str] = {}

    def find(self, sha256: str, stem: str) -> Path:
        """The clip of these bytes; those that are called as the result is are read first.

        Parameters
        ----------
        sha256
            Of the clip, as the result says.
        stem
            What the result is called.

        Raises
        ------
        InputError
            ``CLIP_CHANGED``: one of this name has other bytes; ``NOT_FOUND``.
        """
        files = self._listed()
        for path in sorted(files, key=lambda path: clip_stem(path) != stem):
            if self._digest(path) == sha256:
                return path
        if any(clip_stem(path) == stem for path in files):
            raise InputError(
                Code.CLIP_CHANGED,
                "The clip of this name is not the one that was analysed: its bytes differ.",
            )
        raise InputError(Code.NOT_FOUND, "The clip that was analysed is not in the folder.")

    def _listed(self) -> tuple[Path, ...]:
        if self._files is None:
            if not self._folder.is_dir():
                raise InputError(Code.NOT_FOUND, "There is no such folder of clips.")
            self._files = tuple(sorted(p for p in self._folder.rglob("*") if p.is_file()))
        return self._files

    def _digest(self, path: Path) -> str:
        """SHA-256 of a file; empty where it cannot be read."""
        if path not in self._digests:
            try:
                self._digests[path] = file_sha256(path)
            except InputError:
                self._digests[path] = ""
        return self._digests[path]

"""One detection as it is asked for in the window, from the clip to the files of its result."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from usfasc.errors import Code, UsageError, UsfascError
from usfasc.io.results import append_run, read_result, result_paths, write_result
from usfasc.model import Cine, Reading, Result
from usfasc.params import Parameters
from usfasc.part import part_between
from usfasc.provenance import file_sha256
from usfasc_napari.jobs import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What is to be detected, how, and where its result goes.

    A clip of a file is opened anew, so that nothing is shared with the one on display;
    ``cine`` is that of a sample, which has no file. Files are called by ``name``.
    """

    name: str
    path: Path | None = None
    cine: Cine | None = None
    reading: Reading
    parameters: Parameters
    part_s: tuple[float, float] | None = None
    """Start and stop of the part to analyse; None: the whole clip."""
    folder: Path

    @property
    def words(self) -> str:
        """What it is called in a list."""
        if self.part_s is None:
            return self.name
        start_s, stop_s = self.part_s
        return f"{self.name}, {start_s:.2f} to {stop_s:.2f} s"

    def check(self) -> None:
        """Refuse what would overwrite the result of another clip.

        Raises
        ------
        UsageError
            ``SAME_OUTPUT``.
        """
        path, _ = result_paths(self.folder, self.name)
        if not path.exists():
            return
        try:
            theirs = read_result(path).source.sha256
        except UsfascError:
            return
        if theirs != self._sha256():
            raise UsageError(
                Code.SAME_OUTPUT,
                "The folder holds the result of another clip of this name; choose another folder.",
            )

    def _sha256(self) -> str:
        if self.path is not None:
            return file_sha256(self.path)
        assert self.cine is not None, "a detection has a file or a clip"
        return self.cine.source.sha256

    def run(self, progress: Progress) -> Path:
        """Detect, and write the result with its table.

        Parameters
        ----------
        progress
            Called with frames done and frames in all.

        Returns
        -------
        Path
            The result.

        Raises
        ------
        UsfascError
            The clip cannot be used, or the result not be written.
        """
        started, clock_s = datetime.now(UTC), time.monotonic()

        def tell(code: Code | None) -> None:
            duration_s = time.monotonic() - clock_s
            append_run(self.folder, self.name, started=started, duration_s=duration_s, code=code)

        try:
            path = self._write(progress)
        except UsfascError as error:
            tell(error.code)
            raise
        tell(None)
        return path

    def _write(self, progress: Progress) -> Path:
        cine, stem = self._read(), self.name
        if self.part_s is not None:
            stem = f"{stem}.{part_between(cine, *self.part_s).words}"
        result = self._detect(cine, progress)
        progress(cine.frames.count, cine.frames.count)
        return write_result(result, self.folder, stem)[0]

    def _read(self) -> Cine:
        from usfasc.pipeline import read_cine

        if self.path is not None:
            return read_cine(self.path, self.reading)
        assert self.cine is not None, "a detection has a file or a clip"
        return self.cine

    def _detect(self, cine: Cine, progress: Progress) -> Result:
        from usfasc.derive import derive

        reading = replace(self.reading, part_s=self.part_s)
        return derive(cine, reading, self.parameters, progress)[0]

"""The viewer of our own window: what is dropped on it or opened is read by us where it is ours.

napari would ask which of its readers shall read a DICOM file or a video, and offers first
one that cannot. In someone else's napari that question is theirs to answer, once for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import napari

from usfasc_napari.reader import is_ours


class ClipViewer(napari.Viewer):  # type: ignore[misc] # napari is not typed
    """napari's viewer, in which clips, results, reviews and surveys need no question."""

    def open(
        self,
        path: str | Path | Sequence[str | Path],
        *,
        plugin: str | None = "napari",
        stack: Any = False,
        **more: Any,
    ) -> list[Any]:
        """Open files; see napari. Where the reader is left open, ours are read by us.

        Parameters
        ----------
        path, stack, more
            As napari takes them.
        plugin
            None where files were dropped, or chosen in File > Open.
        """
        paths = [path] if isinstance(path, str | Path) else list(path)
        if plugin is not None or stack:
            return list(super().open(paths, plugin=plugin, stack=stack, **more))
        layers: list[Any] = []
        # One by one, in their order: a result is laid over the clip before it.
        for each in paths:
            reader = "usfasc" if Path(each).is_file() and is_ours(Path(each)) else None
            layers += super().open(each, plugin=reader, **more)
        return layers

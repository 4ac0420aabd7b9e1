"""napari's way in: which files are ours, and what is said of those that cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import napari
from napari.utils.notifications import show_error, show_info

from usfasc.errors import InputError, UsfascError
from usfasc.io.opening import sniff
from usfasc_napari.asking import user_at_window
from usfasc_napari.layers import METADATA_KEY, LayerData, OpenClip
from usfasc_napari.opening import is_named_ours, open_layers

if TYPE_CHECKING:
    from usfasc_napari.desk import Desk

NOTHING_TO_SHOW: Final[list[Any]] = [(None,)]
"""What napari takes for: read, and no layer of it."""

Read = Callable[[str], list[LayerData]]


def get_reader(path: str | list[str]) -> Read | None:
    """Command ``usfasc.read``: our reader, where the file is for it.

    Parameters
    ----------
    path
        One file; a list is what napari gives where files shall be stacked, and clips
        do not stack.
    """
    if isinstance(path, list) or not is_ours(Path(path)):
        return None
    return read


def read(path: str) -> list[LayerData]:
    """Read one file; where it cannot be used, one sentence says why and no layer comes."""
    try:
        opened = open_layers(Path(path), shown_clips(), user_at_window())
    except UsfascError as error:
        show_error(error.sentence)
        return NOTHING_TO_SHOW
    if opened.reviewer is not None and (viewer := napari.current_viewer()) is not None:
        from usfasc_napari.desk import desk_of

        sit_down(desk_of(viewer), opened.reviewer)
    if opened.notes:
        show_info("\n".join(opened.notes))
    return received(opened.layers) or NOTHING_TO_SHOW


def received(layers: Sequence[LayerData]) -> list[LayerData]:
    """Those layers that the reader at the viewer may see; its clips are made ready for them."""
    viewer = napari.current_viewer()
    if viewer is None:
        return list(layers)
    from usfasc_napari.desk import desk_of

    return desk_of(viewer).receive(layers)


def sit_down(desk: Desk, reviewer: str) -> None:
    """Let the reader whose review was opened go on with it; another one keeps the seat."""
    if desk.reviewer is None:
        desk.read_as(reviewer, desk.mode)
    elif desk.reviewer != reviewer:
        show_info("This is another reader's review; it is not shown to you.")


def shown_clips() -> list[OpenClip]:
    """The clips in the viewer that was used last, in the order of its layers."""
    viewer = napari.current_viewer()
    return [] if viewer is None else clips_of(viewer.layers)


def clips_of(layers: Iterable[Any]) -> list[OpenClip]:
    """The clips among a viewer's layers."""
    kept = (layer.metadata.get(METADATA_KEY) for layer in layers)
    return [each for each in kept if isinstance(each, OpenClip)]


def is_ours(path: Path) -> bool:
    """Whether a file is ours by its name, or, where that says nothing, by its content."""
    if is_named_ours(path):
        return True
    try:
        return sniff(path) is not None
    except InputError:
        return False

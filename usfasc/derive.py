"""From a clip and what the user said of it to a result that can be derived again."""

from __future__ import annotations

from usfasc.model import Cine, Reading, Result
from usfasc.params import Parameters
from usfasc.part import cut, in_whole_clip, part_between
from usfasc.pipeline import outline_and_analyse
from usfasc.searching import Analysis, Progress


def derive(
    cine: Cine,
    reading: Reading,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> tuple[Result, tuple[Analysis, ...]]:
    """Find, sort and count the movements of a clip; the result keeps what the user said.

    Parameters
    ----------
    cine, reading, parameters, progress
        As `usfasc.pipeline.outline_and_analyse` takes them. Where the user chose a part of
        the clip, that part alone is judged.

    Returns
    -------
    tuple
        The result, and what it was concluded from, picture by picture.

    Raises
    ------
    InputError
        As `usfasc.pipeline.outline_and_analyse` does.
    UsageError
        ``BAD_USAGE``: the part has less than a second, or the clip has no times.
    """
    result, found = _judged(cine, reading, parameters, progress)
    return result.model_copy(update={"given": reading}), found


def _judged(
    cine: Cine, reading: Reading, parameters: Parameters | None, progress: Progress | None
) -> tuple[Result, tuple[Analysis, ...]]:
    if reading.part_s is None:
        return outline_and_analyse(cine, reading, parameters, progress)
    part = part_between(cine, *reading.part_s)
    result, found = outline_and_analyse(cut(cine, part), reading, parameters, progress)
    assert cine.duration_s is not None, "a clip with a part has times"
    return in_whole_clip(result, part, cine.duration_s), found

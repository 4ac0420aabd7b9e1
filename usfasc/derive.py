"""From a clip and what the user said of it to a result that can be derived again."""

from __future__ import annotations

from usfasc.model import Cine, Reading, Result
from usfasc.params import Parameters
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
        As `usfasc.pipeline.outline_and_analyse` takes them.

    Returns
    -------
    tuple
        The result, and what it was concluded from, picture by picture.

    Raises
    ------
    InputError
        As `usfasc.pipeline.outline_and_analyse` does.
    """
    result, found = outline_and_analyse(cine, reading, parameters, progress)
    return result.model_copy(update={"given": reading}), found

"""The work on one clip of a survey: a value that says what to do, and a pure function that does it.

Whoever runs it, in this process, another or on another machine: the same task gives the same
bytes. It reads one file and writes none; what it made is handed back to be written by one hand.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Final

from pydantic import TypeAdapter
from threadpoolctl import threadpool_limits

from usfasc.derive import derive
from usfasc.errors import Code, InputError, UsfascError, internal_failure
from usfasc.io.event_table import events_bytes
from usfasc.io.results import result_bytes
from usfasc.model import Cine, Engine, Reading, Result
from usfasc.params import Parameters
from usfasc.pipeline import read_cine
from usfasc.provenance import engine, parameters_digest
from usfasc.survey.outlines import NamedRegion
from usfasc.survey.record import NAME_DIGITS, OK

Draw = Callable[[Cine, Result], Mapping[str, bytes]]
"""Pictures of a clip by the end of their names, as ``still.png``; to be found by its name."""

_READING: Final = TypeAdapter(Reading)
_ONE_AT_A_TIME: Final = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipTask:
    """One clip to be judged, and all that its result depends on.

    What may carry a name is left out where the task is printed: schedulers keep logs.
    """

    path: Path = field(repr=False)
    sha256: str
    size_bytes: int
    reading: Reading = field(repr=False)
    parameters: Parameters = field(repr=False)
    engine: Engine = field(repr=False)

    @property
    def clip(self) -> str:
        """What the clip's files are called by."""
        return self.sha256[:NAME_DIGITS]

    @property
    def digest(self) -> str:
        """SHA-256 of all that the result depends on: content, reading, parameters, engine."""
        told = {
            "clip": self.sha256,
            "reading": _READING.dump_python(self.reading, mode="json"),
            "parameters": parameters_digest(self.parameters),
            "engine": self.engine.model_dump(mode="json"),
        }
        text = json.dumps(told, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClipOutput:
    """What came of a task: files by name and the regions of the result, or why there are none."""

    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    regions: tuple[NamedRegion, ...] = ()
    outcome: str = OK
    sentence: str = ""
    started: datetime
    duration_s: float


Done = tuple[ClipTask, ClipOutput | None]
"""A task, and what came of it; None where what worked on it died each time it was tried."""


def work_on(task: ClipTask, draw: Draw) -> ClipOutput:
    """Judge a clip; whatever fails is told, not raised.

    One clip at a time in a process, on one thread of linear algebra: clips run side by side
    in processes, and threads would only take each other's cores.

    Parameters
    ----------
    task
        What to do.
    draw
        Makes the pictures that are kept of a clip, since a report never opens clips.
    """
    with _ONE_AT_A_TIME, threadpool_limits(1):
        started, begun_s = datetime.now(UTC), time.monotonic()
        try:
            files, regions = _judge(task, draw)
        except Exception as error:
            known = error if isinstance(error, UsfascError) else internal_failure(error)
            return ClipOutput(
                outcome=str(known.code),
                sentence=known.sentence,
                started=started,
                duration_s=time.monotonic() - begun_s,
            )
        return ClipOutput(
            files=files,
            regions=regions,
            started=started,
            duration_s=time.monotonic() - begun_s,
        )


def _judge(task: ClipTask, draw: Draw) -> tuple[dict[str, bytes], tuple[NamedRegion, ...]]:
    if engine() != task.engine:
        raise UsfascError(
            Code.OTHER_ENGINE,
            "A worker has another version of usfasc or of a library; install the same everywhere.",
        )
    cine = read_cine(task.path, task.reading)
    if cine.source.sha256 != task.sha256:
        raise InputError(Code.CLIP_CHANGED, "The clip changed since the survey looked at it.")
    result, _ = derive(cine, task.reading, task.parameters)
    # The result last: where it stands, its table and pictures stand too.
    files = {
        "events.csv": events_bytes(result.events),
        **draw(cine, result),
        "usfasc.json": result_bytes(result),
    }
    return {f"{task.clip}.{ending}": data for ending, data in files.items()}, tuple(
        NamedRegion(name=region.name, muscle=region.muscle, side=region.side)
        for region in result.regions
    )

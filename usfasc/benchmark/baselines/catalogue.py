"""The methods that figures may be compared with, and what they found, kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Final

from usfasc.benchmark.baselines import bodies, method, runs, sweeping, view
from usfasc.benchmark.baselines.blocks import BLOCKS
from usfasc.benchmark.baselines.differencing import DIFFERENCING
from usfasc.benchmark.baselines.farneback import FARNEBACK
from usfasc.benchmark.baselines.gmm import GMM, GMM_AS_SHIPPED
from usfasc.benchmark.baselines.klt import KLT
from usfasc.benchmark.baselines.method import Method, Sweep
from usfasc.benchmark.baselines.sweeping import sweep
from usfasc.benchmark.baselines.view import View
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.model import Cine

METHODS: Final = {
    each.key: each for each in (DIFFERENCING, GMM, GMM_AS_SHIPPED, KLT, BLOCKS, FARNEBACK)
}
_SHARED: Final[tuple[ModuleType, ...]] = (bodies, method, runs, sweeping, view)


def kept_sweeps(cine: Cine, views: Sequence[View], keys: Sequence[str]) -> dict[str, Sweep]:
    """What methods find in a clip, from the cache where it has been asked before.

    A sweep is named by the clip's bytes, what of it is shown, and the method's own code.
    """
    methods = [METHODS[key] for key in keys]
    files = {each.key: _file(each, cine, views) for each in methods}
    missing = [each for each in methods if not (_folder() / files[each.key]).exists()]
    made = sweep(cine.frames, views, missing) if missing else {}
    return {key: _kept(file, made.get(key)) for key, file in files.items()}


def _kept(file: str, made: Sweep | None) -> Sweep:
    if made is None:
        return Sweep.model_validate_json((_folder() / file).read_bytes())
    kept(_folder(), file, partial(_write, made))
    return made


def _write(sweep: Sweep, path: Path) -> None:
    path.write_text(sweep.model_dump_json(exclude_defaults=True))


def _file(each: Method, cine: Cine, views: Sequence[View]) -> str:
    code = code_digest(sys.modules[each.watch.__module__], *_SHARED)
    named = digest(each.key, cine.source.sha256, [view.key for view in views], code)
    return f"{named}.json"


def _folder() -> Path:
    return cache_folder() / "baselines"

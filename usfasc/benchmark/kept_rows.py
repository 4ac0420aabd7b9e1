"""Candidates of training clips, kept: a second training takes seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np

import usfasc.detect
import usfasc.motion
import usfasc.tissue
from usfasc import pipeline, viewing
from usfasc.benchmark import training
from usfasc.benchmark.fitting import Rows
from usfasc.benchmark.recipes import Recipe
from usfasc.benchmark.store import cache_folder, code_digest, digest, kept
from usfasc.detect.features import Features
from usfasc.provenance import file_sha256

_MADE_BY: Final = (usfasc.detect, usfasc.motion, usfasc.tissue, pipeline, viewing, training)


def kept_rows(recipe: Recipe) -> Rows:
    """What `training.gather` says of a clip, from the cache where it has been asked before.

    Rows are named by the clip's bytes, its truth, and the code that finds and describes.
    """
    case = recipe.ready()
    made_of = digest(file_sha256(case.path), case.truth, code_digest(*_MADE_BY))

    def make(path: Path) -> None:
        rows = training.gather(recipe)
        np.savez(path, group=rows.group, features=rows.features, labels=rows.labels)

    path = kept(cache_folder() / "candidates", f"{made_of}.npz", make)
    with np.load(path) as held:
        features = held["features"].reshape(-1, len(Features.names()))
        return Rows(
            group=str(held["group"]),
            name=recipe.name,
            features=features,
            labels=held["labels"],
        )

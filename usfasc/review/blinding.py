"""What a result may show in each mode: nothing that tells what the detector thinks."""

from __future__ import annotations

from usfasc.model import Event, Kind, Result
from usfasc.review.acts import Mode


def shown(result: Result, mode: Mode) -> Result:
    """A result as a reader may see it in a mode.

    Guided shows all. Blinded keeps the movements, and takes away what the detector made of
    them: scores, kinds, reasons, sites, counts. Annotate takes away the movements too.

    Parameters
    ----------
    result
        The result as it was detected.
    mode
        What the reader may see.
    """
    if mode is Mode.GUIDED:
        return result
    events = result.events if mode is Mode.BLINDED else ()
    return result.model_copy(
        update={
            "events": tuple(map(_blinded, events)),
            "summaries": (),
            "sites": (),
            "coincidences": (),
            "pictures": tuple(p.model_copy(update={"density": None}) for p in result.pictures),
        }
    )


_SECRETS = {
    "score": None,
    "flow_share": None,
    "borderline": False,
    "site": None,
    "train_hz": None,
}


def _blinded(event: Event) -> Event:
    return event.model_copy(update=_SECRETS | {"kind": Kind.UNSURE, "reason": ""})

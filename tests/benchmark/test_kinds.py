"""The table of kinds: right names, other names, and twitches lost to them."""

import pytest
from fixtures.judged import event, judged

from usfasc.benchmark.kinds import kinds_table
from usfasc.model import WHOLE_IMAGE, AssessableSpan, Kind


def negative(look, *kinds):
    events = [event(n, float(n), kind=kind) for n, kind in enumerate(kinds, 1)]
    return judged([], events, section="negatives", group=f"points: {look}")


@pytest.mark.parametrize(
    ("look", "kinds", "share", "note"),
    [
        ("tremor", (Kind.TREMOR, Kind.TREMOR, Kind.UNSURE), 1.0, "2 tremor, 1 unsure"),
        ("jerk", (Kind.PROBE_MOTION, Kind.FASCICULATION), 0.5, "1 fasciculation, 1 probe motion"),
        ("pulsation", (Kind.UNSURE,), None, "1 unsure"),
        ("sway", (), None, "nothing listed"),
        ("quiet", (Kind.FASCICULATION,), 0.0, "1 fasciculation"),
    ],
)
def test_a_look_alike_is_named_rightly_or_not(look, kinds, share, note):
    (row,) = kinds_table([negative(look, *kinds)]).figures
    assert (row.value, row.note) == (share, note)
    assert row.name == f"points: {look}: named rightly"


@pytest.mark.parametrize(
    ("found", "reason", "lost"),
    [
        (Kind.FASCICULATION, None, 0.0),
        (Kind.UNSURE, None, 0.0),
        (Kind.PULSATION, None, 0.5),
        (Kind.PULSATION, "probe moved", 0.0),
    ],
)
def test_a_twitch_is_lost_to_another_kind_in_judged_time_only(found, reason, lost):
    case = judged(
        [event(1, 2.0), event(2, 5.0)],
        [event(1, 2.02, kind=found), event(2, 5.01)],
        spans=(AssessableSpan(region=WHOLE_IMAGE, start_s=0, stop_s=10, reason=reason),),
    )
    (row,) = kinds_table([case]).figures
    assert row.value == lost
    assert row.met is (lost == 0)

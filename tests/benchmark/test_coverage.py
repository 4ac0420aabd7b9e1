import pytest
from fixtures.judged import event, judged

from usfasc.benchmark.coverage import coverage_table


def true(number):
    return event(number, 2.0 * number, amplitude_mm=0.4).model_copy(
        update={"peak_velocity_mm_s": 5.0}
    )


def found(number, off_s, error_s):
    truth = true(number)
    return truth.model_copy(
        update={
            "contraction_s": truth.peak_s - truth.onset_s + off_s,
            "contraction_error_s": error_s,
            "peak_velocity_mm_s": 6.0,
            "peak_velocity_error_mm_s": 0.4,
        }
    )


def table(offs_s, error_s=0.01):
    numbers = range(1, len(offs_s) + 1)
    events = [found(n, off_s, error_s) for n, off_s in zip(numbers, offs_s, strict=True)]
    return coverage_table([judged([true(n) for n in numbers], events, facts={"family": "points"})])


def told(rows, name, family="points"):
    return next(f for f in rows.figures if f.name == name and f.under == family)


def test_the_share_within_the_errors_is_told():
    rows = table([0.0, 0.015, -0.018, 0.03])
    assert told(rows, "contraction").value == pytest.approx(0.75)
    assert told(rows, "velocity").value == 0.0


def test_directions_are_compared_the_short_way_round():
    truth = true(1).model_copy(update={"direction_deg": 359.0})
    got = found(1, 0.0, 0.01).model_copy(update={"direction_deg": 3.0, "direction_error_deg": 2.5})
    rows = coverage_table([judged([truth], [got], facts={"family": "points"})])
    assert told(rows, "direction").value == 1.0


def test_what_has_no_error_is_not_told():
    assert told(table([0.0]), "relaxation").value is None


def test_a_bar_needs_twitches_enough():
    few, many = table([0.0] * 10), table([0.0] * 45)
    assert told(few, "contraction", "all").at_least is None
    assert told(many, "contraction", "all").at_least == 0.9
    assert told(many, "contraction").at_least is None

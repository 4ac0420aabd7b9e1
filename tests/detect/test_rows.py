"""Which movements of a window are measured."""

import pytest
from fixtures.movements import movement

from usfasc.detect.group import separate
from usfasc.detect.rows import told_in_rows
from usfasc.detect.train import Train

TWITCH = movement(5.0, score=0.9)
ECHO = movement(5.05, score=0.5)
OTHER = movement(8.0, score=0.7)
EVERY = [ECHO, TWITCH, OTHER]


def told(trains=(), inner_edges_s=()):
    chosen = told_in_rows(EVERY, trains, inner_edges_s)
    return [item for item in EVERY if id(item) in chosen]


def test_those_that_lead_are():
    leads = [item.candidate for item in separate(EVERY)]
    assert leads == [TWITCH.candidate, OTHER.candidate]
    assert told() == [TWITCH, OTHER]


@pytest.mark.parametrize(("edge_s", "expected"), [(9.0, [TWITCH, OTHER]), (7.5, EVERY)])
def test_near_another_window_all_are(edge_s, expected):
    """What lies beyond may lead, or take the leader along."""
    assert told(inner_edges_s=[edge_s]) == expected


def test_during_a_train_all_are():
    train = Train(y_mm=30.0, x_mm=30.0, strokes_s=(4.5, 4.7, 4.9, 5.1, 5.3))
    assert told([train]) == EVERY

"""Time that describing adds to detection."""

from pathlib import Path

from usfasc.benchmark.describing import added_share


def test_describing_a_clip_adds_a_share_of_its_time(checkout: Path) -> None:
    share = added_share(checkout / "sample_videos" / "two_muscles.dcm")
    assert share > 0

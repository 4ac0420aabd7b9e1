"""Whether a result is as it was written, and comes out the same when it is derived again."""

from __future__ import annotations

from usfasc.verification.checks import Check, Finding, Sources, Verdict, Verification, verify
from usfasc.verification.clips import Clips, GivenClip, KnownClips
from usfasc.verification.differences import Difference, differences

__all__ = [
    "Check",
    "Clips",
    "Difference",
    "Finding",
    "GivenClip",
    "KnownClips",
    "Sources",
    "Verdict",
    "Verification",
    "differences",
    "verify",
]

"""How well readers, and the detector, agree."""

from __future__ import annotations

from usfasc.agreement.categories import Table, kappa, negative_agreement, positive_agreement
from usfasc.agreement.compare import Agreement, ClipPair, Disagreement, MuscleAgreement, compare
from usfasc.agreement.counts import BlandAltman, bland_altman, icc
from usfasc.agreement.estimate import Estimate
from usfasc.agreement.units import UnitCounts, in_common_time, units_of

__all__ = [
    "Agreement",
    "BlandAltman",
    "ClipPair",
    "Disagreement",
    "Estimate",
    "MuscleAgreement",
    "Table",
    "UnitCounts",
    "bland_altman",
    "compare",
    "icc",
    "in_common_time",
    "kappa",
    "negative_agreement",
    "positive_agreement",
    "units_of",
]

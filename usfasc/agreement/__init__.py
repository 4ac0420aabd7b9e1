"""How well readers, and the detector, agree."""

from __future__ import annotations

from usfasc.agreement.categories import Table, kappa, negative_agreement, positive_agreement
from usfasc.agreement.compare import Agreement, ClipPair, Disagreement, compare
from usfasc.agreement.counts import BlandAltman, bland_altman, icc
from usfasc.agreement.estimate import Estimate

__all__ = [
    "Agreement",
    "BlandAltman",
    "ClipPair",
    "Disagreement",
    "Estimate",
    "Table",
    "bland_altman",
    "compare",
    "icc",
    "kappa",
    "negative_agreement",
    "positive_agreement",
]

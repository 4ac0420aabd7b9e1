"""How long to scan, at a rate, to see enough twitches with some probability."""

from __future__ import annotations

from scipy.special import gammaincinv

from usfasc.rules.published import Rule


def scan_time_s(rate_per_min: float, probability: float, rule: Rule) -> float:
    """Assessable time in which the rule's least count is seen with some probability.

    Twitches come at random (Poisson): in a time t at rate r, P(N >= n) is the regularised
    lower incomplete gamma function of n at r t, here turned round. Grouped twitches need
    longer; what was seen too shortly to meet the count is no evidence of a lower rate.

    Parameters
    ----------
    rate_per_min
        Twitches a minute, more than 0.
    probability
        Between 0 and 1, both left out.
    rule
        The rule.
    """
    return float(60 * gammaincinv(rule.least_count, probability) / rate_per_min)

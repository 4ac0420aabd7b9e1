"""How well readers, and the detector, agree."""

"""What stands still: the B-mode pictures, the overlays and the vessels in them."""

from usfasc.tissue.bmode import Hidden, find_pictures, why_masked
from usfasc.tissue.scale import with_pictures
from usfasc.tissue.vessels import find_vessels

__all__ = ["Hidden", "find_pictures", "find_vessels", "why_masked", "with_pictures"]

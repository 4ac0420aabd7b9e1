"""A second family of phantoms, other in physics and in place, to find out what the first flatters.

Where the first lays point echoes on the picture's own grid, this one shoots line after
line into a random reflector, sees it from several angles and at several frequencies,
detects, compounds, compresses by a curve and converts the scan: linear probes and sectors;
limb, tongue, back and belly; twitches that keep their area and drag their surround along.
"""

from usfasc.phantom.beams.rendering import render_beams
from usfasc.phantom.beams.scene import BeamScene, Machine
from usfasc.phantom.beams.twitch import FascicleTwitch

__all__ = ["BeamScene", "FascicleTwitch", "Machine", "render_beams"]

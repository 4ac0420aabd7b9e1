"""Synthetic muscle cines with truth."""

from usfasc.phantom.beams import BeamScene, FascicleTwitch, Machine
from usfasc.phantom.families import family_of, negatives, render, standard
from usfasc.phantom.rendering import Phantom
from usfasc.phantom.scene import LookAlike, LookAlikeKind, Scene, Twitch
from usfasc.phantom.sets import NamedScene
from usfasc.phantom.truth import TwitchTruth

__all__ = [
    "BeamScene",
    "FascicleTwitch",
    "LookAlike",
    "LookAlikeKind",
    "Machine",
    "NamedScene",
    "Phantom",
    "Scene",
    "Twitch",
    "TwitchTruth",
    "family_of",
    "negatives",
    "render",
    "standard",
]

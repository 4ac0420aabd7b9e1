"""Synthetic muscle cines with truth."""

from usfasc.phantom.rendering import Phantom, render
from usfasc.phantom.scene import LookAlike, LookAlikeKind, Scene, Twitch
from usfasc.phantom.sets import NamedScene, negatives, standard
from usfasc.phantom.truth import TwitchTruth

__all__ = [
    "LookAlike",
    "LookAlikeKind",
    "NamedScene",
    "Phantom",
    "Scene",
    "Twitch",
    "TwitchTruth",
    "negatives",
    "render",
    "standard",
]

"""The published ways to find twitches, written anew, to stand beside ours."""

from usfasc.benchmark.baselines.catalogue import METHODS, kept_sweeps
from usfasc.benchmark.baselines.differencing import DIFFERENCING
from usfasc.benchmark.baselines.method import Method, Sweep
from usfasc.benchmark.baselines.view import View, view_of

__all__ = ["DIFFERENCING", "METHODS", "Method", "Sweep", "View", "kept_sweeps", "view_of"]

"""Frames to motion evidence on a millimetre grid, streamed."""

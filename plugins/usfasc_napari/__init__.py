"""napari plugin of usfasc: clips, events and muscle regions as layers, and sample clips.

Research use only. Not a medical device. Not for diagnosis or treatment decisions.
"""

"""napari plugin of usfasc: reader, review panel and sample clips (being built).

Research use only. Not a medical device. Not for diagnosis or treatment decisions.
"""

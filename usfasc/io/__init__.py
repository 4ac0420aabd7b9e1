"""Files in and out: DICOM and video to `Cine`, results to JSON and CSV."""

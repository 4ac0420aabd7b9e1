"""Many clips of one muscle, muscles of a patient, patients."""

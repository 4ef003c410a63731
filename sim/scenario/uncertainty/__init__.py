"""Figures that are known only as a range, and the settings of a calibration."""

"""Measurements, as ratios within one run: ours against bare parts of the same machine."""

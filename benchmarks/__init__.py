"""What measures DESIGN's section on speed: ``make bench``, and never a timed test."""

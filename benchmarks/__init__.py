"""What measures speed: ``make bench``, and never a timed test."""

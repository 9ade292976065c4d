"""Compare: baselines, experiments over many seeds, statistics."""

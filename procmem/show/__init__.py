"""Show: pictures, players, controls and the check of exercises."""

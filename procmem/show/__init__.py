"""Show: pictures, players and controls."""

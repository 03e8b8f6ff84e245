"""Writing: aligned pairs as JSON Lines, CSV and TMX, one pair at a time."""

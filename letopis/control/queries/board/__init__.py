"""The deputy's board: duties of a school as a map, as sums, as indicators and as a list."""

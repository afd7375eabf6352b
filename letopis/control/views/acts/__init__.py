"""Pages of local acts and of decisions."""

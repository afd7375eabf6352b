"""What families see."""

"""Speed against peers and limits; each module gives rows() for one table."""

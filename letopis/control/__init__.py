"""My day and verbs that span apps."""

"""What was deployed, when, by whom and how it ended; and what of it can be deployed again."""

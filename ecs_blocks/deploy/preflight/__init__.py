"""What can be known before a deploy, all at once: what is missing, taken, over or in alarm."""

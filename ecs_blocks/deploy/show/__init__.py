"""What a person sees of a deploy: one screen on a terminal, plain lines everywhere else."""

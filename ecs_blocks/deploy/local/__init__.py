"""AWS on a laptop: MiniStack, an imitation, with what an account would have before a deploy."""

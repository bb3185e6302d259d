"""Real browsers that are measured."""

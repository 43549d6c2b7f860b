"""Short trainings in a process of their own: data, recipe, loop, launcher. Knows nothing of the screen."""

"""Short trainings in separate processes: data, recipe, loop, launcher. Knows nothing about pages."""

"""A lesson that is being held: who is here, what the class sees, what it has answered. Plain state, no web."""

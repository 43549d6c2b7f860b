"""A lesson in progress: who is here, what the class sees, what it has answered. Plain state, nothing about HTTP."""

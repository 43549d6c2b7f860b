"""The variables that a process started by a test gets."""

import os


def usual_environment() -> dict[str, str]:
    """Return this process's variables as a person's terminal has them: without Streamlit's and the allocator's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "MALLOC_"))}

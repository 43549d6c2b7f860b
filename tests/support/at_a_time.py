"""How many are somewhere at a time."""

import threading


class AtATime:
    """Counts who is within it: `here` now, `most` at once."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self.here = self.most = 0

    def __enter__(self) -> None:
        with self._changing:
            self.here += 1
            self.most = max(self.most, self.here)

    def __exit__(self, *_: object) -> None:
        with self._changing:
            self.here -= 1

"""ImageNet's AlexNet for browsers: its state, its download, its removal. One download at a time, for everybody."""

from __future__ import annotations

import time
from dataclasses import dataclass

from alexnet_viz.checkpoints import find_imagenet, imagenet
from alexnet_viz.errors import FetchError
from alexnet_viz.language import said
from alexnet_viz.ui.jobs import Jobs, Key, Progress, Record

_WORTH_TELLING = 1.0  # seconds of a fetch, from which on what is left of it can be told


@dataclass
class _Fetch:
    """The progress of one download.

    Attributes:
        first: How many bytes an earlier fetch had left.
        came: How many are here.
        began: When the first of them were told, on the monotonic clock.
        refusal: Why it failed.
    """

    first: int = 0
    came: int = 0
    began: float = 0.0
    refusal: FetchError | None = None

    def note(self, count: int) -> None:
        """Record how many bytes have arrived."""
        if not self.began:
            self.first, self.began = count, time.monotonic()
        self.came = count

    @property
    def seconds_left(self) -> float | None:
        """How long it will still take at the pace so far, None while that is not known."""
        elapsed = time.monotonic() - self.began
        if not self.began or elapsed < _WORTH_TELLING or self.came <= self.first:
            return None
        return (imagenet.SOURCE.size - self.came) * elapsed / (self.came - self.first)


class ImageNetService:
    """One for the process."""

    def __init__(self) -> None:
        self._jobs: Jobs[None, str] = Jobs(self._work, "fetch", most_kept=1)
        self._fetch = _Fetch()  # the newest, whoever began it

    def status(self, job_id: str = "") -> Record:
        """Return its state: "absent", "waiting", "fetching", "checking", "failed" or "here".

        "job" is what ends the fetch, for those who have asked for it.

        Args:
            job_id: Of a fetch that this person has begun, for then they are told how that ended.
        Raises:
            ComparisonError: That fetch is not known.
        """
        record, fetch = self._jobs.find(_key()), self._fetch
        if record["state"] != "none":
            is_waiting = record["state"] == "waiting" or not fetch.began
            stage = "waiting" if is_waiting else "checking" if fetch.came >= imagenet.SOURCE.size else "fetching"
            return {**_record(stage, fetch), "job": str(record.get("id", ""))}
        ended = self._jobs.state(job_id)[0] if job_id else record
        if find_imagenet() is not None:
            return _record("here")
        if ended["state"] != "failed":
            return _record("absent")
        return {**_record("failed", fetch, ended["message"]), "job": job_id}

    def start(self) -> Record:
        """Start the download, or join the one under way.

        Raises:
            FetchError: Whoever runs this program does not let it be fetched.
        """
        imagenet.require_allowed()
        if find_imagenet() is not None:
            return _record("here")
        return self.status(str(self._jobs.start(None, _key(), imagenet.SOURCE.size)["id"]))

    def cancel(self, job_id: str) -> Record:
        """Cancel a download unless another browser waits for it too; the part that has arrived is kept for a day.

        Raises:
            ComparisonError: That fetch is not known.
        """
        self._jobs.cancel(job_id)
        return self.status()

    def remove(self) -> Record:
        """Remove it from this machine.

        Raises:
            FetchError: It cannot be removed, or whoever runs this program does not let it be.
        """
        imagenet.require_allowed()
        imagenet.remove(find_imagenet())
        return self.status()

    def _work(self, _asked: None, progress: Progress) -> str:
        fetch = self._fetch = _Fetch()

        def tell(count: int) -> None:
            fetch.note(count)
            progress(count)

        try:
            return str(imagenet.fetch(tell))
        except FetchError as error:
            fetch.refusal = error
            raise


def _key() -> Key:
    return imagenet.NAME, imagenet.SOURCE.sha256, ""


def _record(state: str, fetch: _Fetch | None = None, message: str = "") -> Record:
    """Return the record for the browser; sizes in words, counted as the download's source counts them."""
    source, fetch = imagenet.SOURCE, fetch or _Fetch()
    kept = imagenet.kept_bytes() if state in ("absent", "failed") else 0
    refused = fetch.refusal or FetchError(message.rstrip("."), "")
    problem = {"what": refused.what, "remedy": refused.remedy, "place": refused.place}
    return {
        "state": state,
        "job": "",
        "name": imagenet.NAME,
        "title": imagenet.TITLE,
        "size": imagenet.megabytes(source.size),
        "site": source.site,
        "licence": imagenet.LICENCE,
        "accuracy": imagenet.ACCURACY,
        "allowed": imagenet.is_allowed(),
        "kept": imagenet.megabytes(kept) if kept else "",
        "came": said(
            "{part} of {size}",
            part=imagenet.megabytes(fetch.came).removesuffix(" MB"),
            size=imagenet.megabytes(source.size),
        ),
        "share": fetch.came / source.size,
        "seconds_left": fetch.seconds_left if state == "fetching" else None,
        "problem": problem if state == "failed" else None,
    }

"""All errors that a user can cause, as one small tree.

`str(error)` is one sentence for the user: what was given, what is accepted, what to do next.
"""

from alexnet_viz.language import said

# What a stage may have too few of.
_PARTS = {
    "channel": said("channel"),
    "unit": said("unit"),
    "row": said("row"),
    "column": said("column"),
}


class AlexNetVizError(Exception):
    """Base of every error that a user can cause; any other exception is a bug in this program."""


class _NamedError(AlexNetVizError):
    """Something that has a name, and what is wrong with it."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(said("{name} {reason}", name=name, reason=reason))
        self.name = name
        self.reason = reason


class _SentenceError(AlexNetVizError):
    """An error that is given its whole sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ImageError(_NamedError):
    """A file that cannot be used as a picture.

    Attributes:
        name: The file as the person knows it.
        reason: The rest of the sentence, "is empty; choose another picture".
    """


class OriginError(AlexNetVizError):
    """A request that changes something came from a page that is not known to be this app's own.

    Attributes:
        origin: Where the browser says that the page comes from.
        host: Under which name the server was asked.
    """

    def __init__(self, origin: str, host: str) -> None:
        sentence = said(
            "A page of another site, {origin}, may not send anything to this app, which was asked as {host}.",
            origin=origin,
            host=host,
        )
        if origin.startswith("http"):
            sentence = said(
                "{sentence} Where that page is this app behind a proxy, let the proxy hand on the host (nginx: "
                "proxy_set_header Host $http_host;) or start the app with --server.corsAllowedOrigins={origin}",
                sentence=sentence,
                origin=origin,
            )
        super().__init__(sentence)
        self.origin = origin
        self.host = host


class BodyError(AlexNetVizError):
    """A request body that is refused: too large, or too slow.

    Attributes:
        reason: The rest of the sentence.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(said("What was sent was not taken: {reason}. Send it again, or less of it.", reason=reason))
        self.reason = reason


class CheckpointError(_NamedError):
    """A checkpoint that does not exist or cannot be loaded.

    Attributes:
        name: The checkpoint as the person knows it.
        reason: The rest of the sentence.
    """


class StageError(AlexNetVizError):
    """A stage name that the network does not have.

    Attributes:
        stage: The name that was asked for.
        accepted: The names that exist.
    """

    def __init__(self, stage: str, accepted: tuple[str, ...]) -> None:
        super().__init__(
            said("no stage '{stage}'; this network has {accepted}", stage=stage, accepted=", ".join(accepted))
        )
        self.stage = stage
        self.accepted = accepted


class UnitError(AlexNetVizError):
    """A channel, a row or a column that a stage does not have.

    Attributes:
        what: "channel", "row", "column".
        given: The number that was asked for.
    """

    def __init__(self, what: str, given: int, where: str, first: int, last: int) -> None:
        super().__init__(
            said(
                "no {what} {given} at {where}; choose one from {first} to {last}",
                what=_PARTS.get(what, what),
                given=str(given),
                where=where,
                first=str(first),
                last=str(last),
            )
        )
        self.what = what
        self.given = given


def require_unit(what: str, given: int, stage: str, count: int) -> None:
    """Raise UnitError unless a stage that has `count` channels, rows or columns, from 0, has the given one."""
    if not 0 <= given < count:
        raise UnitError(what, given, stage, 0, count - 1)


class InputSizeError(AlexNetVizError):
    """Pictures of a size that the network cannot take.

    Attributes:
        reason: What was given, and why it does not fit.
        sizes: The sides in pixels that fit, in words.
    """

    def __init__(self, reason: str, sizes: str) -> None:
        super().__init__(said("{reason}; give pictures of {sizes} pixels a side", reason=reason, sizes=sizes))
        self.reason = reason
        self.sizes = sizes


class VariantError(AlexNetVizError):
    """A variant or a setting of the network that does not exist.

    Attributes:
        given: What was asked for.
        accepted: What may be asked for.
    """

    def __init__(self, given: str, accepted: tuple[str, ...]) -> None:
        super().__init__(said("no variant '{given}'; choose {accepted}", given=given, accepted=", ".join(accepted)))
        self.given = given
        self.accepted = accepted


class DeviceError(AlexNetVizError):
    """A device that this machine does not have.

    Attributes:
        given: The device that was asked for.
    """

    def __init__(self, given: str) -> None:
        super().__init__(
            said(
                "device '{given}' is not available here; use cpu, cuda or mps, or leave ALEXNET_VIZ_DEVICE unset",
                given=given,
            )
        )
        self.given = given


class DatasetError(_NamedError):
    """Data that cannot be trained on.

    Attributes:
        name: The folder, the archive or the data set as the person knows it.
        reason: The rest of the sentence.
    """


class RecipeError(AlexNetVizError):
    """A setting of a training that does not exist or is out of its range.

    Attributes:
        setting: The setting's name.
        reason: The rest of the sentence.
    """

    def __init__(self, setting: str, reason: str) -> None:
        # The pages have a word for each setting: recipe_words.js.
        title = setting if setting.startswith("--") else said(setting.replace("_", " "))
        super().__init__(said("{setting} {reason}", setting=title, reason=reason))
        self.setting = setting
        self.reason = reason


class RunError(AlexNetVizError):
    """A run that does not exist, or that cannot do what was asked in its present state.

    Attributes:
        run: The run's id.
        reason: The rest of the sentence.
    """

    def __init__(self, run: str, reason: str) -> None:
        super().__init__(said("run {run} {reason}", run=run, reason=reason))
        self.run = run
        self.reason = reason


class ResumeError(RunError):
    """A run whose resume files are damaged or missing.

    Attributes:
        last_whole: Name of the newest checkpoint that is whole, "epoch-003"; "" where there is none.
    """

    def __init__(self, run: str, reason: str, last_whole: str) -> None:
        super().__init__(run, reason)
        self.last_whole = last_whole


class TrainingError(_SentenceError):
    """A training that cannot continue: the loss is NaN, nothing is learnt, the disk is full."""


class ComparisonError(_SentenceError):
    """Two checkpoints, or data, that cannot be compared in this way."""


class ExplanationError(_SentenceError):
    """An explanation or a made picture that is not possible in this way."""


class FetchError(AlexNetVizError):
    """A file that cannot be downloaded.

    Attributes:
        what: What happened, without a full stop.
        remedy: What to do next, the same.
        place: Where the file may be put by hand; "" where that is no help.
    """

    def __init__(self, what: str, remedy: str, place: str = "") -> None:
        about = {"what": what, "remedy": remedy, "place": place}
        super().__init__(said("{what}. {remedy} {place}", **about) if place else said("{what}. {remedy}", **about))
        self.what = what
        self.remedy = remedy
        self.place = place


class LessonError(AlexNetVizError):
    """A lesson file with an error.

    Attributes:
        file: The file as the person knows it.
        line: Where in it, from 1.
        reason: What is wrong there, and what is accepted.
    """

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(said("{file}, line {line}: {reason}", file=file, line=line, reason=reason))
        self.file = file
        self.line = line
        self.reason = reason


class AnswerError(_SentenceError):
    """An answer that does not fit its question."""


class ClassroomError(_SentenceError):
    """An action that the lesson in progress does not accept."""

"""The sentences on the page for joining a lesson."""

from alexnet_viz.language import said

NOT_IN = said(
    "The lesson’s code is needed. Open this address without its path, and enter the code on the teacher’s screen."
)
TEACHER_ONLY = said("While a class is served, only the teacher may do this.")
NO_TRAINING = said("In this lesson only the teacher trains. They can allow it to the class on their Classroom page.")
NOT_YOUR_RUN = said("While a class is served, only the teacher and who launched a run may do this with it.")
TOO_MANY = said("Ten wrong codes came from this device. Wait a minute, then try again.")
WRONG_LINK = said("This is not the teacher’s link of this lesson. It stands where the class was started.")


def wrong_code(code: str) -> str:
    """Return the sentence that no lesson has this code."""
    return said("No lesson has the code {code}. Look at the teacher’s screen.", code=code)


JOIN = {
    "title": said("Join the lesson"),
    "code": said("Code"),
    "join": said("Join"),
    "no_name": said("You need no name"),
    "square": said("In the lesson you are a square. The teacher sees what it answers, not whose it is."),
    "photos": said(
        "Photos you upload stay in memory on the teacher’s computer. Nobody sees them unless you show them, "
        "and they go when the lesson ends."
    ),
}

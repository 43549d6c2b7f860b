"""The sentences of joining a lesson, together so that they can be translated."""

NOT_IN = "The lesson’s code is needed. Open this address without its path, and enter the code on the teacher’s screen."
TEACHER_ONLY = "While a class is served, only the teacher may do this."
NO_TRAINING = "In this lesson only the teacher trains. They can allow it to the class on their Classroom page."
WRONG_CODE = "No lesson has the code {code}. Look at the teacher’s screen."
TOO_MANY = "Ten wrong codes came from this device. Wait a minute, then try again."
WRONG_LINK = "This is not the teacher’s link of this lesson. It stands where the class was started."
JOIN = {
    "title": "Join the lesson",
    "code": "Code",
    "join": "Join",
    "here": "{count} here",
    "no_name": "You need no name",
    "square": "In the lesson you are a square. The teacher sees what it answers, not whose it is.",
    "photos": (
        "Photos you upload stay in memory on the teacher’s computer. Nobody sees them unless you show them, "
        "and they go when the lesson ends."
    ),
}

"""Questions, their answers and how a class's answers are spread; every number here is worked out by hand."""

from collections.abc import Mapping
from dataclasses import replace

import msgspec
import pytest
import torch

from alexnet_viz.architecture import Layer, layer_table
from alexnet_viz.errors import AlexNetVizError, AnswerError
from alexnet_viz.inference import Trace
from alexnet_viz.lessons.asked import Asked
from alexnet_viz.lessons.facts import Facts, Pass
from alexnet_viz.lessons.questions import resolve
from alexnet_viz.lessons.schema import Step
from alexnet_viz.model import AlexNet

# Channel 0 is silent, channel 1 has its largest value, 5, at row 0, column 2.
MAPS = torch.tensor([[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [[1.0, 0.0, 5.0], [0.0, 2.0, 0.0]]])


def tables(_checkpoint: str) -> tuple[Layer, ...]:
    with torch.device("meta"):
        return layer_table(AlexNet(10, 3, "seed"))


def passes(_checkpoint: str, _photo: str) -> Pass:
    logits = torch.tensor([0.0, 1.0])
    # softmax of 0 and 1: 1 / (1 + e) = 0.2689 and 0.7311
    result = Trace({"block1.relu": MAPS, "fc1": torch.tensor([3.0, -1.0]), "logits": logits}, logits,
                   logits.softmax(0), torch.zeros(3, 1, 1), 0.0, "CPU", 0)  # fmt: skip
    return Pass(result, ("cat", "dog"))


FACTS = Facts(tables, passes)


def asked(question: Mapping[str, object], **view: object) -> Asked:
    raw = {"title": "t", "text": "t", "view": {"page": "explore", **view},
           "question": {"ask": "?", "explanation": "It is {answer}.", **question}}  # fmt: skip
    found = resolve(msgspec.convert(raw, Step), FACTS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fact", "answer"),
    [
        ({"fact": "width", "stage": "block1.pool"}, 27),  # (55 - 3) / 2 + 1
        ({"fact": "channels", "stage": "block2.conv"}, 256),
        ({"fact": "receptive-field", "stage": "block1.pool"}, 19),  # 11 + 2 × 4
        ({"fact": "parameters", "stage": "block1.conv"}, 34_944),  # 11 × 11 × 3 × 96 + 96
        ({"fact": "multiply-adds", "stage": "fc2"}, 16_777_216),  # 4096 × 4096
        ({"fact": "parameters", "stage": "all"}, 58_322_314),  # the article's network with ten classes
        ({"fact": "largest", "channel": 1}, 5),
        ({"fact": "value"}, 2),  # at the view's place
        ({"fact": "silent-channels"}, 1),
        ({"fact": "strongest-channel"}, 1),
        ({"fact": "strongest-channel", "stage": "fc1"}, 0),
        ({"fact": "probability", "class": "cat"}, pytest.approx(26.894, abs=1e-3)),
        ({"fact": "probability"}, pytest.approx(73.106, abs=1e-3)),
    ],
)
def test_the_network_answers(fact: dict[str, object], answer: float) -> None:
    found = asked({"kind": "number", "answer": fact}, stage="block1.relu", channel=1, place="1,1")
    assert found.answer == (answer,)


def test_a_loss_is_that_of_the_run_on_held_out_pictures() -> None:
    # checkpoints/cifar10-fast.metrics.jsonl, epoch 2: val_loss 1.0094656
    found = asked({"kind": "next-loss", "epoch": 2, "tolerance": 0.1}, page="train", run="cifar10-fast")
    assert found.answer == (pytest.approx(1.0094656, abs=1e-6),)
    assert [found.is_right(found.read(loss)) for loss in (1.1, 0.92, 1.12, 0.9)] == [True, True, False, False]


def test_a_choice_may_be_what_the_network_says() -> None:
    question = {"kind": "choice", "choices": ["cat", "dog"], "answer": {"fact": "class"}}
    assert asked(question).answer == "dog"
    with pytest.raises(AnswerError, match="the answer is 'dog'; the choices are cat, bird"):
        asked({**question, "choices": ["cat", "bird"]})
    with pytest.raises(AnswerError, match="each once"):
        asked({**question, "choices": ["dog", "dog"]})


def test_a_choice_of_numbers_is_a_choice_of_words() -> None:
    found = asked({"kind": "choice", "choices": [55, 27.0, 13], "answer": {"fact": "width", "stage": "block1.pool"}})
    assert (found.choices, found.answer) == (("55", "27", "13"), "27")
    assert found.is_right(found.read("27"))
    assert not found.is_right(found.read("55"))
    with pytest.raises(AnswerError, match="Choose one of 55, 27, 13"):
        found.read("28")


def test_a_place_is_right_within_its_rows_and_columns() -> None:
    found = asked({"kind": "place", "tolerance": 1}, stage="block1.relu", channel=1)
    assert found.answer == (0, 2)
    assert [found.is_right(found.read(place)) for place in ([0, 2], [1, 1], [0, 0], [2, 2])] == [
        True,
        True,
        False,
        False,
    ]
    assert found.in_words(found.answer) == "row 0, column 2"
    with pytest.raises(AnswerError, match="a row and a column"):
        found.read(3)


def test_a_map_without_a_strongest_place_is_told() -> None:
    with pytest.raises(AnswerError, match="no place is the strongest"):
        asked({"kind": "place"}, stage="block1.relu", channel=0)
    with pytest.raises(AnswerError, match="give the view one"):
        asked({"kind": "place"}, stage="block1.relu")
    with pytest.raises(AlexNetVizError, match="no row 55"):
        asked({"kind": "place", "answer": [55, 0]}, stage="block1.relu", channel=1)


def test_a_shape_has_all_its_sides_right() -> None:
    found = asked({"kind": "shape", "stage": "block2.pool"})
    assert found.answer == (256, 13, 13)  # (27 - 3) / 2 + 1
    assert found.in_words(found.answer) == "256 × 13 × 13"
    assert found.is_right(found.read([256, 13, 13]))
    assert not found.is_right(found.read([13, 13, 256]))
    with pytest.raises(AnswerError, match="channels, height and width"):
        found.read([256, 13])
    assert asked({"kind": "shape", "stage": "fc1"}).answer == (4096,)


def test_parameters_are_right_within_a_share() -> None:
    found = asked({"kind": "parameters", "stage": "fc1", "tolerance": 0.1})  # 37 752 832: from 33 977 549 on
    assert found.answer == (37_752_832,)
    assert [found.is_right(found.read(many)) for many in (33_977_549, 33_977_548, 38_000_000)] == [True, False, True]
    assert found.explained() == "It is 37\u202f752\u202f832."


@pytest.mark.parametrize("given", [True, "3", None, float("nan"), float("inf"), 1e13, [1, 2], {}, [], [None]])
def test_what_is_no_number_is_no_answer(given: object) -> None:
    found = asked({"kind": "number", "answer": 3})
    with pytest.raises(AnswerError, match="Answer with a number"):
        found.read(given)


def test_unknown_names_are_told() -> None:
    for question, words in (
        ({"kind": "number", "answer": {"fact": "width", "stage": "block9.conv"}}, "no stage 'block9.conv'"),
        ({"kind": "number", "answer": {"fact": "largest", "channel": 7}}, "no channel 7"),
        ({"kind": "number", "answer": {"fact": "largest"}}, "needs a channel"),
        ({"kind": "number", "answer": {"fact": "class"}}, "ask for a choice"),
        ({"kind": "number", "answer": {"fact": "probability", "class": "cow"}}, "no class 'cow'"),
        ({"kind": "next-loss", "epoch": 2}, "choose cifar10-fast"),
    ):
        with pytest.raises(AlexNetVizError, match=words):
            asked(question)


def test_the_spread_of_a_choice_has_every_choice_in_its_order() -> None:
    found = asked({"kind": "choice", "choices": [55, 27, 13], "answer": 27})
    assert found.spread(["27", "55", "27"]) == [
        {"answer": "55", "count": 1, "right": False},
        {"answer": "27", "count": 2, "right": True},
        {"answer": "13", "count": 0, "right": False},
    ]


def test_the_spread_of_numbers_has_the_most_frequent_first_and_at_most_eight_rows_of_a_kind() -> None:
    found = asked({"kind": "number", "answer": 3, "tolerance": 1})
    rows = found.spread([(4.0,), (4.0,), (9.0,)])
    assert rows == [{"answer": "4", "count": 2, "right": True}, {"answer": "9", "count": 1, "right": False}]
    # 19 … 0, one each: 2, 3 and 4 are right and come last; 17 are wrong.
    many = found.spread([(float(each),) for each in reversed(range(20))])
    assert [row["answer"] for row in many if row["right"]] == ["4", "3", "2"]
    assert (len(many), many[-1]) == (12, {"answer": "others", "count": 9, "right": False})
    close = replace(found, tolerance=30.0).spread([(float(each),) for each in range(20)])
    assert (len(close), close[-1]) == (9, {"answer": "others", "count": 12, "right": True})


def test_answers_are_counted_under_one_word_where_they_read_the_same() -> None:
    found = replace(asked({"kind": "number", "answer": 3}), unit="pixels")
    assert found.spread([(3.0,), (3,)]) == [{"answer": "3 pixels", "count": 2, "right": True}]


def test_an_answer_that_is_wrong_is_not_counted_with_one_that_is_right() -> None:
    found = asked({"kind": "number", "answer": 5.521, "tolerance": 0.001})
    assert found.spread([(5.521,), (5.519,), (5.521,)]) == [
        {"answer": "5.521", "count": 2, "right": True},
        {"answer": "5.519", "count": 1, "right": False},
    ]
    # All three read "5.52"; the last is further than allowed.
    long = found.spread([(5.52,), (5.5200004,), (5.5199996,)])
    assert [(row["count"], row["right"]) for row in long] == [(2, True), (1, False)]


def test_numbers_are_said_as_they_were_typed_and_computed_ones_never_as_exact() -> None:
    found = asked({"kind": "number", "answer": 3})
    assert [found.in_words((value,)) for value in (2.303, 1234.5, 2.5, 5.5213456, 0.000123, 0.0)] == [
        "2.303", "1234.5", "2.50", "5.52", "1.23 × 10^−4", "0",
    ]  # fmt: skip
    percents = replace(found, unit="%")
    assert [percents.in_words((value,)) for value in (73.5, 100.0, 99.97213, 99.99999403953552, 0.01234567)] == [
        "73.5 %", "100 %", "> 99.9 %", "> 99.9 %", "< 0.1 %",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "question",
    [
        {"kind": "number", "answer": {"fact": "largest", "channel": 1}},
        {"kind": "number", "answer": {"fact": "silent-channels"}},
        {"kind": "channel", "answer": {"fact": "strongest-channel"}},
        {"kind": "place", "answer": "strongest"},
    ],
)
def test_a_stage_that_holds_no_numbers_has_no_answer(question: Mapping[str, object]) -> None:
    def broken(checkpoint: str, photo: str) -> Pass:
        done = passes(checkpoint, photo)
        maps = MAPS.clone()
        maps[0, 0, 0] = torch.nan
        return Pass(replace(done.result, stages={**done.result.stages, "block1.relu": maps}), done.classes)

    raw = {"title": "t", "text": "t", "view": {"page": "explore", "stage": "block1.relu", "channel": 0},
           "question": {"ask": "?", "explanation": "It is {answer}.", **question}}  # fmt: skip
    with pytest.raises(AnswerError, match="its outputs are not numbers"):
        resolve(msgspec.convert(raw, Step), Facts(tables, broken))

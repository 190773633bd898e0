"""A number among the norms: z, words, and whose norms."""

import pytest

from hiprom.core.protocols import protocol
from hiprom.core.statistics import places

IR, ER = protocol("seated_ir"), protocol("seated_er")
WOMEN, MEN = IR.norms


@pytest.mark.parametrize(
    ("z", "words"),
    [
        (-2.5, "lower than nearly all"),
        (-1.5, "lower than most"),
        (-0.9, "about the average"),
        (0.9, "about the average"),
        (1.5, "higher than most"),
        (2.5, "higher than nearly all"),
    ],
)
def test_the_distance_from_the_mean_has_its_words(z, words):
    (place,) = places(WOMEN.mean + z * WOMEN.sd, IR, "female")

    assert place.z == pytest.approx(z)
    assert place.words == words
    assert place.sentence == f"{words} of {WOMEN.group}"


def test_each_sex_has_its_own_norm_and_the_unknown_both():
    assert [place.norm for place in places(35.0, IR, "male")] == [MEN]
    assert [place.norm for place in places(35.0, IR, None)] == [WOMEN, MEN]


def test_more_external_rotation_is_higher_though_more_negative():
    (place,) = places(-60.0, ER, "female")

    assert place.z > 2
    assert place.words == "higher than nearly all"

"""`import hiprom`: what is there, that it is quick, and that it is documented."""

import inspect
import subprocess
import sys

import pytest

import hiprom


def test_all_is_sorted_and_true():
    constants_then_classes = lambda n: (not n.isupper(), not n[0].isupper(), n)  # noqa: E731
    assert hiprom.__all__ == sorted(hiprom.__all__, key=constants_then_classes)
    assert dir(hiprom) == sorted(hiprom.__all__)
    for name in hiprom.__all__:
        assert getattr(hiprom, name) is not None


@pytest.mark.parametrize(
    "name", [n for n in hiprom.__all__ if n not in ("__version__", "PROTOCOLS")]
)
def test_every_public_name_says_what_it_is(name):
    assert len(inspect.getdoc(getattr(hiprom, name))) > 30


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'analyse'"):
        _ = hiprom.analyse


def test_importing_and_asking_for_help_load_nothing_heavy():
    code = (
        "import sys, hiprom, hiprom.cli; "
        "heavy = {'numpy', 'pandas', 'cv2', 'av', 'mediapipe', 'matplotlib'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"

"""parse_quantity(): Kubernetes quantities as exact numbers of bytes."""

import random
from fractions import Fraction

import pytest

import oomkit

SUFFIXES = {
    **{suffix: Fraction(1000) ** power for power, suffix in enumerate(("n", "u", "m", "", "k", "M", "G", "T", "P", "E"), -3)},
    **{suffix: Fraction(1024) ** power for power, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi"), 1)},
    **{f"{e}{sign}{power}": Fraction(10) ** int(f"{sign}{power}") for e in "eE" for sign in ("", "+", "-") for power in range(12)},
}


@pytest.mark.parametrize(
    ("text", "size"),
    [("1.5Gi", 1610612736), ("128974848000m", 128974848), ("129e6", 129000000), ("1E", 10**18), ("0", 0), ("1.", 1)],
)
def test_quantities_are_exact(text, size):
    assert oomkit.parse_quantity(text) == size


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("128m", "128m is a fraction of a byte"),
        ("-1Mi", "-1Mi is negative"),
        ("1gi", "write Gi"),
        ("1GB", r"write G \(1000³\) or Gi \(1024³\)"),
        ("512 Mi", "write 512Mi"),
        ("", "it is empty"),
        ("1e30", "more bytes than 64 bits can count"),
        ("1e3Mi", "no suffix"),
    ],
)
def test_what_is_no_number_of_bytes_is_an_error_with_its_reason(text, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        oomkit.parse_quantity(text)
    assert isinstance(caught.value, oomkit.OomkitError)


def test_only_text_is_taken():
    for wrong in None, 5, b"1Gi":
        with pytest.raises(TypeError):
            oomkit.parse_quantity(wrong)


def test_every_suffix_is_the_number_it_stands_for():
    numbers = random.Random(7)
    for _ in range(20_000):
        suffix, unit = numbers.choice(list(SUFFIXES.items()))
        number = str(numbers.randrange(10 ** numbers.randrange(1, 16)))
        if numbers.random() < 0.4:
            number += "." + str(numbers.randrange(10 ** numbers.randrange(1, 7)))
        expected = Fraction(number) * unit
        # Kubernetes knows nothing finer than a billionth and rounds up
        if expected * 10**9 % 1:
            expected = Fraction(-(-expected * 10**9 // 1), 10**9)
        if suffix.endswith("i"):
            expected = min(expected, 2**63 - 1)
        text = number + suffix
        if expected.denominator == 1 and expected < 2**64:
            assert oomkit.parse_quantity(text) == expected, text
        else:
            with pytest.raises(ValueError):
                oomkit.parse_quantity(text)

"""Several facts of one variant, each said in another way: the tool says nothing else than Nix."""

from tests.support.variant.combinations import combinations, compare

FEW = 50
"""So many in each run; `make combinations` compares ten thousand."""


def test_combinations_agree_with_nix() -> None:
    outcome = compare(list(combinations(FEW, seed=1)))
    assert outcome.contradictions == {}
    assert outcome.read > FEW * 0.8


def test_the_same_seed_gives_the_same_variants() -> None:
    assert list(combinations(5, seed=3)) == list(combinations(5, seed=3))
    assert list(combinations(5, seed=3)) != list(combinations(5, seed=4))

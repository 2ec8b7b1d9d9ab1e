"""Several that are chosen at once say more different things than those that are taken one after the other."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genai.reranking.together import most_together

EVEN = np.ones(6)
NOTHING = np.zeros(6)
LIKENESSES = st.lists(st.floats(0, 1), min_size=15, max_size=15)


def matrix(values: list[float]) -> np.ndarray:
    alike = np.eye(6)
    alike[np.triu_indices(6, 1)] = values
    return np.maximum(alike, alike.T)


def clusters(*members: set[int]) -> np.ndarray:
    return matrix([float(any({a, b} <= one for one in members)) for a, b in combinations(range(6), 2)])


@given(LIKENESSES, st.integers(0, 8))
@settings(deadline=None)
def test_so_many_are_chosen_as_are_asked_for_or_there_are(values: list[float], count: int) -> None:
    chosen = most_together(matrix(values), EVEN, NOTHING, count)
    assert len(chosen) == len(set(chosen)) == min(count, 6)
    assert set(chosen) <= set(range(6))


@given(st.permutations(range(6)))
def test_one_of_each_is_chosen_where_it_is_known_which_say_the_same(order: list[int]) -> None:
    alike = clusters({order[0], order[1], order[2]}, {order[3], order[4]}, {order[5]})
    chosen = set(most_together(alike, EVEN, NOTHING, 3))
    assert order[5] in chosen
    assert len(chosen & set(order[:3])) == len(chosen & set(order[3:5])) == 1


def test_a_first_choice_that_stands_between_all_others_is_exchanged() -> None:
    middle = matrix([0.45] * 5 + [0.0] * 10)
    slightly_better = np.array([0.01, 0, 0, 0, 0, 0])
    assert most_together(middle, EVEN, slightly_better, 1) == [0]
    assert 0 not in most_together(middle, EVEN, slightly_better, 3)
    greedy_and_exchanged = most_together(middle, EVEN, slightly_better, 5)
    assert set(greedy_and_exchanged) == {1, 2, 3, 4, 5}


@pytest.mark.parametrize("count", [1, 3, 5])
def test_what_counts_for_less_or_costs_more_is_left_out(count: int) -> None:
    weights, costs = np.array([1, 1, 0.1, 1, 1, 1]), np.array([0, 0, -6.0, 0, 0, 0])
    assert 2 not in most_together(np.eye(6), weights, NOTHING, count)
    assert 2 not in most_together(np.ones((6, 6)), EVEN, costs, count)
    assert set(most_together(np.eye(6), weights, costs, 6)) == set(range(6))

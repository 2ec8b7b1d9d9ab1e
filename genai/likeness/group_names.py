"""Whether a name for a group of texts is that group's, rather than another's. Blocking: milliseconds."""

from collections.abc import Sequence

import numpy as np

from genai.errors import ModelMissing
from genai.likeness.measure import FITTED, likeness
from genai.likeness.pair_features import Matrix
from genai.likeness.text_views import is_written_together
from genai.likeness.word_vectors import meanings


def are_fitting(names: Sequence[str], groups: Sequence[Sequence[str]]) -> list[bool]:
    """For each of the `names`, in the order of the `groups`, whether it is likest to its own group, on the average.

    What a name is like to all groups, and a group to all names, is taken off first: it tells nothing. A name of two
    words says too little for the fitted likeness of whole ideas, so that static word vectors decide; characters do in
    languages without spaces, of which those know little.
    """
    if len(groups) < 2:
        return [True for _name in names]
    members = [text for group in groups for text in group]
    ends = np.cumsum([len(group) for group in groups])[:-1]
    each = np.split(_alike(names, members), ends, axis=1)
    fit = np.stack([columns.mean(axis=1) for columns in each], axis=1)
    fit = fit - fit.mean(axis=0, keepdims=True) - fit.mean(axis=1, keepdims=True)
    own = np.diag(fit).copy()
    np.fill_diagonal(fit, -np.inf)
    return [bool(one > other) for one, other in zip(own, fit.max(axis=1), strict=True)]


def _alike(names: Sequence[str], members: Sequence[str]) -> Matrix:
    measure = likeness(FITTED)
    if any(map(is_written_together, names)):
        return measure.pairwise(names, members)
    try:
        rows = meanings([*names, *members])
    except ModelMissing:
        return measure.pairwise(names, members)
    units = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    found: Matrix = units[: len(names)] @ units[len(names) :].T
    return found

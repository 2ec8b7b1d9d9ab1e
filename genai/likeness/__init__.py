"""Whether two texts say the same, as people would have it: views of a text, features of a pair, a fitted judgement.

`measure.py` is what others call; `riff train likeness` makes `fitted.json`. Knows nothing of ideas or boards.
"""

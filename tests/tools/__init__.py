"""Tools that look at Riff from outside, with the doubles of the tests."""

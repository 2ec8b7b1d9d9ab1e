"""What a creative technique asks for, in words that a model can follow without knowing its name."""

MEANINGS = {
    "SCAMPER": (
        "take another of its seven questions for each idea: substitute a part, combine it with something, adapt what"
        " works elsewhere, modify its size or form, put it to another use, eliminate a part, reverse order or roles"
    ),
    "six hats": (
        "wear another hat for each idea: blue for what the question really is, white for facts, red for feelings,"
        " yellow for benefits, green for wild alternatives, black for what could go wrong and what prevents it"
    ),
    "reverse thinking": (
        "first think of what would make things as bad as possible, then turn each of these into its opposite; write"
        " only the opposites"
    ),
    "analogy": "look how nature, another trade or another time solves the same thing, and carry that over",
    "how might we": "turn the topic into questions that begin with How might we, and give an answer to each",
    "crazy eights": (
        "quick ideas, each from another side: for somebody in a hurry, for no money, for a child, one that nobody"
        " would dare"
    ),
}

"""What learning a taste gains on real ideas: simulated people with hidden tastes, by where the ideas come from.

    python -m benchmarks.taste ../shared/data/novelty     # minutes; without the folder only Riff's own ideas

- `corpus`: ideas that a large model wrote for the embedded one to learn from, about hundreds of topics;
- `answers`: what seven models answered to NoveltyBench's prompts (arXiv 2504.05228), cut to 300 characters;
- `made up`: ideas made for the tests, `tests/taste/ideas.txt`.
"""

import argparse
import json
import re
from pathlib import Path
from random import Random

from genai.evaluation.simulated_users import simulate

_IDEAS = 400
_PEOPLE = 24
_CHARACTERS, _FEWEST_CHARACTERS = 300, 40
_CORPUS = Path("genai/embedded/corpus")
_MADE_UP = Path("tests/taste/ideas.txt")
_IDEA = re.compile(r"^\d+\. (.+)$", re.MULTILINE)


def corpus() -> list[str]:
    """The ideas of the embedded model's corpus."""
    found: list[str] = []
    for file in sorted(_CORPUS.rglob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if row["kind"] == "ideas":
                found += [idea.replace("**", "") for idea in _IDEA.findall(row["messages"][-1]["content"])]
    return found


def answers(folder: Path) -> list[str]:
    """Two answers of each model to each prompt."""
    rows = [
        json.loads(line) for file in sorted(folder.glob("*.jsonl")) for line in file.open(encoding="utf-8")
    ]
    texts = (" ".join(text.split())[:_CHARACTERS] for row in rows for text in row["generations"][:2])
    return [text for text in texts if len(text) > _FEWEST_CHARACTERS]


def main() -> None:
    """Print one row for each source and seed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("answers", type=Path, nargs="?", help="the folder of NoveltyBench's answers")
    parser.add_argument("--seeds", type=int, default=3)
    folder, seeds = (found := parser.parse_args()).answers, found.seeds
    pools = {"made up": _MADE_UP.read_text(encoding="utf-8").splitlines(), "corpus": corpus()}
    pools |= {"answers": answers(folder)} if folder else {}
    print(
        "| ideas | seed | liked by chance | liked | `taste_lift` | `taste_distinct_change` |\n| --- |"
        + " --- |" * 5
    )
    for name, ideas in pools.items():
        pool = list(dict.fromkeys(ideas))
        Random(1).shuffle(pool)
        for seed in range(1, seeds + 1):
            effect = simulate(pool[:_IDEAS], seed=seed, people=_PEOPLE)
            shares = f"{effect.liked_by_chance:.1%} | {effect.liked:.1%} | {effect.taste_lift:+.0%}"
            print(f"| {name} | {seed} | {shares} | {effect.taste_distinct_change:+.1%} |", flush=True)


if __name__ == "__main__":
    main()

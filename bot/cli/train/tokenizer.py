"""`riff train tokenizer`: learn a vocabulary from text."""

from typing import Annotated

import typer

from bot.cli.train.options import ConfigFile, Data, DryRun, Output, Settings, failures, say


def tokenizer(
    data: Data = None,
    output: Output = None,
    vocabulary: Annotated[int | None, typer.Option(help="Entries, 300 or more.")] = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Learn a byte-level BPE tokenizer from text (.txt, .md, .jsonl)."""
    from genai.training.run.config import read_config
    from genai.training.tokenizer import TokenizerConfig, estimate_tokenizer, learn_tokenizer

    with failures():
        given = {"data": data, "output": output, "vocabulary": vocabulary}
        ready = read_config(TokenizerConfig, config, settings or (), given)
        say(estimate_tokenizer(ready) if dry_run else learn_tokenizer(ready).lines())

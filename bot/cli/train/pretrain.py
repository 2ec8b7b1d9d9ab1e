"""`riff train pretrain`: train a language model on plain text."""

from typing import Annotated

import typer

from bot.cli.train.options import ConfigFile, Data, DryRun, Output, Settings, Steps, run_stage


def pretrain(
    data: Data = None,
    output: Output = None,
    model: Annotated[str | None, typer.Option(help="Model to go on with; none makes a new one.")] = None,
    tokenizer: Annotated[str | None, typer.Option(help="Tokenizer of a new model: folder, or demo.")] = None,
    steps: Steps = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Train a language model on plain text (.txt, .md, .jsonl): a new one, or one that exists."""
    from genai.training.pretrain import PretrainConfig, estimate_pretrain
    from genai.training.pretrain import pretrain as train

    run_stage(
        PretrainConfig,
        train,
        estimate_pretrain,
        config=config,
        settings=settings,
        given={
            "data": data,
            "output": output,
            "model": model,
            "tokenizer": tokenizer,
            "schedule.steps": steps,
        },
        dry_run=dry_run,
    )

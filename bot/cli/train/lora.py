"""`riff train lora`: train a small adapter for a model on conversations."""

from typing import Annotated

import typer

from bot.cli.train.options import ConfigFile, Data, DryRun, Model, Output, Settings, Steps, run_stage


def lora(
    model: Model = None,
    data: Data = None,
    output: Output = None,
    quantization: Annotated[
        str | None, typer.Option(help="How the base is stored: none, or nf4 (QLoRA).")
    ] = None,
    steps: Steps = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Train a LoRA adapter on conversations; with --quantization nf4 it is QLoRA."""
    from genai.training.lora import LoraConfig, estimate_lora
    from genai.training.lora import lora as train

    run_stage(
        LoraConfig,
        train,
        estimate_lora,
        config=config,
        settings=settings,
        given={
            "model": model,
            "data": data,
            "output": output,
            "quantization": quantization,
            "schedule.steps": steps,
        },
        dry_run=dry_run,
    )

"""`riff train sft`: fine-tune a whole model on conversations."""

from bot.cli.train.options import ConfigFile, Data, DryRun, Model, Output, Settings, Steps, run_stage


def sft(
    model: Model = None,
    data: Data = None,
    output: Output = None,
    steps: Steps = None,
    config: ConfigFile = None,
    settings: Settings = None,
    dry_run: DryRun = False,
) -> None:
    """Fine-tune a whole model on conversations (JSON lines of messages), with loss on the answers only."""
    from genai.training.sft import SftConfig, estimate_sft
    from genai.training.sft import sft as train

    run_stage(
        SftConfig,
        train,
        estimate_sft,
        config=config,
        settings=settings,
        given={"model": model, "data": data, "output": output, "schedule.steps": steps},
        dry_run=dry_run,
    )

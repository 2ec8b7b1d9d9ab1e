"""What a card says on how its adapter is served."""

from pathlib import Path

from genai.training.run.models import lasting_name


def adapter_use(folder: Path, model: str) -> str:
    """Markdown: Riff with this adapter for everyone, for some, merged, and outside of Riff."""
    place = folder.resolve()
    name = folder.name
    return (
        f"The adapter is an ordinary PEFT folder for `{lasting_name(model)}`.\n\n"
        f"For everyone: `RIFF_GENERATOR__MODEL={place}`. For some workspaces or channels, loaded and unloaded while "
        "Riff serves, give it a name in `config.toml`:\n\n"
        f'```toml\n[generator.adapters]\n{name} = "{place}"\n```\n\n'
        f"As a full model: `riff train merge --adapter {place} --output MODEL`. Anywhere else: "
        f'`peft.PeftModel.from_pretrained(base, "{place}")`.'
    )

"""`riff train`: train models. One file for each command, registered here in one line."""

import typer

from bot.cli.train import (
    adversarial,
    demo,
    discriminator,
    distil,
    dpo,
    ensemble,
    feedback,
    lora,
    merge,
    pretrain,
    prune,
    quantize,
    sft,
    tokenizer,
)

app = typer.Typer(help="Train models.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Train models."""


app.command("demo")(demo.demo)
app.command("tokenizer")(tokenizer.tokenizer)
app.command("pretrain")(pretrain.pretrain)
app.command("sft")(sft.sft)
app.command("lora")(lora.lora)
app.command("merge")(merge.merge)
app.command("discriminator")(discriminator.discriminator)
app.command("feedback")(feedback.feedback)
app.command("quantize")(quantize.quantize)
app.command("dpo")(dpo.dpo)
app.command("distil")(distil.distil)
app.command("prune")(prune.prune)
app.command("ensemble")(ensemble.ensemble)
app.command("adversarial")(adversarial.adversarial)

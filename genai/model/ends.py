"""Which tokens end an answer."""

from transformers import PreTrainedModel, PreTrainedTokenizerBase

from genai.model.prompt import PromptEncoder


def end_tokens(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, encoder: PromptEncoder
) -> frozenset[int]:
    """End tokens of the generation settings, the configuration and the tokenizer, and of the chat template.

    Many checkpoints name only the end of a document, while their template ends a turn with another token.
    """
    ends: set[int] = set()
    for named in (
        getattr(model.generation_config, "eos_token_id", None),
        model.config.get_text_config().eos_token_id,
        tokenizer.eos_token_id,
        encoder.turn_end(),
    ):
        ends |= {token for token in (named if isinstance(named, list) else [named]) if token is not None}
    return frozenset(ends)

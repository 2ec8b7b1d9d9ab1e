"""Settings of how ideas are chosen, with their bounds."""

from pydantic import BaseModel, ConfigDict, Field


class RerankingSettings(BaseModel):
    """How many lists are written to choose ideas from, and what makes one idea the better."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    candidates: float = Field(default=1.0, ge=1, le=8)
    """Lists that a model inside Riff writes side by side for the one that is shown, each from another side, at most
    three; the small embedded model writes three at least. A server is always asked for one."""
    methods: bool = True
    """Whether methods of the deck (`genai/methods`) begin the ideas of a small model, and are the sides from which
    further lists of a larger one are written."""
    similarity_model: str = Field(default="fitted", min_length=1)
    """`fitted` to people's judgements, `ngrams`, or a folder or hub name of a sentence-transformers model."""
    duplicate_threshold: float | None = Field(default=None, gt=0, le=1)
    """Ideas that are at least this alike (their subject left out) count as one; where it is not set, what goes with the
    measure: of `fitted` the probability from which four of five such pairs say the same, else a cosine of 0.6."""
    relevance_weight: float = Field(default=1.0, ge=0, le=10)
    """Weight of how surely an idea is about the topic. Whatever it is, those that are not come last."""
    concreteness_weight: float = Field(default=0.5, ge=0, le=10)
    """Weight of how far it names things, numbers and actions."""
    form_weight: float = Field(default=0.5, ge=0, le=10)
    """Weight of its being whole, and no longer than the others."""
    likelihood_weight: float = Field(default=1.0, ge=0, le=10)
    """Weight of how likely the model finds the text, where that is known of the single idea."""
    agreement_weight: float = Field(default=1.0, ge=0, le=10)
    """Weight of how far an ensemble's members agree on it."""
    novelty_weight: float = Field(default=1.0, ge=0, le=10)
    """Weight of how new it is to the channel."""
    taste_weight: float = Field(default=2.5, ge=0, le=10)
    """Weight of how well it fits the person's taste, and the channel's; 0 learns nothing and says nothing of it."""
    diversity: float = Field(default=0.6, ge=0, le=1)
    """0 shows the best ideas, 1 those most unlike each other."""
    novelty_window: int = Field(default=100, ge=0, le=2000)
    """How many of the channel's latest ideas count as seen."""
    different_people: bool = True
    """Whether each who asks about the same topic in a workspace is given other ideas: from other methods, and none
    that somebody else was given there. Not where `generator.seed` is set, which gives the same again."""

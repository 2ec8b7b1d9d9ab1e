"""Settings of how ideas are chosen, with their bounds."""

from pydantic import BaseModel, ConfigDict, Field


class RerankingSettings(BaseModel):
    """How many candidates are written for an idea that is shown, and what makes one of them the better."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    candidates: float = Field(default=2.0, ge=1, le=8)
    """Ideas written for each one that is shown."""
    ideas_per_candidate: int = Field(default=1, ge=1, le=20)
    """Ideas taken from one text of the model; with more, large models see their own list and vary it."""
    similarity_model: str = Field(default="ngrams", min_length=1)
    """`ngrams`, or a folder or hub name of a sentence-transformers model."""
    duplicate_threshold: float = Field(default=0.6, gt=0, le=1)
    """Ideas that are at least this similar (cosine, their subject left out) count as one."""
    likelihood_weight: float = Field(default=1.0, ge=0, le=10)
    """Weight of how likely the model finds the text."""
    agreement_weight: float = Field(default=1.0, ge=0, le=10)
    """Weight of how far an ensemble's members agree on it."""
    novelty_weight: float = Field(default=1.0, ge=0, le=10)
    """Weight of how new it is to the channel."""
    taste_weight: float = Field(default=1.5, ge=0, le=10)
    """Weight of how well it fits the person's taste, and the channel's; 0 learns nothing and says nothing of it."""
    diversity: float = Field(default=0.5, ge=0, le=1)
    """0 shows the best ideas, 1 those most unlike each other."""
    novelty_window: int = Field(default=100, ge=0, le=2000)
    """How many of the channel's latest ideas count as seen."""

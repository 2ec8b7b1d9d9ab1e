"""Settings of the text generator, with their bounds."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from genai.generator import Sampling, SamplingMode


class GeneratorSettings(BaseModel):
    """Which model answers, and how. Every key can be set in `config.toml` and in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    backend: Literal["local"] = "local"
    model: str = Field(default="demo", min_length=1)
    """`demo` (comes with Riff), a folder, or a name on the Hugging Face hub."""
    quantization: Literal["nf4", "int8", "none"] = "nf4"
    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    """`auto` takes every CUDA device there is, else the CPU."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """What is computed in; `auto` is float32 on the CPU, on CUDA bfloat16 if it has that, else float16."""
    trust_remote_code: bool = False
    """Whether Python code that comes with a model may run. It can do anything that Riff can."""
    temperature: float = Field(default=0.8, ge=0, le=5)
    top_p: float = Field(default=0.95, gt=0, le=1)
    top_k: int = Field(default=0, ge=0)
    min_p: float = Field(default=0.0, ge=0, lt=1)
    repetition_penalty: float = Field(default=1.0, gt=0, le=10)
    max_new_tokens: int = Field(default=400, ge=1, le=32_768)
    context_tokens: int = Field(default=0, ge=0)
    """The longest prompt and answer together; 0 is the model's own limit."""
    deadline_seconds: float = Field(default=60.0, gt=0, le=3600)
    slots: int = Field(default=32, ge=1, le=1024)
    """How many texts are written at the same time."""
    queue: int = Field(default=128, ge=1, le=10_000)
    """How many requests may wait; one more gets a clear refusal at once."""
    seed: int | None = None
    sampling: SamplingMode = "independent"

    def default_sampling(self) -> Sampling:
        """What a request uses unless it says otherwise."""
        return Sampling(
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=self.top_k,
            min_p=self.min_p,
            repetition_penalty=self.repetition_penalty,
            max_new_tokens=self.max_new_tokens,
            seed=self.seed,
            mode=self.sampling,
        )

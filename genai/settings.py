"""Settings of the text generator, with their bounds."""

import json
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    field_validator,
    model_validator,
)

from genai.request import PromptStyle, Sampling, SamplingMode, SuitedSampling

Mixing = Literal["linear", "log_linear"]


def _listed(value: Any) -> Any:
    """One text as a list: a JSON list, or words with commas between them."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [part.strip() for part in value.split(",") if part.strip()]


class EnsembleMember(BaseModel):
    """One model of an ensemble, or an adapter folder, and how much it counts beside the others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    model: str = Field(min_length=1)
    weight: float = Field(default=1.0, ge=0, allow_inf_nan=False)


class GeneratorSettings(BaseModel):
    """Which model answers, and how. Every key can be set in `config.toml` and in the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    backend: Literal["local", "openai"] = "local"
    """`local` runs the model in this process; `openai` asks servers that speak OpenAI's protocol."""
    base_url: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Where those servers are, e.g. http://gpu-1:8000/v1; of several, another answers when one fails."""
    api_key: SecretStr | None = None
    """From OPENAI_API_KEY; most servers of one's own need none."""
    timeout_seconds: float = Field(default=20.0, gt=0, le=600)
    """A server that sends nothing for this long counts as failed."""
    cooldown_seconds: float = Field(default=30.0, ge=0, le=3600)
    """A server that failed is asked last for this long."""
    model: str = Field(default="embedded", min_length=1)
    """`embedded` (installed with Riff), a `.gguf` file, a folder, or a name on the Hugging Face hub; a folder with an
    ensemble.json is an ensemble. With `openai`, the server's name for it; `embedded` then stands for the only one."""
    languages: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    """Tags of the languages that the model writes, e.g. "en", "zh"; empty asks it for any. `embedded` knows English."""
    prompts: Literal["auto", "instruct", "plain"] = "auto"
    """How the model is asked: `instruct` tells it task, form and what is good; `plain` asks in one sentence, as models
    trained by Riff want it. `auto` is plain for `embedded` and instruct for all others."""
    ensemble: tuple[EnsembleMember, ...] = ()
    """Models that decode as one instead of `model`; they must share a tokenizer."""
    mixing: Mixing = "linear"
    """How an ensemble's next-token distributions are put together."""
    adapters: dict[str, str] = Field(default_factory=dict)
    """LoRA adapters that are loaded beside the model: name = folder. A request says which one it wants."""
    quantization: Literal["auto", "int4", "nf4", "int8", "none"] = "auto"
    """`auto` is nf4 on CUDA; on the CPU a GGUF file as it is stored, anything else int4 in groups of 32 weights."""
    device: str = Field(default="auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$")
    """`auto` takes every CUDA device there is, else the CPU."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """What is computed in; `auto` is float32 on the CPU, on CUDA bfloat16 if it has that, else float16."""
    cuda_graphs: bool = False
    """Whether decode steps are replayed as CUDA graphs: faster with few texts, some GPU memory for each size."""
    trust_remote_code: bool = False
    """Whether Python code that comes with a model may run. It can do anything that Riff can."""
    temperature: float | None = Field(default=None, ge=0, le=5)
    """This and the next four: unset takes what suits the model (`genai/model/suited_sampling.py`)."""
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=0)
    min_p: float | None = Field(default=None, ge=0, lt=1)
    repetition_penalty: float | None = Field(default=None, gt=0, le=10)
    """Above 1 avoids words that the answer has used already."""
    max_new_tokens: int = Field(default=0, ge=0, le=32_768)
    """The longest answer; 0 is what fits the model's context: a quarter of it, within 800 and 4,096 tokens."""
    thinking: bool = True
    """Whether a model may think before it answers; False switches that off where its chat template can."""
    thought_tokens: int = Field(default=4096, ge=0, le=131_072)
    """The longest thoughts of a model that thinks, beside its answer; longer ones are ended, or end the text."""
    context_tokens: int = Field(default=0, ge=0)
    """The longest prompt and answer together; 0 is the model's own limit."""
    deadline_seconds: float = Field(default=60.0, gt=0, le=3600)
    cache_memory: Literal["auto"] | Annotated[float, Field(gt=0, le=10_000)] = "auto"
    """GB (10^9 bytes) that the keys and values of all texts may take; `auto` is a share of what is free."""
    cache_folder: str = ""
    """Where converted copies of GGUF files are kept; empty is `models` in the data folder."""
    slots: int = Field(default=32, ge=1, le=1024)
    """How many texts are written at the same time."""
    queue: int = Field(default=512, ge=1, le=10_000)
    """How many texts may wait; one more gets a clear refusal at once."""
    seed: int | None = None
    sampling: SamplingMode = "sobol"
    """How the candidates of one request differ; a remote server knows independent ones only."""

    @field_validator("base_url")
    @classmethod
    def _are_addresses(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError("each must begin with http:// or https:// and name a host")
            if parts.username or parts.password:
                raise ValueError("must not hold a password; set OPENAI_API_KEY in the environment")
        return tuple(dict.fromkeys(url.rstrip("/") for url in urls))

    @model_validator(mode="after")
    def _fits_backend(self) -> Self:
        if self.backend == "openai" and not self.base_url:
            raise ValueError('backend "openai" needs base_url, e.g. "http://localhost:8000/v1"')
        if self.adapters and (self.ensemble or self.backend == "openai"):
            raise ValueError('adapters stand beside one model; they need backend "local" and no ensemble')
        if self.backend == "openai" and self.ensemble:
            raise ValueError('an ensemble decodes inside Riff; it needs backend "local"')
        if self.ensemble and not sum(member.weight for member in self.ensemble):
            raise ValueError("at least one member of the ensemble must have a weight above 0")
        return self

    @property
    def writes(self) -> tuple[str, ...]:
        """Tags of the languages that the model can write; empty where that is not known."""
        return self.languages or (("en",) if self._is_embedded else ())

    @property
    def prompt_style(self) -> PromptStyle:
        """How the model is asked."""
        if self.prompts != "auto":
            return self.prompts
        return "plain" if self._is_embedded else "instruct"

    @property
    def _is_embedded(self) -> bool:
        return self.backend == "local" and self.model == "embedded" and not self.ensemble

    def default_sampling(self, suited: SuitedSampling) -> Sampling:
        """What a request uses unless it says otherwise, with a model that this is suited to."""
        return Sampling(
            temperature=suited.temperature if self.temperature is None else self.temperature,
            top_p=suited.top_p if self.top_p is None else self.top_p,
            top_k=suited.top_k if self.top_k is None else self.top_k,
            min_p=suited.min_p if self.min_p is None else self.min_p,
            repetition_penalty=(
                suited.repetition_penalty if self.repetition_penalty is None else self.repetition_penalty
            ),
            max_new_tokens=self.max_new_tokens or suited.max_new_tokens or None,
            seed=self.seed,
            mode=self.sampling,
        )

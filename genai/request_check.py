"""Refuses what cannot be generated, the same for every generator."""

from genai.errors import InvalidRequest
from genai.request import GenerationRequest


def check(request: GenerationRequest) -> None:
    """Raises InvalidRequest, naming every fault."""
    sampling = request.sampling
    faults = {
        "candidates must be at least 1": request.candidates < 1,
        "deadline_seconds must be above 0": request.deadline_seconds <= 0,
        "temperature must not be negative": sampling.temperature < 0,
        "top_p must be above 0 and at most 1": not 0 < sampling.top_p <= 1,
        "top_k must not be negative": sampling.top_k < 0,
        "min_p must be at least 0 and below 1": not 0 <= sampling.min_p < 1,
        "repetition_penalty must be above 0": sampling.repetition_penalty <= 0,
        "max_new_tokens must be at least 1": sampling.max_new_tokens < 1,
        "seed must not be negative": sampling.seed is not None and sampling.seed < 0,
    }
    if found := [fault for fault, is_so in faults.items() if is_so]:
        raise InvalidRequest(f"This cannot be generated: {', '.join(found)}.")

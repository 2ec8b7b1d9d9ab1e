"""The student: a checkpoint that exists, or a new and smaller model of the teacher's architecture."""

from dataclasses import dataclass
from typing import Annotated

import torch
from pydantic import Field
from transformers import AutoModelForCausalLM, PretrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from genai.training.architecture import Shape, resized, shape_of
from genai.training.run.errors import TrainingError


@dataclass(frozen=True, slots=True)
class StudentSize:
    """Sizes of a new student; 0 keeps the teacher's, but layers, of which it halves the number."""

    layers: Annotated[int, Field(ge=0)] = 0
    hidden: Annotated[int, Field(ge=0)] = 0
    intermediate: Annotated[int, Field(ge=0)] = 0
    heads: Annotated[int, Field(ge=0)] = 0
    key_value_heads: Annotated[int, Field(ge=0)] = 0


def new_student(teacher: PretrainedConfig, size: StudentSize) -> PreTrainedModel:
    """An untrained float32 model, drawn from PyTorch's generator. Raises TrainingError."""
    shape = student_shape(shape_of(teacher), size)
    config = resized(teacher, shape, range(shape.layers))
    config.dtype = torch.float32
    model: PreTrainedModel = AutoModelForCausalLM.from_config(config)
    return model


def student_shape(teacher: Shape, size: StudentSize) -> Shape:
    """The student's shape; heads keep their width unless heads or hidden are given. Raises TrainingError."""
    heads, hidden = size.heads or teacher.heads, size.hidden or teacher.hidden
    layers = size.layers or max(1, teacher.layers // 2)
    if layers > teacher.layers:
        raise TrainingError(f"The teacher has {teacher.layers} layers; a student of it cannot have {layers}.")
    if hidden % heads:
        raise TrainingError(f"hidden ({hidden}) must be a multiple of heads ({heads}).")
    same = (heads, hidden) == (teacher.heads, teacher.hidden)
    return Shape(
        layers=layers,
        hidden=hidden,
        intermediate=size.intermediate or teacher.intermediate,
        heads=heads,
        key_value_heads=size.key_value_heads or (max(1, heads // teacher.group)),
        head_width=teacher.head_width if same else hidden // heads,
    )


def require_same_vocabulary(one: PreTrainedTokenizerBase, other: PreTrainedTokenizerBase) -> None:
    """Raise TrainingError unless both tokenizers mean the same by every token."""
    if one.get_vocab() != other.get_vocab():
        raise TrainingError(
            "The models have different vocabularies, so their opinions cannot be compared token by token; "
            "take models with the same tokenizer."
        )

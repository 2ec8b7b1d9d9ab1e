"""Asks a guard model on a server of OpenAI's protocol, whose chat template asks as the model was trained.

The probability of a deciding word comes from the log-probabilities that the server gives with its answer; of one that
gives none, the word itself decides. Nothing is shown of what a server says where it cannot be read.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx2

from genai.moderation.errors import ModerationMisconfigured
from genai.moderation.guards.guard_formats import Answer, Format, Question, Unreadable
from genai.moderation.settings import GuardSettings

_TOKENS = 64
_ALTERNATIVES = 10
_REFUSED = {400, 422}


class ServerFailed(Exception):
    """The server gave no answer; the message holds nothing of the text."""


class ServerGuard:
    """A guard model on a server."""

    def __init__(self, client: httpx2.AsyncClient, model: str, place: str, form: Format) -> None:
        self._client = client
        self._model = model
        self._form = form
        self._scored = {"logprobs": True, "top_logprobs": _ALTERNATIVES}
        self.version = f"{model}@{place}"

    async def answer(self, question: Question, text: str) -> Answer:
        """What the guard says. Raises Unreadable or ServerFailed."""
        fields: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": "user", "content": text}],
            "temperature": 0.0,
            "max_tokens": _TOKENS,
        }
        if question.template:
            fields["chat_template_kwargs"] = dict(question.template)
        response = await self._posted(fields | self._scored)
        if response.status_code in _REFUSED and self._scored:
            response = await self._posted(fields)
            if response.is_success:
                self._scored = {}
        if not response.is_success:
            raise ServerFailed(f"the guard's server answered {response.status_code}")
        return _read(self._form, response)

    async def _posted(self, fields: Mapping[str, Any]) -> httpx2.Response:
        try:
            try:
                return await self._client.post("chat/completions", json=dict(fields))
            except (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError):
                # a connection that was kept, and that the server had closed meanwhile
                return await self._client.post("chat/completions", json=dict(fields))
        except httpx2.HTTPError as error:
            raise ServerFailed(f"the guard's server cannot be asked: {type(error).__name__}") from error


def _read(form: Format, response: httpx2.Response) -> Answer:
    try:
        choice = response.json()["choices"][0]
        said = str(choice["message"]["content"] or "")
        tokens = ((choice.get("logprobs") or {}).get("content")) or []
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unreadable("the guard's server sends what cannot be read") from error
    decided = form.decided(said)
    if decided is None:
        raise Unreadable(f"the guard says none of {', '.join(form.words)}")
    word = form.word(decided[1])
    chances = _chances(form, word, decided.start(1), tokens) or {word: 1.0}
    return Answer(chances, form.named_in(said[decided.end() :]))


def _chances(form: Format, word: str, at: int, tokens: Sequence[Any]) -> dict[str, float]:
    """How likely each word was at the token that decided; {} where the server does not say."""
    begun = 0
    try:
        for token in tokens:
            begun += len(str(token["token"]))
            if begun <= at:
                continue
            found = dict.fromkeys(form.words, 0.0)
            said = {str(token["token"]): float(token["logprob"])}
            for other in token.get("top_logprobs") or []:
                said[str(other["token"])] = float(other["logprob"])
            for text, logprob in said.items():
                if (meant := _meant(form, text)) is not None:
                    found[meant] += math.exp(min(0.0, logprob))
            total = sum(found.values())
            is_known = found[word] > 0.0 and math.isfinite(total)
            return {name: chance / total for name, chance in found.items()} if is_known else {}
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable("the guard's server sends log-probabilities that cannot be read") from error
    return {}


def _meant(form: Format, token: str) -> str | None:
    """The deciding word that a token begins, or is."""
    begun = token.replace(form.opening, "").strip().lower() if form.opening else token.strip().lower()
    if not begun:
        return None
    return next(
        (word for word in form.words if word.lower().startswith(begun) or begun.startswith(word.lower())),
        None,
    )


async def start_server(settings: GuardSettings, form: Format, key: str) -> ServerGuard:
    """The guard on the server of the settings. Raises ModerationMisconfigured."""
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    client = httpx2.AsyncClient(
        base_url=f"{settings.server.rstrip('/')}/",
        headers=headers,
        timeout=settings.deadline_seconds,
        limits=httpx2.Limits(max_connections=settings.concurrent),
    )
    place = urlsplit(settings.server).netloc
    try:
        served = (await client.get("models")).raise_for_status().json()["data"]
        names = [str(model["id"]) for model in served]
    except (httpx2.HTTPError, ValueError, LookupError, TypeError) as error:
        await client.aclose()
        raise ModerationMisconfigured(
            f"the guard's server {place} does not say which models it has"
        ) from error
    if (settings.model and settings.model not in names) or (not settings.model and len(names) != 1):
        await client.aclose()
        raise ModerationMisconfigured(f"set the guard's model to one that {place} has: {', '.join(names)}")
    return ServerGuard(client, settings.model or names[0], place, form)

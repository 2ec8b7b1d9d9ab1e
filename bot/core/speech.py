"""Listening to recordings, as adapters use it: `App.listener`, off while no speech model is set."""

from genai.speech import CannotListen, Listener, TooLong

__all__ = ["CannotListen", "Listener", "TooLong"]

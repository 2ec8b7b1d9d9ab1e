"""The way of one message: pipeline, context, dispatcher, answer, delivery, outcome."""

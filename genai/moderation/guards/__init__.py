"""Guard models as classifiers: models made to judge texts, inside Riff or on a server of OpenAI's protocol.

`guard_formats` has what each family was trained to be asked and to answer, `local` and `server` ask. The models' long
instructions stand in the chat template that comes with each model, and are taken from there.
"""

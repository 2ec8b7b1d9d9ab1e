"""Reads what models answer, and what people ask in their own words. Pure: text in, values out; no model, no channel.

Four readers, each a module; the packages beside them hold what they are made of.

`lists`: an answer that was asked for as ideas. Only the caller knows that; a chat that holds a list is not read.

    reader = ListReader(count=5, kind="ideas")   # "titles" for names and slogans
    for delta in stream:
        for part in reader.feed(delta):          # Preamble | ListedIdea | Closing
            ...                                  # an idea comes as soon as the next one begins
    for part in reader.close():                  # the last idea, and the closing words
        ...

The `raw` texts of the parts, in order, are the answer. The last idea has `is_closed` False if nothing follows it: with
a finish reason of "length" it may be cut. More than `count` ideas are given too; the caller keeps what it needs. An
answer without ideas is one Preamble. `read_list` reads a whole answer at once.

`labelled_forms`: an answer under labels. The caller names the labels as it knows them and, in `also`, as its catalogue
does:

    form = Form((FormLabel("Headline", is_line=True), FormLabel("Body")), prose="Body")
    read = read_form(text, form)                 # read.parts["Body"].text, .items; read.missing

Nothing is filled in. What is in `missing` can be asked for again; `others` has what stands under foreign headings.

`thoughts`: runs before both, on the stream of the model, and never shows a thought:

    splitter = ThoughtSplitter(starts_inside=template_opens_thoughts)
    for piece in splitter.feed(delta):           # then close()
        if piece.takes_back: ...                 # all of the answer so far was a thought: nothing had said so
        if piece.part is Part.ANSWER: ...

Thoughts that a server sends in a field of their own are counted by `note_thought`. `is_thinking` after `close` says
that the answer never began.

`requests`: what a message without a command means, or None for chat:

    understand("make the second one cheaper", listed=5)   # Asked(CHANGE, items=(2,), wish="cheaper")
    brief_of(Task.BRAINSTORM, "five ideas for a library")  # (5, "a library"): the words behind a command

Words of every language are in `wording/*.toml`; another language is another file.
"""

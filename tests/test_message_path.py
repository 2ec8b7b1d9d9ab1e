"""How much code one Slack mention runs through: it may become less, and whoever makes it more does so knowingly.

`python -m tests.tools.trace_message` prints the path.
"""

from tests.tools.trace_message import ROOT, trace_mention

MOST_FILES = 109
MOST_FUNCTIONS = 575


async def test_a_mention_runs_through_few_files_and_functions() -> None:
    trace = await trace_mention()
    told = "\n".join(f"{file} {name}" for file, name in trace.functions)
    assert len(trace.files) <= MOST_FILES, told
    assert len(trace.functions) <= MOST_FUNCTIONS, told


async def test_the_path_is_that_of_a_mention_from_its_receipt_to_the_end_of_its_event() -> None:
    trace = await trace_mention()
    names = [name for _file, name in trace.functions]
    steps = ("Receiver.receive", "Worker._work", "Pipeline.handle", "Reranker.ideas", "SlackChannel.finish")
    assert sorted(steps, key=names.index) == list(steps)
    assert names.index("Inbox.add") < names.index("Inbox.finish")
    assert all((ROOT / file).is_file() for file in trace.files)
    assert not any(file.startswith("genai/engine") for file in trace.files)

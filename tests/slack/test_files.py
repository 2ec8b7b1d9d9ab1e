"""Recordings that people attach, with a model that listens."""

from bot.core.domain import Listener
from genai.speech import CannotListen, SpeechSettings
from tests.slack.conftest import StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import SlackServer


class Heard(Listener):
    """Hears the recording's bytes as words; the model itself is tested elsewhere."""

    def __init__(self) -> None:
        super().__init__(SpeechSettings(model="any"))

    async def text_of(self, recording: bytes) -> str:
        if recording == b"noise":
            raise CannotListen("no sound in it")
        return recording.decode()


async def test_a_voice_clip_joins_the_prompt_where_riff_can_listen(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("Heard.")
    riff = await start_riff(generator)
    riff.app.listener = Heard()
    for number, sound in enumerate((b"ideas for a tea shop", b"noise")):
        slack.workspace.files[f"F{number}"] = sound
        clip = {"id": f"F{number}", "name": "clip.m4a", "mimetype": "audio/mp4", "size": len(sound)}
        clip |= {"subtype": "slack_audio"}
        clip |= {"url_private_download": slack.url.replace("/api/", f"/files/F{number}")}
        await slack.deliver_event(slack.say("D1", "", subtype="file_share", files=[clip]))
        await riff.idle()
    assert [request.turns[-1].content for request in generator.requests] == [
        "Attached file:\nideas for a tea shop"
    ]
    assert "can't listen to that recording" in slack.workspace.by_riff("D1")[-1].shown

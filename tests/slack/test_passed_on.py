"""What people pass on reaches the model: shared messages, previews and their files."""

from typing import Any

from adapters.slack.incoming.event import said_in
from adapters.slack.incoming.shared_messages import shared_files
from tests.slack.conftest import StartRiff
from tests.support.doubles import ScriptedGenerator
from tests.support.slack_server import BOT, SlackServer

SHARED = {
    "is_share": True,
    "is_msg_unfurl": True,
    "author_name": "Somebody",
    "from_url": "https://team.slack.com/archives/C9/p1",
    "text": "We lend umbrellas at the till &amp; by the door, says <@U5>",
    "fallback": "[1 June] somebody: We lend umbrellas",
    "mrkdwn_in": ["text"],
}
IN_BLOCKS: dict[str, Any] = {
    "is_share": True,
    "fallback": "[no preview]",
    "message_blocks": [
        {
            "team": "T1",
            "channel": "C9",
            "ts": "1.1",
            "message": {
                "blocks": [
                    {"type": "header", "text": {"type": "plain_text", "text": "Tea garden"}},
                    {
                        "type": "rich_text",
                        "elements": [
                            {
                                "type": "rich_text_section",
                                "elements": [
                                    {"type": "text", "text": "Grow mint "},
                                    {"type": "text", "text": "<on> the roof ", "style": {"bold": True}},
                                    {"type": "link", "url": "https://a.example/mint", "text": "like this"},
                                ],
                            }
                        ],
                    },
                    {"type": "actions", "elements": [{"type": "button", "text": {"text": "Press"}}]},
                ]
            },
        }
    ],
}


async def test_a_shared_message_is_what_is_talked_about(slack: SlackServer, start_riff: StartRiff) -> None:
    generator = ScriptedGenerator("Yes.")
    riff = await start_riff(generator)
    await slack.deliver_event(slack.say("D1", "", attachments=[SHARED]))
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> what is better?", attachments=[IN_BLOCKS]))
    await riff.idle()
    asked = {request.turns[-1].content for request in generator.requests}
    assert asked == {
        "We lend umbrellas at the till & by the door, says @U5",
        "what is better?\n\nTea garden\nGrow mint <on> the roof like this (https://a.example/mint)",
    }


async def test_a_file_of_a_shared_message_is_read_and_a_bad_one_is_named(
    slack: SlackServer, start_riff: StartRiff
) -> None:
    generator = ScriptedGenerator("Read.")
    riff = await start_riff(generator)
    slack.workspace.files["F1"] = "傘の貸し出し案".encode("shift_jis")
    slack.workspace.files["F2"] = bytes(range(256))
    files = [
        {
            "id": name,
            "name": f"notes-{name}.txt",
            "mimetype": "text/plain",
            "size": 24,
            "url_private_download": slack.url.replace("/api/", f"/files/{name}"),
        }
        for name in ("F1", "F2")
    ]
    picture = {"id": "F3", "name": "roof.png", "mimetype": "image/png", "size": 24}
    share = {**SHARED, "files": [files[0], picture]}
    await slack.deliver_event(slack.say("D1", "sum up", attachments=[share]))
    await riff.idle()
    assert generator.requests[0].turns[-1].content.endswith("Attached file:\n傘の貸し出し案")
    await slack.deliver_event(slack.say("D1", "and this", subtype="file_share", files=[files[1]]))
    await riff.idle()
    told = slack.workspace.by_riff("D1")[-1].shown
    assert "notes-F2.txt" in told
    assert "encoded" in told


def test_previews_and_fields_are_read_from_top_to_bottom() -> None:
    preview = {
        "pretext": "Seen in the shop",
        "title": "Mug",
        "text": "",
        "fields": [{"title": "Price", "value": "4"}],
        "fallback": "Mug",
    }
    message = {"text": "<@U0RIFF> cheaper?", "attachments": [preview, {"fallback": "A picture"}, None]}
    assert said_in(message, BOT) == "cheaper?\n\nSeen in the shop\n\nMug\n\nPrice: 4\n\nA picture"
    assert said_in(
        {"text": "", "blocks": IN_BLOCKS["message_blocks"][0]["message"]["blocks"]}, ""
    ).startswith("Tea garden")
    assert shared_files(message) == []

"""The link to a board comes with a session, and whoever leads it takes it back."""

from tests.session.conftest import THREAD, Room
from tests.web.conftest import StartWeb, Web

PUBLIC = "https://riff.example.org"


def linked(text: str) -> str:
    """The path in a sentence with a link."""
    return text.partition(PUBLIC)[2].split()[0]


async def test_a_session_comes_with_a_link_that_its_host_takes_back(start_web: StartWeb) -> None:
    web = await start_web(public_url=PUBLIC)
    room = Room(web.app)
    _reply, channel = await room.say('/session start "Quieter lids" 20')
    (link,) = [notice for notice in channel.notices if PUBLIC in notice.text]
    assert not link.private, "it is for all who read there"
    path = linked(link.text)
    assert "Quieter lids" in (await web.get(path))[1]
    await room.say("/session skip diverge")
    await room.say("Line the lid with cork", "guest")
    again = linked(await room.told("/session board-link"))
    assert again != path
    assert await web.shows(again, "Line the lid with cork")
    refused = await room.told("/session board-link revoke", "guest")
    assert "Only who started" in refused
    assert (await web.get(path))[0] == 200
    assert "2 links" in await room.told("/session board-link revoke")
    assert [(await web.get(one))[0] for one in (path, again)] == [404, 404]
    assert room.place == THREAD


async def test_without_pages_there_is_no_link(web: Web) -> None:
    room = Room(web.app)
    told = await room.told('/session start "Quieter lids" 20')
    assert "/board/" not in told
    assert "serves no pages" in await room.told("/session board-link")

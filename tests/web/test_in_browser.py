"""The board in a real Chromium: it follows, shows lines of descent by keyboard, and fits a phone and a projector."""

import pytest

from storage.values.brainstorms import NewBoardIdea
from tests.support.browser import Browser, browsing, chromium
from tests.web.conftest import Web

pytestmark = pytest.mark.skipif(
    not chromium(), reason="no Chromium here; on Debian: apt-get install chromium"
)

NAMELESS = """[...document.querySelectorAll("a, button, summary, [role=group], section")].filter(
    (node) => !(node.getAttribute("aria-label") || node.textContent).trim()).length"""
DOUBLE = "new Set([...document.querySelectorAll('[id]')].map((n) => n.id)).size"
WIDER = "document.documentElement.scrollWidth > innerWidth"
PALE = """(() => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((one) => {
      const part = one / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (colour.startsWith("rgb(")) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll(".idea *, .head *, .bar *")].filter((node) => {
    if (!node.innerText || node.children.length) return false;
    const both = [light(getComputedStyle(node).color), light(ground(node))].sort((a, b) => b - a);
    return (both[0] + 0.05) / (both[1] + 0.05) < 4.5;
  }).map((node) => node.outerHTML);
})()"""
"""Texts whose contrast is under that of WCAG 2.2 AA."""


async def filled(web: Web) -> tuple[str, int]:
    board = await web.board()
    cork = await web.idea(board, "Line the lid with cork", "Ann", "A ring along the rim.")
    felt = await web.idea(board, "Felt pads for chair legs", "Ben")
    await web.idea(board, "Cork coasters in every room", "Cem")
    both = NewBoardIdea("Cork and felt in one ring", origins=(cork, felt))
    await web.app.repositories.boards.add(board.id, both)
    return web.address + await web.link(board), board.id


async def look_at(browser: Browser, url: str, width: int, *, dark: bool) -> None:
    await browser.look(width, 900, dark=dark)
    await browser.open(url)
    assert not await browser.ask(WIDER), f"nothing is wider than {width} pixels"
    assert await browser.ask(PALE) == []
    assert await browser.ask(NAMELESS) == 0
    assert await browser.ask(DOUBLE) == await browser.ask("document.querySelectorAll('[id]').length")


async def test_a_board_in_a_browser(web: Web) -> None:
    url, board = await filled(web)
    async with browsing() as browser:
        for width, view, dark in (
            (390, "map", False),
            (1440, "list", False),
            (390, "list", True),
            (1920, "map", True),
        ):
            await look_at(browser, f"{url}?view={view}", width, dark=dark)
        await browser.ask("document.querySelector('#dots [data-number=\"4\"]').focus()")
        assert await browser.ask("document.querySelectorAll('.idea.kin').length") == 2
        assert await browser.ask("document.querySelectorAll('#lines line').length") == 2
        await browser.press("Escape")
        assert await browser.ask("document.querySelectorAll('.kin, #lines line').length") == 0

        scripted = "<script>document.title = 'taken over'</script><img src=x onerror=\"document.title='taken over'\">"
        await web.app.repositories.boards.add(board, NewBoardIdea("Magnet in the handle", scripted))
        await browser.until("!!document.getElementById('idea-5')")
        assert "Magnet in the handle" in await browser.ask("document.getElementById('says').textContent")
        assert await browser.ask("document.querySelectorAll('#dots .dot').length") == 5
        assert await browser.ask("document.title") == "A quieter kitchen · Riff"
        assert browser.complaints == []

        await browser.tell("Emulation.setScriptExecutionDisabled", value=True)
        await browser.open(url)
        assert "Magnet in the handle" in await browser.ask("document.body.textContent")
        assert await browser.ask("document.querySelector('meta[http-equiv=refresh]').content") == "5"

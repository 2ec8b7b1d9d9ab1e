"""What `riff chat` says once of the embedded model: how to bring a larger one."""

from pathlib import Path

from platformdirs import user_data_dir

from bot.config import Settings
from bot.language import _
from genai.model.loading.embedded_model import EMBEDDED
from storage.address import parse_address

_TOLD = "told-of-larger-models"


class LargerModelHint:
    """Told once for each data folder; where that cannot be remembered it is not told at all."""

    def __init__(self, settings: Settings) -> None:
        self._generator = settings.generator
        database = parse_address(settings.storage.url.get_secret_value()).path
        self._mark = (database.parent if database else Path(user_data_dir("riff", appauthor=False))) / _TOLD

    async def line(self) -> str:
        """The line, "" where there is none to be told; remembers that it was."""
        generator = self._generator
        if (
            generator.backend != "local"
            or generator.model != EMBEDDED
            or generator.ensemble
            or not self._is_first()
        ):
            return ""
        from bot.setup.local_servers import find_servers

        served = [one for one in await find_servers() if one.models]
        if not served:
            return _(
                "This is a small model to begin with; riff setup brings a larger one, in Riff or on a server."
            )
        command = f"riff setup --yes --server {served[0].url} --model {served[0].models[0]}"
        said = _(
            "This is a small model to begin with; {server} runs here with a larger one. To use it: {command}"
        )
        return said.format(server=served[0].kind, command=command)

    def _is_first(self) -> bool:
        try:
            self._mark.parent.mkdir(parents=True, exist_ok=True)
            self._mark.touch(exist_ok=False)
        except OSError:
            return False
        return True

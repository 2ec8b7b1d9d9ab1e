"""Settings: the shipped file, the environment, and every kind of fault with its cure."""

import tomllib
from pathlib import Path

import pytest

from bot.config import Settings, load_settings, shipped_file
from bot.config.settings import RENAMED
from bot.core.errors import ConfigError


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RIFF_CONFIG", "DATABASE_URL", "SLACK_BOT_TOKEN", "DISCORD_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_shipped_file_holds_every_default() -> None:
    assert load_settings() == Settings()


def test_every_key_of_the_shipped_file_is_explained_and_none_is_missing() -> None:
    text = shipped_file().read_text(encoding="utf-8")
    shipped = tomllib.loads(text)
    for section, model in Settings.model_fields.items():
        for key, field in type(model.default).model_fields.items():
            is_secret = "Secret" in str(field.annotation) and key != "url"
            assert is_secret or f"\n{key} = " in text or f"\n# {key} = " in text or key == "thresholds", key
        assert section in shipped or section == "storage"
    assert [line for line in text.splitlines() if " = " in line and "#" not in line] == []


@pytest.mark.parametrize(
    ("variable", "value", "section", "key", "expected"),
    [
        ("RIFF_GENERATOR__MODEL", "some/model", "generator", "model", "some/model"),
        ("RIFF_GENERATOR__BASE_URL", "http://a/v1", "generator", "base_url", ("http://a/v1",)),
        (
            "RIFF_GENERATOR__BASE_URL",
            "http://a/v1, http://b/v1/",
            "generator",
            "base_url",
            ("http://a/v1", "http://b/v1"),
        ),
        ("RIFF_GENERATOR__BASE_URL", '["http://a/v1"]', "generator", "base_url", ("http://a/v1",)),
        (
            "RIFF_MODERATION__CLASSIFIER",
            "detoxify:original",
            "moderation",
            "classifier",
            ("detoxify:original",),
        ),
        ("RIFF_MODERATION__CLASSIFIER", '["a", "b"]', "moderation", "classifier", ("a", "b")),
        ("RIFF_MODERATION__BLOCKLIST", "one, two", "moderation", "blocklist", ("one", "two")),
        ("RIFF_SLACK__API_URL", "http://127.0.0.1:1/api/", "slack", "api_url", "http://127.0.0.1:1/api/"),
        (
            "RIFF_DISCORD__API_URL",
            "http://127.0.0.1:1/api/v10",
            "discord",
            "api_url",
            "http://127.0.0.1:1/api/v10",
        ),
    ],
)
def test_environment_wins(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, section: str, key: str, expected: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(getattr(load_settings(), section), key) == expected


def test_secrets_come_under_their_usual_names_and_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hidden")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:hidden@h/db")
    settings = load_settings()
    assert settings.slack.bot_token is not None
    assert settings.slack.bot_token.get_secret_value() == "xoxb-hidden"
    assert settings.storage.url.get_secret_value() == "postgres://u:hidden@h/db"
    assert "hidden" not in repr(settings)


def test_storage_url_setting_wins_over_the_usual_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u@h/db")
    monkeypatch.setenv("RIFF_STORAGE__URL", "sqlite:///here.db")
    assert load_settings().storage.url.get_secret_value() == "sqlite:///here.db"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[generator]\ntemprature = 1.0", ("mine.toml", "generator.temprature", "did you mean temperature?")),
        ("[genrator]\nmodel = 'x'", ("mine.toml", "genrator", "did you mean generator?")),
        ("[generator]\ntop_p = 'high'", ("mine.toml", "generator.top_p", "number")),
        ("[generator]\ntop_p = 3.0", ("mine.toml", "generator.top_p", "less than or equal to 1")),
        ("[slack]\nbot_token = 'xoxb-1'", ("mine.toml", "slack.bot_token", "SLACK_BOT_TOKEN", "remove it")),
        ("[storage]\nurl = 'postgres://u:pw@h/db'", ("mine.toml", "storage.url", "DATABASE_URL")),
        ("[generator\nmodel = 'x'", ("mine.toml", "not valid TOML", "line 1")),
    ],
)
def test_faults_name_file_key_and_cure(tmp_path: Path, text: str, parts: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(written(tmp_path, text))
    for part in parts:
        assert part in caught.value.say
    assert "xoxb-1" not in caught.value.say


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(written(tmp_path, "[generator]\ntop_p = 3.0\n[log]\nlevel = 'loud'"))
    assert len(caught.value.say.splitlines()) == 2


def test_wrong_environment_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIFF_GENERATOR__TOP_P", "lots")
    with pytest.raises(ConfigError, match="RIFF_GENERATOR__TOP_P"):
        load_settings()


@pytest.mark.parametrize("variable", ["RIFF_GENRATOR__MODEL", "RIFF_GENERATOR__MODLE", "RIFF_MODEL"])
def test_unknown_variable_is_refused(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "x")
    with pytest.raises(ConfigError, match=variable.split("__")[0]):
        load_settings()


def test_names_that_settings_had_before_are_read_and_the_present_ones_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = "[quality]\nduplicate = 0.7\ncandidates = 3\n[inbox]\nattempts = 2\nworkers = 4\n[log]\nlevel = 'error'"
    settings = load_settings(written(tmp_path, text))
    assert (settings.reranking.duplicate_threshold, settings.reranking.candidates) == (0.7, 3)
    assert (settings.inbox.max_attempts, settings.inbox.workers) == (2, 4)
    assert [record.getMessage().partition("mine.toml: ")[2] for record in caplog.records] == [
        "quality is called reranking now; rename it.",
        "quality.duplicate is called reranking.duplicate_threshold now; rename it.",
        "inbox.attempts is called inbox.max_attempts now; rename it.",
    ]


def test_names_that_mean_nothing_any_more_are_passed_over_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("RIFF_QUALITY__IDEAS_PER_CANDIDATE", "2")
    file = written(tmp_path, "[reranking]\nideas_per_candidate = 1\ncandidates = 3\n[log]\nlevel = 'error'")
    assert load_settings(file).reranking.candidates == 3
    assert [record.getMessage().rpartition(": ")[2] for record in caplog.records] == [
        "reranking.ideas_per_candidate means nothing any more; delete it.",
        "RIFF_QUALITY__IDEAS_PER_CANDIDATE means nothing any more; unset it.",
    ]


@pytest.mark.parametrize(("old", "now"), sorted(RENAMED.items()))
def test_every_name_had_before_is_read_from_the_environment(
    old: str, now: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if "." not in now:
        old, now = f"{old}.candidates", f"{now}.candidates"
    section, _dot, key = now.partition(".")
    default = getattr(getattr(Settings(), section), key)
    before, present = (f"RIFF_{name.replace('.', '__')}".upper() for name in (old, now))
    monkeypatch.setenv(before, "0.3" if key == "duplicate_threshold" else "4")
    assert getattr(getattr(load_settings(), section), key) != default
    assert [record.getMessage() for record in caplog.records] == [
        f"environment: {before} is called {present} now; rename it."
    ]


def test_the_environment_wins_by_whichever_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path, "[reranking]\ntaste_weight = 0.5\n[quality]\nnovelty = 0.5")
    monkeypatch.setenv("RIFF_QUALITY__TASTE", "3")
    monkeypatch.setenv("RIFF_RERANKING__NOVELTY_WEIGHT", "4")
    chosen = load_settings(file).reranking
    assert (chosen.taste_weight, chosen.novelty_weight) == (3, 4)


def test_of_two_names_for_a_setting_the_present_one_holds(tmp_path: Path) -> None:
    text = "[inbox]\nmax_attempts = 3\nattempts = 9\n[reranking]\ncandidates = 4\n[quality]\ncandidates = 1"
    settings = load_settings(written(tmp_path, text))
    assert (settings.inbox.max_attempts, settings.reranking.candidates) == (3, 4)


def test_a_fault_under_a_name_had_before_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIFF_QUALITY__DUPLICATE", "7")
    with pytest.raises(
        ConfigError, match=r"RIFF_QUALITY__DUPLICATE.*duplicate_threshold.*less than or equal"
    ):
        load_settings()


def test_missing_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIFF_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(ConfigError, match=r"gone\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('backend = "openai"', "needs base_url"),
        ('base_url = "http://me:secret@a/v1"', "set OPENAI_API_KEY"),
        ('base_url = "gpu-1:8000"', "http://"),
        ('api_key = "sk-1"', "set OPENAI_API_KEY"),
        ("ensemble = [{ model = 'a', weight = 0 }]", "weight above 0"),
        ("ensemble = [{ weight = 1 }]", "generator.ensemble.0.model"),
    ],
)
def test_faults_of_servers_and_ensembles_say_what_to_do(tmp_path: Path, settings: str, words: str) -> None:
    with pytest.raises(ConfigError) as found:
        load_settings(written(tmp_path, f"[generator]\n{settings}\n"))
    assert words in found.value.say
    assert "secret@" not in found.value.say
    assert "sk-1" not in found.value.say

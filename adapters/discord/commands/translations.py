"""What Discord shows of commands before they run, in other languages; answers keep to the person's own.

Languages that Riff speaks come from its catalogues; here are those that it does not. Keyed by the English text,
so that a text that changes falls back to English until it is translated again.
"""

from collections.abc import Mapping
from functools import cache

from discord import Locale

from bot.language import SOURCE, _, code, speaking, spoken

_TEXTS: Mapping[str, tuple[str, str, str]] = {
    # English: German, French, Spanish
    "ideas about a topic": ("Ideen zu einem Thema", "des idées sur un sujet", "ideas sobre un tema"),
    "brand copy for a website, an e-mail, a post or an SMS": (
        "Werbetext für eine Website, eine E-Mail, einen Beitrag oder eine SMS",
        "un texte de marque pour un site, un e-mail, une publication ou un SMS",
        "texto de marca para una web, un correo, una publicación o un SMS",
    ),
    "an advertisement: headline, body, call to action": (
        "eine Anzeige: Überschrift, Text, Aufforderung",
        "une publicité : titre, texte, appel à l'action",
        "un anuncio: titular, texto, llamada a la acción",
    ),
    "a product design brief with a table of its features": (
        "ein Entwurf für ein Produkt mit einer Tabelle seiner Merkmale",
        "un cahier des charges de produit avec un tableau de ses fonctions",
        "un informe de diseño de producto con una tabla de sus características",
    ),
    "what fits you: your interests, what you liked, what others with your taste liked": (
        "was zu dir passt: deine Interessen, was dir und Leuten mit deinem Geschmack gefiel",
        "ce qui te va : tes intérêts, ce que tu as aimé, ce que d'autres du même goût ont aimé",
        "lo que te va: tus intereses, lo que te gustó y lo que gustó a gente con tu gusto",
    ),
    "slogans": ("Slogans", "des slogans", "eslóganes"),
    "names for a thing": ("Namen für eine Sache", "des noms pour une chose", "nombres para una cosa"),
    "a better version of an idea": (
        "eine bessere Fassung einer Idee",
        "une meilleure version d'une idée",
        "una versión mejor de una idea",
    ),
    "two or more ideas made into one": (
        "aus mehreren Ideen eine machen",
        "plusieurs idées réunies en une",
        "varias ideas unidas en una",
    ),
    "what I can do": ("was ich kann", "ce que je sais faire", "lo que sé hacer"),
    "what I remember of you, and how to change it": (
        "was ich mir von dir merke, und wie du es änderst",
        "ce que je retiens de toi, et comment le changer",
        "lo que recuerdo de ti y cómo cambiarlo",
    ),
    "use me as the same person elsewhere": (
        "mich anderswo als dieselbe Person nutzen",
        "m'utiliser ailleurs en tant que même personne",
        "usarme en otro lugar como la misma persona",
    ),
    "What about?": ("Worum geht es?", "À quel sujet ?", "¿Sobre qué?"),
    "How many?": ("Wie viele?", "Combien ?", "¿Cuántas?"),
    "Technique": ("Technik", "Technique", "Técnica"),
    "At most so many characters": (
        "Höchstens so viele Zeichen",
        "Nombre maximal de caractères",
        "Máximo de caracteres",
    ),
    "For whom?": ("Für wen?", "Pour qui ?", "¿Para quién?"),
    "Tone": ("Ton", "Ton", "Tono"),
    "Brand voice": ("Stimme der Marke", "Voix de la marque", "Voz de la marca"),
    "Answer in a new thread": (
        "In einem neuen Thread antworten",
        "Répondre dans un nouveau fil",
        "Responder en un hilo nuevo",
    ),
    "Settings of this server": (
        "Einstellungen dieses Servers",
        "Réglages de ce serveur",
        "Ajustes de este servidor",
    ),
    "Let me answer every post in a text or forum channel": (
        "Mich auf jeden Beitrag eines Text- oder Forumkanals antworten lassen",
        "Me laisser répondre à chaque message d'un salon ou d'un forum",
        "Dejarme responder a cada mensaje de un canal o foro",
    ),
    "Which channel?": ("Welcher Kanal?", "Quel salon ?", "¿Qué canal?"),
    "Whether I answer every post there": (
        "Ob ich dort auf jeden Beitrag antworte",
        "Si je réponds à chaque message",
        "Si respondo a cada mensaje",
    ),
    "The brand voice in this channel": (
        "Die Stimme der Marke in diesem Kanal",
        "La voix de la marque dans ce salon",
        "La voz de la marca en este canal",
    ),
    "What is set here": ("Was hier eingestellt ist", "Ce qui est réglé ici", "Lo que está ajustado aquí"),
    "Brainstorm on this": ("Ideen hierzu", "Des idées là-dessus", "Ideas sobre esto"),
    "Improve this": ("Das verbessern", "Améliorer ceci", "Mejorar esto"),
}
_LOCALES = ("de", "fr", "es-ES")


def localised(text: str) -> dict[str, str]:
    """The text by Discord's locale; empty where it has no translation."""
    own = dict(zip(_LOCALES, _TEXTS[text], strict=True)) if text in _TEXTS else {}
    return own | {tag: said for tag in _catalogued() if (said := _in(tag, text)) != text}


@cache
def _catalogued() -> tuple[str, ...]:
    """Discord's locales that Riff's own words are in, besides English."""
    return tuple(tag for tag in (locale.value for locale in Locale) if code(tag) != SOURCE and spoken(tag))


def _in(tag: str, text: str) -> str:
    with speaking(tag):
        return _(text)

"""Comments that tell of somebody who asked for a high score, in the languages that customers write."""

import re
import unicodedata

_NEAR = r"\b.{0,45}?\b"
_WORDS = {
    # language: who asked, and for what
    "English": (
        r"asked|asks|asking|begged|begs|begging|told|urged|pressured|pushed|insisted|coached|reminded|wanted|please",
        r"10|ten|tens|(?:top|highest|best|perfect|full) (?:score|rating|marks?)|(?:five|5) stars?",
    ),
    "German": (
        r"gebeten|bat|baten|bittet|bitten|gebettelt|bettelte|aufgefordert|gedr[äa]ngt|dr[äa]ngte|beeinflusst",
        r"10|zehn|zehner|bestnote|volle punktzahl|h[öo]chste[nr]? (?:note|bewertung|punktzahl)|(?:f[üu]nf|5) sterne",
    ),
    "Portuguese": (
        r"pediu|pediram|pedindo|pedem|implorou|imploraram|insistiu|insistiram|pressionou|pressionaram",
        r"10|dez|nota m[áa]xima|(?:cinco|5) estrelas",
    ),
    "French": (
        r"demand[ée]|demande|demandait|suppli[ée]|pri[ée]|insist[ée]|insiste|forc[ée]",
        r"10|dix|note maximale|meilleure note|(?:cinq|5) [ée]toiles",
    ),
    "Spanish": (
        r"pidi[óo]|pidieron|pide|piden|pidiendo|rog[óo]|rogaron|suplic[óo]|insisti[óo]|insistieron|presion[óo]",
        r"10|diez|nota m[áa]xima|m[áa]xima (?:nota|puntuaci[óo]n)|(?:cinco|5) estrellas",
    ),
}
_JAPANESE = re.compile(
    r"(?:10点|十点|満点|最高評価).{0,14}?(?:お願い|頼ま|頼み|つけて|付けて|入れて|してくださ|してほし|と言われ)"
)
_UNITS = "minutes?|minuten|minutos|days?|tage|dias|días|jours|times|mal|vezes|veces|fois|years?|euros?|eur"
_NO_SCORE = re.compile(rf"\b(?:10|ten) ?(?:(?:{_UNITS})\b|%)")


def _asked(who: str, what: str) -> re.Pattern[str]:
    """Whoever asked stands before what was asked for; in German also after it, where the verb ends the sentence."""
    return re.compile(rf"\b(?:{who}){_NEAR}(?:{what})\b|\b(?:{what}){_NEAR}(?:{who})\b", re.DOTALL)


_PATTERNS = {language: _asked(*words) for language, words in _WORDS.items()}


def begging_language(comment: str) -> str:
    """The language in which a comment tells that somebody asked for a ten; empty where it tells nothing like it."""
    text = _NO_SCORE.sub(" ", unicodedata.normalize("NFKC", comment).casefold())
    if _JAPANESE.search(text):
        return "Japanese"
    return next((language for language, pattern in _PATTERNS.items() if pattern.search(text)), "")

"""The ways of writing numbers and days that a reader may choose."""

ENGLISH = "en"
LOCALES = {
    ENGLISH: "English",
    "de": "German",
    "de-CH": "German (Switzerland)",
    "fr": "French",
    "pt": "Portuguese",
    "ja": "Japanese",
    "sv": "Swedish",
}
"""Each by its tag (BCP 47). Who has chosen none reads English, whatever their browser asks for."""

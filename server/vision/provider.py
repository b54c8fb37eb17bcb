"""Who looks at pictures: the interface, and the one that the settings name. Never call it within a transaction."""

from typing import Protocol

from server.core.settings import Settings
from server.vision.chat_completions import ChatCompletions


class VisionProvider(Protocol):
    """Looks at one picture at a time."""

    def look(self, instruction: str, jpeg: bytes | None, words: str = "") -> str:
        """What is said of the picture, and of the words that come with it, in whatever form `instruction` asks for.
        Raises VisionSilent."""


def provider_of(settings: Settings) -> VisionProvider | None:
    """The provider that the settings name; None while it is off."""
    if not settings.vision_url:
        return None
    return ChatCompletions(settings.vision_url, settings.vision_key.get_secret_value(), settings.vision_model)

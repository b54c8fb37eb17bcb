"""Words about files."""

from server.kit.files.rules import MEGABYTE, FileLimits


def size_words(size: int) -> str:
    """A size as people say it: 38 KB, 2.4 MB."""
    return f"{size / MEGABYTE:.1f} MB" if size >= MEGABYTE else f"{max(1, round(size / 1024))} KB"


def limits_words(limits: FileLimits) -> str:
    """What may be chosen, in a line."""
    each = size_words(limits.max_bytes).replace(".0 ", " ")
    return f"可以传{limits.names}，最多 {limits.most} 个，每个不超过 {each}。"

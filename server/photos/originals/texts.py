"""What reviewers read of where an original is."""

from server.photos.models import OriginalState, PhotoOriginal

_WORDS = {
    OriginalState.KEPT: "缩图，原图还在职工手机上",
    OriginalState.RECEIVED: "缩图，原图已到，正在核对",
    OriginalState.MATCHED: "原图（后补，已和先发的核对）",
    OriginalState.DIFFERS: "缩图；后补的不是同一张，没有收",
}


def original_text(original: PhotoOriginal | None) -> str:
    """Whether what is here is as it was taken. Without a row nothing was made smaller."""
    if original is None:
        return "原图"
    if original.state is OriginalState.KEPT and original.wanted_at is not None:
        return "缩图，已请职工发原图"
    return _WORDS[original.state]

"""What reviewers read of where an original is."""

from server.photos.models import OriginalState, Photo, PhotoOriginal

_WORDS = {
    OriginalState.KEPT: "缩图，原图还在职工手机上",
    OriginalState.RECEIVED: "缩图，原图已到，正在核对",
    OriginalState.MATCHED: "原图（后补，已和先发的核对）",
    OriginalState.DIFFERS: "缩图；后补的不是同一张，没有收",
}


def original_text(photo: Photo, original: PhotoOriginal | None) -> str:
    """Whether what is here is as it was taken. Without a row nothing was made smaller, or the original shows what was
    made unrecognisable and stays away."""
    if photo.is_blurred:
        return "没有原图：打了码的照片，原图不发"
    if photo.is_video:
        return "原视频另存；这里放的是去掉了地点、时间的一份"
    if original is None:
        return "画过的照片" if photo.is_marked or photo.is_stamped else "原图"
    if original.state is OriginalState.KEPT and original.wanted_at is not None:
        return "缩图，已请职工发原图"
    return _WORDS[original.state]


def link_text(photo: Photo, original: PhotoOriginal | None) -> str:
    """What somebody gets who asks for the whole picture: as it was taken, or as it was sent."""
    if original is not None:
        return "原图" if original.state is OriginalState.MATCHED else "发来的图"
    return "发来的图" if photo.is_blurred or photo.is_marked or photo.is_stamped else "原图"


def edits_text(photo: Photo) -> str:
    """What was drawn on it on the phone, in words; empty for most."""
    edits = [(photo.is_blurred, "打码"), (photo.is_marked, "标注"), (photo.is_stamped, "写上时间地点")]
    done = [words for is_done, words in edits if is_done]
    return f"上报人已{'、'.join(done)}" if done else ""

"""Why a photo is not taken: a code for programs, and for the worker what is safe and what to do."""

from server.core.errors import AppError

SAFE = "填写的内容和其他照片都不会丢。"
MEGABYTE = 1024 * 1024


class PhotoRefused(AppError):
    """The file cannot be taken as a photo, however often it is sent."""

    status = 422


class PhotoEmpty(PhotoRefused):
    code, message = "photo_empty", f"这张照片是空的，没有内容，请重新拍一张。{SAFE}"


class PhotoType(PhotoRefused):
    status = 415
    code, message = "photo_type", f"这个文件不是可用的照片，请换一张（支持 JPEG、PNG、WebP、HEIC）。{SAFE}"


class PhotoAnimated(PhotoRefused):
    code, message = "photo_animated", f"动图不能当照片用，请换一张普通照片。{SAFE}"


class PhotoTruncated(PhotoRefused):
    code, message = "photo_truncated", f"照片不完整，可能没有保存好，请重新拍一张。{SAFE}"


class PhotoDamaged(PhotoRefused):
    code, message = "photo_damaged", f"照片已经损坏，打不开，请重新拍一张。{SAFE}"


class PhotoTooCostly(PhotoRefused):
    status = 413
    code = "photo_too_costly"
    message = f"这张照片的存储方式太占内存，打不开。请用手机相机重拍，或另存为普通的 JPEG 再发。{SAFE}"


class VideoRefused(PhotoRefused):
    """The file cannot be taken as a video."""

    code, message = "video_refused", f"这段视频没有收下，请重新拍一段。{SAFE}"


class VideoType(VideoRefused):
    status = 415
    code, message = "video_type", f"这个文件不是可用的视频，请换一段（支持手机拍的 MP4、MOV）。{SAFE}"


class VideoCodec(VideoRefused):
    status = 415
    code = "video_codec"
    message = f"这段视频的编码别人的手机和电脑放不出来，请用手机自带的相机重拍（H.264 或 HEVC）。{SAFE}"


class VideoTooLong(VideoRefused):
    code, message = "video_too_long", f"视频最长 15 秒，请重拍一段短的，或者剪短再发。{SAFE}"


class VideoTooManyPixels(VideoRefused):
    status = 413
    code, message = "video_too_many_pixels", f"视频的清晰度太高，请在相机里调成 1080p 或 720p 再拍。{SAFE}"


class VideoTruncated(VideoRefused):
    code, message = "video_truncated", f"视频不完整，可能没有保存好，请重新拍一段。{SAFE}"


class VideoDamaged(VideoRefused):
    code, message = "video_damaged", f"视频已经损坏，打不开，请重新拍一段。{SAFE}"


class PhotoNotDeclared(PhotoRefused):
    code, message = "photo_not_declared", f"收到的照片和登记的不一样，请重新选择这张照片再发送。{SAFE}"


class OriginalDiffers(PhotoRefused):
    code, message = "original_differs", "这不是之前那张照片的原图，没有收下。之前发的照片不会丢。"


class UploadMalformed(AppError):
    code, message = "upload_malformed", f"上传的格式不对，照片没有收下，请重试。{SAFE}"


class UploadInterrupted(AppError):
    code, message = "upload_interrupted", f"网络中断，照片没有传完，请重试。{SAFE}"


class UploadIncomplete(AppError):
    status = 409
    code, message = "upload_incomplete", f"照片还没有传完，请接着传。{SAFE}"


def too_large(max_bytes: int) -> PhotoRefused:
    """The refusal of a file over the cap on bytes."""
    message = f"照片超过 {max_bytes // MEGABYTE} MB，请换一张，或把相机的分辨率调低后重拍。{SAFE}"
    return PhotoRefused(message, code="photo_too_large", status=413)


def video_too_large(max_bytes: int) -> PhotoRefused:
    """The same of a video."""
    message = f"视频超过 {max_bytes // MEGABYTE} MB，请拍短一点，或者在相机里把清晰度调低再拍。{SAFE}"
    return PhotoRefused(message, code="video_too_large", status=413)


def too_many_pixels(max_pixels: int) -> PhotoRefused:
    """The refusal of a picture over the cap on pixels."""
    message = f"照片的尺寸太大（超过 {max_pixels // 10_000} 万像素），请把相机的分辨率调低后重拍。{SAFE}"
    return PhotoRefused(message, code="photo_too_many_pixels", status=413)

"""Why a file is not taken: a code for programs; for people what is wrong and what to do."""

from server.core.errors import AppError, Invalid

MEGABYTE = 1024 * 1024


class FileRefused(AppError):
    """The file cannot be taken, however often it is sent."""

    status = 422


class FileEmpty(FileRefused):
    code, message = "file_empty", "这个文件是空的，没有内容，请重新选择。"


class FileType(FileRefused):
    status = 415
    code = "file_type"
    message = "这种文件不能收。可以传 PDF、Word、Excel、PPT 和图片；别的请先转成 PDF。"


class FieldType(FileRefused):
    status = 415
    code = "file_type_here"

    def __init__(self, names: str) -> None:
        super().__init__(f"这里不能传这种文件，只能传：{names}。")


class FileDamaged(FileRefused):
    code, message = "file_damaged", "文件不完整或者已经损坏，请打开看看，另存一份再传。"


class FileMacros(FileRefused):
    code = "file_macros"
    message = "文件里有宏（会自动运行的程序），不能收。请另存为不带宏的 .docx 或 .xlsx 再传。"


class FileLocked(FileRefused):
    code, message = "file_locked", "文件加了密码，别人打不开，请去掉密码再传。"


class FileSwells(FileRefused):
    code, message = "file_swells", "文件打开以后太大，不能收。请去掉多余的内容，或者另存为 PDF 再传。"


class FileNotDeclared(FileRefused):
    code, message = "file_not_declared", "收到的文件和要发的不一样，请重新选择这个文件再发送。"


class UploadMalformed(AppError):
    code, message = "upload_malformed", "上传的格式不对，文件没有收下，请重试。"


class UploadInterrupted(AppError):
    code, message = "upload_interrupted", "网络中断，文件没有传完，请重试。"


class UploadIncomplete(AppError):
    status = 409
    code, message = "upload_incomplete", "文件还没有传完，请接着传。"


class UnknownField(Invalid):
    code, message = "file_field_unknown", "这里不能传文件，请刷新后再试。"


def too_large(max_bytes: int) -> FileRefused:
    """The refusal of a file over the cap on bytes."""
    size = f"{max_bytes // MEGABYTE} MB" if max_bytes >= MEGABYTE else f"{max_bytes // 1024} KB"
    return FileRefused(f"文件超过 {size}，请压缩或分成几个再传。", code="file_too_large", status=413)


def too_many(most: int) -> Invalid:
    """The refusal of one more than a field takes."""
    return Invalid(f"这里最多传 {most} 个文件，请先去掉不要的。", code="too_many_files")

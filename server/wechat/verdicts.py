"""WeChat's verdicts on content, as the other wings get them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaChecked:
    """The verdict on a picture of the mini program that `WechatGateway.check_media` had asked for.

    It counts only if `errcode` is 0 (−1008: WeChat could not fetch the picture). `label` 100 is harmless; `suggest` is
    pass, review or risky, and empty where there is none.
    """

    trace_id: str
    errcode: int
    suggest: str
    label: int

"""The ready replies that a union starts with, for the decisions that have a reply."""

from collections.abc import Mapping

from server.review.submissions.models import Move

STARTS: Mapping[Move, tuple[tuple[str, str], ...]] = {
    Move.ACCEPT: (
        ("受理并通知企业", "谢谢你的发现。我们已经通知企业整改，会跟进到底。"),
        ("受理并现场核实", "谢谢你的发现。工会将到现场核实，并督促整改。请先远离危险处。"),
    ),
    Move.ACCEPT_IN_PART: (),
    Move.DECLINE: (
        ("不属于安全隐患", "谢谢你的关注。经核实，这里不属于安全隐患。今后发现可疑之处，欢迎继续上报。"),
        ("照片看不出隐患", "从照片上看不出隐患在哪里。如果问题还在，请换个角度重新拍一张再报。"),
        ("已经整改", "谢谢提醒。现场已经整改完毕，如果再次出现，请继续上报。"),
    ),
    Move.RETURN: (
        ("问清地点", "请问具体在哪个位置？比如几号楼、几层、靠近什么设备。"),
        ("补拍照片", "请再补拍一张能看清隐患和周围环境的照片。拍照时请注意自身安全。"),
        ("问清现状", "请问现在的情况怎么样？隐患还在吗？"),
    ),
    Move.MARK_DUPLICATE: (("同一处隐患", "谢谢你的发现。同一处隐患已有人上报，我们会一并处理。"),),
}

"""Titles of the policy's parts, in the order in which they are read."""

SECTIONS = {
    "collected": "收集什么，为什么",
    "seen_by": "谁能看到",
    "third_parties": "交给第三方的",
    "retention": "存多久",
    "rights": "你的权利",
}
"""The columns of a version that hold its parts, and their titles."""

STALE = "这份草稿刚被别人改过，请刷新后再改。"
NOTHING_TO_PUBLISH = "没有草稿可以发布。"

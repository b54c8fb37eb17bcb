"""Versions of the privacy policy that a union has written itself."""

from server.unions.policies.models import DRAFT
from server.unions.policies.queries import current_name, find_draft
from tests.migrations.climbing import NEWEST, NOW, Old, Story, story


@story
def a_unions_own_policy_stays_in_force_and_finds_the_new_lines_in_a_draft(old: Old) -> Story:
    old = yield "0124-1"
    old.insert(
        "policy_versions", name="2026-11-20", processor="某某市总工会", contact="0532-12345678", collected="照片。",
        seen_by="工会", third_parties="没有", retention="一年", rights="可以注销", changes="改了。", widens=False,
        version=1, edited_at=NOW, published_at=NOW,
    )  # fmt: skip
    database = yield NEWEST
    with database.reading() as session:
        draft = find_draft(session)
        assert draft is not None
        assert current_name(session) == "2026-11-20"
        assert (draft.name, draft.processor, draft.widens) == (DRAFT, "某某市总工会", True)
        assert draft.collected.startswith("照片。\n语音：")
        assert "\n短视频：" in draft.collected
        assert draft.third_parties.startswith("没有\n手机浏览器：")

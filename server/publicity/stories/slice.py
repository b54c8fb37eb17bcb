"""Hazards that were put right, shown before and after."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by
from server.publicity.stories.listing import LIST, OFFERED
from server.publicity.stories.models import Story
from server.publicity.stories.publishing import PUBLISHED
from server.publicity.stories.texts import REACH_NAMES, STATUS_NAMES
from server.publicity.stories.workflow import STORIES
from server.review.submissions.queries import sent_by

SLICE = Slice(
    published=(PUBLISHED,),
    lists=(LIST,),
    menu=(
        MenuEntry(
            Section.TO_DO, 60, "整改案例", "photo", "/console/stories", handbook="整改案例",
            hint="上报人同意的，选整改前后的照片各一张，看过没有人脸、车牌再发布，职工在手机上看。",
        ),
    ),
    audit=AuditWords(
        actions=STORIES.audit_words(),
        subjects={"story": "整改案例"},
        statuses={"story": STATUS_NAMES},
        details={"reach": "给谁看"},
        values={"reach": REACH_NAMES},
    ),
    todos=(OFFERED,),
    personal=(
        PersonalRows(model=Story, rows=sent_by(Story.submission_id), title="整改案例", is_removed=True),
        PersonalRows(model=Story, rows=owned_by(Story.released_by_id), title="发布的整改案例", is_counted=True),
    ),
    workflows=(STORIES,),
)  # fmt: skip

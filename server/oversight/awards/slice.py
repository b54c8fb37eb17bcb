"""Awards for hazards, computed with reasons."""

from server.core.slice import AuditWords, MenuEntry, PersonalRows, RecountedDeadline, Section, Slice, owned_by
from server.oversight.awards.indicators import INDICATORS
from server.oversight.awards.models import AwardBatch, AwardEntry, AwardJuror, AwardObjection, AwardScore, BatchStatus
from server.oversight.awards.payments.books import PAYMENTS, ROSTER
from server.oversight.awards.publishing import PUBLISHED
from server.oversight.awards.queries import TODOS
from server.oversight.awards.texts import KIND_TEXTS, STATUS_WORDS
from server.oversight.awards.workflow import BATCHES

SLICE = Slice(
    published=(PUBLISHED,),
    indicators=INDICATORS,
    exports={
        "awards_console.roster": "评奖名单",
        "awards_console.payment_list": "奖励发放清单",
        "awards_console.summary_workbook": "评奖汇总",
    },
    books=(ROSTER, PAYMENTS),
    menu=(
        MenuEntry(
            Section.OVERSIGHT,
            20,
            "评奖",
            "award",
            "/console/awards",
            handbook="评奖",
            hint="按办理结果算出名单，核对、公示、发放，每一步都有记录。",
        ),
    ),
    audit=AuditWords(
        statuses={"award_batch": STATUS_WORDS},
        actions={
            **BATCHES.audit_words(),
            "award.create_budget": "建立奖励预算",
            "award.create_scheme": "建立评奖方案",
            "award.confirm_joint": "确认共同上报",
            "award.check_photos": "看过以前用过的照片",
            "award.payment_list": "下载发放清单（含手机号）",
            "award.hide_names": "被举报，撤下公示名单上的名字",
            "award.payment_failed": "记下发放失败",
        },
        subjects={
            "award_batch": "评奖批次",
            "award_budget": "奖励预算",
            "award_scheme": "评奖方案",
        },
        details={
            "amount_cents": "金额（分）",
            "budget_id": "预算",
            "quota": "名额",
            "batches": "批次数",
            "grades": "等级",
            "joint_share": "共同上报的人平分",
            "exclude_duty": "本人职责的不奖",
            "nomination_quota": "每个工会推荐几个",
            "starts_on": "从",
            "ends_on": "到",
            "objection_days": "公示的工作日",
            "facts_sha256": "事实校验值",
            "entry_id": "名额记录",
            "entry_ids": "名额记录",
            "merged_id": "并入的上报",
            "submission_id": "隐患",
            "objection_id": "异议",
            "upheld": "异议成立",
            "rank": "名次",
            "ranks": "名次",
            "score": "评分",
            "voucher": "凭证号",
            "pairs": "看过的照片对数",
        },
        values={"award_scheme.kind": KIND_TEXTS},
    ),
    todos=TODOS,
    deadlines=(
        RecountedDeadline(
            column=AwardBatch.objections_until,
            title="公示期限",
            is_running=AwardBatch.status == BatchStatus.PUBLISHED,
            subject_type="award_batch",
            subject_id=AwardBatch.id,
        ),
    ),
    personal=(
        PersonalRows(
            model=AwardEntry,
            rows=owned_by(AwardEntry.person_id),
            title="奖励",
            hidden=frozenset({"reason"}),
            is_counted=True,
            blanked={"payment_failure": None},
        ),
        PersonalRows(
            model=AwardObjection, rows=owned_by(AwardObjection.person_id), title="提出的异议", struck=("text", "answer")
        ),
        PersonalRows(model=AwardJuror, rows=owned_by(AwardJuror.person_id), title="担任评委"),
        PersonalRows(model=AwardScore, rows=owned_by(AwardScore.person_id), title="给出的评分"),
    ),
    workflows=(BATCHES,),
)

"""The bank of questions."""

from server.activities.quiz.bank.listing import QUESTIONS, WAITING
from server.activities.quiz.bank.models import QuestionImport
from server.core.slice import AuditWords, MenuEntry, PersonalRows, Section, Slice, owned_by

SLICE = Slice(
    exports={
        "questions_console.export": "题库（GIFT）",
        "questions_console.download_template": "题目导入模板",
        "questions_console.download_marked": "标出问题的题目",
    },
    lists=(QUESTIONS,),
    menu=(
        MenuEntry(
            Section.QUIZ,
            20,
            "题库",
            "book",
            "/console/questions",
            handbook="题库",
            hint="题目可以一道一道写，也可以从 Excel 或文本导入。批准以后才会出给职工。",
        ),
    ),
    audit=AuditWords(
        actions={
            "question.created": "新建题目",
            "question.edited": "修改题目",
            "question.approved": "审定题目",
            "question.retired": "停用题目",
            "question.restored": "恢复题目",
            "question.exported": "导出题库",
            "question.imported": "导入题目",
        },
        subjects={
            "question": "题目",
            "question_import": "题目导入",
        },
        details={"version": "版本"},
    ),
    todos=(WAITING,),
    personal=(PersonalRows(model=QuestionImport, rows=owned_by(QuestionImport.person_id)),),
)

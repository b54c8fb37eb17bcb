"""`suishoupai`: everything an operator does, one subcommand each."""

import argparse
import getpass
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

import server.models  # noqa: F401  (every table must be known before the first mapper is used)
from server.core import clock
from server.core import logging as service_logging
from server.core.audit.verify import last_seal, verify
from server.core.db import Database
from server.core.encryption import Unreadable
from server.core.errors import AppError
from server.core.jobs import queries as job_queries
from server.core.jobs.actions import retry_job
from server.core.jobs.models import JobState
from server.core.ops import backup, checks
from server.core.ops.moving import CannotMove, move
from server.core.ops.rekeying import reencrypt
from server.core.ops.run_files import keep_to_owner
from server.core.ops.single import AlreadyRunning, service_lock
from server.core.settings import Settings, SettingsError, load_settings
from server.core.storage.factory import open_store
from server.migrations.run import is_current, upgrade
from server.oversight.assessment.running.results import compare_runs
from server.unions.policies.actions import follow_settings
from server.wechat.outcomes import WechatRefused, WechatSilent

DIGEST_LENGTH = 64  # hexadecimal digits of a SHA-256
Command = Callable[[Settings, argparse.Namespace], int]


class Refused(Exception):
    """The command cannot be carried out; the Chinese text says why."""


def main(arguments: list[str] | None = None) -> int:
    """Run one subcommand. Returns the exit status: 0 done, 1 failed or found something, 2 wrong use or settings."""
    options = _parser().parse_args(arguments)
    command: Command = options.command
    try:
        settings = load_settings()
        if arguments is None:  # the program itself, not somebody in whose process this is called
            keep_to_owner(settings.data_dir)
        service_logging.configure(settings)
        return command(settings, options)
    except SettingsError as error:
        return _complain(str(error), 2)
    except AlreadyRunning as error:
        return _complain(f"数据目录已有服务在使用：{error}", 1)
    except (Refused, backup.BackupError, CannotMove) as error:
        return _complain(str(error), 1)
    except AppError as error:
        return _complain(error.message, 1)
    except CommandError as error:
        return _complain(f"数据库的结构不是这个版本认识的，可能来自更新的版本：{error}", 1)
    except SQLAlchemyError as error:
        return _complain(f"数据库出错：{service_logging.describe_exception(error)}", 1)
    except KeyboardInterrupt:
        return _complain("已中断。", 130)


def _complain(text: str, status: int) -> int:
    print(f"错误：{text}", file=sys.stderr)
    return status


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = Database(settings)
    try:
        yield database
    finally:
        database.close()


def _migrate(settings: Settings, _options: argparse.Namespace) -> int:
    from server.wiring import wire

    with _database(settings) as database:
        upgrade(database)
        wire()  # what a version of the policy tells the audit log has words
        with database.transaction() as session:
            follow_settings(session, settings, now=clock.now())
    print("数据库已是最新。")
    return 0


def _demo(settings: Settings, _options: argparse.Namespace) -> int:
    if not settings.demo_sign_in:
        raise Refused("演示数据带有众所周知的账号，只能用于演示：请先设置 SUISHOUPAI_DEMO_SIGN_IN=true。")
    from server.activities.quiz.bank.actions import load_shipped
    from server.activities.quiz.bank.shipped.questions import read_shipped
    from server.activities.quiz.levels.actions import create_open_quiz
    from server.activities.quiz.levels.queries import list_quizzes
    from server.review.decisions.reply_templates.actions import seed_reply_templates
    from server.showcase.actions import play
    from server.unions.campaigns.queries import get_current_campaign
    from server.unions.demo.actions import load_demo
    from server.wiring import wire

    wire()
    at_once = settings.model_copy(update={"announce_seconds": 0})  # nobody takes back what the story decides
    with _database(at_once) as database, database.transaction() as session:
        made = load_demo(session, clock.now(), os.environ.get("SUISHOUPAI_DEMO_PASSWORD") or None)
        campaign = get_current_campaign(session)
        seed_reply_templates(session, campaign.union_id, now=clock.now())
        load_shipped(session, read_shipped(), now=clock.now())
        if not list_quizzes(session):
            create_open_quiz(session, campaign.id, now=clock.now())
        play(session, open_store(settings), now=clock.now())
    print(f"工人端：{'、'.join(made.worker_codes)}")
    print(f"管理端：{'、'.join(made.usernames)}，密码 {made.password or '同以前一样'}")
    if made.invite_code:
        print(f"企业邀请码：{made.invite_code}")
    return 0


def _load_questions(settings: Settings, _options: argparse.Namespace) -> int:
    from server.activities.quiz.bank.actions import load_shipped
    from server.activities.quiz.bank.shipped.questions import read_shipped

    with _database(settings) as database, database.transaction() as session:
        added, renewed = load_shipped(session, read_shipped(), now=clock.now())
    print(f"题库：新增 {added} 道，更新 {renewed} 道。本单位改过或停用的题目没有动。")
    return 0


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    from server import supervisor

    settings.require_names(options.host)
    with _database(settings) as database:
        if not is_current(database):
            raise Refused("数据库还没有准备好，请先运行 suishoupai migrate。")
    supervisor.replace_this_process(options.host, options.port)


def _work(_settings: Settings, _options: argparse.Namespace) -> int:
    from server import worker

    return worker.main()


def _check(settings: Settings, _options: argparse.Namespace) -> int:
    well = True
    with _database(settings) as database:
        for finding in checks.examine(settings, database, open_store(settings), is_current):
            well = _tell(finding) and well
        if well:
            well = _tell(_check_stored(settings, database))
    return 0 if well else 1


def _tell(finding: checks.Finding) -> bool:
    print(f"{'正常' if finding.is_well else '异常'}  {finding.name}：{finding.text}")
    return finding.is_well


def _check_stored(settings: Settings, database: Database) -> checks.Finding:
    """Asked last, and only of a service that is well otherwise: the store lists everything that it has."""
    from server.kit.files.serving import reading
    from server.photos.pictures import missing as photos

    store = open_store(settings)
    with database.reading() as session:
        missing = photos.missing_keys(session, store) + reading.missing_keys(session, store)
    if not missing:
        return checks.Finding("照片和附件", True, "都在")
    return checks.Finding("照片和附件", False, f"缺 {len(missing)} 个，请从备份找回，如 {missing[0]}")


def _backup(settings: Settings, options: argparse.Namespace) -> int:
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # tidying up on the way out
    try:
        summary = backup.back_up(settings, options.file)
    finally:
        signal.signal(signal.SIGTERM, before)
    print(f"已备份到 {options.file}：{summary.objects} 个文件，{summary.size / 1024**2:.1f} MB。")
    return 0


def _restore(settings: Settings, options: argparse.Namespace) -> int:
    summary = backup.restore(settings, options.file, force=options.force)
    print(f"已恢复 {summary.made_at} 的备份：{summary.objects} 个文件。请运行 suishoupai migrate 后启动服务。")
    return 0


def _move_to_postgresql(settings: Settings, options: argparse.Namespace) -> int:
    """From the SQLite file to the database that the settings name, while nothing runs."""
    if settings.is_sqlite:
        raise Refused("请先把 SUISHOUPAI_DATABASE_URL 设为新建的空 PostgreSQL 数据库。")
    file: Path = options.source or settings.data_dir / "suishoupai.db"
    if not file.is_file():
        raise Refused(f"没有找到 SQLite 数据库 {file}，请用 --from 指明。")
    old = settings.model_copy(update={"database_url": f"sqlite:///{file.resolve()}"})
    lock = service_lock(file.parent)
    lock.take("正在搬到 PostgreSQL")
    try:
        with _database(old) as source, _database(settings) as target:
            upgrade(source)
            upgrade(target)
            moved = move(source, target)
    finally:
        lock.release()
    print(f"已搬过去 {moved.tables} 张表、{moved.rows} 行，{file} 没有动，留作备份。照片请另外复制到对象存储。")
    return 0


def _reencrypt(settings: Settings, _options: argparse.Namespace) -> int:
    try:
        with _database(settings) as database, database.transaction() as session:
            count = reencrypt(session)
    except Unreadable as error:
        raise Refused("存下的密文读不出来：请把原来的密钥设为 SUISHOUPAI_SECRET_KEY_PREVIOUS。") from error
    print(f"已用现在的密钥重新加密 {count} 行。")
    return 0


def _create_admin(settings: Settings, options: argparse.Namespace) -> int:
    from server.unions.people.installation.first_admin import create_administrator

    password = _ask_password()
    with _database(settings) as database, database.transaction() as session:
        create_administrator(session, options.username, options.name, password, city_name=options.city, now=clock.now())
    print(f"已创建管理员 {options.username}。")
    return 0


def _ask_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("密码：")
    if getpass.getpass("再输一次：") != password:
        raise Refused("两次输入的密码不一样。")
    return password


def _openapi(settings: Settings, _options: argparse.Namespace) -> int:
    from server.app import create_app

    app = create_app(settings)
    with app.app_context():
        print(json.dumps(app.spec, ensure_ascii=False, indent=2, sort_keys=True))
    return 0


def _verify_audit(settings: Settings, options: argparse.Namespace) -> int:
    problems = 0
    with _database(settings) as database, database.reading() as session:
        for problem in verify(session, options.anchor):
            problems += 1
            print(problem.text)
        seal = last_seal(session)
    print(f"发现 {problems} 处问题。" if problems else "审计日志完好。")
    print(f"最后一个封存：{seal.number}:{seal.hash}（抄存在别处，下次用 --anchor 核对）")
    return 1 if problems else 0


def _recompute_assessment(settings: Settings, options: argparse.Namespace) -> int:
    with _database(settings) as database, database.reading() as session:
        compared = list(compare_runs(session, options.id))
    for words, _ in compared:
        print(words)
    if not compared:
        raise Refused("没有汇总过的考核。")
    return 0 if all(agrees for _, agrees in compared) else 1


def _anchor(value: str) -> tuple[int, str]:
    number, _, digest = value.partition(":")
    if not number.isdecimal() or len(digest) != DIGEST_LENGTH:
        raise argparse.ArgumentTypeError("要写成 编号:哈希")
    return int(number), digest.lower()


def _list_jobs(settings: Settings, options: argparse.Namespace) -> int:
    with _database(settings) as database, database.reading() as session:
        rows = job_queries.list_jobs(session, JobState(options.state), limit=options.limit)
        if not rows:
            print("没有这种状态的任务。")
        for row in rows:
            due = f"{clock.in_shanghai(row.run_at):%m-%d %H:%M}"
            print(f"{row.id}  {row.name}  第 {row.attempts} 次  {due}  {row.error or ''}")
    return 0


def _retry_jobs(settings: Settings, options: argparse.Namespace) -> int:
    with _database(settings) as database, database.transaction() as session:
        retry_job(session, options.id, actor_id=None, now=clock.now())
    print("已重新排队，定时清扫会在几秒内执行它。")
    return 0


def _set_wechat_menu(settings: Settings, options: argparse.Namespace) -> int:
    from server.channels.official_account.chat.menu import menu_of
    from server.wechat.gateway import WechatGateway

    with _database(settings) as database:
        gateway = WechatGateway.of_official_account(settings, database)
        if not gateway.is_configured or not settings.public_url:
            raise Refused("请先设置公众号的 AppID、AppSecret 和 SUISHOUPAI_PUBLIC_URL。")
        try:
            gateway.remove_menu() if options.remove else gateway.set_menu(menu_of(settings))
        except (WechatRefused, WechatSilent) as error:
            raise Refused(f"微信没有接受：{error}") from error
    print("公众号菜单已删除。" if options.remove else "公众号菜单已设置，手机上五分钟内生效。")
    return 0


def _check_wechat(settings: Settings, _options: argparse.Namespace) -> int:
    from server import checkup

    well = True
    with _database(settings) as database:
        for finding in checkup.examine(settings, database):
            print(f"{'正常' if finding.is_well else '异常'}  {finding.name}：{finding.text}")
            well = well and finding.is_well
    return 0 if well else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="suishoupai", description="安全随手拍的运维命令。配置取自环境变量 SUISHOUPAI_…。"
    )
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")

    def add(name: str, command: Command, text: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=text, description=text)
        added.set_defaults(command=command)
        return added

    add("migrate", _migrate, "建立数据库，或升级到最新结构")
    add("demo", _demo, "装入演示用的工会、活动和账号（可重复运行）")
    add("load-questions", _load_questions, "装入随软件提供的法规题目（可重复运行，升级后再运行一次）")
    serve = add("serve", _serve, "在前台运行网站和后台任务，Ctrl-C 停止")
    serve.add_argument("--host", default="127.0.0.1", help="监听的地址（默认 127.0.0.1）")
    serve.add_argument("--port", type=int, default=8000, help="监听的端口（默认 8000）")
    add("worker", _work, "只运行后台任务")
    moving = add("move-to-postgresql", _move_to_postgresql, "把 SQLite 里的全部数据搬进空的 PostgreSQL；先停止服务")
    moving.add_argument("--from", dest="source", type=Path, metavar="FILE", help="SQLite 文件（默认：数据目录里的）")
    add("reencrypt", _reencrypt, "换了 SECRET_KEY 以后，把存下的密文都改用新密钥；之后可以去掉 SECRET_KEY_PREVIOUS")
    add("check", _check, "检查配置、数据库、存储、磁盘、Redis、时钟和失败的任务")
    saving = add("backup", _backup, "把 SQLite 数据库和照片备份成一个 .tar.gz 文件，服务可以照常运行")
    saving.add_argument("file", type=Path, help="备份文件")
    restoring = add("restore", _restore, "从备份文件恢复；先停止服务")
    restoring.add_argument("file", type=Path, help="备份文件")
    restoring.add_argument("--force", action="store_true", help="数据目录里已有数据时，移开它们再恢复")
    admin = add("create-admin", _create_admin, "创建一名市总工会管理员，密码从键盘或标准输入读取")
    admin.add_argument("username", help="登录名")
    admin.add_argument("--name", required=True, help="姓名")
    admin.add_argument("--city", default="市总工会", help="还没有任何工会时，所建市总工会的名称（默认：市总工会）")
    add("openapi", _openapi, "输出接口说明（OpenAPI 3.1，JSON）")
    again = add("recompute-assessment", _recompute_assessment, "按定住的数据重算考核得分，和存下的结果核对")
    again.add_argument("id", type=UUID, nargs="?", help="考核编号，在网址里（默认：汇总过的全部）")
    _add_audit_and_jobs(commands)
    _add_wechat(commands)
    return parser


def _add_wechat(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    wechat = commands.add_parser("wechat", help="微信").add_subparsers(required=True, metavar="命令")
    menu = wechat.add_parser("menu", help="设置公众号的菜单（换了网址或小程序后再运行一次）")
    menu.add_argument("--remove", action="store_true", help="删除菜单")
    menu.set_defaults(command=_set_wechat_menu)
    checking = wechat.add_parser("check", help="检查微信的设置、凭证、模板、网址和消息推送，说出缺什么、错在哪")
    checking.set_defaults(command=_check_wechat)


def _add_audit_and_jobs(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    audit = commands.add_parser("audit", help="审计日志").add_subparsers(required=True, metavar="命令")
    verifying = audit.add_parser("verify", help="核对封存，找出被改、被删、被插入的记录")
    verifying.add_argument("--anchor", type=_anchor, metavar="编号:哈希", help="以前抄存的封存，用来发现整个日志被改写")
    verifying.set_defaults(command=_verify_audit)
    jobs = commands.add_parser("jobs", help="后台任务").add_subparsers(required=True, metavar="命令")
    listing = jobs.add_parser("list", help="列出任务")
    listing.add_argument(
        "--state", choices=[state.value for state in JobState], default=JobState.DEAD.value, help="状态"
    )
    listing.add_argument("--limit", type=int, default=50, help="最多几条")
    listing.set_defaults(command=_list_jobs)
    retrying = jobs.add_parser("retry", help="让一个失败的任务重新排队")
    retrying.add_argument("id", type=UUID, help="任务编号")
    retrying.set_defaults(command=_retry_jobs)


if __name__ == "__main__":
    sys.exit(main())

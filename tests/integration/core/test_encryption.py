"""Secrets at rest: nobody reads them from the database alone, and a key can be replaced without losing any."""

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text, update

from server.cli import main
from server.core.db import Database
from server.core.encryption import Unreadable
from server.core.leased_values import LeasedValue
from server.core.settings import Settings
from server.unions.accounts.models import Account
from tests.integration.prizes.conftest import Giving, contest, giving
from tests.support.service import environment
from tests.support.world import World

__all__ = ["contest", "giving"]
NEW = "another secret for tests, long enough too"


def stored(database: Database, statement: str) -> str:
    """What the database itself holds, as text."""
    with database.reading() as session:
        return " ".join(str(value) for row in session.execute(text(statement)) for value in row)


def forget_statements(database: Database) -> None:
    """Tests share compiled statements, which hold on to the keys that they were first run with."""
    database.engine.clear_compiled_cache()


def opened(settings: Settings, **changes: str) -> Database:
    """The same database under other keys."""
    secrets = {name: SecretStr(value) for name, value in changes.items()}
    database = Database(settings.model_copy(update=secrets))
    forget_statements(database)
    return database


@pytest.fixture(autouse=True)
def own_statements(database: Database) -> Iterator[None]:
    """Nothing of other keys comes from or goes to other tests."""
    forget_statements(database)
    yield
    forget_statements(database)


def test_the_database_alone_tells_no_second_factor_no_seed_and_no_access_token(
    giving: Giving, database: Database, world: World
) -> None:
    draw_id = giving.promised(giving.pool(("手表", "draw", 1)))
    draw, secret = giving.draw(draw_id), pyotp.random_base32()
    slot = LeasedValue(database, "wechat:token")
    lease = slot.claim(5)
    assert lease is not None
    slot.release(lease, {"token": "ACCESS-TOKEN"})
    with database.transaction() as session:
        session.execute(update(Account).values(totp_secret=secret))
    held = stored(database, "SELECT seed, salt_key FROM draws") + stored(database, "SELECT totp_secret FROM accounts")
    held += stored(database, "SELECT value FROM shared_values")
    for each in (draw.seed, draw.salt_key, secret, "ACCESS-TOKEN"):
        assert each not in held
    assert slot.read() == {"token": "ACCESS-TOKEN"}
    with database.reading() as session:
        assert set(session.scalars(select(Account.totp_secret))) == {secret}


def test_a_replaced_key_reads_what_the_previous_one_wrote_until_all_is_encrypted_again(
    database: Database, settings: Settings, world: World, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    with database.transaction() as session:
        session.execute(update(Account).values(totp_secret="JBSWY3DPEHPK3PXP"))
    old = settings.secret_key.get_secret_value()
    for name, value in {**environment(settings), "SUISHOUPAI_SECRET_KEY": NEW}.items():
        monkeypatch.setenv(name, value)
    forget_statements(database)
    main(["check"])
    assert "密钥：accounts 里的密文读不出来" in capsys.readouterr().out
    assert main(["reencrypt"]) == 1
    assert "SECRET_KEY_PREVIOUS" in capsys.readouterr().err
    monkeypatch.setenv("SUISHOUPAI_SECRET_KEY_PREVIOUS", old)
    forget_statements(database)
    assert main(["reencrypt"]) == 0
    both = opened(settings, secret_key=NEW)
    with both.reading() as session:
        assert set(session.scalars(select(Account.totp_secret))) == {"JBSWY3DPEHPK3PXP"}
    both.close()
    forget_statements(database)
    with database.reading() as session, pytest.raises(Unreadable):
        session.scalars(select(Account.totp_secret)).all()


def test_an_access_token_that_no_key_reads_is_fetched_again(database: Database, settings: Settings) -> None:
    lease = LeasedValue(database, "wechat:token").claim(5)
    assert lease is not None
    LeasedValue(database, "wechat:token").release(lease, {"token": "x"})
    other = opened(settings, secret_key=NEW)
    assert LeasedValue(other, "wechat:token").read() == {}
    other.close()


@pytest.mark.parametrize("weak", ["a" * 40, "abcabc" * 8, "12121212" * 5, "short"])
def test_a_key_that_can_be_guessed_is_refused(
    weak: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SUISHOUPAI_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SUISHOUPAI_SECRET_KEY", weak)
    assert main(["migrate"]) == 2
    assert "SUISHOUPAI_SECRET_KEY" in capsys.readouterr().err

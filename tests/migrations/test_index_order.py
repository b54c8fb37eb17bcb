"""Of two indexes that begin alike SQLite takes the one that was made last: that has to be the one of few rows."""

from sqlalchemy import create_engine

from server.migrations.index_order import settle_indexes

QUESTION = "EXPLAIN QUERY PLAN SELECT * FROM things WHERE place = 1 AND status = 'open' AND mended > 0 ORDER BY due"


def test_an_index_of_few_rows_is_made_after_that_of_all() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE things (place INT, status TEXT, due TEXT, mended INT)")
        connection.exec_driver_sql("CREATE INDEX ix_mended ON things (status, place, due) WHERE mended > 0")
        connection.exec_driver_sql("CREATE INDEX ix_all ON things (status, place, due)")
        assert "ix_all" in connection.exec_driver_sql(QUESTION).all()[0][-1]
        assert settle_indexes(connection) == ["ix_mended"]
        assert "ix_mended" in connection.exec_driver_sql(QUESTION).all()[0][-1]
        assert settle_indexes(connection) == []
    engine.dispose()

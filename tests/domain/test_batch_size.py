"""A background task takes as many rows in a transaction as nobody has to wait for long for."""

from bot.domain.batch_size import ROWS_MAX, ROWS_MIN, SECONDS_WANTED, BatchSize


def after(batch: BatchSize, seconds_a_row: float, transactions: int) -> int:
    """Return the rows of the next batch after full ones on a database that is so fast."""
    for _ in range(transactions):
        batch.learn(batch.rows, batch.rows * seconds_a_row)
    return batch.rows


def test_a_fast_database_gets_large_batches_soon() -> None:
    assert after(BatchSize(), 0.0001, 3) == ROWS_MAX


def test_on_a_slow_database_one_transaction_is_enough_to_learn() -> None:
    batch = BatchSize(ROWS_MAX)
    rows = after(batch, 0.005, 1)
    assert rows * 0.005 <= SECONDS_WANTED


def test_a_batch_is_never_smaller_than_a_few_rows() -> None:
    assert after(BatchSize(), 100.0, 5) == ROWS_MIN


def test_a_database_that_was_busy_for_a_while_gets_large_batches_again() -> None:
    batch = BatchSize(ROWS_MAX)
    after(batch, 0.05, 2)
    assert after(batch, 0.0001, 7) == ROWS_MAX


def test_a_batch_that_was_not_full_says_nothing_about_larger_ones() -> None:
    batch = BatchSize(40)
    batch.learn(3, 0.001)
    assert batch.rows == 40

"""What is timed of the database."""

from prometheus_client import Counter, Histogram

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

TRANSACTIONS = Histogram(
    "riff_sql_seconds", "Time of a transaction, waiting for its turn included.", ["kind"], buckets=SECONDS
)
"""By kind: read, write, or arrival, which a platform waits for."""
FAILURES = Counter("riff_sql_failures", "Transactions that failed.", ["error"])

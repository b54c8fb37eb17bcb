"""Awards: budgets, schemes, batches, nomination, jury, public notice, roster and payment."""

"""The audit log: append-only rows, sealed in batches by a job, checked by `suishoupai audit verify`."""

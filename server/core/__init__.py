"""Plumbing that knows no domain: settings, database, storage, jobs, events, audit, errors, clock, ids, metrics, web."""

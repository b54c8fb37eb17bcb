"""Numbers that people read out to each other, like 2026-000123Y."""

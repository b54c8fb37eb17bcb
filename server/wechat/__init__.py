"""The platform outside: no tables, no domain."""

"""Object storage: one small interface, two stores (files, S3)."""

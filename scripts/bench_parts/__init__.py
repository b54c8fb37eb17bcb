"""Measuring the service beside a bare Flask application under the same gunicorn; see docs/performance.md."""

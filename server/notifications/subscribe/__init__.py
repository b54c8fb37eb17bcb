"""WeChat subscribe messages: consents, templates, sending."""

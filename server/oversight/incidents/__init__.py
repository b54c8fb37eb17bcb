"""Accidents and alerts (事故、预警) as facts that a union above notes down: how many, when, in time or not."""

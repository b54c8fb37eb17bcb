"""All that is known of a union, or of a person, on one page: panels that slices declare (server/kit/panels.py)."""

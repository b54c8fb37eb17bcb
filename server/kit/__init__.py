"""The building blocks that slices share: each mechanism once. Knows unions and photos, no capability."""

"""The templates that come with the software."""

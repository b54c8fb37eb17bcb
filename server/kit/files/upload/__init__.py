"""The way in of a file: from a stream or from a form, checked, into the store, and only then into its row."""

"""What every door of the web service shares: access, errors, transactions, request ids, headers, cursors, health."""

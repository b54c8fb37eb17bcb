"""People: who they are, which enterprise they belong to, which roles they hold where."""

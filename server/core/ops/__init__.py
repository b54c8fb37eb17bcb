"""What operators do: configuration of the web server, checks, backup and restore, keeping one service per directory."""

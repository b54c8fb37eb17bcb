"""Supervision (督导): plans, the draw of whom to visit, rotas of groups that inspect each other's unions."""

"""Safety systems in place (制度健全): which enterprise has which rules, since when, and when it reviews them."""

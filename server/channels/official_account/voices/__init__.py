"""Voice messages: fetched before WeChat forgets them, made playable, kept with the report as its photos are."""

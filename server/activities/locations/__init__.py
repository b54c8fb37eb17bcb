"""Areas and equipment of enterprises, each with a code that is scanned to say where something is."""

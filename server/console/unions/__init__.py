"""The list of unions. It stands on the kit, which stands above the wing of unions, so it cannot live there."""

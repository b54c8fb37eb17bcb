"""The reviewers' web shell: layout, navigation, home, assets. Each slice brings its own pages."""

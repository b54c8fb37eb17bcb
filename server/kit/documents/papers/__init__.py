"""What a document is made of: its declaration, its words, its look."""

"""The files of documents: made once, kept, handed out."""

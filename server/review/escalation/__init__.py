"""What is overdue: marked, counted, carried up the tree step by step, listed for 调度."""

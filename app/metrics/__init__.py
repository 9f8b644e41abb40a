"""What a process counts of itself, and how all counts become one page of numbers."""

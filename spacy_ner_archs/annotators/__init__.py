"""The files of annotation tools: tasks that they are given, and answers that they give."""

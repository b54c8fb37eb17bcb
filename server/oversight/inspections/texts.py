"""Chinese words of inspections."""

FIRST_ASK = "还没有填全企业情况（有没有锅炉、管道气、宿舍……）。先填好，只查有的那几部分；没填的现在都要查。"

"""The question of the day (每日一题): for whoever likes, counts for nothing; a streak that only its owner sees."""

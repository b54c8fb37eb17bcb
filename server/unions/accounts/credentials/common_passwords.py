"""Passwords that are tried first: made of nothing but words, names of keys and numbers that everybody takes.

A compact list of our own, with the habits of people here; long lists mostly repeat these with digits behind.
"""

import string

WORDS = """
    password passwd passw pass word admin administrator root user guest test welcome login hello master secret
    letmein monkey dragon sunshine princess football baseball superman batman shadow michael iloveyou love you
    abc abcd abcde qwerty qwertyuiop qwert asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm qaz wsx edc rfv qazwsx aa
    aaa xx xxx woaini wo ai ni aini mima woshi woshishui nihao zhongguo china beijing qingdao shandong taobao
    weixin wechat qq gonghui zonggonghui anquan shengchan suishoupai shenhe shenheyuan guanliyuan qiye zhigong
    yonghu dlmm li wang zhang liu chen yang zhao huang zhou wu
"""
COMMON = frozenset(WORDS.split())
LONGEST = max(len(word) for word in COMMON)
DIGITS_AND_MARKS = string.digits + string.punctuation + string.whitespace
LOOK_ALIKE = str.maketrans({"@": "a", "4": "a", "0": "o", "1": "i", "!": "i", "3": "e", "$": "s", "5": "s", "7": "t"})


def is_common(password: str) -> bool:
    """Whether nothing of the password is its owner's own, whatever digits, marks and look-alikes stand between."""
    folded = password.casefold()
    core = folded.strip(DIGITS_AND_MARKS)  # years and marks around it are no look-alikes
    return _is_made_of_common(folded) or _is_made_of_common(core.translate(LOOK_ALIKE))


def _is_made_of_common(text: str) -> bool:
    if any(character.isalpha() and not character.isascii() for character in text):
        return False
    letters = "".join(character for character in text if character.isalpha())
    reached = [True] + [False] * len(letters)  # up to here it is made of common words
    for end in range(1, len(letters) + 1):
        starts = range(max(0, end - LONGEST), end)
        reached[end] = any(reached[start] and letters[start:end] in COMMON for start in starts)
    return reached[-1]

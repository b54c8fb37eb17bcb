"""What the service may say to the phone in Chinese: read from its source, for the test that each has its English.

Whatever a view of an `api.py` or a message stands on is followed by its names, from module to module; what is said
there is a sentence. Nobody has to list anything: a new refusal, message or name of a state is found where it stands.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.sources import module_of, server_modules, server_nodes

Name = tuple[str, str]  # a module and what it defines
CHINESE = re.compile(r"[\u3400-\u9fff]")
VALUE = "\0"

# What is read from a page of the console, in WeChat, on paper or by the operator.
ELSEWHERE = re.compile(
    r"server\.(reports|.*\.(copying|parts)\b|core\.(settings|encryption|slice|storage|xlsx|events|jobs|text)\b|.*\.papers\b|kit\.(listing|filters|keyset|exports)\b"
    r"|.*\.listing$|channels|wechat|console|unions\.(roles|policies|accounts\.credentials|tree\.lookup)|photos\.pictures\.metadata"
    r"|oversight\.awards\.(eligibility|batches|payments)|oversight\.visits\.workflow|activities\.quiz\.(bank|attempts\.signals)"
    r"|activities\.hazards\.proposals\.reading|assignments\.(forms\.(schemas|building|sheets)|dispatch\.(choosing|drafting|sending\.checks)))"
)
UNSAID_CALLS = {"WechatNotice", "Tab", "SheetColumn", "Control", "compile", "MoveLabel"}
UNSAID_KEYWORDS = {"audit", "label", "done", "asks", "description", "number_letter", "reporter", "sent"}
UNSAID_NAMES = {"ORDERS", "UPLOAD", "by_wechat", "BY_WECHAT", "OUTCOMES", "AT_DESK_OUTCOMES"}
DECLARED = {"PersonalRows": "title", "AssignmentKind": "label", "Published": "label"}


class _Module:
    """What a module defines at its top, and where it has its other names from."""

    def __init__(self, source: str) -> None:
        tree = ast.parse(source)
        self.defined: dict[str, list[ast.AST]] = defaultdict(list)
        self.imported: dict[str, Name] = {}
        for node in tree.body:
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    self.defined[name].append(node)
                case ast.Assign(targets=targets):
                    for each in (part for target in targets for part in ast.walk(target)):
                        if isinstance(each, ast.Name):
                            self.defined[each.id].append(node)
                case ast.AnnAssign(target=ast.Name(id=name)):
                    self.defined[name].append(node)
                case _:
                    pass
        for inner in ast.walk(tree):
            if isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith("server"):
                self.imported |= {each.asname or each.name: (inner.module or "", each.name) for each in inner.names}


@cache
def _sources() -> dict[str, tuple[Path, str]]:
    return {module_of(path): (path, text) for path, text in server_modules()}


@cache
def _module(name: str) -> _Module | None:
    found = _sources().get(name)
    return _Module(found[1]) if found else None


def _starts() -> Iterator[Name]:
    """Views, messages, kinds of submission, and what is plugged into a port of a slice below."""
    for name, (path, text) in _sources().items():
        if path.name in ("api.py", "messages.py", "kind.py") and not ELSEWHERE.match(name):
            module = _module(name)
            yield from ((name, each) for each in (module.defined if module else ()))
        for plugged in re.findall(r"^ +(?!PARTS|FIGURES)[A-Z_]+\.plug\((\w+)", text, re.MULTILINE):
            yield name, plugged


def _named_in(module: _Module, name: str, node: ast.AST) -> Iterator[Name]:
    for each in ast.walk(node):
        match each:
            case ast.Name(id=known) if known in module.defined:
                yield name, known
            case ast.Name(id=known) if known in module.imported:
                yield module.imported[known]
            case ast.Attribute(value=ast.Name(id=known), attr=attribute) if known in module.imported:
                yield ".".join(module.imported[known]), attribute
            case _:
                pass


def _reached() -> Iterator[ast.AST]:
    """Every definition that the starts stand on."""
    seen: set[Name] = set()
    waiting = list(_starts())
    while waiting:
        found = waiting.pop()
        name, defined = found
        module = None if ELSEWHERE.match(name) else _module(name)
        if found in seen or module is None:
            continue
        seen.add(found)
        for node in module.defined.get(defined, ()):
            if defined not in UNSAID_NAMES:
                yield node
            waiting += _named_in(module, name, node)
        if defined in module.imported:
            waiting.append(module.imported[defined])


def _unsaid(node: ast.AST) -> Iterator[ast.AST]:
    """Parts of a definition that are for somebody else: docstrings, decorators, words for the audit log or WeChat."""
    for each in ast.walk(node):
        match each:
            case ast.FunctionDef(decorator_list=decorators, body=[ast.Expr(value=first), *_]):
                yield from (first, *decorators)
            case ast.ClassDef(body=[ast.Expr(value=first), *_]):
                yield first
            case ast.Call(func=ast.Name(id=called) | ast.Attribute(attr=called), keywords=keywords):
                if called in UNSAID_CALLS:
                    yield each
                yield from (word.value for word in keywords if word.arg in UNSAID_KEYWORDS)
            case _:
                pass


def _literals(node: ast.AST) -> Iterator[str]:
    unsaid = {inner for each in _unsaid(node) for inner in ast.walk(each)}
    for each in ast.walk(node):
        if each in unsaid:
            continue
        match each:
            case ast.JoinedStr(values=parts):
                unsaid.update(parts)
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in parts)
            case ast.Constant(value=str(text)):
                yield text
            case _:
                pass


def _declared() -> Iterator[str]:
    """Names that a slice declares, of what people have or see."""
    for _, node in server_nodes(r"\b(PersonalRows|AssignmentKind|Published)\("):
        match node:
            case ast.Call(func=ast.Name(id=called), keywords=words) if called in DECLARED:
                said = {word.arg: word.value for word in words}
                if called != "PersonalRows" or "is_counted" in said:
                    yield ast.literal_eval(said[DECLARED[called]])
            case _:
                pass


def sentences_of(text: str) -> Iterator[str]:
    """The sentences of a text, as English goes by them: values that stand side by side are one, and numbered."""
    plain = re.sub(f"{VALUE}+", VALUE, re.sub(r"\{\w*\}|%[A-Za-z]", VALUE, text))
    for part in re.findall(r"(?:“[^”]*”|[^。！？\n])+[。！？]?", plain):
        if CHINESE.search(part):
            first, *others = part.strip().split(VALUE)
            yield first + "".join(f"{{{number}}}{other}" for number, other in enumerate(others))


@cache
def served_sentences() -> frozenset[str]:
    """All of them."""
    said = [text for node in _reached() for text in _literals(node)]
    return frozenset(each for text in (*said, *_declared()) for each in sentences_of(text))


def is_in_source(sentence: str) -> bool:
    """Whether the service's source has it, or what it is put together from."""
    parts = [part for part in re.split(r"\{\d\}|[，。“”：]|(?<=定为)|(?=隐患)", sentence) if CHINESE.search(part)]
    return all(any(part.strip() in text for _, text in server_modules()) for part in parts)

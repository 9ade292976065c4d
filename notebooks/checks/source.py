"""What only the source of an answer tells: a stub and a `return None` run alike."""

import ast
import inspect
import textwrap

DEFINITIONS = ast.FunctionDef | ast.ClassDef


def syntax(answer):
    """Return the syntax tree of a function or class, None where its source is not known."""
    try:
        if isinstance(answer, type):  # Python finds no class of a notebook, but its methods' cell
            method = next(filter(inspect.isfunction, vars(answer).values()))
            tree = ast.parse("".join(inspect.findsource(method)[0]))
        else:
            tree = ast.parse(textwrap.dedent(inspect.getsource(answer)))
    except Exception:  # no source, half a statement, or an object that answers with an error
        return None
    named = [node for node in ast.walk(tree) if isinstance(node, DEFINITIONS)]
    if isinstance(answer, type):
        named = [node for node in named[::-1] if node.name == answer.__name__]
    return next(iter(named), None)


def blanks(tree):
    """Return how many `...` are left in a definition."""
    return sum(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(tree))


def is_empty(tree):
    """Return whether a definition does nothing: a docstring, `...` or `pass`, and no more."""
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, DEFINITIONS) and is_empty(node))
        for node in tree.body
    )


def returned(tree):
    """Return which of "a value" and "None" the `return` lines of a definition hand back."""
    if isinstance(tree, ast.ClassDef):
        return set().union(*(returned(node) for node in tree.body if isinstance(node, DEFINITIONS)))
    lines = [node.value for node in _own(tree) if isinstance(node, ast.Return)]
    return {"None" if _is_none(value) else "a value" for value in lines}


def ends_in_return(tree):
    """Return whether the last statement of a definition is a `return`: then none is missing."""
    return isinstance(tree.body[-1], ast.Return)


def _is_none(value):
    return value is None or (isinstance(value, ast.Constant) and value.value is None)


def _own(tree):
    """Return all nodes of a definition but those of functions and classes inside it."""
    waiting, found = list(tree.body), []
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return found

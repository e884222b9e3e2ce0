"""The names that Nix itself binds, in version 2.8 and later."""

from __future__ import annotations

CONSTANTS = frozenset({"true", "false", "null", "builtins"})
# fmt: off
GLOBALS = frozenset({
    "abort", "baseNameOf", "break", "derivation", "derivationStrict", "dirOf", "fetchGit", "fetchMercurial",
    "fetchTarball", "fetchTree", "fromTOML", "import", "isNull", "map", "placeholder", "removeAttrs", "scopedImport",
    "throw", "toString",
})
"""Builtins that are used without `builtins.` before them."""

_PREFIXED = frozenset({
    "add", "addDrvOutputDependencies", "addErrorContext", "all", "any", "appendContext", "attrNames", "attrValues",
    "bitAnd", "bitOr", "bitXor", "catAttrs", "ceil", "compareVersions", "concatLists", "concatMap",
    "concatStringsSep", "convertHash", "currentSystem", "currentTime", "deepSeq", "div", "elem", "elemAt",
    "fetchClosure", "fetchurl", "filter", "filterSource", "findFile", "floor", "foldl'", "fromJSON", "functionArgs",
    "genList", "genericClosure", "getAttr", "getContext", "getEnv", "groupBy", "hasAttr", "hasContext", "hashFile",
    "hashString", "head", "intersectAttrs", "isAttrs", "isBool", "isFloat", "isFunction", "isInt", "isList", "isPath",
    "isString", "langVersion", "length", "lessThan", "listToAttrs", "mapAttrs", "match", "mul", "nixPath",
    "nixVersion", "outputOf", "parseDrvName", "partition", "path", "pathExists", "readDir", "readFile",
    "readFileType", "replaceStrings", "seq", "sort", "split", "splitVersion", "storeDir", "storePath", "stringLength",
    "sub", "substring", "tail", "toFile", "toJSON", "toPath", "toXML", "trace", "traceVerbose", "tryEval", "typeOf",
    "unsafeDiscardOutputDependency", "unsafeDiscardStringContext", "unsafeGetAttrPos", "warn", "zipAttrsWith",
})
"""Builtins that are used with `builtins.` or with two underscores before them."""
# fmt: on


def is_global(name: str) -> bool:
    """Whether Nix binds this name where the file does not."""
    if name in GLOBALS or name in CONSTANTS:
        return True
    return name.startswith("__") and (name[2:] in _PREFIXED or name == "__curPos")

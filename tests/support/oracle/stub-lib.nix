# The part of nixpkgs' `lib` that a variant may use, with the same meaning and written anew.
let
  inherit (builtins)
    attrNames attrValues concatLists elem elemAt filter foldl' genList getAttr head intersectAttrs isAttrs
    isBool isList isString length listToAttrs match replaceStrings split stringLength substring tail typeOf;

  trivial = rec {
    id = x: x;
    const = x: _: x;
    flip = f: a: b: f b a;
    pipe = foldl' (x: f: f x);
    concat = x: y: x ++ y;
    boolToString = b: if b then "true" else "false";
    min = x: y: if x < y then x else y;
    max = x: y: if x > y then x else y;
    mod = base: int: base - int * (base / int);
    mergeAttrs = x: y: x // y;
    isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
    functionArgs = f:
      if f ? __functor then f.__functionArgs or (functionArgs (f.__functor f)) else builtins.functionArgs f;
    toFunction = v: if isFunction v then v else _: v;
    warn = message: builtins.trace "warning: ${message}";
    warnIf = condition: message: if condition then warn message else id;
    throwIf = condition: message: if condition then throw message else id;
    throwIfNot = condition: throwIf (!condition);
    inherit (builtins) add sub lessThan seq deepSeq bitAnd bitOr bitXor pathExists readFile;
  };

  asserts = {
    assertMsg = condition: message: condition || throw message;
    assertOneOf = name: value: values:
      elem value values || throw "${name} must be one of ${builtins.toJSON values}, but is ${builtins.toJSON value}";
  };

  fixedPoints = rec {
    fix = f: let x = f x; in x;
    extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
    composeExtensions = f: g: final: prev:
      let first = f final prev; in first // g final (prev // first);
    composeManyExtensions = builtins.foldl' composeExtensions (_: _: { });
    makeExtensible = f: fix f // { extend = overlay: makeExtensible (extends overlay f); };
  };

  lists = rec {
    singleton = x: [ x ];
    toList = x: if isList x then x else [ x ];
    foldr = op: nul: list: if list == [ ] then nul else op (head list) (foldr op nul (tail list));
    foldl = op: nul: list: foldl' op nul list;
    imap0 = f: list: genList (n: f n (elemAt list n)) (length list);
    imap1 = f: imap0 (n: f (n + 1));
    flatten = x: if isList x then concatMap flatten x else [ x ];
    remove = x: filter (y: y != x);
    findFirst = predicate: default: list:
      let found = filter predicate list; in if found == [ ] then default else head found;
    count = predicate: list: length (filter predicate list);
    optional = condition: x: if condition then [ x ] else [ ];
    optionals = condition: list: if condition then list else [ ];
    range = first: last: if first > last then [ ] else genList (n: first + n) (last - first + 1);
    take = n: list: genList (elemAt list) (trivial.max 0 (trivial.min n (length list)));
    drop = n: list:
      let start = trivial.max 0 (trivial.min n (length list));
      in genList (i: elemAt list (start + i)) (length list - start);
    sublist = start: n: list: take n (drop start list);
    last = list: elemAt list (length list - 1);
    init = list: take (length list - 1) list;
    reverseList = list: genList (n: elemAt list (length list - 1 - n)) (length list);
    unique = foldl' (seen: x: if elem x seen then seen else seen ++ [ x ]) [ ];
    intersectLists = kept: filter (x: elem x kept);
    subtractLists = removed: filter (x: !elem x removed);
    zipListsWith = f: a: b: genList (n: f (elemAt a n) (elemAt b n)) (trivial.min (length a) (length b));
    zipLists = zipListsWith (fst: snd: { inherit fst snd; });
    forEach = list: f: map f list;
    inherit (builtins)
      all any concatLists concatMap elem elemAt filter foldl' genList groupBy head isList length partition sort tail;
    inherit (builtins) map;
  };
  inherit (lists) concatMap;

  strings = rec {
    concatStrings = builtins.concatStringsSep "";
    concatMapStrings = f: list: concatStrings (map f list);
    concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
    concatImapStringsSep = separator: f: list: concatStringsSep separator (lists.imap1 f list);
    concatLines = concatMapStrings (line: line + "\n");
    intersperse = separator: list:
      if length list < 2 then list
      else [ (head list) ] ++ concatMap (x: [ separator x ]) (tail list);
    optionalString = condition: text: if condition then text else "";
    hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
    hasSuffix = suffix: text:
      let start = stringLength text - stringLength suffix;
      in start >= 0 && substring start (-1) text == suffix;
    hasInfix = infix: text: length (split (escapeRegex infix) "${text}") > 1;
    removePrefix = prefix: text:
      if hasPrefix prefix text then substring (stringLength prefix) (-1) text else text;
    removeSuffix = suffix: text:
      if hasSuffix suffix text then substring 0 (stringLength text - stringLength suffix) text else text;
    stringToCharacters = text: genList (n: substring n 1 text) (stringLength text);
    stringAsChars = f: text: concatStrings (map f (stringToCharacters text));
    lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
    upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    toLower = replaceStrings upperChars lowerChars;
    toUpper = replaceStrings lowerChars upperChars;
    escape = characters: replaceStrings characters (map (c: "\\${c}") characters);
    escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
    escapeShellArg = argument:
      let text = toString argument;
      in if match "[[:alnum:],._+:@%/-]+" text != null then text else "'${replaceStrings [ "'" ] [ "'\\''" ] text}'";
    escapeShellArgs = concatMapStringsSep " " escapeShellArg;
    splitString = separator: text: filter isString (split (escapeRegex (toString separator)) (toString text));
    replicate = n: text: concatStrings (genList (_: text) n);
    fixedWidthString = width: filler: text:
      if stringLength text >= width then text else fixedWidthString width filler (filler + text);
    trim = text:
      let inner = match "[ \t\r\n]*(.*[^ \t\r\n])[ \t\r\n]*" text; in if inner == null then "" else head inner;
    toIntBase10 = text:
      let digits = match "[[:space:]]*0*(-?[0-9]+)[[:space:]]*" text;
      in if digits == null then throw "not an integer: ${text}" else builtins.fromJSON (head digits);
    toInt = text:
      if match "[[:space:]]*-?0[0-9]+[[:space:]]*" text != null then throw "ambiguous, octal or decimal: ${text}"
      else toIntBase10 text;
    versionOlder = a: b: builtins.compareVersions b a == 1;
    versionAtLeast = a: b: !versionOlder a b;
    getVersion = x: if isString x then (builtins.parseDrvName x).version else x.version or (getVersion x.name);
    getName = x: if isString x then (builtins.parseDrvName x).name else x.pname or (getName x.name);
    cmakeOptionType = type: feature: value:
      assert elem (toUpper type) [ "BOOL" "FILEPATH" "INTERNAL" "PATH" "STRING" ];
      assert isString feature && isString value;
      "-D${feature}:${toUpper type}=${value}";
    cmakeBool = feature: flag:
      assert isBool flag;
      cmakeOptionType "bool" feature (toUpper (trivial.boolToString flag));
    cmakeFeature = cmakeOptionType "string";
    makeSearchPath = folder: packages: concatMapStringsSep ":" (x: "${x}/${folder}") (filter (x: x != null) packages);
    makeLibraryPath = makeSearchPath "lib";
    makeBinPath = makeSearchPath "bin";
    inherit (builtins) concatStringsSep fromJSON isString match replaceStrings split stringLength substring toJSON;
  };
  inherit (strings) concatStringsSep;

  attrsets = rec {
    nameValuePair = name: value: { inherit name value; };
    attrByPath = path: default: set:
      if path == [ ] then set
      else if isAttrs set && set ? ${head path} then attrByPath (tail path) default set.${head path}
      else default;
    hasAttrByPath = path: set:
      path == [ ] || (isAttrs set && set ? ${head path} && hasAttrByPath (tail path) set.${head path});
    getAttrFromPath = path: foldl' (set: name: set.${name});
    setAttrByPath = path: value: lists.foldr (name: inner: { ${name} = inner; }) value path;
    attrVals = names: set: map (name: set.${name}) names;
    getAttrs = names: set: listToAttrs (map (name: nameValuePair name set.${name}) names);
    genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
    filterAttrs = predicate: set: getAttrs (filter (name: predicate name set.${name}) (attrNames set)) set;
    mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
    attrsToList = mapAttrsToList nameValuePair;
    mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
    concatMapAttrs = f: set: foldl' (all: more: all // more) { } (mapAttrsToList f set);
    optionalAttrs = condition: set: if condition then set else { };
    mergeAttrsList = foldl' (all: more: all // more) { };
    recursiveUpdateUntil = stop: let
      update = path: left: right: left // builtins.mapAttrs (name: value:
        if left ? ${name} && !stop (path ++ [ name ]) left.${name} value
        then update (path ++ [ name ]) left.${name} value
        else value) right;
    in update [ ];
    recursiveUpdate = recursiveUpdateUntil (_: left: right: !(isAttrs left && isAttrs right));
    isDerivation = value: value.type or null == "derivation";
    recurseIntoAttrs = set: set // { recurseForDerivations = true; };
    dontRecurseIntoAttrs = set: set // { recurseForDerivations = false; };
    getOutput = name: package: package.${name} or package.out or package;
    getBin = getOutput "bin";
    getLib = getOutput "lib";
    getDev = getOutput "dev";
    inherit (builtins)
      attrNames attrValues catAttrs getAttr hasAttr intersectAttrs isAttrs listToAttrs mapAttrs removeAttrs;
  };

  versions = rec {
    splitVersion = builtins.splitVersion;
    major = version: elemAt (splitVersion version) 0;
    minor = version: elemAt (splitVersion version) 1;
    patch = version: elemAt (splitVersion version) 2;
    majorMinor = version: concatStringsSep "." (lists.take 2 (splitVersion version));
    pad = n: version: concatStringsSep "." (lists.take n (splitVersion version ++ genList (_: "0") n));
  };

  meta = {
    addMetaAttrs = more: package: package // { meta = (package.meta or { }) // more; };
    getExe = package: "${package}/bin/${package.meta.mainProgram or (strings.getName package)}";
    getExe' = package: name: "${package}/bin/${name}";
  };

  data = {
    licenses = attrsets.genAttrs [ "mit" "asl20" "bsd3" "unfree" ] (name: { shortName = name; });
    platforms = rec {
      x86_64 = [ "x86_64-linux" "x86_64-darwin" ];
      aarch64 = [ "aarch64-linux" "aarch64-darwin" ];
      linux = [ "x86_64-linux" "aarch64-linux" ];
      darwin = [ "x86_64-darwin" "aarch64-darwin" ];
      unix = linux ++ darwin;
      all = unix;
    };
    maintainers = { };
    teams = { };
  };
in
trivial // asserts // fixedPoints // lists // strings // attrsets // meta // data // {
  inherit trivial asserts fixedPoints lists strings attrsets versions meta;
  inherit (builtins) isBool isInt isFloat isPath tryEval;
  customisation = { };
}

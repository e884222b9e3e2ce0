# A nixpkgs in which nothing can be built: its packages record what was done to them.
#
# Every text that nixpkgs itself would decide holds the word "stub", so that a test can tell what a
# variant left to nixpkgs. `fetched` gives the path that a fetcher would return (scope.nix).
{ lib, fetched, import' }:
source:
let
  inherit (builtins) concatStringsSep foldl' replaceStrings;
  inherit (lib) genAttrs isFunction;

  # A package as nixpkgs' makeOverridable and mkDerivation give it: `override` changes the arguments,
  # `overridePythonAttrs` and then `overrideAttrs` the attributes, in whatever order they are called.
  package = { set, path, arguments ? { }, attributes }:
    let
      make = { given, pythonSteps, steps }:
        let
          step = final: prev: f:
            let answer = if isFunction f then f prev else f;
            in prev // (if isFunction answer then f final prev else answer);
          initial = foldl' (prev: f: prev // (if isFunction f then f prev else f))
            (attributes (arguments // given) final) pythonSteps;
          recorded = foldl' (step final) initial steps;
          final = recorded // { finalPackage = derivation; };
          output = name: derivation // { outputName = name; outPath = "${derivation.outPath}-${name}"; };
          derivation = genAttrs [ "out" "dev" "lib" "bin" "dist" ] output // recorded // (recorded.passthru or { }) // {
            type = "derivation";
            name = recorded.name or "${recorded.pname}-${recorded.version}";
            outPath = "/stub/${concatStringsSep "." path}";
            drvPath = "/stub/${concatStringsSep "." path}.drv";
            outputName = "out";
            drvAttrs = recorded;
            override = more:
              make { inherit pythonSteps steps; given = given // (if isFunction more then more (arguments // given) else more); };
            overridePythonAttrs = f: make { inherit given steps; pythonSteps = pythonSteps ++ [ f ]; };
            overrideAttrs = f: make { inherit given pythonSteps; steps = steps ++ [ f ]; };
            _stub = { kind = "package"; inherit set path given; arguments = arguments // given; attributes = recorded; isOverridden = given != { } || pythonSteps != [ ] || steps != [ ]; };
          };
        in derivation;
    in make { given = { }; pythonSteps = [ ]; steps = [ ]; };

  # The architectures that nixpkgs itself builds for.
  capabilities = set: concatStringsSep ";" (map (replaceStrings [ "." ] [ "" ]) (set.config.cudaCapabilities or [ "stub" ]));

  plain = set: path: name: package {
    inherit set;
    path = path ++ [ name ];
    arguments = { inherit (set) stdenv cudaPackages; };
    attributes = _: _: {
      pname = "stub-${name}";
      cmakeFlags = [ "-DCMAKE_CUDA_ARCHITECTURES:STRING=${capabilities set}" ];
      version = "0.0.0-stub";
      buildInputs = [ ];
      nativeBuildInputs = [ ];
      passthru = { };
      meta = { description = "stub description"; platforms = [ "stub-platform" ]; };
    };
  };

  given = more: arguments: arguments // (if isFunction more then more arguments else more);
  nothing = _: _: { };

  # A set that extends itself: `members` of the final set, then each extension over what came before it.
  nested = { set, path, members, extensions ? [ ] }@arguments:
    let
      extended = foldl' (prev: extension: prev // extension self prev) (members self) extensions;
      self = extended // {
        overrideScope = extension: nested (arguments // { extensions = extensions ++ [ extension ]; });
        _stub = { kind = "packages"; inherit set path; };
      };
    in self;

  fetchers = genAttrs [ "fetchFromGitHub" "fetchFromGitLab" "fetchgit" "fetchurl" "fetchzip" "fetchpatch" ] (fetcher:
    let
      fetch = arguments: arguments // {
        type = "derivation";
        name = "source";
        outPath = fetched fetcher arguments;
        override = more: fetch (given more arguments);
        _stub = { kind = "fetched"; inherit fetcher arguments; };
      };
    in fetch);

  cudaPackages = set: name: nested {
    inherit set;
    path = [ name ];
    members = self: { pkgs = set.extend (_: _: { cudaPackages = self; }); } // genAttrs
      [ "cuda_cccl" "cuda_cudart" "cuda_nvcc" "cudatoolkit" "cudnn" "cutlass" "libcublas" "libcufft" "nccl" "tensorrt" ]
      (plain set [ name ]);
  };

  pythonPackages = set: path: arguments@{ overrides ? nothing }:
    nested {
      inherit set path;
      extensions = set.pythonPackagesExtensions ++ [ overrides ];
      members = self: genAttrs [ "numpy" "packaging" "protobuf" "pybind11" "pytest" "setuptools" "torch" "torchaudio" "torchvision" "wheel" ] (plain set path) // {
        onnxruntime = package {
          inherit set;
          path = path ++ [ "onnxruntime" ];
          arguments = { inherit lib; inherit (set) stdenv; onnxruntime = set.onnxruntime.override { python3Packages = self; }; };
          attributes = arguments: _: {
            inherit (arguments.onnxruntime) pname version;
            format = "wheel";
            src = "${arguments.onnxruntime.dist}";
            inherit (arguments.onnxruntime) meta;
          };
        };
      };
    } // { override = more: pythonPackages set path (given more arguments); };

  # `python3.pkgs` is `python3Packages`, and so for each Python.
  interpreter = set: name: arguments@{ packageOverrides ? nothing }:
    plain set [ ] name // {
      pkgs = pythonPackages set [ "${name}Packages" ] { overrides = packageOverrides; };
      override = more: interpreter set name (given more arguments);
    };

  # What a compiler is given by the stdenv that builds with it, `flags`, comes before all else.
  stdenvs = set: system: gcc:
    let
      hostPlatform = {
        inherit system;
        isLinux = lib.hasSuffix "-linux" system;
        isDarwin = lib.hasSuffix "-darwin" system;
        isx86_64 = lib.hasPrefix "x86_64-" system;
        isAarch64 = lib.hasPrefix "aarch64-" system;
      };
      make = name: {
        inherit (hostPlatform) isLinux isDarwin isx86_64 isAarch64;
        inherit hostPlatform system;
        buildPlatform = hostPlatform;
        targetPlatform = hostPlatform;
        cc = plain set [ name ] "cc";
        mkDerivation = attributes: package {
          inherit set;
          path = [ name "mkDerivation" ];
          attributes = _: self: if isFunction attributes then attributes self else attributes;
        };
        _flags = if gcc ? arch then [ "-march=${gcc.arch}" ] else [ ];
      };
    in genAttrs [ "stdenv" "gcc13Stdenv" "gcc14Stdenv" "clangStdenv" ] make // {
      stdenvAdapters.withCFlags = flags: stdenv: stdenv // { _late = (stdenv._late or [ ]) ++ lib.toList flags; };
      inherit (make "stdenv") hostPlatform;
    };

  onnxruntime = set: package {
    inherit set;
    path = [ "onnxruntime" ];
    # Like callPackage, this offers what the set holds: `cudaSupport` and the like only have defaults.
    arguments = { inherit lib; inherit (set) config stdenv cudaPackages python3Packages fetchFromGitHub; };
    attributes = _: _: {
      pname = "stub-onnxruntime";
      version = "1.23.2-stub";
      src = set.fetchFromGitHub { owner = "stub"; repo = "stub"; tag = "v1.23.2-stub"; hash = "stub"; };
      patches = [ "stub.patch" ];
      buildInputs = [ ];
      cmakeDir = "../cmake";
      cmakeFlags = [ "-Dstub_first=ON" "-DCMAKE_CUDA_ARCHITECTURES:STRING=${capabilities set}" "-Dstub_last:BOOL=OFF" ];
      preConfigure = "# stub\n";
      postPatch = "# stub\n";
      requiredSystemFeatures = [ "stub-feature" ];
      meta = { description = "stub description"; platforms = [ "stub-platform" ]; };
    };
  };

  base = final: { config, system, gcc }:
    genAttrs [ "abseil-cpp" "cmake" "eigen" "gcc" "gcc13" "gcc14" "mkl" "ninja" "oneDNN" "openblas" "protobuf" ] (plain final [ ])
    // genAttrs [ "cudaPackages" "cudaPackages_12_4" "cudaPackages_12_8" "cudaPackages_12_9" "cudaPackages_13_0" "cudaPackages_13_1" ] (cudaPackages final)
    // genAttrs [ "python3" "python312" "python313" ] (name: interpreter final name { })
    // lib.listToAttrs (map (name: { name = "${name}Packages"; value = final.${name}.pkgs; }) [ "python3" "python312" "python313" ])
    // fetchers
    // stdenvs final system gcc
    // {
      inherit lib system;
      config = { allowUnfree = false; cudaSupport = false; } // config;
      pkgs = final;
      pythonPackagesExtensions = [ ];
      onnxruntime = onnxruntime' final;
      callPackage = f: more:
        let
          function = if isFunction f then f else import' f;
          make = arguments:
            let made = function arguments;
            in if made ? overrideAttrs then overridable made arguments [ ] else made;
          # What is called again with other arguments gets the same overrides of attributes again.
          overridable = made: arguments: steps: made // {
            override = other: overridable' (given other arguments) steps;
            overrideAttrs = f: overridable' arguments (steps ++ [ f ]);
          };
          overridable' = arguments: steps:
            let base = function arguments;
            in overridable (foldl' (built: f: built.overrideAttrs f) base steps) arguments steps;
        in make (builtins.intersectAttrs (lib.functionArgs function) final // more);
    };
  onnxruntime' = onnxruntime;

  nixpkgs = arguments@{ config ? { }, overlays ? [ ], system ? builtins.currentSystem, localSystem ? { }, ... }:
    let
      settings = if isFunction config then config { pkgs = final; inherit lib; } else config;
      apply = { set, overlaid }: overlay:
        let changed = overlay final set; in { set = set // changed; overlaid = overlaid // changed; };
      platform = if builtins.isString localSystem then { system = localSystem; } else localSystem;
      start = base final { system = platform.system or system; gcc = platform.gcc or { }; config = settings; };
      overrides = _: prev: if settings ? packageOverrides then settings.packageOverrides prev else { };
      applied = foldl' apply { set = start; overlaid = { }; } ([ overrides ] ++ overlays);
      final = applied.set // {
        _stub = { kind = "nixpkgs"; inherit source; inherit (start) system; config = settings; inherit (applied) overlaid; };
        appendOverlays = more: nixpkgs (arguments // { overlays = overlays ++ more; });
        extend = overlay: final.appendOverlays [ overlay ];
        pkgsCuda = nixpkgs (arguments // { config = settings // { cudaSupport = true; }; });
      };
    in final;
in
nixpkgs

# A nixpkgs in which nothing can be built: its packages record what was done to them.
#
# Every text that nixpkgs itself would decide holds the word "stub", so that a test can tell what a
# variant left to nixpkgs. `fetched` gives the path that a fetcher would return (scope.nix).
{ lib, fetched }:
source:
let
  inherit (builtins) attrNames concatStringsSep foldl' isList;
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
            _stub = { kind = "package"; inherit set path given; attributes = recorded; };
          };
        in derivation;
    in make { given = { }; pythonSteps = [ ]; steps = [ ]; };

  plain = set: path: name: package {
    inherit set;
    path = path ++ [ name ];
    attributes = _: _: { pname = "stub-${name}"; version = "0.0.0-stub"; meta.description = "stub"; };
  };

  nested = set: path: members: members // { _stub = { kind = "packages"; inherit set path; }; };

  fetchers = genAttrs [ "fetchFromGitHub" "fetchFromGitLab" "fetchgit" "fetchurl" "fetchzip" "fetchpatch" ] (fetcher: arguments:
    arguments // {
      type = "derivation";
      name = "source";
      outPath = fetched fetcher arguments;
      _stub = { kind = "fetched"; inherit fetcher arguments; };
    });

  cudaPackages = set: name: nested set [ name ] (genAttrs
    [ "cuda_cccl" "cuda_cudart" "cuda_nvcc" "cudatoolkit" "cudnn" "cutlass" "libcublas" "libcufft" "nccl" "tensorrt" ]
    (plain set [ name ]));

  pythonPackages = set: path:
    let
      self = nested set path (genAttrs [ "numpy" "packaging" "protobuf" "pybind11" "pytest" "setuptools" "torch" "wheel" ] (plain set path) // {
        onnxruntime = package {
          inherit set;
          path = path ++ [ "onnxruntime" ];
          arguments = { inherit lib; inherit (set) stdenv; onnxruntime = set.onnxruntime.override { python3Packages = self; }; };
          attributes = arguments: _: {
            inherit (arguments.onnxruntime) pname version;
            format = "wheel";
            src = "${arguments.onnxruntime.dist}";
            meta = { description = "stub description"; platforms = [ "stub-platform" ]; license = lib.licenses.mit; };
          };
        };
      });
    in self;

  interpreter = set: name: plain set [ ] name // { pkgs = pythonPackages set [ name "pkgs" ]; };

  onnxruntime = set: package {
    inherit set;
    path = [ "onnxruntime" ];
    # Like callPackage, this offers what the set holds: `cudaSupport` and the like only have defaults.
    arguments = { inherit lib; inherit (set) config stdenv cudaPackages python3Packages fetchFromGitHub; };
    attributes = _: final: {
      pname = "stub-onnxruntime";
      version = "0.0.0-stub";
      src = set.fetchFromGitHub { owner = "stub"; repo = "stub"; tag = "v${final.version}"; hash = "stub"; };
      patches = [ "stub.patch" ];
      buildInputs = [ ];
      cmakeDir = "../cmake";
      cmakeFlags = [ "-Dstub_first=ON" "-DCMAKE_CUDA_ARCHITECTURES:STRING=stub" "-Dstub_last:BOOL=OFF" ];
      preConfigure = "# stub\n";
      postPatch = "# stub\n";
      requiredSystemFeatures = [ "stub-feature" ];
      meta = { description = "stub description"; platforms = [ "stub-platform" ]; };
    };
  };

  base = final: { config, system }:
    genAttrs [ "abseil-cpp" "cmake" "eigen" "gcc" "gcc13" "gcc14" "mkl" "ninja" "oneDNN" "openblas" "protobuf" ] (plain final [ ])
    // genAttrs [ "cudaPackages" "cudaPackages_12_4" "cudaPackages_12_8" "cudaPackages_12_9" "cudaPackages_13_0" ] (cudaPackages final)
    // genAttrs [ "python3Packages" "python312Packages" "python313Packages" ] (name: pythonPackages final [ name ])
    // genAttrs [ "python3" "python312" "python313" ] (interpreter final)
    // fetchers
    // rec {
      inherit config lib system;
      pkgs = final;
      onnxruntime = onnxruntime' final;
      callPackage = f: more:
        let function = if isFunction f then f else import f;
        in function (builtins.intersectAttrs (lib.functionArgs function) final // more);
      stdenv = {
        inherit (hostPlatform) isLinux isDarwin isx86_64 isAarch64;
        inherit hostPlatform system;
        buildPlatform = hostPlatform;
        targetPlatform = hostPlatform;
        cc = plain final [ "stdenv" ] "cc";
        mkDerivation = attributes: package {
          set = final;
          path = [ "mkDerivation" ];
          attributes = _: self: if isFunction attributes then attributes self else attributes;
        };
      };
      hostPlatform = {
        inherit system;
        isLinux = lib.hasSuffix "-linux" system;
        isDarwin = lib.hasSuffix "-darwin" system;
        isx86_64 = lib.hasPrefix "x86_64-" system;
        isAarch64 = lib.hasPrefix "aarch64-" system;
      };
    };
  onnxruntime' = onnxruntime;

  nixpkgs = arguments@{ config ? { }, overlays ? [ ], system ? builtins.currentSystem, ... }:
    let
      settings = if isFunction config then config { pkgs = final; inherit lib; } else config;
      apply = { set, overlaid }: overlay:
        let changed = overlay final set; in { set = set // changed; overlaid = overlaid // changed; };
      applied = foldl' apply { set = base final { inherit system; config = settings; }; overlaid = { }; } overlays;
      final = applied.set // {
        _stub = { kind = "nixpkgs"; inherit source system; config = settings; inherit (applied) overlaid; };
        appendOverlays = more: nixpkgs (arguments // { overlays = overlays ++ more; });
        extend = overlay: final.appendOverlays [ overlay ];
      };
    in final;
in
nixpkgs

# ONNX Runtime 1.23.2 CPU-only + AVX-512
{ pkgs ? import <nixpkgs> {} }:
let
  nixpkgs_pinned = import (builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0.tar.gz";
  }) {
    config = {
      allowUnfree = true;
    };
  };
  inherit (nixpkgs_pinned) lib;

  variantName = "onnxruntime-python313-cpu-avx512";
  cpuFlags = [
    "-mavx512f"
    "-mavx512dq"
    "-mavx512vl"
    "-mavx512bw"
    "-mfma"
  ];

  onnxruntimeCpp = (nixpkgs_pinned.onnxruntime.override {
    cudaSupport = false;
    pythonSupport = true;
  }).overrideAttrs (oldAttrs: {
    preConfigure = ''
      export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"
      export CFLAGS="${lib.concatStringsSep " " cpuFlags} $CFLAGS"
    '' + (oldAttrs.preConfigure or "");
  });
in
(nixpkgs_pinned.python3Packages.onnxruntime.override {
  onnxruntime = onnxruntimeCpp;
}).overrideAttrs (oldAttrs: {
  pname = variantName;
  meta = (oldAttrs.meta or {}) // {
    description = "ONNX Runtime 1.23.2 CPU-only + AVX-512";
    platforms = [ "x86_64-linux" ];
  };
})

# ONNX Runtime 1.23.2 CPU-only + ARMv8.2 (Graviton2)
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

  variantName = "onnxruntime-python313-cpu-armv8_2";
  cpuFlags = [
    "-march=armv8.2-a+fp16+dotprod"
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
    description = "ONNX Runtime 1.23.2 CPU-only + ARMv8.2 (Graviton2)";
    platforms = [ "aarch64-linux" ];
  };
})

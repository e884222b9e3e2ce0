# ONNX Runtime 1.23.2 for NVIDIA Ampere DC (SM80: A100, A30) + AVX-512 BF16
# CUDA 12.4 — Requires NVIDIA driver 550+
{ pkgs ? import <nixpkgs> {} }:
let
  nixpkgs_pinned = import (builtins.fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/ed142ab1b3a092c4d149245d0c4126a5d7ea00b0.tar.gz";
  }) {
    config = {
      allowUnfree = true;
      cudaSupport = true;
    };
    overlays = [
      (final: prev: { cudaPackages = final.cudaPackages_12_4; })
    ];
  };
  inherit (nixpkgs_pinned) lib;

  variantName = "onnxruntime-python312-cuda12_4-sm80-avx512bf16";
  gpuArchCMake = "80";
  cpuFlags = [
    "-mavx512f"
    "-mavx512dq"
    "-mavx512vl"
    "-mavx512bw"
    "-mavx512bf16"
    "-mfma"
  ];

  onnxruntimeCpp = (nixpkgs_pinned.onnxruntime.override {
    cudaSupport = true;
    pythonSupport = true;
    python3Packages = nixpkgs_pinned.python312Packages;
  }).overrideAttrs (oldAttrs: {
    cmakeFlags = builtins.filter (flag: !lib.hasPrefix "-DCMAKE_CUDA_ARCHITECTURES" flag) (oldAttrs.cmakeFlags or [])
      ++ [ "-DCMAKE_CUDA_ARCHITECTURES=${gpuArchCMake}" ];
    preConfigure = ''
      export CXXFLAGS="${lib.concatStringsSep " " cpuFlags} $CXXFLAGS"
      export CFLAGS="${lib.concatStringsSep " " cpuFlags} $CFLAGS"
    '' + (oldAttrs.preConfigure or "");
    requiredSystemFeatures = [ "big-parallel" ];
  });
in
(nixpkgs_pinned.python312Packages.onnxruntime.override {
  onnxruntime = onnxruntimeCpp;
}).overrideAttrs (oldAttrs: {
  pname = variantName;
  meta = (oldAttrs.meta or {}) // {
    description = "ONNX Runtime 1.23.2 for NVIDIA A100/A30 (SM80) + AVX-512 BF16 [CUDA 12.4]";
    platforms = [ "x86_64-linux" ];
  };
})

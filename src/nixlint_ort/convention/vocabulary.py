"""The facts that a rule can name, a line about each: a closed vocabulary, in the order in which causes come first.

The *layer* is the derivation that the file gives to the wrapper as its C++ package; where a file has only one
derivation, that one is wrapper and layer.
"""

from __future__ import annotations

FACTS: dict[str, str] = {
    "file.stem": "the file's name without `.nix`",
    "header.line1": "the comment in the file's first line",
    "header.line2": "the comment in the file's second line",
    "nixpkgs_url": "the URL from which the wrapper's nixpkgs is fetched",
    "nixpkgs_rev": "the revision of the wrapper's nixpkgs: the commit in that URL, or the `rev` given to the fetcher",
    "config_cuda_support": "`cudaSupport` in the `config` that nixpkgs is imported with",
    "cuda_packages": "the CUDA line that `cudaPackages` stands for in the overlaid nixpkgs, such as `12_9`",
    "python_packages": "the package set that the wrapper is taken from, such as `python312Packages`",
    "cpp_layer": "the package that the wrapper is given as its C++ layer, where the file has overridden it",
    "variant_name": "the binding `variantName`",
    "pname": "the wrapper's `pname`",
    "cuda_support": "`cudaSupport` as the layer is given it",
    "python_support": "`pythonSupport` as the layer is given it",
    "layer_python_packages": "the package set that the layer is given as `python3Packages`",
    "gpu_targets": "`gpuTargets` as the layer is given it",
    "ort_version": "the layer's `version`, where the file sets it",
    "ort_src_tag": "the tag or revision of the layer's `src`, where the file sets it",
    "cmake_cuda_architectures": "what reaches CMAKE_CUDA_ARCHITECTURES through the layer's `cmakeFlags`",
    "cxx_flags": "the machine flags that the layer's phases export into CXXFLAGS",
    "c_flags": "the machine flags that the layer's phases export into CFLAGS",
    "system_features": "the layer's `requiredSystemFeatures`",
    "description": "the wrapper's `meta.description`",
    "platforms": "the wrapper's `meta.platforms`",
}

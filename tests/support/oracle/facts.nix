# The facts of the variant at a path, as Nix evaluates it; null where the variant leaves a thing to nixpkgs.
path:
let
  inherit (import ./scope.nix) call;
  describe = import ./describe.nix;

  variant = call path;
  kindOf = value: value._stub.kind or null;
  isPackage = value: kindOf value == "package";
  pathOf = value: if kindOf value == "packages" then builtins.concatStringsSep "." value._stub.path else null;

  wrapper = if isPackage variant then variant._stub else { given = { }; attributes = { }; };
  meta = wrapper.attributes.meta or { };
  nixpkgs = wrapper.set._stub or { source = { }; config = { }; };

  # Where the file gives the wrapper no layer, nixpkgs gives it the package of its top level, which an overlay may have
  # overridden; else the file has one derivation, which is wrapper and layer.
  isWrapper = builtins.length (wrapper.path or [ ]) > 1;
  top = if isWrapper then wrapper.set.onnxruntime else null;
  isTwo = isWrapper && (wrapper.given ? onnxruntime || top._stub.isOverridden);
  given = if isTwo then wrapper.given.onnxruntime or top else variant;
  layer = if isPackage given then given._stub else { given = { }; attributes = { }; arguments = { }; };
  initPath = names: builtins.genList (builtins.elemAt names) (builtins.length names - 1);
  variable = attributes: name: attributes.env.${name} or attributes.${name} or null;
  # What decides flags: the variables that a build starts with, its phases in their order, and its stdenv.
  build = package: {
    variables = builtins.listToAttrs (map (name: { inherit name; value = variable package.attributes name; })
      [ "CXXFLAGS" "CFLAGS" "NIX_CFLAGS_COMPILE" "cmakeFlags" ]);
    phases = map (name: package.attributes.${name} or "") [ "preUnpack" "postUnpack" "prePatch" "postPatch" "preConfigure" ];
    early = package.arguments.stdenv._flags or [ ];
    late = package.arguments.stdenv._late or [ ];
  };
in
describe {
  pname = wrapper.attributes.pname or null;
  description = meta.description or null;
  platforms = meta.platforms or null;
  python_packages = if isWrapper then builtins.concatStringsSep "." (initPath wrapper.path) else null;
  nixpkgs_source = nixpkgs.source;
  config_cuda_support = nixpkgs.config.cudaSupport or null;
  layer_config_cuda_support = (layer.set._stub or nixpkgs).config.cudaSupport or null;
  cuda_packages = pathOf (layer.arguments.cudaPackages or (layer.set.cudaPackages or null));
  cuda_support = layer.given.cudaSupport or null;
  python_support = layer.given.pythonSupport or null;
  gpu_targets = layer.given.gpuTargets or null;
  layer_python_packages = pathOf (layer.given.python3Packages or null);
  cmake_flags = layer.attributes.cmakeFlags or null;
  pre_configure = layer.attributes.preConfigure or null;
  build = build layer;
  wrapper_build = if isTwo then build wrapper else null;
  system_features = layer.attributes.requiredSystemFeatures or null;
  wrapper_features = if isTwo then wrapper.attributes.requiredSystemFeatures or null else null;
  cpp_layer = if isTwo && isPackage given && given._stub.isOverridden
    then builtins.elemAt given._stub.path (builtins.length given._stub.path - 1) else null;
  patches = layer.attributes.patches or null;
  version = layer.attributes.version or null;
  src = layer.attributes.src or null;
  derivation = variant;
}

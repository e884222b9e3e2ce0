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

  given = wrapper.given.onnxruntime or null;
  layer = if isPackage given then given._stub else { given = { }; attributes = { }; };
  initPath = names: builtins.genList (builtins.elemAt names) (builtins.length names - 1);
in
describe {
  pname = wrapper.attributes.pname or null;
  description = meta.description or null;
  platforms = meta.platforms or null;
  python_packages = if wrapper ? path then builtins.concatStringsSep "." (initPath wrapper.path) else null;
  nixpkgs_source = nixpkgs.source;
  config_cuda_support = nixpkgs.config.cudaSupport or null;
  cuda_packages = pathOf (wrapper.set.cudaPackages or null);
  cuda_support = layer.given.cudaSupport or null;
  python_support = layer.given.pythonSupport or null;
  layer_python_packages = pathOf (layer.given.python3Packages or null);
  cmake_flags = layer.attributes.cmakeFlags or null;
  pre_configure = layer.attributes.preConfigure or null;
  exported = {
    CXXFLAGS = layer.attributes.CXXFLAGS or layer.attributes.env.CXXFLAGS or null;
    CFLAGS = layer.attributes.CFLAGS or layer.attributes.env.CFLAGS or null;
  };
  system_features = layer.attributes.requiredSystemFeatures or null;
  version = layer.attributes.version or null;
  src = layer.attributes.src or null;
  derivation = variant;
}

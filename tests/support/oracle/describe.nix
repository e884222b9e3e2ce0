# Turns any value into one that can be written as JSON and compared; what is not data gets a `_type`.
let
  inherit (builtins) functionArgs mapAttrs removeAttrs toJSON typeOf;

  # A set of packages names itself by its source. `withOverlaid` is off inside what an overlay sets, which
  # refers to the very set that holds it.
  nixpkgs = withOverlaid: set: {
    inherit (set._stub) source system;
    config = describe withOverlaid set._stub.config;
  } // (if withOverlaid then { overlaid = describe false set._stub.overlaid; } else { });

  stubs = withOverlaid: {
    nixpkgs = value: { _type = "nixpkgs"; nixpkgs = nixpkgs withOverlaid value; };
    packages = { _stub, ... }: { _type = "packages"; inherit (_stub) path; inherit (_stub.set._stub) source; };
    fetched = { _stub, ... }: { _type = "fetched"; inherit (_stub) fetcher; arguments = describe withOverlaid _stub.arguments; };
    package = { _stub, ... }: {
      _type = "derivation";
      inherit (_stub) path;
      nixpkgs = nixpkgs withOverlaid _stub.set;
      given = describe withOverlaid _stub.given;
      attributes = describe withOverlaid (removeAttrs _stub.attributes [ "meta" ]);
    };
  };

  types = withOverlaid: {
    lambda = value: { _type = "function"; formals = functionArgs value; };
    path = value: { _type = "path"; text = toString value; };
    float = value: { _type = "float"; text = toJSON value; };
    list = map (describe withOverlaid);
    set = value:
      if value ? _stub then (stubs withOverlaid).${value._stub.kind} value
      else if value ? __toString || value ? outPath then { _type = "text"; text = toString value; }
      else mapAttrs (_: describe withOverlaid) value;
  };

  describe = withOverlaid: value: ((types withOverlaid).${typeOf value} or (v: v)) value;
in
describe true
